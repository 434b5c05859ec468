"""A batch as one message: how far all of it is, a line for each model, what failed and why. Pure.

However many models there are and however long their names and addresses, a card stays
within Discord's 40 components and 4,000 characters: names give way first, then links.
"""

from collections.abc import Collection, Iterator, Sequence
from typing import Any

import discord
from discord import ui

from bot.jobs.batch_views import BatchView, PartView
from bot.ui import batch_items as items
from bot.ui.card import COLOURS
from bot.ui.items import CardButton
from bot.ui.replies import failure_sentence
from bot.ui.result import REQUEST_LIMIT, attached_name
from bot.ui.stages import SIGNS, bar
from bot.ui.text import Voice, clip, plain
from storage.batches import BatchKind
from storage.models import Artifact, JobState

_HEAD, _LINES, _PROBLEMS, _FACTS = 400, 2500, 650, 250
"""Characters of each part at most."""
_SHAPES = ((60, True), (40, True), (28, True), (18, True), (40, False), (18, False))
"""Lengths of names, with links or without, from the best down."""
_URL_LENGTH = 200
_TOLD = 4
_PICTURES = 10
_ENDS = {
    JobState.DONE: "✅",
    JobState.PARTIAL: "⚠️",
    JobState.FAILED: "❌",
    JobState.CANCELLED: "⏹️",
}

Row = ui.ActionRow[Any]


def draw_batch(
    view: BatchView, voice: Voice, *, attached: Collection[Artifact] = (), refresh: bool = False
) -> ui.LayoutView:
    """The card of a batch; ``attached`` are the pictures that the message has or gets."""
    layout = ui.LayoutView(timeout=None)
    layout.add_item(
        ui.Container(*_parts(view, voice, attached, refresh=refresh), accent_colour=_colour(view))
    )
    return layout


def stills(view: BatchView, limit: int) -> tuple[Artifact, ...]:
    """Pictures for the grid: of variations as they come, of a plan once all of it has ended."""
    if view.live and view.batch.kind is BatchKind.LIST:
        return ()
    chosen: list[Artifact] = []
    for part in view.made:
        room = min(limit, REQUEST_LIMIT - sum(one.size for one in chosen))
        if part.still and part.still.size <= room and len(chosen) < _PICTURES:
            chosen.append(part.still)
    return tuple(chosen)


def picture_name(still: Artifact) -> str:
    """As the message knows it; models of one batch may have the same name."""
    return f"{still.id[-8:].lower()}-{attached_name(still)}"


def fitted(rows: Sequence[Any], room: int, shapes: Sequence[Any] = _SHAPES) -> str:
    """Lines in the best shape that fits; ``rows`` are functions from a shape to a line."""
    for shape in shapes:
        text = "\n".join(row(shape) for row in rows)
        if len(text) <= room:
            return text
    return clip(text, room)


def _parts(
    view: BatchView, voice: Voice, attached: Collection[Artifact], *, refresh: bool
) -> Iterator[ui.Item[Any]]:
    yield ui.TextDisplay(clip(_head(view, voice), _HEAD))
    yield ui.Separator()
    rows = [_row(voice, number, part) for number, part in enumerate(view.parts, 1)]
    yield ui.TextDisplay(fitted(rows, _LINES))
    if trouble := _problems(view, voice):
        yield ui.TextDisplay(clip(trouble, _PROBLEMS))
    if grid := [_picture(voice, number, part, attached) for number, part in _pictured(view, attached)]:
        yield ui.MediaGallery(*grid)
    yield ui.TextDisplay(clip(_facts(view, voice), _FACTS))
    yield from _actions(view, voice, refresh=refresh)


def _head(view: BatchView, voice: Voice) -> str:
    title = (
        voice.say("batch.variations", name=clip(view.source.name, 60), label=view.source.label)
        if view.source
        else voice.say("batch.title", count=len(view.parts))
    )
    byline = voice.say("batch.byline", user=view.batch.user_id, ended=len(view.ended), count=len(view.parts))
    lines = [f"### {title}", byline]
    if view.live:
        lines.append(voice.say("row.progress", bar=bar(view.percent), percent=view.percent))
        if not view.can_cancel:
            lines.append(voice.say("card.stopping"))
    return "\n".join(lines)


