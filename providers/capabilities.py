"""What a vendor can do, what it usually takes, and how much at once; so that nothing else is offered."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Capabilities:
    """What a vendor can do, so that commands offer nothing else."""

    styles: tuple[str, ...]
    max_pictures: int
    polycount: range
    """Allowed face counts."""
    prompt_max: int
    negative_prompt_max: int
    can_stop: bool
    """Whether ``cancel`` stops a task and gives the money back."""
    stops_started: bool = True
    """Whether also when work on it has begun; false where only a queued task can be stopped."""

    words: bool = True
    """Makes models from words; from pictures where ``max_pictures`` is not 0."""
    rig: bool = True
    rig_files: bool = True
    """Rigs models that were made elsewhere, handed over as a GLB."""
    rig_clips: tuple[str, ...] = ()
    """Clips that come with every rig, free of charge."""
    animate: bool = True
    clips_at_once: int = 1
    """The most clips of one ``AnimateRequest``."""
    retexture: bool = False
    """Gives a model another surface; of files as well."""
    remesh: range = range(0)
    """Face counts that it brings a model to; empty: it does not."""
    formats: tuple[str, ...] = ()
    """What it converts a model to, by extension without the dot."""
    echoes: bool = True
    """Its records say what was asked, so that ``find`` can tell submits of the same moment apart."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """What one of the vendor's own steps usually takes, as its documents or users say."""

    seconds: int
    """From acceptance to end."""
    usd_micros: int
    """About, from the account of whoever pays; 0 where nothing is paid."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pool:
    """A limit of the vendor on how many tasks of a kind may be under way at once."""

    name: str
    size: int
