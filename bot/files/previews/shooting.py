"""A model's film: once around it, or what it does."""

from dataclasses import replace
from pathlib import Path

from bot.files.previews.film import Film
from bot.files.previews.framing import Pose, find, fit
from bot.files.previews.limits import SIDE
from bot.files.previews.studio import Moment, Studio

AROUND = 30
"""Frames of a turn."""
PAUSE = 100
"""Milliseconds per frame of a turn."""
QUARTER = 28.0
"""Degrees from the front: where most can be told about a shape."""
RISE = 10.0
_CLIPS = 4
"""So many clips of a file are shown, one after the other."""
_FRAMES = 48
"""Of a film in all."""
_FLUENT = 80
"""Milliseconds per frame, where there are enough frames."""
_KEY_MOMENTS = 4
_TURNS_FITTED = 10


def shoot(studio: Studio, model: Path) -> Film:
    """Film a model from where all of it is in the picture.

    Raises:
        RuntimeError: f3d cannot read it.
        NothingToSee: there is nothing in the picture, wherever one looks.
    """
    studio.show(model)
    lengths = studio.lengths[:_CLIPS]
    return _playing(studio, lengths) if any(lengths) else _turning(studio)


def _turning(studio: Studio) -> Film:
    look, guess = studio.outline([Moment()]), studio.guess()
    turns = [QUARTER + 360 * step / AROUND for step in range(AROUND)]
    pose = find(look, guess.centre, guess.distance)
    pose = fit(look, pose, turns[:: AROUND // _TURNS_FITTED], RISE)
    frames = [studio.picture(replace(pose, turn=turn), Moment(), SIDE) for turn in turns]
    return Film(frames=frames, pause=PAUSE)


def _playing(studio: Studio, lengths: list[float]) -> Film:
    most = _FRAMES // len(lengths)
    counts = [max(2, min(most, round(1000 * length / _FLUENT))) for length in lengths]
    pause = max(_FLUENT, round(1000 * sum(lengths) / sum(counts)))
    moments = [
        moment for clip, length in enumerate(lengths) for moment in _spread(clip, length, counts[clip])
    ]
    key = [moment for clip, length in enumerate(lengths) for moment in _spread(clip, length, _KEY_MOMENTS)]
    pose = replace(_found(studio, key), turn=QUARTER)
    return Film(frames=[studio.picture(pose, moment, SIDE) for moment in moments], pause=pause)


def _found(studio: Studio, key: list[Moment]) -> Pose:
    look, guess = studio.outline(key), studio.guess()
    return fit(look, find(look, guess.centre, guess.distance), [QUARTER], RISE)


def _spread(clip: int, length: float, count: int) -> list[Moment]:
    """Moments of a clip in even steps; its end is its beginning."""
    return [Moment(clip=clip, seconds=length * step / count) for step in range(count)]
