"""Rows and objects held against each other, on a folder and on a real S3 server."""

import asyncio
import os
import time
import tracemalloc
from collections.abc import AsyncGenerator, AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from bot.jobs.clock import DAY, HOUR
from bot.jobs.sweep import Kind, Leftover, Sweep, report_leftovers
from sandbox.object_server import BUCKET, KEY_ID, SECRET, S3Server, s3_server
from storage import Database, SecretBox, migrate
from storage.models import RunState
from storage.objects import LocalStore, ObjectStore
from storage.objects.s3 import PART, S3Store
from tests.storage.nouns import ARTIFACT, MODEL, add_job, run

STRAY = "models/model/gone/model.glb"
KEPT = f"models/{MODEL.id}/run1/model.glb"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[S3Server]:
    with s3_server(tmp_path_factory.mktemp("s3")) as running:
        yield running


@asynccontextmanager
async def bucket(server: S3Server) -> AsyncGenerator[S3Store, None]:
    store = await S3Store.connect(bucket=BUCKET, endpoint_url=server.url, key_id=KEY_ID, secret=SECRET)
    try:
        for key in [key async for key in store.keys("")]:
            await store.delete(key)
        await store.abort_stale_uploads()
        yield store
    finally:
        await store.aclose()


@pytest.fixture(params=["local", "s3"])
async def store(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[ObjectStore]:
    if request.param == "local":
        yield LocalStore(tmp_path / "files", signing_key=b"s" * 32, now=lambda: 0)
        return
    async with bucket(request.getfixturevalue("server")) as connected:
        yield connected


@pytest.fixture
async def db(tmp_path: Path) -> AsyncIterator[Database]:
    """With one run that is done."""
    migrate(tmp_path / "maquette.db")
    async with Database.open(tmp_path / "maquette.db", SecretBox(b"k" * 32)) as opened:
        async with opened.begin() as tx:
            await add_job(tx, run("run1", state=RunState.DONE))
        yield opened


def sweep_of(db: Database, store: ObjectStore, *, later: int = 2 * DAY) -> Sweep:
    """As seen some time from now."""
    return Sweep(db=db, store=store, now=lambda: time.time_ns() // 1_000_000 + later)


async def put(store: ObjectStore, key: str, data: bytes = b"glTF") -> None:
    async def stream() -> AsyncIterator[bytes]:
        yield data

    await store.put(key, stream(), content_type="model/gltf-binary", limit=len(data))


async def know(db: Database, key: str, model_id: str = MODEL.id) -> None:
    async with db.begin() as tx:
        await tx.artifacts.insert(replace(ARTIFACT, id=key, key=key, run_id="run1", model_id=model_id))


async def found_by(sweep: Sweep) -> list[Leftover]:
    return [one async for one in sweep.find()]


async def test_what_fits_is_no_finding(db: Database, store: ObjectStore) -> None:
    await put(store, KEPT)
    await know(db, KEPT)

    assert await found_by(sweep_of(db, store)) == []


async def test_both_ways_are_told_with_sizes_and_times(db: Database, store: ObjectStore) -> None:
    for key in ("models/a/b/first.glb", KEPT, "pictures/z/owl.png"):
        await put(store, key, b"seven..")
    for key in (KEPT, "models/a/gone.glb", "pictures/zz/gone.png"):
        await know(db, key)

    found = await found_by(sweep_of(db, store))

    assert [(one.kind, one.name) for one in found] == [
        (Kind.OBJECT, "models/a/b/first.glb"),
        (Kind.ROW, "models/a/gone.glb"),
        (Kind.OBJECT, "pictures/z/owl.png"),
        (Kind.ROW, "pictures/zz/gone.png"),
    ]
    assert [one.size for one in found if one.kind is Kind.OBJECT] == [7, 7]
    assert all(
        abs(one.since - time.time_ns() // 1_000_000) < HOUR for one in found if one.kind is Kind.OBJECT
    )


async def test_only_what_is_old_is_removed_and_never_a_row(db: Database, store: ObjectStore) -> None:
    await put(store, STRAY)
    await know(db, KEPT)
    young, old = sweep_of(db, store, later=DAY - HOUR), sweep_of(db, store, later=DAY + HOUR)

    assert [young.removes(one) for one in await found_by(young)] == [False, False]
    by_kind = {one.kind: one for one in await found_by(old)}
    assert [old.removes(by_kind[Kind.OBJECT]), old.removes(by_kind[Kind.ROW])] == [True, False]
    await old.remove(by_kind[Kind.OBJECT])

    assert [one.kind for one in await found_by(old)] == [Kind.ROW]
    assert [key async for key in store.keys("")] == []


async def test_what_a_live_run_stores_is_on_its_way_to_a_row_however_old(
    db: Database, store: ObjectStore
) -> None:
    async with db.begin() as tx:
        await add_job(tx, run("live", state=RunState.COLLECTING), id="job2", interaction_id=2)
    await put(store, f"models/{MODEL.id}/live/model.glb")

    assert await found_by(sweep_of(db, store)) == []


async def test_an_upload_left_open_is_told_and_given_up_once_it_is_old(
    db: Database, store: ObjectStore
) -> None:
    stalled = asyncio.Event()

    async def stalling() -> AsyncIterator[bytes]:
        yield bytes(2 * PART + 1000)
        stalled.set()
        await asyncio.Event().wait()

    upload = asyncio.create_task(store.put(STRAY, stalling(), content_type="x/y", limit=3 * PART))
    await stalled.wait()
    young, old = sweep_of(db, store, later=0), sweep_of(db, store)

    (told,) = await found_by(young)
    assert (told.kind, told.size, young.removes(told), old.removes(told)) == (
        Kind.UPLOAD,
        2 * PART,
        False,
        True,
    )
    await old.remove(told)

    assert await found_by(old) == []
    upload.cancel()
    await asyncio.gather(upload, return_exceptions=True)


async def test_what_comes_and_goes_while_it_looks_is_no_finding(db: Database, store: ObjectStore) -> None:
    """A model that is stored, and one that is deleted, between the two lists."""
    async with db.begin() as tx:
        await tx.models.insert(replace(MODEL, id="deleted", label="deleted", link_id="deleted"))
    await know(db, "models/deleted/run/model.glb", "deleted")
    sweep = sweep_of(db, Passing(store, db))  # type: ignore[arg-type] # a store, and what happens beside it

    assert await found_by(sweep) == []


class Passing:
    """A store in which things happen while its list is read."""

    def __init__(self, store: ObjectStore, db: Database) -> None:
        self._store = store
        self._db = db

    def __getattr__(self, name: str) -> object:
        return getattr(self._store, name)

    async def listing(self, prefix: str = "") -> AsyncIterator[object]:
        await put(self._store, KEPT)
        async for listed in self._store.listing(prefix):
            await know(self._db, KEPT)
            yield listed

    async def size(self, key: str) -> int | None:
        size = await self._store.size(key)
        async with self._db.begin() as tx:
            await tx.artifacts.delete_of_model("deleted")
        return size


async def test_a_start_tells_the_log_and_removes_nothing(db: Database, store: ObjectStore) -> None:
    await put(store, STRAY)
    await know(db, KEPT)

    with capture_logs() as logs:
        await report_leftovers(sweep_of(db, store, later=0))
        await report_leftovers(sweep_of(db, store))

    told = [{kind: log.get(kind) for kind in ("object", "row")} for log in logs]
    assert told == [{"object": None, "row": 1}, {"object": 1, "row": 1}]
    assert [key async for key in store.keys("")] == [STRAY]


async def test_memory_does_not_grow_with_the_objects(db: Database, tmp_path: Path) -> None:
    store = LocalStore(tmp_path / "files", signing_key=b"s" * 32, now=lambda: 0)
    peaks = []
    for models in (range(60), range(60, 240)):
        await fill(db, tmp_path / "files", models)
        tracemalloc.start()
        found = await found_by(sweep_of(db, store))
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
        assert found == []

    assert peaks[1] < peaks[0] + 100_000


async def fill(db: Database, folder: Path, models: range) -> None:
    """Twenty objects for each model, with their rows."""
    keys = [f"models/model{model:05}/run/file{index:02}.glb" for model in models for index in range(20)]
    async with db.begin() as tx:
        for key in keys:
            place = folder / key
            place.parent.mkdir(parents=True, exist_ok=True)
            os.close(os.open(place, os.O_CREAT))
            await tx.artifacts.insert(replace(ARTIFACT, id=key, key=key, run_id="run1"))
