"""Server-sent events: progress, the whole task in the end, and errors as events."""

import asyncio
import json
from typing import Any

from aiohttp import ClientResponse
from aiohttp.test_utils import TestClient, TestServer

from sandbox.vendors.meshy.server import MeshySandbox
from tests.clock import HandClock
from tests.sandbox.vendors.meshy.conftest import TEXT, Wire

LOOKS = 20
NOBODY = "01a07f5e-81c7-7111-86f2-f6d2f80b2093"


async def events(answer: ClientResponse) -> list[tuple[str, dict[str, Any]]]:
    """What came, read by the rules: comments are passed over, an empty line ends an event."""
    found = []
    for block in (await answer.text()).split("\n\n"):
        lines = dict(line.split(": ", 1) for line in block.splitlines() if not line.startswith(":"))
        if lines:
            found.append((lines["event"], json.loads(lines["data"])))
    return found


async def listened(wire: Wire, task_id: str) -> ClientResponse:
    return await wire.call("GET", f"{TEXT}/{task_id}/stream", headers={"Accept": "text/event-stream"})


async def test_progress_is_told_until_the_whole_task_is(wire: Wire) -> None:
    task_id = await wire.text()

    answer = await listened(wire, task_id)
    told = await events(answer)

    assert answer.content_type == "text/event-stream"
    assert {name for name, _ in told} == {"message"}
    *parts, whole = [task for _, task in told]
    assert {tuple(sorted(part)) for part in parts} == {("id", "progress", "status")}
    progress = [part["progress"] for part in parts]
    assert progress == sorted(set(progress))
    assert len(progress) > 3
    assert {name: whole[name] for name in ("id", "status")} == {"id": task_id, "status": "SUCCEEDED"}
    assert (await wire.download(whole["model_urls"]["glb"])).status == 200


async def test_a_finished_task_is_one_event(wire: Wire) -> None:
    task = await wire.preview()

    ((name, told),) = await events(await listened(wire, task["id"]))

    assert (name, told["finished_at"]) == ("message", task["finished_at"])


async def test_that_there_is_no_task_is_an_event_of_its_own(wire: Wire) -> None:
    answer = await listened(wire, NOBODY)

    assert answer.status == 200
    assert await events(answer) == [("error", {"status_code": 404, "message": "Task not found"})]


async def test_without_a_key_there_is_no_stream(wire: Wire) -> None:
    task_id = await wire.text()
    wire.key = "msy_nobody"

    assert (await listened(wire, task_id)).status == 401


async def test_a_vendor_that_closes_hangs_up() -> None:
    clock = HandClock()
    server = TestServer(MeshySandbox(clock).app())
    async with TestClient(server) as client:
        wire = Wire(client, clock)
        answer = await listened(wire, await wire.text())
        first = await answer.content.readline()

        await asyncio.wait_for(server.close(), 10)

    assert first == b"event: message\n"


async def test_a_listener_that_leaves_is_noticed() -> None:
    clock = HandClock()
    async with TestClient(TestServer(MeshySandbox(clock).app())) as client:
        wire = Wire(client, clock)
        task_id = await wire.text(prompt="an owl never-finishes")
        before = asyncio.all_tasks()
        answer = await listened(wire, task_id)
        await answer.content.readline()
        listening = asyncio.all_tasks() - before
        answer.close()
        for _ in range(LOOKS):
            clock.advance_to_next(1.0)
            await asyncio.sleep(0.001)

        assert listening
        assert not listening & asyncio.all_tasks()
