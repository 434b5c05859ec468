"""A plan before it is started: what each line was understood as, what all of it comes to, and one click."""

from contextlib import suppress
from typing import Any

import discord
from discord import ButtonStyle, ui

from bot.jobs.batch_views import LineOffer, SheetView
from bot.jobs.errors import AskedBefore, JobError, UnknownClip
from bot.ui.answering import asker, open_card
from bot.ui.batch_card import fitted
from bot.ui.desk import Desk, Interaction
from bot.ui.forms import Form
from bot.ui.items import CardButton
from bot.ui.replies import reply_to
from bot.ui.text import Voice, clip, plain
from storage.batches import Sheet

FORM_LENGTH = 4000
"""Signs that a field of a form takes."""
_LINES, _REFUSAL = 3000, 400
_SHAPES = ((60, 160), (40, 100), (30, 70), (20, 45), (12, 30))
"""Lengths of a line's words and of what is wrong with it, from the best down."""
_CLIPS_LENGTH = 48
_GREEN, _YELLOW = 0x3BA55D, 0xFAA61A


class StartSheet(CardButton, route="start_sheet", style=ButtonStyle.success, sign="🚀"):
    """Target: the sheet."""

    async def pressed(self, desk: Desk, interaction: Interaction) -> None:
        """Have all of it made, on a card for everybody to see."""
        who, sheet_id = asker(interaction), self.targets[0]
        await desk.sheets.check(who, sheet_id)
        async with open_card(interaction) as where:
            with suppress(AskedBefore):  # Discord told us twice; the first one's card is this very message
                await desk.sheets.start(who, sheet_id, where)


class EditSheet(CardButton, route="edit_sheet", sign="✏️"):
    """Target: the sheet."""

    async def pressed(self, desk: Desk, interaction: Interaction) -> None:
        """Open the form again, with all that was written."""
        sheet = await desk.sheets.get(asker(interaction), self.targets[0])
        await interaction.response.send_modal(SheetForm(desk, desk.voice(interaction), sheet=sheet))


ITEMS: tuple[type[CardButton], ...] = (StartSheet, EditSheet)
"""What the panel may hold."""


class SheetForm(Form):
    """Asks for a plan, or for a better one."""

    def __init__(
        self,
        desk: Desk,
        voice: Voice,
        *,
        provider: str = "",
        style: str = "",
        project: str = "",
        sheet: Sheet | None = None,
    ) -> None:
        super().__init__(desk, voice, voice.label("form.batch"))
        self._again = sheet is not None
        self._options = {"provider": provider, "style": style, "project": project}
        if sheet:
            self._options = {"provider": sheet.provider, "style": sheet.style, "project": sheet.project}
        self._lines = ui.TextInput[Any](
            style=discord.TextStyle.paragraph,
            default=sheet.text[:FORM_LENGTH] if sheet else None,
            placeholder=voice.label("batch.example_hint"),
            max_length=FORM_LENGTH,
        )
        self.add("form.batch_lines", self._lines, voice.label("form.batch_hint"))

    async def on_submit(self, interaction: Interaction) -> None:
        """Show what it would come to, in place of what was shown before."""
        view = await self._desk.sheets.write(asker(interaction), self._lines.value, **self._options)
        shown = sheet_panel(self._voice, view)
        if self._again and interaction.message is not None:
            await interaction.response.edit_message(view=shown)
        else:
            await interaction.response.send_message(view=shown, ephemeral=True)


def sheet_panel(voice: Voice, view: SheetView) -> ui.LayoutView:
    """The panel."""
    rows = [_row(voice, offer) for offer in view.lines]
    parts: list[ui.Item[Any]] = [
        ui.TextDisplay(f"### {voice.say('batch.plan', count=len(view.lines))}"),
        ui.TextDisplay(fitted(rows, _LINES, _SHAPES)),
        ui.Separator(),
        ui.TextDisplay(_sum(voice, view)),
    ]
    if actions := _actions(voice, view):
        parts.append(ui.ActionRow(*actions))
    layout = ui.LayoutView(timeout=None)
    layout.add_item(ui.Container(*parts, accent_colour=_GREEN if view.ready else _YELLOW))
    return layout


def _row(voice: Voice, offer: LineOffer) -> Any:
    """One line, in a shape that is still to be chosen."""

    def write(shape: tuple[int, int]) -> str:
        length, room = shape
        line = offer.line
        title = f"**{plain(clip(line.prompt, length)) or '…'}**"
        if offer.errors:
            wrong = clip(" ".join(_wrong(voice, error) for error in offer.errors), room)
            return f"`{line.number:2}` ❌ {title} · {wrong}"
        parts = [title, *_asked(voice, offer), voice.write(offer.price, "credits")]
        return f"`{line.number:2}` {'🦴' if line.rig else '🧊'} {' · '.join(parts)}"

    return write


def _asked(voice: Voice, offer: LineOffer) -> list[str]:
    if offer.line.clips:
        return [clip(voice.write([plain(one) for one in offer.line.clips], "list"), _CLIPS_LENGTH)]
    return [voice.say("state.rigged")] if offer.line.rig else []


def _wrong(voice: Voice, error: JobError) -> str:
    """What is wrong with a line, in a few words where there are some."""
    reply = reply_to(error, "")
    if isinstance(error, UnknownClip):
        key = "batch.unknown_clip_near" if error.nearest else "batch.unknown_clip"
        return voice.say(key, **reply.facts)
    return voice.say(reply.key, **reply.facts)


def _sum(voice: Voice, view: SheetView) -> str:
    wrong = sum(bool(one.errors) for one in view.lines)
    if wrong:
        return voice.say("batch.wrong", count=wrong)
    makers = sorted({one.vendor for one in view.lines})
    lines = [
        voice.say("batch.sum", price=view.price, left=view.left),
        voice.say("batch.time", duration=view.seconds * 1000, makers=makers),
    ]
    if view.refusal:
        reply = reply_to(view.refusal, "")
        lines.append(f"❌ {clip(voice.say(reply.key, **reply.facts), _REFUSAL)}")
    return "\n".join(lines)


def _actions(voice: Voice, view: SheetView) -> list[CardButton]:
    """A text that is too long for a form is edited where it came from."""
    shown: list[CardButton] = []
    if view.ready:
        label = voice.label("batch.start", price=view.price)
        shown.append(StartSheet(view.sheet.id, label=label))
    if len(view.sheet.text) <= FORM_LENGTH:
        shown.append(EditSheet.to(voice, view.sheet.id))
    return shown