def _row(voice: Voice, number: int, part: PartView) -> Any:
    """One model's line, in a shape that is still to be chosen."""

    def write(shape: tuple[int, bool]) -> str:
        length, links = shape
        name = plain(clip(part.model.name, length))
        linked = links and part.page is not None and len(part.page) <= _URL_LENGTH and not part.gone
        title = f"[{name}]({part.page})" if linked else f"**{name}**"
        return f"`{number:2}` {_sign(part)} {title} · {_standing(voice, part)}"

    return write


def _sign(part: PartView) -> str:
    if part.gone:
        return "🗑️"
    if not part.live:
        return _ENDS[part.job.state]
    return SIGNS[part.stage.state] if part.stage else "⏳"


def _standing(voice: Voice, part: PartView) -> str:
    if part.gone:
        return voice.say("batch.gone")
    if not part.live and part.failed and part.file:
        return voice.say("batch.partly", state=voice.label(f"state.{part.state}"))
    standing = voice.say(f"state.{part.state}")
    if part.progress:
        return f"{standing} · {voice.write(part.progress, 'percent')}"
    return standing


def _problems(view: BatchView, voice: Voice) -> str:
    """Why what failed has failed; the same reason is told once, for all its lines."""
    told: dict[str, list[int]] = {}
    for number, part in enumerate(view.parts, 1):
        if part.failed and part.failed.failure and not part.gone:
            sentence = failure_sentence(voice, part.failed.failure, part.failed.failure_data)
            told.setdefault(sentence, []).append(number)
    return "\n".join(
        f"**{', '.join(map(str, numbers))}**: {sentence}" for sentence, numbers in list(told.items())[:_TOLD]
    )


def _pictured(view: BatchView, attached: Collection[Artifact]) -> list[tuple[int, PartView]]:
    return [
        (number, part) for number, part in enumerate(view.parts, 1) if part.still and part.still in attached
    ]


def _picture(
    voice: Voice, number: int, part: PartView, attached: Collection[Artifact]
) -> discord.MediaGalleryItem:
    (still,) = (one for one in attached if one == part.still)
    words = voice.label("batch.picture", number=number, name=clip(part.model.name, 60))
    return discord.MediaGalleryItem(f"attachment://{picture_name(still)}", description=words)


def _facts(view: BatchView, voice: Voice) -> str:
    facts = []
    if view.charged:
        facts.append(voice.say("card.charged", credits=view.charged))
    if view.reserved:
        facts.append(voice.say("card.reserved", credits=view.reserved))
    facts.append(voice.say("card.left", credits=view.left))
    return "-# " + " · ".join(facts)


def _actions(view: BatchView, voice: Voice, *, refresh: bool) -> Iterator[Row]:
    if view.made:
        yield Row(items.OpenOne.offering(voice, view))
    if view.batch.kind is BatchKind.VARIATIONS and not view.live and len(view.made) > 1:
        yield Row(items.Keep.offering(voice, view))
    if shown := list(_buttons(view, voice, refresh=refresh)):
        yield Row(*shown)


def _buttons(view: BatchView, voice: Voice, *, refresh: bool) -> Iterator[CardButton]:
    """Always in the same order."""
    batch = view.batch.id
    if view.can_cancel:
        yield items.CancelRest.to(voice, batch)
    if view.retriable:
        yield items.RetryFailed(batch, label=voice.label("button.retry_failed", count=len(view.retriable)))
    if view.made:
        yield items.Zip.to(voice, batch)
    if refresh:
        yield items.RefreshBatch.to(voice, batch)


def _colour(view: BatchView) -> int:
    if view.live:
        return COLOURS[JobState.LIVE]
    states = {part.job.state for part in view.parts}
    return COLOURS[states.pop()] if len(states) == 1 else COLOURS[JobState.PARTIAL]
