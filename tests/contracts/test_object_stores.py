"""What every object store promises, asked of each of them."""

import asyncio
import hashlib
import time
import tracemalloc
from collections.abc import AsyncIterator, Iterator
from contextlib import aclosing
from pathlib import Path

import aiohttp
import pytest
from yarl import URL

from sandbox.object_server import BUCKET, KEY_ID, SECRET, S3Server, s3_server
from storage.errors import KeyRefused, ObjectNotFound, ObjectTooLarge, StoreError
from storage.objects import Aspect, LocalStore, ObjectStore
from storage.objects.s3 import PART, S3Store

MIB = 1024 * 1024
KEY = "models/model/run/model.glb"
GLB = "model/gltf-binary"
SITE = "https://maquette.example"

SIZES = {
    "nothing": 0,
    "one byte": 1,
    "one part": PART,
    "a part and a byte": PART + 1,
    "parts": 20 * MIB,
}


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[S3Server]:
    with s3_server(tmp_path_factory.mktemp("s3")) as running:
        yield running


@pytest.fixture(params=["local", "s3"])
async def store(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[ObjectStore]:
    if request.param == "local":
        yield LocalStore(tmp_path / "objects", signing_key=b"k" * 32, now=lambda: 0, public_url=SITE)
        return
    server: S3Server = request.getfixturevalue("server")
    made = await S3Store.connect(
        bucket=BUCKET, endpoint_url=server.url, region="us-east-1", key_id=KEY_ID, secret=SECRET
    )
    async with aclosing(made):
        for key in [key async for key in made.keys("")]:
            await made.delete(key)
        await made.abort_stale_uploads()
        yield made


async def stream(data: bytes, piece: int = 300_000) -> AsyncIterator[bytes]:
    for start in range(0, len(data), piece):
        yield data[start : start + piece]


async def put(store: ObjectStore, data: bytes, key: str = KEY) -> None:
    await store.put(key, stream(data), content_type=GLB, limit=len(data))


async def read(store: ObjectStore, key: str = KEY) -> bytes:
    async with store.open(key) as chunks:
        return b"".join([chunk async for chunk in chunks])


async def left_in(store: ObjectStore) -> tuple[list[str], int]:
    """Whole objects, and uploads that were begun and not ended."""
    return [key async for key in store.keys("")], await store.abort_stale_uploads()


@pytest.mark.parametrize("size", SIZES.values(), ids=SIZES.keys())
async def test_what_was_put_comes_back(store: ObjectStore, size: int) -> None:
    data = hashlib.shake_128(b"seed").digest(size)

    stored = await store.put(KEY, stream(data), content_type=GLB, limit=size)

    assert (stored.size, stored.sha256) == (size, hashlib.sha256(data).hexdigest())
    assert await read(store) == data
    assert await store.size(KEY) == size
    assert await left_in(store) == ([KEY], 0)


async def test_putting_again_replaces_the_whole(store: ObjectStore) -> None:
    await put(store, b"a longer one")
    await put(store, b"short")

    assert await read(store) == b"short"


async def test_there_is_nothing_where_nothing_was_put(store: ObjectStore) -> None:
    assert await store.size(KEY) is None
    with pytest.raises(ObjectNotFound) as missing:
        await read(store)
    assert missing.value.key == KEY


async def test_deleting_removes_and_may_be_repeated(store: ObjectStore) -> None:
    await put(store, b"data")

    await store.delete(KEY)
    await store.delete(KEY)

    assert await store.size(KEY) is None
    assert await left_in(store) == ([], 0)


async def test_keys_are_listed_in_order_by_their_beginning(store: ObjectStore) -> None:
    for key in ("models/b/1/model.glb", "models/a/1/preview.png", "models/a/1/model.glb", "pictures/a.png"):
        await put(store, b"data", key)

    assert [key async for key in store.keys("models/a/")] == [
        "models/a/1/model.glb",
        "models/a/1/preview.png",
    ]
    assert len([key async for key in store.keys("")]) == 4


async def test_a_list_tells_sizes_and_times(store: ObjectStore) -> None:
    before = time.time_ns() // 1_000_000
    await put(store, b"four", "models/a/1/model.glb")
    await put(store, b"seven..", "models/a/1/preview.png")

    listed = [one async for one in store.listing("models/a/")]

    assert [(one.key, one.size) for one in listed] == [
        ("models/a/1/model.glb", 4),
        ("models/a/1/preview.png", 7),
    ]
    assert all(before - 2000 < one.stored_at < before + 60_000 for one in listed)  # some tell whole seconds


async def test_keys_come_in_the_order_of_their_signs_also_across_folders(store: ObjectStore) -> None:
    keys = {"a.txt", "a/b/c", "a/b.txt", "ab/c", "a-b/c", "a/B"}
    for key in keys:
        await put(store, b"data", key)

    listed = [key async for key in store.keys("")]

    assert listed == sorted(keys)


async def test_an_upload_under_way_is_told_and_can_be_given_up(store: ObjectStore) -> None:
    stalled, go_on = asyncio.Event(), asyncio.Event()

    async def stalling() -> AsyncIterator[bytes]:
        yield bytes(2 * PART + MIB)
        stalled.set()
        await go_on.wait()

    upload = asyncio.create_task(store.put(KEY, stalling(), content_type=GLB, limit=100 * MIB))
    await stalled.wait()
    (told,) = [one async for one in store.unfinished()]
    assert told.name == KEY or told.name.startswith(".drafts/")
    assert told.size == 2 * PART
    assert abs(told.begun_at - time.time_ns() // 1_000_000) < 60_000

    await store.give_up(told)
    await store.give_up(told)

    assert [one async for one in store.unfinished()] == []
    go_on.set()
    with pytest.raises(StoreError):
        await upload
    assert await left_in(store) == ([], 0)


@pytest.mark.parametrize("limit", [0, 100, 10 * MIB])
async def test_a_stream_over_the_limit_leaves_nothing(store: ObjectStore, limit: int) -> None:
    with pytest.raises(ObjectTooLarge) as refused:
        await store.put(KEY, stream(bytes(limit + 1)), content_type=GLB, limit=limit)

    assert (refused.value.key, refused.value.limit) == (KEY, limit)
    assert await left_in(store) == ([], 0)


async def test_a_stream_over_the_limit_leaves_what_was_there_before(store: ObjectStore) -> None:
    await put(store, b"the first")

    with pytest.raises(ObjectTooLarge):
        await store.put(KEY, stream(bytes(100)), content_type=GLB, limit=99)

    assert await read(store) == b"the first"


class VendorHungUp(Exception):
    pass


@pytest.mark.parametrize("after", [0, MIB, 20 * MIB])
async def test_a_stream_that_breaks_leaves_nothing_and_keeps_its_error(
    store: ObjectStore, after: int
) -> None:
    async def broken() -> AsyncIterator[bytes]:
        async for piece in stream(bytes(after)):
            yield piece
        raise VendorHungUp

    with pytest.raises(VendorHungUp):
        await store.put(KEY, broken(), content_type=GLB, limit=100 * MIB)

    assert await left_in(store) == ([], 0)


@pytest.mark.parametrize("after", [0, MIB, 20 * MIB])
async def test_a_cancelled_upload_leaves_nothing(store: ObjectStore, after: int) -> None:
    stalled = asyncio.Event()

    async def stalling() -> AsyncIterator[bytes]:
        async for piece in stream(bytes(after)):
            yield piece
        stalled.set()
        await asyncio.Event().wait()

    upload = asyncio.create_task(store.put(KEY, stalling(), content_type=GLB, limit=100 * MIB))
    await stalled.wait()
    upload.cancel()
    with pytest.raises(asyncio.CancelledError):
        await upload

    assert await left_in(store) == ([], 0)


async def test_memory_does_not_grow_with_the_file(store: ObjectStore) -> None:
    async def large() -> AsyncIterator[bytes]:
        for _ in range(160):
            yield bytes(MIB)

    tracemalloc.start()
    stored = await store.put(KEY, large(), content_type=GLB, limit=200 * MIB)
    async with store.open(KEY) as chunks:
        size = sum([len(chunk) async for chunk in chunks])
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert stored.size == size == 160 * MIB
    assert peak < 64 * MIB


@pytest.mark.parametrize(
    "key",
    ["", "/etc/passwd", "../secret.key", "models/../../x", "models//x", "models/./x", ".drafts/x", "models/",
     "a\\b", "a\0b", "a\nb", "models/%2e%2e/x", "x" * 129, "/".join("x" * 9), "ñ"],
)  # fmt: skip
async def test_a_key_that_is_no_plain_path_is_refused(store: ObjectStore, key: str) -> None:
    with pytest.raises(KeyRefused):
        await put(store, b"data", key)
    with pytest.raises(KeyRefused):
        await read(store, key)
    with pytest.raises(KeyRefused):
        await store.delete(key)
    with pytest.raises(KeyRefused):
        await store.size(key)
    with pytest.raises(KeyRefused):
        await store.link(key, ttl_seconds=60, filename="x", content_type=GLB)


async def test_a_store_that_is_well_has_nothing_to_mend(store: ObjectStore) -> None:
    findings = await store.probe()

    assert {finding.aspect: finding.ok for finding in findings} == dict.fromkeys(Aspect, True)
    assert await left_in(store) == ([], 0)


async def test_many_at_once_do_not_mix(store: ObjectStore) -> None:
    data = {f"models/m/{number}/model.glb": bytes([number]) * (9 * MIB) for number in range(4)}

    await asyncio.gather(*(put(store, content, key) for key, content in data.items()))

    assert {key: await read(store, key) for key in data} == data


async def test_every_error_is_of_one_family(store: ObjectStore) -> None:
    with pytest.raises(StoreError):
        await read(store, "models/none")


async def visit(store: ObjectStore, link: str | None) -> bytes | None:
    """What a browser gets from a link: from the store itself, or from the bot's site by the store's word."""
    assert link is not None
    if isinstance(store, LocalStore):
        ticket = store.verify(link.removeprefix(f"{SITE}/files/").partition("/")[0], now=0)
        return store.path(ticket.key).read_bytes() if ticket else None
    async with aiohttp.ClientSession() as session, session.get(URL(link, encoded=True)) as answer:
        return await answer.read() if answer.status == 200 else None


async def test_a_link_gives_the_object_without_a_key_of_ours(store: ObjectStore) -> None:
    await put(store, b"glTF")

    link = await store.link(KEY, ttl_seconds=60, filename="owl.glb", content_type=GLB)

    assert await visit(store, link) == b"glTF"
    assert SECRET not in str(link)


async def test_a_link_ends_with_its_time(store: ObjectStore) -> None:
    await put(store, b"glTF")

    link = await store.link(KEY, ttl_seconds=0, filename="owl.glb", content_type=GLB)

    assert await visit(store, link) is None


@pytest.mark.parametrize("position", [-50, -12, -10])
async def test_a_forged_link_gives_nothing(store: ObjectStore, position: int) -> None:
    await put(store, b"glTF")
    link = str(await store.link(KEY, ttl_seconds=60, filename="owl.glb", content_type=GLB))

    swapped = "b" if link[position] != "b" else "c"
    forged = link[:position] + swapped + link[position + 1 :]

    assert await visit(store, forged) is None
