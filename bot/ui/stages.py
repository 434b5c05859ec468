"""The plan on a card: one row per stage, and a sentence for what failed."""

from collections.abc import Callable

from bot.jobs.views import JobView, StageView
from bot.ui.replies import failure_sentence
from bot.ui.text import Voice, clip
from storage.models import RUN_AT_VENDOR, RunState

SIGNS = {
    RunState.PLANNED: "🔹",
    RunState.QUEUED: "⏳",
    RunState.SUBMITTING: "📤",
    RunState.WAITING: "🎨",
    RunState.COLLECTING: "💾",
    RunState.DONE: "✅",
    RunState.FAILED: "❌",
    RunState.CANCELLED: "⏹️",
    RunState.SKIPPED: "⏭️",
    RunState.UNSURE: "❔",
}
_CHECKING = "🔎"
_BAR = 10
_ROWS = 9
_CLIP_LENGTH = 20
_CLIPS_LENGTH = 42
_PROBLEMS = 3


def plan(voice: Voice, view: JobView) -> str:
    """A row for each stage, as far as a card has room for them."""
    shown = [row(voice, view, stage) for stage in view.stages[:_ROWS]]
    if len(view.stages) > _ROWS:
        shown.append(voice.say("card.more", count=len(view.stages) - _ROWS))
    return "\n".join(shown)


def row(voice: Voice, view: JobView, stage: StageView) -> str:
    """One stage: its sign, its name, how it stands, and while a vendor works since when.

    The time so far is a time that Discord counts by itself: it costs no edit.
    """
    sign = _CHECKING if stage.checking else SIGNS[stage.state]
    parts = [f"{sign} **{name(voice.say, stage)}**", _standing(voice, stage)]
    if stage.state in RUN_AT_VENDOR and stage.elapsed_ms is not None:
        parts.append(voice.say("row.started", since=view.now - stage.elapsed_ms))
    if stage.state is RunState.WAITING and stage.estimate_ms is not None:
        parts.append(voice.say("row.estimate", estimate=stage.estimate_ms))
    return " · ".join(parts)


def problems(voice: Voice, view: JobView) -> str:
    """Why what failed has failed; the same reason is told once, for all that it stopped."""
    told: dict[str, list[str]] = {}
    for stage in view.stages:
        if stage.failure is not None:
            sentence = failure_sentence(voice, stage.failure, stage.failure_data)
            told.setdefault(sentence, []).append(name(voice.say, stage))
    return "\n".join(
        f"**{', '.join(names[:_PROBLEMS])}**: {sentence}"
        for sentence, names in list(told.items())[:_PROBLEMS]
    )


def name(write: Callable[..., str], stage: StageView) -> str:
    """What the stage is called; ``write`` is ``say`` for a message, ``label`` for a button."""
    if stage.clips:
        names = ", ".join(clip(one, _CLIP_LENGTH) for one in stage.clips)
        return write("stage.animate_clip", clip=clip(names, _CLIPS_LENGTH))
    return write(f"stage.{stage.stage}")


def bar(percent: int) -> str:
    """A bar of signs, full at 100."""
    full = min(_BAR, max(0, percent) * _BAR // 100)
    return "▰" * full + "▱" * (_BAR - full)


def _standing(voice: Voice, stage: StageView) -> str:
    if stage.checking:
        return voice.say("row.checking")
    if stage.held_back:
        return voice.say("row.held_back", vendor=stage.vendor)
    if stage.state is RunState.QUEUED and stage.place is not None:
        return voice.say("row.queued_next" if stage.place == 1 else "row.queued_place", place=stage.place)
    if stage.state is RunState.WAITING and stage.progress is not None:
        return voice.say("row.progress", bar=bar(stage.progress), percent=stage.progress)
    if stage.state is RunState.DONE and stage.elapsed_ms is not None:
        return voice.say("row.done_in", elapsed=stage.elapsed_ms)
    return voice.say(f"row.{stage.state}", vendor=stage.vendor)
