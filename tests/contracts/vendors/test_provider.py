"""What ``providers.base.Provider`` promises, asked of every vendor's client over a real socket."""

import asyncio
import inspect
import io
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from PIL import Image

from bot.files.glb import check_glb
from providers.base import (
    Absent,
    CannotTell,
    DraftRequest,
    FileRef,
    Found,
    GenerateRequest,
    Provider,
    Request,
    RigRequest,
    Running,
    Search,
    Succeeded,
    TaskRef,
)
from providers.errors import AnswerLost, Forged, TaskNotFound, Unauthorised
from providers.registry import FACTORIES, KEY_SHAPES
from tests.contracts.vendors.conftest import Open
from tests.contracts.vendors.stage import Vendor
from tests.contracts.vendors.table import KEYED, ROWS, WEBHOOK_SECRET, Row
from tests.providers.uploads import upload_of

EVERY = pytest.mark.parametrize("row", ROWS, ids=str)
KNIGHT = "a wooden knight"
LONG_ENOUGH = 120
"""Seconds after which every sandbox has made everything."""
LISTED = 16 * 60
"""Seconds after which every vendor's records are said to be complete."""
LOOKS = 500


@dataclass(slots=True, kw_only=True)
class Alone:
    """A vendor and our client for it, without a core around them."""

    vendor: Vendor
    provider: Provider

    async def first(self, *, pictures: int = 0, **asked: Any) -> Request:
        """What a generation of the vendor begins with."""
        if self.provider.expand("generate", pictures=pictures)[0] == "draft":
            return DraftRequest(prompt=KNIGHT, **asked)
        files = [await self._picture(number) for number in range(pictures)]
        return GenerateRequest(prompt="" if pictures else KNIGHT, pictures=tuple(files), **asked)

    async def _picture(self, number: int) -> FileRef:
        file = io.BytesIO()
        Image.new("RGB", (256, 256), (60 * number, 128, 64)).save(file, "PNG")
        return await self.provider.upload(upload_of(file.getvalue(), name=f"side-{number}.png"))

    async def made(self, request: Request, seed: int = 1) -> tuple[str, Succeeded]:
        """A task that came to a good end."""
        task_id = (await self.provider.submit(request, seed=seed)).task_id
        self.vendor.clock.advance(LONG_ENOUGH)
        outcome = await self.provider.check(task_id)
        assert isinstance(outcome, Succeeded)
        return task_id, outcome

    async def model(self) -> Succeeded:
        """A finished generation from words."""
        request = await self.first()
        if isinstance(request, DraftRequest):
            draft, _ = await self.made(request)
            request = GenerateRequest(prompt=KNIGHT, draft=TaskRef(task_id=draft))
        return (await self.made(request, seed=2))[1]

    async def content(self, outcome: Succeeded) -> bytes:
        """The bytes of a result's model."""
        file = next(file for file in outcome.files if file.kind == "model")
        async with self.provider.fetch(file, limit=50_000_000) as pieces:
            return b"".join([piece async for piece in pieces])

    async def find(self, request: Request, *, since: int) -> Search:
        """Look for a submit with the seed 7."""
        now = self.vendor.clock.now()
        return await self.provider.find(request, seed=7, since=since, now=now, known=())


@pytest.fixture
async def alone(open_house: Open, row: Row) -> Alone:
    vendor = (await open_house(row)).vendor
    return Alone(vendor=vendor, provider=vendor.client(sleep=vendor.hurry))


# What there is


def test_every_vendor_of_the_registry_is_held_to_it() -> None:
    assert {row.vendor for row in ROWS} == set(FACTORIES)
    assert {row.vendor for row in ROWS if row.key} == set(KEY_SHAPES)


@pytest.mark.parametrize("row", KEYED, ids=str)
def test_a_key_is_known_by_its_shape(row: Row) -> None:
    for key in (row.key, row.another_key):
        assert KEY_SHAPES[row.vendor](key) is None
        assert KEY_SHAPES[row.vendor](f"{key} {key}")


@pytest.mark.parametrize("client", FACTORIES.values(), ids=FACTORIES)
def test_a_client_is_called_in_the_words_of_the_protocol(client: type) -> None:
    for name, promised in inspect.getmembers(Provider, inspect.isfunction):
        if not name.startswith("_"):
            has = inspect.signature(getattr(client, name)).parameters.values()
            wants = inspect.signature(promised).parameters.values()
            assert [(one.name, one.kind) for one in has] == [(one.name, one.kind) for one in wants], name


