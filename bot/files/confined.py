"""Other people's programs at work on members' files: a child process with hard limits.

``run`` is for the parent. The child is this file, too: it gives up some rights and becomes
the program. Memory is counted as what is written to: Node maps far more than it ever uses.
"""

import asyncio
import os
import resource
import signal
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryFile
from typing import BinaryIO

from bot.files.errors import ToolFailed

_PROGRAM = Path(__file__).parents[2]
"""The folder in which Python finds us."""
_PATIENCE = 5
"""Seconds that a child gets beyond its limit, to end by itself."""
_POLITE = 10
_SAID = 4_000
"""Bytes of what a child says that are read."""
_SURROUNDINGS = {
    "PATH": os.environ.get("PATH", os.defpath),
    "LANG": "C.UTF-8",
    "OMP_NUM_THREADS": "1",  # the other core is the bot's
    "OPENBLAS_NUM_THREADS": "1",
}
"""All that a child sees of our environment, which is full of keys."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Of one child."""

    memory: int = 2 * 1024**3
    """Bytes that it may write to."""
    seconds: int = 120
    """Of the clock, and of a core."""
    written: int = 512 * 1024 * 1024
    """Bytes of any one file."""


async def run(program: Sequence[str | Path], limits: Limits) -> str:
    """Run a program to its end; gives the beginning of what it said.

    Raises:
        ToolFailed: it did not end well.
        OSError: it could not be started.
    """
    with TemporaryFile() as said:
        code = await _ended(program, limits, said)
        said.seek(0)
        words = said.read(_SAID).decode(errors="replace")
    if code is None:
        raise ToolFailed("it took too long")
    if code != 0:
        ending = f"signal {-code}" if code < 0 else f"exit code {code}"
        raise ToolFailed(f"{ending}: {' '.join(words.split())[:400]}")
    return words


async def _ended(program: Sequence[str | Path], limits: Limits, said: BinaryIO) -> int | None:
    """How the child ended; ``None``: by us, as it took too long."""
    most = (limits.memory, limits.seconds, limits.written)
    child = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot.files.confined", *map(str, most), *map(_argument, program)),
        cwd=_PROGRAM,
        env=_SURROUNDINGS,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=said.fileno(),
        stderr=said.fileno(),
        start_new_session=True,  # Ctrl-C is for us
    )
    try:
        async with asyncio.timeout(limits.seconds + _PATIENCE):
            return await child.wait()
    except TimeoutError:
        return None
    finally:
        if child.returncode is None:
            child.kill()
            await child.wait()


def _argument(part: str | Path) -> str:
    """The child works in another folder."""
    return str(part.absolute()) if isinstance(part, Path) else part


def _become(program: Sequence[str], limits: Limits) -> None:
    """From here on the system ends us where we take too much; the alarm also where our parent is gone."""
    os.nice(_POLITE)
    signal.alarm(limits.seconds)
    for kind, most in (
        (resource.RLIMIT_DATA, limits.memory),
        (resource.RLIMIT_CPU, limits.seconds),
        (resource.RLIMIT_FSIZE, limits.written),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(kind, (most, most))
    os.execvpe(program[0], list(program), os.environ)  # noqa: S606 -- as its parent named it, without a shell


if __name__ == "__main__":
    memory, seconds, written = map(int, sys.argv[1:4])
    _become(sys.argv[4:], Limits(memory=memory, seconds=seconds, written=written))
