"""ClamAV's daemon over its own protocol (clamd(8), INSTREAM): a file in pieces, one line back.

Every file gets a connection of its own, which ends with the answer. The daemon may be
an address or a socket on this machine.
"""

import asyncio
import re
import struct
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass

from bot.jobs.scanning import Infected, NotScanned

_LENGTH = struct.Struct(">I")
_ANSWER = re.compile(r"stream: (?:(?P<signature>\S.*) FOUND|(?P<clean>OK))")
_LONGEST_ANSWER = 4096
_SECONDS_FOR_A_WORD = 10.0
_BEYOND_LIMITS = "Heuristics.Limits.Exceeded"
"""With ``AlertExceedsMax``, how it says that it did not look at all of a file."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Clamd:
    """``address`` is ``host:port``, or the path of a socket; a scan may last ``seconds`` in all."""

    address: str
    seconds: float = 120.0

    async def scan(self, pieces: AsyncIterator[bytes]) -> None:
        """Comes back for a clean file. Raises ``Infected`` or ``NotScanned``."""
        said = await self._asked(b"zINSTREAM\0", self.seconds, pieces)
        answer = _ANSWER.fullmatch(said)
        if answer is None:
            raise NotScanned(f"it says {said[:100]!r}")
        signature = answer["signature"]
        if signature and signature.startswith(_BEYOND_LIMITS):
            raise NotScanned(f"it did not look at all of it: {signature[:100]}")
        if signature:
            raise Infected(signature[:100])

    async def version(self) -> str:
        """Which version it is, with which signatures. Raises ``NotScanned`` where it does not answer."""
        return await self._asked(b"zVERSION\0", min(self.seconds, _SECONDS_FOR_A_WORD))

    async def _asked(self, command: bytes, seconds: float, pieces: AsyncIterator[bytes] | None = None) -> str:
        try:
            async with asyncio.timeout(seconds):
                reader, writer = await self._connected()
                try:
                    writer.write(command)
                    if pieces is not None:
                        await _send(writer, pieces)
                    return await _answer(reader)
                finally:
                    await _hung_up(writer)
        except TimeoutError as error:
            raise NotScanned(f"no answer in {seconds:g} s") from error
        except (OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError) as error:
            raise NotScanned(f"it cannot be reached ({type(error).__name__})") from error

    async def _connected(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        if "/" in self.address:
            return await asyncio.open_unix_connection(self.address, limit=_LONGEST_ANSWER)
        host, _, port = self.address.rpartition(":")
        return await asyncio.open_connection(host.strip("[]"), int(port), limit=_LONGEST_ANSWER)


async def _send(writer: asyncio.StreamWriter, pieces: AsyncIterator[bytes]) -> None:
    """The file; a daemon that has heard enough hangs up and leaves its answer."""
    try:
        async for piece in pieces:
            if piece:  # an empty one would be the end
                writer.writelines((_LENGTH.pack(len(piece)), piece))
                await writer.drain()
        writer.write(_LENGTH.pack(0))
        await writer.drain()
    except ConnectionError:
        return


async def _hung_up(writer: asyncio.StreamWriter) -> None:
    """At once: all is said, or will not be."""
    writer.transport.abort()
    with suppress(OSError):
        await writer.wait_closed()


async def _answer(reader: asyncio.StreamReader) -> str:
    return (await reader.readuntil(b"\0")).rstrip(b"\0").decode("utf-8", "replace")
