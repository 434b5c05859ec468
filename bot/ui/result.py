"""What came of a job: the files to attach, the facts about them, what it cost."""

import re
from collections.abc import Iterable

from bot.jobs.views import FileView, JobView
from bot.ui.copies import has_link, made_here, notes
from bot.ui.text import Voice, clip
from storage.models import Artifact, RunState

REQUEST_LIMIT = 25 * 1024 * 1024 - 64 * 1024
"""Bytes of all files of one request together; Discord takes 25 MiB, with its own words around them."""
_CLIPS_NAMED = 4
_NAME_LENGTH = 24
_UNIT_LENGTH = 20


def attachments(view: JobView, limit: int) -> tuple[Artifact, ...]:
    """The picture and the model, where each fits the path's limit and both fit one request.

    Copies that the job made take the model's place where no button can lead to them.
    """
    copies = [one.artifact for one in made_here(view) if not has_link(one)]
    model = view.model_file.artifact if view.model_file else None
    wanted = [view.preview, *copies] if copies else [view.preview, model]
    chosen: list[Artifact] = []
    for artifact in wanted:
        if artifact is not None and artifact.size <= min(limit, REQUEST_LIMIT - sum(a.size for a in chosen)):
            chosen.append(artifact)
    return tuple(chosen)


def set_name(artifacts: Iterable[Artifact]) -> str:
    """A name for a set of files, by which a message knows that it has them already."""
    return ",".join(artifact.id for artifact in artifacts)


def attached_name(artifact: Artifact) -> str:
    """The file's name as Discord keeps it; it would change other signs, and break the reference."""
    return re.sub(r"[^A-Za-z0-9._-]+", "_", artifact.name)[-100:]


def facts(voice: Voice, view: JobView) -> str:
    """Counts and size of the file, then seed, costs and origin in small print."""
    lines = []
    if view.model_file is not None:
        lines.append(" · ".join(_counts(voice, view.model_file)))
    lines += notes(voice, view)
    small = list(_small_print(voice, view))
    if small:
        lines.append("-# " + " · ".join(small))
    return "\n".join(lines)


def _counts(voice: Voice, file: FileView) -> Iterable[str]:
    for unit in ("triangles", "joints"):
        count = file.artifact.facts.get(unit)
        if count:
            yield voice.write(count, unit)
    clips = tuple(file.artifact.facts.get("clips", ()))
    if clips:
        named = [clip(name, _NAME_LENGTH) for name in clips[:_CLIPS_NAMED]]
        yield voice.say(
            "card.clips" if len(clips) == len(named) else "card.many_clips", clips=named, count=len(clips)
        )
    yield voice.write(file.artifact.size, "size")


def _small_print(voice: Voice, view: JobView) -> Iterable[str]:
    if view.seed is not None and any(stage.state is RunState.DONE for stage in view.stages):
        yield voice.say("card.seed", seed=view.seed)
    if view.charged:
        yield voice.say("card.charged", credits=view.charged)
    if view.reserved:
        yield voice.say("card.reserved", credits=view.reserved)
    if view.costs:
        yield voice.say("card.cost", cost=[_cost(voice, unit, micros) for unit, micros in view.costs])
    yield voice.say("card.left", credits=view.left)
    if view.parent is not None:
        yield voice.say("card.parent", label=view.parent.label)


def _cost(voice: Voice, unit: str, micros: int) -> str:
    """An amount in a vendor's own unit; in the unit's own word where the catalogue has none."""
    amount = micros / 1_000_000
    key = unit.replace(" ", "_")
    return (
        voice.write(amount, key) if voice.catalogue.counts(key) else f"{amount:g} {clip(unit, _UNIT_LENGTH)}"
    )
