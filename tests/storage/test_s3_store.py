import asyncio
import tracemalloc
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import aclosing, asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from yarl import URL

from sandbox.object_server import BUCKET, KEY_ID, SECRET, S3Server, s3_server
from storage.errors import StoreForbidden, StoreFull, StoreMissing, StoreUnavailable
from storage.objects import Aspect
from storage.objects.s3 import PART, S3Store

KEY = "models/model/run/model.glb"
GLB = "model/gltf-binary"


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[S3Server]:
    with s3_server(tmp_path_factory.mktemp("s3")) as running:
        yield running


@asynccontextmanager
async def connected(server: S3Server, **changes: Any) -> AsyncIterator[S3Store]:
    settings = {
        "bucket": BUCKET,
        "endpoint_url": server.url,
        "region": "us-east-1",
        "key_id": KEY_ID,
        "secret": SECRET,
    }
    async with aclosing(await S3Store.connect(**{**settings, **changes})) as store:
        yield store


async def some(data: bytes = b"glTF") -> AsyncIterator[bytes]:
    yield data


async def test_a_link_saves_the_file_under_its_name_and_with_its_type(server: S3Server) -> None:
    async with connected(server) as store, aiohttp.ClientSession() as browser:
        await store.put(KEY, some(), content_type=GLB, limit=100)
        link = await store.link(KEY, ttl_seconds=60, filename='Búho "1"; x.glb', content_type=GLB)

        async with browser.get(URL(str(link), encoded=True)) as answer:
            headers = answer.headers

    assert headers["Content-Type"] == GLB
    assert headers["Content-Disposition"] == "attachment; filename*=UTF-8''B%C3%BAho%20%221%22%3B%20x.glb"


@pytest.mark.parametrize("checksums", ["when_required", "when_supported"])
async def test_both_ways_of_checksums_work(server: S3Server, checksums: str) -> None:
    async with connected(server, checksums=checksums) as store:
        stored = await store.put(KEY, some(bytes(9_000_000)), content_type=GLB, limit=9_000_000)

        assert await store.size(KEY) == stored.size == 9_000_000


async def test_an_upload_of_an_earlier_life_is_given_up_and_counted(server: S3Server) -> None:
    async with connected(server) as store:
        await store._client.create_multipart_upload(Bucket=BUCKET, Key=KEY)

        assert await store.abort_stale_uploads() == 1
        assert await store.abort_stale_uploads() == 0


@pytest.mark.parametrize("wrong", [{"key_id": "somebody"}, {"secret": "a guess"}])
async def test_wrong_keys_are_forbidden_and_not_repeated_in_the_error(
    server: S3Server, wrong: dict[str, str]
) -> None:
    async with connected(server, **wrong) as store:
        with pytest.raises(StoreForbidden) as refused:
            await store.put(KEY, some(), content_type=GLB, limit=100)
        findings = await store.probe()

    assert not {"somebody", "a guess", SECRET, KEY_ID} & set(str(refused.value).split())
    assert [(finding.aspect, finding.ok) for finding in findings] == [(Aspect.EXISTS, False)]


async def test_a_bucket_that_is_not_there_is_missing(server: S3Server) -> None:
    async with connected(server, bucket="nowhere") as store:
        with pytest.raises(StoreMissing):
            await store.put(KEY, some(), content_type=GLB, limit=100)
        findings = await store.probe()

    assert [(finding.aspect, finding.ok) for finding in findings] == [(Aspect.EXISTS, False)]


async def test_a_server_that_is_not_there_is_unavailable() -> None:
    nowhere = S3Server(url="http://127.0.0.1:1", folder=Path())
    async with connected(nowhere) as store:
        with pytest.raises(StoreUnavailable):
            await store.size(KEY)


async def test_a_bucket_that_strangers_may_read_is_found_out(tmp_path: Path) -> None:
    with s3_server(tmp_path, open_to_all=True) as server:
        async with connected(server) as store:
            findings = await store.probe()
            left = [key async for key in store.keys("")]

    assert [(finding.aspect, finding.ok) for finding in findings] == [
        (Aspect.EXISTS, True),
        (Aspect.WRITABLE, True),
        (Aspect.PRIVATE, False),
    ]
    assert left == []


async def test_an_address_that_can_be_none_is_refused_at_once() -> None:
    with pytest.raises(StoreUnavailable):
        await S3Store.connect(bucket=BUCKET, endpoint_url="no address", key_id=KEY_ID, secret=SECRET)


@asynccontextmanager
async def front(answer: Callable[[web.Request], Awaitable[web.Response]]) -> AsyncIterator[S3Server]:
    """A server of our own between store and bucket, or instead of it."""
    app = web.Application(client_max_size=2**30)
    app.router.add_route("*", "/{rest:.*}", answer)
    async with TestServer(app) as running:
        yield S3Server(url=str(running.make_url("")).rstrip("/"), folder=Path())


@pytest.mark.parametrize(
    ("status", "code", "error"),
    [
        (507, "InsufficientStorage", StoreFull),
        (403, "QuotaExceeded", StoreFull),
        (400, "AccessDenied", StoreForbidden),
        (404, "NoSuchBucket", StoreMissing),
        (400, "SomethingNew", StoreUnavailable),
    ],
)
async def test_what_a_server_says_becomes_an_error_of_ours(
    status: int, code: str, error: type[Exception]
) -> None:
    async def refuse(_request: web.Request) -> web.Response:
        return web.Response(status=status, text=f"<Error><Code>{code}</Code></Error>")

    async with front(refuse) as server, connected(server) as store:
        with pytest.raises(error, match=code):
            await store.put(KEY, some(), content_type=GLB, limit=100)


async def test_cancelled_while_an_upload_is_being_opened_it_is_given_up(server: S3Server) -> None:
    opened, go_on = asyncio.Event(), asyncio.Event()

    async def slow_to_answer(request: web.Request) -> web.Response:
        async with aiohttp.ClientSession() as session:
            url = URL(server.url + request.raw_path, encoded=True)
            body = await request.read()
            async with session.request(request.method, url, headers=request.headers, data=body) as answer:
                content = await answer.read()
        if "uploads" in request.query and request.method == "POST":
            opened.set()
            await go_on.wait()
        return web.Response(status=answer.status, body=content, content_type="application/xml")

    async with front(slow_to_answer) as slow, connected(slow) as store, connected(server) as behind:
        upload = asyncio.create_task(
            store.put(KEY, some(bytes(9_000_000)), content_type=GLB, limit=9_000_000)
        )
        await opened.wait()
        assert [upload.name async for upload in behind.unfinished()] == [KEY]
        upload.cancel()
        go_on.set()
        with pytest.raises(asyncio.CancelledError):
            await upload

        assert await behind.abort_stale_uploads() == 0


async def test_a_large_file_takes_no_more_memory_than_a_few_parts(server: S3Server) -> None:
    size = 8 * PART

    async def pieces() -> AsyncIterator[bytes]:
        for _ in range(size // 65536):
            yield bytes(65536)

    async with connected(server) as store:
        tracemalloc.start()
        try:
            await store.put(KEY, pieces(), content_type=GLB, limit=size)
            _, most = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()

    assert most < 4 * PART
