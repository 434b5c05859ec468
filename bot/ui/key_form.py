"""The form into which a member puts a key of their own: the one place where the bot sees it typed."""

from typing import Any

from discord import ui

from bot.jobs.keys import LENGTH_MAX
from bot.ui.answering import asker, report, tell
from bot.ui.desk import Desk, Interaction
from bot.ui.text import Voice

OPEN_SECONDS = 15 * 60.0
"""After this long the form is forgotten; Discord then asks its member to try again."""


class KeyForm(ui.Modal):
    """Asks for a key of one vendor. What was typed is kept no longer than it takes to answer."""

    def __init__(self, desk: Desk, voice: Voice, provider: str) -> None:
        self._desk = desk
        self._voice = voice
        self._provider = provider
        self._title = desk.keys.titles()[provider]
        super().__init__(title=voice.label("key.form", vendor=self._title), timeout=OPEN_SECONDS)
        self._secret = ui.TextInput[Any](max_length=LENGTH_MAX)
        field, hint = voice.label("key.field"), voice.label("key.field_hint")
        self.add_item(ui.Label(text=field, description=hint, component=self._secret))

    async def on_submit(self, interaction: Interaction) -> None:
        """Prove it and keep it. The vendor may take its time, so Discord is answered first."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        await self._desk.keys.set(asker(interaction), self._provider, self._secret.value)
        await tell(interaction, self._voice.say("key.kept", vendor=self._title))

    async def on_error(self, interaction: Interaction, error: Exception) -> None:  # type: ignore[override] # of our client
        """Answer as a command would; discord.py itself would only log it."""
        self.stop()
        await report(self._desk.catalogue, interaction, error)
