import asyncio
from collections.abc import AsyncIterator

import pytest
from aiohttp import web

from providers.errors import DownloadFailed, HostRefused, LinkExpired, ProviderError, TooLarge, Unavailable
from providers.http import PATIENT, Files, Hosts, Timing
from tests.providers.conftest import Handler, Reply, ScriptedVendor, cut
from tests.providers.uploads import upload_of

LIMIT = 1_000_000


def files_from(vendor: ScriptedVendor, timing: Timing = PATIENT) -> Files:
    return Files("tripo", hosts=Hosts((".tripo3d.com",), (vendor.host,)), timing=timing)


@pytest.fixture
async def files(vendor: ScriptedVendor) -> AsyncIterator[Files]:
    files = files_from(vendor)
    yield files
    await files.aclose()


async def content_of(files: Files, url: str, limit: int = LIMIT) -> bytes:
    async with files.download(url, limit=limit) as pieces:
        return b"".join([piece async for piece in pieces])


def moved(to: str) -> Reply:
    return Reply(status=302, headers={"Location": to})


async def test_a_file_comes_whole_and_nobody_sees_a_key(files: Files, vendor: ScriptedVendor) -> None:
    content = bytes(range(256)) * 2_000
    vendor.answers(Reply(body=content))

    assert await content_of(files, f"{vendor.url}/a.glb?Signature=x") == content
    assert vendor.seen[0].path == "/a.glb?Signature=x"
    assert not {"Authorization", "Cookie"} & set(vendor.seen[0].headers)


async def test_a_file_comes_in_pieces_of_bounded_size(files: Files, vendor: ScriptedVendor) -> None:
    vendor.answers(Reply(body=b"x" * 500_000))

    async with files.download(f"{vendor.url}/a", limit=LIMIT) as pieces:
        sizes = [len(piece) async for piece in pieces]

    assert max(sizes) <= 65_536
    assert sum(sizes) == 500_000


@pytest.mark.parametrize("status", [403, 410])
async def test_a_dead_link_is_told_apart(files: Files, vendor: ScriptedVendor, status: int) -> None:
    vendor.answers(Reply(status=status))

    with pytest.raises(LinkExpired) as caught:
        await content_of(files, f"{vendor.url}/a?Signature=abc")

    assert "abc" not in str(caught.value)


@pytest.mark.parametrize("status", [302, 404, 429, 500, 502])
async def test_another_refusal_is_a_failed_download(
    files: Files, vendor: ScriptedVendor, status: int
) -> None:
    vendor.answers(Reply(status=status))

    with pytest.raises(DownloadFailed) as caught:
        await content_of(files, f"{vendor.url}/a")

    assert type(caught.value) is DownloadFailed


async def test_a_file_that_says_it_is_too_large_is_not_read(files: Files, vendor: ScriptedVendor) -> None:
    vendor.answers(Reply(body=b"x" * 1001))

    with pytest.raises(TooLarge):
        await content_of(files, f"{vendor.url}/a", limit=1000)


