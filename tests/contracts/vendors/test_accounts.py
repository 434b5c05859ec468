"""Keys, drift, and a vendor's own calls: what clients promise of everything around the work."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from providers.errors import Forged, Unauthorised
from tests.contracts.vendors.alone import LISTED, Alone
from tests.contracts.vendors.table import ROWS, WEBHOOK_SECRET
from tests.contracts.vendors.vendor import Vendor

EVERY = pytest.mark.parametrize("row", ROWS, ids=str)
LOOKS = 500


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
