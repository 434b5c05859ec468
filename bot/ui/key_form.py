"""The form into which a member puts a key of their own: the one place where the bot sees it typed."""

from typing import Any

from discord import ui

from bot.jobs.keys import LENGTH_MAX
from bot.ui.answering import asker, tell
from bot.ui.desk import Desk, Interaction
from bot.ui.forms import Form
from bot.ui.text import Voice


class KeyForm(Form):
    """Asks for a key of one vendor. What was typed is kept no longer than it takes to answer."""

    def __init__(self, desk: Desk, voice: Voice, provider: str) -> None:
        self._provider = provider
        self._title = desk.keys.titles()[provider]
        super().__init__(desk, voice, voice.label("key.form", vendor=self._title))
        self._secret = ui.TextInput[Any](max_length=LENGTH_MAX)
        self.add("key.field", self._secret, voice.label("key.field_hint"))

    async def on_submit(self, interaction: Interaction) -> None:
        """Prove it and keep it. The vendor may take its time, so Discord is answered first."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        await self._desk.keys.set(asker(interaction), self._provider, self._secret.value)
        await tell(interaction, self._voice.say("key.kept", vendor=self._title))
