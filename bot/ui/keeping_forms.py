"""Forms about one model: its name, its tags, the name of a new project for it."""

from collections.abc import Awaitable, Callable
from typing import Any

from discord import ui

from bot.jobs.keeping import MAX_TAGS, NAME_MAX, PROJECT_MAX, TAG_MAX
from bot.jobs.views import EntryView
from bot.ui.answering import asker
from bot.ui.desk import Desk, Interaction
from bot.ui.forms import Form
from bot.ui.text import Voice

Redraw = Callable[[Desk, Interaction, str], Awaitable[None]]
"""Shows the model's panel as it is afterwards."""


class RenameForm(Form):
    """Asks for another name."""

    def __init__(self, desk: Desk, voice: Voice, entry: EntryView, redraw: Redraw) -> None:
        super().__init__(desk, voice, voice.label("form.rename"))
        self._model_id, self._redraw = entry.model.id, redraw
        self._name = ui.TextInput[Any](default=entry.model.name[:NAME_MAX], max_length=NAME_MAX)
        self.add("form.name", self._name)

    async def on_submit(self, interaction: Interaction) -> None:
        """Take it."""
        await self._desk.keeping.rename(asker(interaction), self._model_id, self._name.value)
        await self._redraw(self._desk, interaction, self._model_id)


class TagsForm(Form):
    """Asks for tags; those that hang there already stand in it."""

    def __init__(self, desk: Desk, voice: Voice, entry: EntryView, redraw: Redraw) -> None:
        super().__init__(desk, voice, voice.label("form.tags"))
        self._model_id, self._redraw = entry.model.id, redraw
        self._tags = ui.TextInput[Any](
            default=", ".join(entry.tags) or None, required=False, max_length=MAX_TAGS * (TAG_MAX + 2)
        )
        self.add("form.tags_field", self._tags, voice.label("form.tags_hint", maximum=MAX_TAGS))

    async def on_submit(self, interaction: Interaction) -> None:
        """Hang them on it."""
        await self._desk.keeping.tag(asker(interaction), self._model_id, self._tags.value)
        await self._redraw(self._desk, interaction, self._model_id)


class ProjectForm(Form):
    """Asks what a new project is called."""

    def __init__(self, desk: Desk, voice: Voice, model_id: str, redraw: Redraw) -> None:
        super().__init__(desk, voice, voice.label("form.project"))
        self._model_id, self._redraw = model_id, redraw
        self._name = ui.TextInput[Any](max_length=PROJECT_MAX)
        self.add("form.project_field", self._name)

    async def on_submit(self, interaction: Interaction) -> None:
        """Move the model there."""
        await self._desk.keeping.move(asker(interaction), self._model_id, self._name.value)
        await self._redraw(self._desk, interaction, self._model_id)