@EVERY
async def test_every_step_has_its_time_price_place_and_deadline(alone: Alone) -> None:
    provider = alone.provider
    can = provider.capabilities()
    offered = {"generate": can.words, "rig": can.rig, "animate": can.animate}

    for stage in [stage for stage, offers in offered.items() if offers]:
        steps = provider.expand(stage)
        assert steps[-1] == stage
        for step in steps:
            estimate = provider.estimate(step)
            assert provider.deadline(step) > 1000 * estimate.seconds > 0
            assert estimate.usd_micros >= 0
            assert provider.pool(step).size > 0
    assert bool(provider.clips({})) is can.animate
    assert set(can.rig_clips) <= set(provider.clips({}))


# Asking


@EVERY
async def test_it_takes_what_it_says_it_takes(alone: Alone) -> None:
    can = alone.provider.capabilities()
    requests = [
        *[await alone.first(style=style) for style in (None, *can.styles)],
        *[await alone.first(polycount=can.polycount[end]) for end in (0, -1) if can.polycount],
        *[await alone.first(pictures=count) for count in {1, can.max_pictures}],
        *[replace(await alone.first(style=style), prompt="k" * can.prompt_max) for style in can.styles],
    ]

    for seed, request in enumerate(requests):
        await alone.provider.submit(request, seed=seed)
        alone.vendor.clock.advance(LONG_ENOUGH)

    assert len(await alone.vendor.books()) == len(requests)


@EVERY
async def test_it_makes_models_and_rigs_a_file_that_it_is_handed(alone: Alone, tmp_path: Path) -> None:
    glb = await alone.content(await alone.model())
    upload = replace(upload_of(glb, name="knight.glb"), content_type="model/gltf-binary")
    file = await alone.provider.upload(upload)

    _, outcome = await alone.made(RigRequest(source=file, rig_type="biped"), seed=3)

    (tmp_path / "plain.glb").write_bytes(glb)
    (tmp_path / "rigged.glb").write_bytes(await alone.content(outcome))
    assert check_glb(tmp_path / "plain.glb").joints == 0
    assert check_glb(tmp_path / "rigged.glb").joints > 0


# Looking


@EVERY
async def test_several_looks_at_once_see_what_single_ones_see(alone: Alone) -> None:
    ended, _ = await alone.made(await alone.first())
    others = [(await alone.provider.submit(await alone.first(), seed=seed)).task_id for seed in range(2, 6)]
    tasks = [ended, *others]

    at_once = await alone.provider.check_many([*tasks, tasks[0][:-12] + "000000000000"])
    singly = {task_id: await alone.provider.check(task_id) for task_id in tasks}

    assert {task_id: type(at_once[task_id]) for task_id in tasks} == {
        task_id: type(outcome) for task_id, outcome in singly.items()
    }
    assert [type(one) for one in singly.values()] == [Succeeded, *[Running] * len(others)]
    assert isinstance(list(at_once.values())[-1], TaskNotFound)


@EVERY
async def test_a_task_that_the_vendor_forgot_is_not_found(alone: Alone) -> None:
    alone.vendor.arm("forgotten")
    task_id = (await alone.provider.submit(await alone.first(), seed=1)).task_id
    alone.vendor.clock.advance(LONG_ENOUGH)

    with pytest.raises(TaskNotFound):
        await alone.provider.check(task_id)


@EVERY
async def test_a_submit_whose_answer_was_cut_is_found_at_once(alone: Alone) -> None:
    request, since = await alone.first(), alone.vendor.clock.now()
    alone.vendor.arm("cut_after_accept")
    with pytest.raises(AnswerLost):
        await alone.provider.submit(request, seed=7)

    found = await alone.find(request, since=since)

    assert isinstance(found, Found)
    assert isinstance(await alone.provider.check(found.handle.task_id), Running)


@EVERY
async def test_a_submit_that_never_arrived_is_not_found_and_absent_in_the_end(alone: Alone) -> None:
    request, since = await alone.first(), alone.vendor.clock.now()

    at_once = await alone.find(request, since=since)
    alone.vendor.clock.advance(LISTED)

    assert isinstance(at_once, Absent | CannotTell)
    assert await alone.find(request, since=since) == Absent()


# Stopping


