"""The vendor behind its routes: accounts, tasks, files and faults, all in memory."""

import secrets
from dataclasses import dataclass
from decimal import Decimal

from sandbox.clock import Clock
from sandbox.vendors.tripo.accounts import KEY, Keyring
from sandbox.vendors.tripo.faults import Faults
from sandbox.vendors.tripo.inputs import Inputs
from sandbox.vendors.tripo.operations import Operations
from sandbox.vendors.tripo.pace import Pace
from sandbox.vendors.tripo.results import Results
from sandbox.vendors.tripo.tasks import TaskBook
from sandbox.vendors.tripo.uploads import Uploads


@dataclass(slots=True, kw_only=True)
class Ways:
    """Where sources disagree about the vendor, which of them is played."""

    usage_shape: str = "array"
    """``array``: the rows themselves; ``items``: an object that holds them."""
    usage_shows_unfinished: bool = True


class Vendor:
    """One vendor with its accounts, tasks and files."""

    def __init__(
        self, clock: Clock, *, key: str = KEY, balance: Decimal = Decimal(3000), speed: float = 1.0
    ) -> None:
        self.clock = clock
        self.pace = Pace(clock, speed)
        self.keys = Keyring(clock)
        self.keys.add(key, amount=balance)
        self.tasks = TaskBook(clock, self.pace)
        self.uploads = Uploads()
        self.results = Results(clock, secrets.token_bytes(32))
        self.operations = Operations(Inputs(self.uploads, self.tasks), self.results)
        self.faults = Faults()
        self.ways = Ways()
