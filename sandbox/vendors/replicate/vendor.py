"""The vendor behind its routes: accounts, models, predictions, files and faults, all in memory."""

import secrets
from decimal import Decimal

from sandbox.clock import Clock
from sandbox.vendors.background import Background
from sandbox.vendors.faults import Faults
from sandbox.vendors.pace import Pace
from sandbox.vendors.replicate.accounts import KEY, Keyring
from sandbox.vendors.replicate.book import Book
from sandbox.vendors.replicate.catalogue import recipes
from sandbox.vendors.replicate.faults import NAMES
from sandbox.vendors.replicate.hub import Hub
from sandbox.vendors.replicate.orders import Orders
from sandbox.vendors.replicate.results import Results
from sandbox.vendors.replicate.studio import Studio
from sandbox.vendors.replicate.uploads import Uploads
from sandbox.vendors.replicate.views import Views
from sandbox.vendors.replicate.waiting import Waiting
from sandbox.vendors.replicate.ways import Ways
from sandbox.vendors.replicate.webhooks import Webhooks


class Vendor:
    """One vendor with its accounts, models and predictions; ``balance`` is in US dollars."""

    def __init__(
        self, clock: Clock, *, key: str = KEY, balance: Decimal = Decimal(100), speed: float = 1.0
    ) -> None:
        self.clock = clock
        self.pace = Pace(clock, speed)
        self.ways = Ways()
        self.keys = Keyring(clock, self.ways)
        self.keys.add(key, amount=balance)
        self.studio = Studio()
        self.hub = Hub(clock, recipes(self.studio))
        self.faults = Faults(NAMES)
        self.background = Background()
        self.book = Book(clock, self.pace, self.ways)
        self.results = Results(self.book)
        self.uploads = Uploads(clock, secrets.token_bytes(32))
        self.orders = Orders(clock, self.ways, self.hub, self.uploads, self.results)
        self.views = Views(self.book, self.results, self.ways)
        self.waiting = Waiting(clock, self.book, self.views, self.results, self.ways)
        self.webhooks = Webhooks(clock, self.book, self.faults, self.views)
