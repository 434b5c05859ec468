"""Copies of a model, in other formats or lighter: what they are called, and links to them."""

from collections.abc import Iterator
from typing import Any

from discord import ui

from bot.jobs.views import FileView, JobView
from bot.ui.panels import URL_LENGTH
from bot.ui.text import Voice


def copy_link(voice: Voice, file: FileView) -> ui.Item[Any] | None:
    """A button that leads to a copy, by what it is; ``None`` where there is no address for it."""
    if not has_link(file):
        return None
    return ui.Button(label=copy_name(voice, file), url=file.url, emoji="⬇️")


def has_link(file: FileView) -> bool:
    """Whether a button can lead to it."""
    return file.url is not None and len(file.url) <= URL_LENGTH


def copy_name(voice: Voice, file: FileView) -> str:
    """``FBX``, or ``50 % of the faces``."""
    facts = file.artifact.facts
    if facts.get("copy") != "optimise":
        return str(facts.get("copy", "")).upper()
    share = facts.get("share")
    return voice.label("copy.share", share=share) if share else voice.label("copy.compressed")


def made_here(view: JobView) -> tuple[FileView, ...]:
    """Copies that this very job made."""
    runs = {stage.run_id for stage in view.stages}
    return tuple(one for one in view.copies if one.artifact.run_id in runs)


def notes(voice: Voice, view: JobView) -> Iterator[str]:
    """What is to be known of them: their sizes, and what a printer may stumble over."""
    for one in made_here(view):
        facts = one.artifact.facts
        said = [f"**{copy_name(voice, one)}**", voice.write(one.artifact.size, "size")]
        if facts.get("copy") == "optimise" and facts.get("triangles"):
            said.insert(1, voice.write(facts["triangles"], "triangles"))
        if facts.get("millimetres"):
            sides = " × ".join(f"{side:g}" for side in facts["millimetres"])
            said.append(voice.say("copy.millimetres", sides=sides))
        yield " · ".join(said)
        if facts.get("watertight") is False:
            yield voice.say("copy.leaky")