@EVERY
async def test_what_it_says_it_stopped_costs_nothing(alone: Alone) -> None:
    await alone.vendor.control("speed", factor=0)
    task_id = (await alone.provider.submit(await alone.first(), seed=1)).task_id

    stopped = await alone.provider.cancel(task_id)
    await alone.vendor.control("speed", factor=1)
    alone.vendor.clock.advance(LONG_ENOUGH)

    assert stopped is alone.provider.capabilities().can_stop
    (task,) = await alone.vendor.books()
    assert (task["credits"] == 0) is (stopped or not alone.vendor.row.key)


@EVERY
async def test_what_has_ended_is_not_stopped_and_not_lost(alone: Alone) -> None:
    task_id, _ = await alone.made(await alone.first())
    before = await alone.vendor.books()

    assert not await alone.provider.cancel(task_id)

    assert isinstance(await alone.provider.check(task_id), Succeeded)
    assert await alone.vendor.books() == before


# Keys, drift, and calls of the vendor


@EVERY
async def test_a_key_is_proven_by_asking_for_the_balance(alone: Alone) -> None:
    if not alone.vendor.row.key:
        await alone.vendor.control("keys", key="Bearer of a gateway")
    wrong = alone.provider.behind(alone.vendor.row.another_key or "Bearer of nobody")
    right = alone.provider if alone.vendor.row.key else alone.provider.behind("Bearer of a gateway")

    request = await alone.first()
    task_id = (await right.submit(request, seed=1)).task_id
    balance = await right.balance()

    assert balance is None or balance.available > 0
    with pytest.raises(Unauthorised):
        await wrong.balance()
    with pytest.raises(Unauthorised):
        await wrong.check(task_id)
    with pytest.raises(Unauthorised):
        await wrong.submit(request, seed=2)
    assert len(await alone.vendor.books()) == 1


@EVERY
async def test_nothing_is_said_of_a_vendor_that_fits_and_something_of_one_that_does_not(
    alone: Alone,
) -> None:
    as_known = await alone.provider.inspect()
    drift = alone.vendor.row.drift
    if drift:
        await alone.vendor.control(drift[0], **drift[1])

    assert list(as_known) == []
    assert bool(await alone.provider.inspect()) is bool(drift)


@pytest.mark.parametrize("row", [row for row in ROWS if row.calls_back], ids=str)
async def test_a_call_about_a_task_is_heard_and_a_forged_one_is_no_more_than_a_hint(alone: Alone) -> None:
    vendor, letters = alone.vendor, asyncio.Queue[tuple[Mapping[str, str], bytes]]()
    async with _receiver(letters) as url:
        provider = vendor.client(sleep=vendor.hurry, webhook_url=url)
        if vendor.row.calls_back == "console":
            signed = {"secret": WEBHOOK_SECRET} if vendor.row.signs else {}
            await vendor.control("webhooks", url=url, **signed)
        task_id = (await provider.submit(await alone.first(), seed=1)).task_id
        headers, body = await _next(letters, vendor)

    assert await provider.heard(headers, body) == task_id
    if not vendor.row.signs:
        assert await provider.heard(headers, b"no letter") is None
        return
    with pytest.raises(Forged):
        await provider.heard(headers, body + b" ")
    vendor.clock.advance(LISTED)
    with pytest.raises(Forged):
        await provider.heard(headers, body)


@asynccontextmanager
async def _receiver(letters: "asyncio.Queue[tuple[Mapping[str, str], bytes]]") -> AsyncIterator[str]:
    """Takes whatever a vendor says."""

    async def take(request: web.Request) -> web.Response:
        letters.put_nowait((request.headers, await request.read()))
        return web.Response()

    app = web.Application()
    app.router.add_post("/hook", take)
    async with TestServer(app) as server:
        yield str(server.make_url("/hook"))


async def _next(
    letters: "asyncio.Queue[tuple[Mapping[str, str], bytes]]", vendor: Vendor
) -> tuple[Mapping[str, str], bytes]:
    """The first letter, some time later."""
    for _ in range(LOOKS):
        if not letters.empty():
            return letters.get_nowait()
        vendor.clock.advance_to_next(1.0)
        await asyncio.sleep(0.002)
    raise AssertionError("nobody called")


@pytest.mark.parametrize("row", [row for row in ROWS if not row.calls_back], ids=str)
async def test_who_calls_nobody_is_heard_by_nobody(alone: Alone) -> None:
    assert await alone.provider.heard({}, b"a letter") is None