async def test_a_file_that_keeps_its_size_to_itself_is_cut_at_the_limit(
    files: Files, vendor: ScriptedVendor
) -> None:
    async def drip(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse()
        response.enable_chunked_encoding()
        await response.prepare(request)
        while True:
            await response.write(b"x" * 100_000)

    vendor.answers(drip)
    got: list[int] = []

    async def read() -> None:
        async with files.download(f"{vendor.url}/a", limit=LIMIT) as pieces:
            got.extend([len(piece) async for piece in pieces])

    with pytest.raises(TooLarge):
        await read()


async def test_a_file_of_exactly_the_limit_is_fine(files: Files, vendor: ScriptedVendor) -> None:
    vendor.answers(Reply(body=b"x" * 1000))

    assert len(await content_of(files, f"{vendor.url}/a", limit=1000)) == 1000


async def test_a_connection_that_breaks_off_is_a_failed_download(
    files: Files, vendor: ScriptedVendor
) -> None:
    async def break_off(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Length": "1000"})
        await response.prepare(request)
        await response.write(b"x" * 10)
        return await cut(request)

    for trouble in (break_off, cut):
        vendor.answers(trouble)
        with pytest.raises(DownloadFailed):
            await content_of(files, f"{vendor.url}/a")


async def test_compressed_bytes_are_refused_because_they_could_unpack_to_anything(
    files: Files, vendor: ScriptedVendor
) -> None:
    vendor.answers(Reply(body=b"x", headers={"Content-Encoding": "br"}))

    with pytest.raises(DownloadFailed):
        await content_of(files, f"{vendor.url}/a")

    assert vendor.seen[0].headers["Accept-Encoding"] == "identity"


async def test_a_download_as_a_whole_has_an_end(vendor: ScriptedVendor) -> None:
    async def hang(request: web.Request) -> web.StreamResponse:
        await asyncio.Event().wait()
        raise AssertionError

    vendor.answers(hang)
    files = files_from(vendor, Timing(transfer=0.05))

    with pytest.raises(DownloadFailed):
        await content_of(files, f"{vendor.url}/a")

    await files.aclose()


async def test_a_time_out_of_the_reader_stays_its_own(files: Files, vendor: ScriptedVendor) -> None:
    vendor.answers(Reply(body=b"x"))

    with pytest.raises(TimeoutError, match="the reader's"):
        async with files.download(f"{vendor.url}/a", limit=LIMIT):
            raise TimeoutError("the reader's")


@pytest.mark.parametrize(
    "url",
    [
        "http://cdn.tripo3d.com/a.glb",
        "https://cdn.tripo3d.com:8443/a.glb",
        "https://cdn.tripo3d.com@evil.example/a.glb",
        "https://name:word@cdn.tripo3d.com/a.glb",
        "https://cdn.tripo3d.com.evil.example/a.glb",
        "http://127.0.0.1:1/a.glb",
        "http://[::1]/a.glb",
        "file:///etc/passwd",
        "//cdn.tripo3d.com/a.glb",
        "a.glb",
        "",
        "http://[",
        "https://cdn.tripo3d.com/\x00",
    ],
)
async def test_strange_places_are_not_visited(files: Files, url: str) -> None:
    with pytest.raises(HostRefused):
        await content_of(files, url)


async def test_a_redirect_within_the_named_hosts_is_followed(files: Files, vendor: ScriptedVendor) -> None:
    vendor.answers(moved("/b"), moved(f"{vendor.url}/c"), moved("d"), Reply(body=b"here"))

    assert await content_of(files, f"{vendor.url}/a") == b"here"


async def test_a_redirect_to_a_stranger_is_refused(files: Files, vendor: ScriptedVendor) -> None:
    vendor.answers(moved("http://127.0.0.1:1/internal"))

    with pytest.raises(HostRefused):
        await content_of(files, f"{vendor.url}/a")


async def test_a_redirect_without_end_is_given_up(files: Files, vendor: ScriptedVendor) -> None:
    vendor.answers(moved("/again"))

    with pytest.raises(DownloadFailed):
        await content_of(files, f"{vendor.url}/a")

    assert len(vendor.seen) == 4


async def test_a_file_goes_to_a_presigned_address_without_the_key(
    files: Files, vendor: ScriptedVendor
) -> None:
    vendor.answers(Reply())

    await files.put(f"{vendor.url}/put?Signature=x", upload_of(b"abcdef"))

    assert (vendor.seen[0].method, vendor.seen[0].body) == ("PUT", b"abcdef")
    assert vendor.seen[0].headers["Content-Length"] == "6"
    assert "Authorization" not in vendor.seen[0].headers


@pytest.mark.parametrize("trouble", [Reply(status=403), Reply(status=302), cut])
async def test_a_presigned_address_that_does_not_take_it_is_unavailable(
    files: Files, vendor: ScriptedVendor, trouble: Reply | Handler
) -> None:
    vendor.answers(trouble)

    with pytest.raises(Unavailable):
        await files.put(f"{vendor.url}/put", upload_of(b"abcdef"))


@pytest.mark.parametrize("url", ["http://storage.example/put", "ftp://storage.example/put", ""])
async def test_a_file_is_never_sent_unencrypted_to_a_host_that_nobody_named(files: Files, url: str) -> None:
    with pytest.raises(ProviderError) as caught:
        await files.put(url, upload_of(b"abcdef"))

    assert isinstance(caught.value, HostRefused)


async def test_a_file_that_is_not_as_long_as_announced_is_not_put(
    files: Files, vendor: ScriptedVendor
) -> None:
    vendor.answers(Reply())

    with pytest.raises(Unavailable, match="bytes"):
        await files.put(f"{vendor.url}/put", upload_of(b"abc", size=500))


async def test_a_key_is_shown_to_whom_it_belongs_when_asked_and_not_where_a_redirect_leads(
    vendor: ScriptedVendor,
) -> None:
    elsewhere = ScriptedVendor()
    async with elsewhere.server:
        hosts = Hosts((), (vendor.host, elsewhere.host))
        files = Files("replicate", hosts=hosts, keyed=Hosts((), (vendor.host,)), timing=PATIENT)
        vendor.answers(Reply(status=401), moved(f"{elsewhere.url}/b"))
        elsewhere.answers(Reply(status=403))

        with pytest.raises(LinkExpired):
            async with files.download(f"{vendor.url}/a", limit=LIMIT, authorization="Bearer abc"):
                pass
        await files.aclose()

    assert [seen.headers.get("Authorization") for seen in vendor.seen] == [None, "Bearer abc"]
    assert [seen.headers.get("Authorization") for seen in elsewhere.seen] == [None]


async def test_a_key_is_shown_to_nobody_where_no_host_is_named_for_it(
    files: Files, vendor: ScriptedVendor
) -> None:
    vendor.answers(Reply(status=401))

    with pytest.raises(DownloadFailed):
        async with files.download(f"{vendor.url}/a", limit=LIMIT, authorization="Bearer abc"):
            pass

    assert [seen.headers.get("Authorization") for seen in vendor.seen] == [None]
