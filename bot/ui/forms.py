"""Forms that open over a card or a panel."""

from typing import Any

from discord import ui

from bot.ui.answering import report
from bot.ui.desk import Desk, Interaction
from bot.ui.text import Voice, clip

OPEN_SECONDS = 15 * 60.0
"""After this long a form is forgotten; Discord then asks its member to try again."""
_TITLE_LENGTH = 45


class Form(ui.Modal):
    """A form of ours; its errors are answered like a command's."""

    def __init__(self, desk: Desk, voice: Voice, title: str) -> None:
        super().__init__(title=clip(title, _TITLE_LENGTH), timeout=OPEN_SECONDS)
        self._desk = desk
        self._voice = voice

    def add(self, key: str, component: ui.Item[Any], hint: str | None = None) -> None:
        """A field under the words of ``key``."""
        self.add_item(ui.Label(text=self._voice.label(key), description=hint, component=component))

    async def on_error(self, interaction: Interaction, error: Exception) -> None:  # type: ignore[override] # of our client
        """Answer as a command would; discord.py itself would only log it."""
        self.stop()
        await report(self._desk.catalogue, interaction, error)
