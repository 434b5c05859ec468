"""A job as one message. Pure: the same job, language and files give the same card.

Every part has its own ceiling, so that no prompt, however long, takes a card over
Discord's 40 components and 4,000 characters.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from itertools import islice
from typing import Any

import discord
from discord import ui

from bot.jobs.views import FileView, JobView
from bot.ui import buttons, more, variations
from bot.ui.copies import copy_link, made_here
from bot.ui.items import CardButton
from bot.ui.panels import URL_LENGTH
from bot.ui.result import attached_name, facts
from bot.ui.stages import name, plan, problems
from bot.ui.text import Voice, clip, plain
from storage.models import Artifact, JobState

COLOURS = {
    JobState.LIVE: 0x5865F2,
    JobState.DONE: 0x3BA55D,
    JobState.PARTIAL: 0xFAA61A,
    JobState.FAILED: 0xED4245,
    JobState.CANCELLED: 0x99AAB5,
}
_NAME_LENGTH = 60
_PROMPT_LENGTH = 240
_NEGATIVE_LENGTH = 60
_WORDS_LENGTH = 120
_STYLE_LENGTH = 30
_LINK_LENGTH = 900
_PART_LENGTHS = {"head": 900, "plan": 1000, "problems": 700, "facts": 450}
_ROW = 5
_RETRIES = 6

Row = ui.ActionRow[ui.LayoutView]
Text = ui.TextDisplay[ui.LayoutView]


def draw(
    view: JobView, voice: Voice, *, attached: Collection[Artifact] = (), refresh: bool = False
) -> ui.LayoutView:
    """The card of a job.

    Args:
        view: what there is to show.
        voice: the sentences, in the reader's language.
        attached: the files that the message has or gets; only these are shown inside it.
        refresh: whether to offer a fresh token for the message.
    """
    if view.model.deleted_at is not None:
        return _laid_out(COLOURS[JobState.CANCELLED], [Text(voice.say("card.deleted"))])
    return _laid_out(COLOURS[view.job.state], _parts(view, voice, attached, refresh=refresh))


def _laid_out(colour: int, parts: Iterable[ui.Item[Any]]) -> ui.LayoutView:
    layout = ui.LayoutView(timeout=None)
    layout.add_item(ui.Container(*parts, accent_colour=colour))
    return layout


def _parts(
    view: JobView, voice: Voice, attached: Collection[Artifact], *, refresh: bool
) -> Iterator[ui.Item[Any]]:
    yield _text("head", _head(view, voice))
    yield ui.Separator()
    yield _text("plan", _plan(view, voice))
    if trouble := problems(voice, view):
        yield _text("problems", trouble)
    if view.preview is not None and view.preview in attached:
        picture = f"attachment://{attached_name(view.preview)}"
        words = voice.label("card.picture_of", name=clip(view.model.name, _NAME_LENGTH))
        yield ui.MediaGallery(discord.MediaGalleryItem(picture, description=words))
    yield _text("facts", facts(voice, view))
    yield from _file(view, voice, attached)
    yield from _rows(_actions(view, voice, refresh=refresh))


def _text(part: str, content: str) -> Text:
    return Text(clip(content, _PART_LENGTHS[part]))


def _head(view: JobView, voice: Voice) -> str:
    model = view.model
    lines = [
        f"### {plain(clip(model.name, _NAME_LENGTH))}",
        voice.say("card.byline", label=model.label, user=view.job.user_id, vendor=view.vendor),
    ]
    if model.prompt and model.prompt != model.name:
        lines.append(f"> {plain(clip(model.prompt, _PROMPT_LENGTH))}")
    if asked := " · ".join(_asked(view.job.request, voice)):
        lines.append(f"-# {asked}")
    return "\n".join(lines)


def _asked(request: Mapping[str, Any], voice: Voice) -> Iterator[str]:
    """What was asked for besides the prompt."""
    if pictures := [picture for picture in request.get("pictures") or () if picture]:
        yield voice.say("card.pictures", count=len(pictures))
    if style := request.get("style"):
        yield voice.say("card.style", style=voice.style(clip(style, _STYLE_LENGTH)))
    if polycount := request.get("polycount"):
        yield voice.write(polycount, "faces")
    if words := request.get("words"):
        yield voice.say("card.retexture", words=clip(words, _WORDS_LENGTH))
    if form := request.get("format"):
        yield voice.say("card.convert", format=form.upper())
    if negative := request.get("negative_prompt"):
        yield voice.say("card.negative", text=clip(negative, _NEGATIVE_LENGTH))


def _plan(view: JobView, voice: Voice) -> str:
    lines = [plan(voice, view)]
    if view.live and view.job.cancel_asked_at is not None:
        lines.append(voice.say("card.stopping"))
    elif view.job.state is JobState.CANCELLED:
        lines.append(voice.say("card.cancelled"))
    return "\n".join(lines)


def _file(view: JobView, voice: Voice, attached: Collection[Artifact]) -> Iterator[ui.Item[Any]]:
    """The model itself and ways to have it, of which there is always at least a sentence."""
    file = view.model_file
    if file is None:
        return
    for one in (file, *made_here(view)):
        if one.artifact in attached:
            yield ui.File(f"attachment://{attached_name(one.artifact)}")
    links = list(islice(_links(view, file, voice), _ROW))
    if links:
        yield Row(*links)
    elif file.url is not None and len(file.url) <= _LINK_LENGTH:
        yield Text(voice.label("card.link", url=file.url))
    elif file.artifact not in attached:
        yield Text(voice.say("card.no_link"))


def _links(view: JobView, file: FileView, voice: Voice) -> Iterator[ui.Item[Any]]:
    named = [(view.page, voice.label("button.view"), "🧊"), (file.url, voice.label("button.download"), "⬇️")]
    named += [(one.url, clip(f"{one.clip}.glb", 40), "⬇️") for one in view.clip_files]
    for url, label, emoji in named:
        if url is not None and len(url) <= URL_LENGTH:
            yield ui.Button(label=label, url=url, emoji=emoji)
    yield from (link for one in view.copies if (link := copy_link(voice, one)))


def _actions(view: JobView, voice: Voice, *, refresh: bool) -> Iterator[CardButton]:
    """What can be done now, always in the same order."""
    model, job = view.model.id, view.job.id
    if view.live:
        if view.job.cancel_asked_at is None:
            yield buttons.Cancel.to(voice, job)
    else:
        if view.can_rig:
            yield buttons.Rig.to(voice, model)
        if view.can_animate:
            yield buttons.Animate.to(voice, model)
        yield from _retries(view, voice)
        yield more.Again.to(voice, model)
        if view.can_vary and view.model_file:
            yield variations.Variations.to(voice, model)
        yield more.More.to(voice, model) if view.model_file else buttons.Delete.to(voice, model)
    if refresh or (view.links_expire and view.model_file and view.model_file.url and not view.live):
        yield buttons.Refresh.to(voice, job)


def _retries(view: JobView, voice: Voice) -> Iterator[CardButton]:
    failed = [stage for stage in view.stages if stage.can_retry][:_RETRIES]
    for stage in failed:
        what = name(voice.label, stage)
        label = voice.label("button.retry_one", what=what) if len(failed) > 1 else voice.label("button.retry")
        yield buttons.Retry(stage.run_id, label=label)


def _rows(items: Iterable[ui.Item[Any]]) -> Iterator[Row]:
    rest = iter(items)
    while row := list(islice(rest, _ROW)):
        yield Row(*row)
