"""The child process: ``python -m bot.files.previews film MODEL FOLDER LIGHTS``.

``light LIGHTS`` computes the tables of light, ``look`` only sees whether it can draw. It
gives up some rights before it looks at anything. What it made lies in FOLDER when it ends
with 0; every other end is told by its exit code or by the signal that ended it.
"""

import argparse
import importlib.util
import os
import resource
import signal
import sys
from dataclasses import asdict
from pathlib import Path

from bot.files.previews.limits import Ending, Limits

_POLITE = 10
"""Anything that a member waits for goes first."""


def main() -> int:
    """Do what the command line says; gives the exit code."""
    parser = argparse.ArgumentParser(prog="python -m bot.files.previews")
    for name, most in asdict(Limits()).items():
        parser.add_argument(f"--{name}", type=int, default=most)
    whats = parser.add_subparsers(dest="what", required=True)
    film = whats.add_parser("film")
    film.add_argument("model", type=Path)
    film.add_argument("folder", type=Path)
    film.add_argument("lights", type=Path)
    whats.add_parser("light").add_argument("lights", type=Path)
    whats.add_parser("look")
    said = parser.parse_args()
    _confine(Limits(**{name: getattr(said, name) for name in asdict(Limits())}))
    if importlib.util.find_spec("f3d") is None:
        return Ending.NOT_INSTALLED
    match said.what:
        case "film":
            return _film(said.model, said.folder, said.lights)
        case "light":
            return _draw_nothing(said.lights)
        case _:
            return _draw_nothing(None)


def _confine(limits: Limits) -> None:
    """From here on the system ends us where we take too much; the alarm also where our parent is gone."""
    os.nice(_POLITE)
    signal.alarm(limits.seconds)
    for kind, most in (
        (resource.RLIMIT_AS, limits.memory),
        (resource.RLIMIT_CPU, limits.computing),
        (resource.RLIMIT_FSIZE, limits.written),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(kind, (most, most))


def _draw_nothing(lights: Path | None) -> int:
    """Draw an empty stage: it can be done, and the tables of light are there for the first model."""
    from bot.files.previews.framing import Pose
    from bot.files.previews.studio import Moment, Studio

    try:
        Studio(lights).picture(Pose(centre=(0.0, 0.0, 0.0), distance=1.0), Moment(), 16)
    except RuntimeError as error:
        return _end(Ending.CANNOT_DRAW, error)
    return Ending.WELL


def _film(model: Path, folder: Path, lights: Path) -> int:
    from bot.files.previews import film, shooting
    from bot.files.previews.framing import NothingToSee
    from bot.files.previews.reading import obstacle
    from bot.files.previews.studio import Studio

    if why := obstacle(model):
        return _end(Ending.UNREADABLE, why)
    try:
        studio = Studio(lights)
    except RuntimeError as error:
        return _end(Ending.CANNOT_DRAW, error)
    try:
        shot = shooting.shoot(studio, model)
    except (RuntimeError, NothingToSee) as error:
        return _end(Ending.UNREADABLE, error)
    film.develop(shot, folder)
    return Ending.WELL


def _end(ending: Ending, why: Exception | str) -> int:
    sys.stderr.write(f"{why!r}\n")
    return ending


if __name__ == "__main__":
    sys.exit(main())
