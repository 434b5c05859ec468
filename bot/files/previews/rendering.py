"""The parent's side: starts the child that draws, waits for it, and tells how it ended."""

import asyncio
import errno
import os
import shutil
import sys
from dataclasses import asdict, dataclass, field
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Self

from bot.files.errors import FileError
from bot.files.previews.limits import GIF, STILL, Ending, Limits

_PROGRAM = Path(__file__).parents[3]
"""The folder in which Python finds us."""
_PATIENCE = 5
"""Seconds that a child gets beyond its limit, to end by itself."""
_ROOM = 200 * 1024 * 1024
"""Bytes that have to be free before tables are written: f3d does not tell when they did not fit."""
_SAID = 400
"""Characters of a child's last words that are kept."""
_SURROUNDINGS = {
    "PATH": os.defpath,
    "LANG": "C.UTF-8",
    "LIBGL_ALWAYS_SOFTWARE": "1",  # a graphics card's driver maps more memory than the limit has
    "LP_NUM_THREADS": "1",  # the other core is the bot's
    "MESA_SHADER_CACHE_DISABLE": "1",
}
"""All that a child sees of our environment, which is full of keys."""


class CannotDraw(FileError):
    """Nothing can be drawn on this machine; ``reason`` says what is missing."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Unreadable(FileError):
    """f3d cannot show this file, today or tomorrow; ``reason`` is for the log."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class NotRendered(FileError):
    """The child took too much or died; ``reason`` says how. Another time may go better."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True, kw_only=True)
class Pictures:
    """What came of it, as files."""

    film: Path
    """A GIF that goes on for ever."""
    still: Path
    """A WebP."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Renderer:
    """Draws models, one after the other.

    ``lights`` is a folder of our own for tables that are computed once (6 to 15 seconds, 50 MB).
    """

    lights: Path
    limits: Limits = field(default_factory=Limits)
    _one: asyncio.Lock = field(default_factory=asyncio.Lock)

    @classmethod
    def here(cls, lights: Path) -> Self | None:
        """One on this machine; ``None`` where f3d is not installed."""
        return cls(lights=lights) if find_spec("f3d") else None

    async def look(self) -> None:
        """See whether this machine can draw; leaves nothing behind.

        Raises:
            CannotDraw: the reason says what is missing.
        """
        with TemporaryDirectory() as home:
            await self._begin("look", home=Path(home))

    async def prepare(self) -> None:
        """Compute the tables of light where they are missing, and see whether this machine can draw.

        Raises:
            CannotDraw: the reason says what is missing.
            OSError: there is no room for the tables.
        """
        if await asyncio.to_thread(self.lights.exists):
            await self._begin("look", home=self.lights)
            return
        if await asyncio.to_thread(_room, self.lights) < _ROOM:
            raise OSError(errno.ENOSPC, "no room for tables of light")
        fresh = self.lights.with_name(f"{self.lights.name}.new")  # half a table would spoil every picture
        await asyncio.to_thread(shutil.rmtree, fresh, ignore_errors=True)
        await asyncio.to_thread(fresh.mkdir, parents=True)
        await self._begin("light", fresh, home=fresh)
        await asyncio.to_thread(fresh.rename, self.lights)

    async def film(self, model: Path, folder: Path) -> Pictures:
        """Film a checked GLB; the pictures lie in ``folder``.

        Raises:
            CannotDraw, Unreadable, NotRendered: there are none.
            OSError: the folder cannot be written.
        """
        await self._child("film", model, folder, self.lights, home=folder)
        return Pictures(film=folder / GIF, still=folder / STILL)

    async def _begin(self, what: str, *paths: Path, home: Path) -> None:
        """Draw without a model: whatever goes wrong is this machine's fault, also where the driver dies."""
        try:
            await self._child(what, *paths, home=home)
        except NotRendered as error:
            raise CannotDraw(error.reason) from error

    async def _child(self, what: str, *paths: Path, home: Path) -> None:
        async with self._one:
            words = home / "last-words"
            with await asyncio.to_thread(words.open, "wb") as told:
                code = await self._ended(what, *map(Path.absolute, paths), home=home, told=told.fileno())
            said = await asyncio.to_thread(_last, words)
            await asyncio.to_thread(words.unlink)
        _judge(code, said)

    async def _ended(self, what: str, *paths: Path, home: Path, told: int) -> int | None:
        """How the child ended; ``None``: by us, as it took too long."""
        limits = [f"--{name}={most}" for name, most in asdict(self.limits).items()]
        child = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "bot.files.previews", *limits, what, *map(str, paths)),
            cwd=_PROGRAM,
            env=_SURROUNDINGS | {"HOME": str(Path.absolute(home))},
            stdin=asyncio.subprocess.DEVNULL,
            stdout=told,
            stderr=told,
            start_new_session=True,  # Ctrl-C is for us
        )
        try:
            async with asyncio.timeout(self.limits.seconds + _PATIENCE):
                return await child.wait()
        except TimeoutError:
            return None
        finally:
            if child.returncode is None:
                child.kill()
                await child.wait()


def _room(folder: Path) -> int:
    """Bytes that are free where it is to be."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    return shutil.disk_usage(folder.parent).free


def _last(words: Path) -> str:
    with words.open("rb") as told:
        told.seek(max(0, words.stat().st_size - _SAID))
        return " ".join(told.read().decode(errors="replace").split())


def _judge(code: int | None, said: str) -> None:
    match code:
        case Ending.WELL:
            return
        case Ending.NOT_INSTALLED:
            raise CannotDraw("f3d is not installed")
        case Ending.CANNOT_DRAW:
            raise CannotDraw(said)
        case Ending.UNREADABLE:
            raise Unreadable(said)
        case None:
            raise NotRendered("it took too long")
        case _ if code < 0:
            raise NotRendered(f"signal {-code}")
        case _:
            raise NotRendered(f"exit code {code}: {said}")
