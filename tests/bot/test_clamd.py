import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import pytest

from bot.clamd import Clamd
from bot.jobs.scanning import Infected, NotScanned
from tests.clamd import HARMFUL, NAME, clamd

MEGABYTE = 1024 * 1024


async def pieces(*given: bytes) -> AsyncIterator[bytes]:
    for piece in given:
        yield piece


@asynccontextmanager
async def answering(answer: Callable[[asyncio.StreamReader], Awaitable[bytes]]) -> AsyncIterator[str]:
    """A daemon that says what a test wants; gives its address."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(await answer(reader))
        writer.close()
        with suppress(OSError):
            await writer.wait_closed()

    async with await asyncio.start_server(serve, "127.0.0.1", 0) as server:
        host, port = server.sockets[0].getsockname()
        yield f"{host}:{port}"


async def test_a_clean_file_passes_and_a_known_one_is_named(tmp_path: Path) -> None:
    async with clamd(tmp_path) as socket:
        scanner = Clamd(address=str(socket))

        await scanner.scan(pieces(b"a brass owl"))
        await scanner.scan(pieces())
        with pytest.raises(Infected) as found:
            await scanner.scan(pieces(b"before", b"", HARMFUL[:10], HARMFUL[10:], b"after"))
        said = await scanner.version()

    assert found.value.signature == NAME
    assert said.startswith("ClamAV ")


async def test_it_answers_at_a_port_as_well(tmp_path: Path, unused_tcp_port: int) -> None:
    async with clamd(tmp_path, TCPSocket=unused_tcp_port, TCPAddr="127.0.0.1"):
        with pytest.raises(Infected):
            await Clamd(address=f"127.0.0.1:{unused_tcp_port}").scan(pieces(HARMFUL))


async def test_a_file_that_it_does_not_take_whole_is_not_scanned(tmp_path: Path) -> None:
    async with clamd(tmp_path, StreamMaxLength="1M") as socket:
        with pytest.raises(NotScanned):
            await Clamd(address=str(socket)).scan(pieces(*[bytes(MEGABYTE // 2)] * 20))


async def test_a_file_beyond_its_own_limits_is_not_scanned(tmp_path: Path) -> None:
    async with clamd(tmp_path, MaxFileSize="1M", MaxScanSize="1M") as socket:
        with pytest.raises(NotScanned, match="did not look at all of it"):
            await Clamd(address=str(socket)).scan(pieces(*[bytes(MEGABYTE)] * 3))


@pytest.mark.parametrize("address", ["{folder}/nobody.sock", "127.0.0.1:1", "nobody.invalid:3310"])
async def test_where_nobody_answers_nothing_is_scanned(tmp_path: Path, address: str) -> None:
    with pytest.raises(NotScanned, match="cannot be reached"):
        await Clamd(address=address.format(folder=tmp_path)).scan(pieces(b"x"))


@pytest.mark.parametrize(
    "said",
    [
        b"",
        b"stream: OK",
        b"stream: \0",
        b"stream: OK\nstream: Bad FOUND\0",
        b"stream: Can't allocate memory ERROR\0",
        b"INSTREAM size limit exceeded. ERROR\0",
        b"UNKNOWN COMMAND\0",
        b"\xff\xfe\0",
        b"x" * 10_000,
    ],
)
async def test_only_its_plain_word_makes_a_file_clean(said: bytes) -> None:
    async def answer(_: asyncio.StreamReader) -> bytes:
        return said

    async with answering(answer) as address:
        with pytest.raises(NotScanned):
            await Clamd(address=address).scan(pieces(b"x"))


async def test_a_daemon_that_says_nothing_is_not_waited_for_forever() -> None:
    async def silence(reader: asyncio.StreamReader) -> bytes:
        return await reader.read()

    async with answering(silence) as address:
        with pytest.raises(NotScanned, match=r"no answer in 0\.05 s"):
            await Clamd(address=address, seconds=0.05).scan(pieces(b"x"))
