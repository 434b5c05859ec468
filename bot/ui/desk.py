"""What commands and buttons work with."""

import asyncio
from dataclasses import dataclass, field
from typing import Any, Protocol, cast

import discord

from bot.jobs.batches import Batches
from bot.jobs.browsing import Browsing
from bot.jobs.extras import Extras
from bot.jobs.greeting import Greetings
from bot.jobs.keeping import Keeping
from bot.jobs.keys import Keys
from bot.jobs.notifying import Notifying
from bot.jobs.passes import Passes
from bot.jobs.quota import Quotas
from bot.jobs.recipes import Recipes
from bot.jobs.service import Jobs
from bot.jobs.sheets import Sheets
from bot.jobs.shelf import Shelf
from bot.locales.catalogue import Catalogue
from bot.ui.mentions import Mentions
from bot.ui.pictures import Pictures
from bot.ui.text import Voice

Interaction = discord.Interaction[Any]
AT_ONCE = 2
"""Orders that are looked at or stored at one time: more would only share one interpreter and one writer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """One for the bot; everything a click or command needs, and nothing of how it is done."""

    jobs: Jobs
    batches: Batches
    sheets: Sheets
    shelf: Shelf
    browsing: Browsing
    keeping: Keeping
    passes: Passes
    extras: Extras
    recipes: Recipes
    quotas: Quotas
    keys: Keys
    catalogue: Catalogue
    pictures: Pictures
    notifying: Notifying
    greetings: Greetings
    mentions: Mentions
    rush: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(AT_ONCE))
    """Held by who looks at an order or stores it; who finds it taken answers first and waits afterwards."""

    def voice(self, interaction: Interaction) -> Voice:
        """The sentences, in the language of whoever clicked or typed."""
        return Voice(catalogue=self.catalogue, locale=str(interaction.locale))


class HasDesk(Protocol):
    """The client, as buttons see it: a click brings nothing else along."""

    desk: Desk


def desk_of(interaction: Interaction) -> Desk:
    """The desk of the bot that was clicked."""
    return cast(HasDesk, interaction.client).desk
