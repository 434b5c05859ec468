"""What is told on the websocket, to whom, and when."""

import asyncio
import json
import struct
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
from aiohttp.test_utils import TestClient, TestServer

from sandbox.vendors.comfyui.server import ComfyUISandbox
from tests.clock import HandClock
from tests.sandbox.vendors.comfyui import graphs
from tests.sandbox.vendors.comfyui.conftest import Wire

Socket = aiohttp.ClientWebSocketResponse
PATIENCE = 10
"""Real seconds before a test gives up on a frame that does not come."""


@pytest.fixture
def hands() -> HandClock:
    return HandClock()


@pytest.fixture
async def live(hands: HandClock) -> AsyncIterator[Wire]:
    async with TestClient(TestServer(ComfyUISandbox(hands).app())) as client:
        yield Wire(client, hands)


async def _frame(socket: Socket) -> Any:
    """The next text frame; bytes of a binary one."""
    message = await asyncio.wait_for(socket.receive(), PATIENCE)
    return message.data if message.type is aiohttp.WSMsgType.BINARY else json.loads(message.data)


async def _told(socket: Socket, hands: HandClock, *, last: str = "execution_success") -> list[Any]:
    """All frames up to one of this type, while the clock goes on."""
    told: list[Any] = []
    while not told or isinstance(told[-1], bytes) or told[-1]["type"] != last:
        hands.advance(0.25)
        told.append(await _frame(socket))
    return told


def _kinds(told: list[Any]) -> list[str]:
    return [frame["type"] for frame in told if not isinstance(frame, bytes)]


async def test_a_client_is_greeted_with_its_name_and_the_queue(live: Wire) -> None:
    async with (
        live.client.ws_connect("/ws?clientId=bot") as named,
        live.client.ws_connect("/api/ws") as other,
    ):
        greeting, nameless = await _frame(named), await _frame(other)

    assert greeting == {
        "type": "status",
        "data": {"status": {"exec_info": {"queue_remaining": 0}}, "sid": "bot"},
    }
    assert len(nameless["data"]["sid"]) == 32


async def test_a_prompt_is_told_from_its_start_to_its_end(live: Wire, hands: HandClock) -> None:
    async with live.client.ws_connect("/ws?clientId=bot") as socket:
        prompt_id = await live.queued(graphs.text_to_3d(), client_id="bot")
        told = await _told(socket, hands)
        rest = [await _frame(socket) for _ in range(2)]

    own = [frame["data"] for frame in told if frame["type"] != "status"]
    assert {data["prompt_id"] for data in own} == {prompt_id}
    kinds = _kinds(told)
    assert [kind for kind in kinds if kind.startswith("execution")] == [
        "execution_start",
        "execution_cached",
        "execution_success",
    ]
    begun = [frame["data"]["node"] for frame in told if frame["type"] == "executing"]
    assert begun == list(dict.fromkeys(begun))
    assert set(begun) == set(graphs.text_to_3d())
    assert rest == [
        {"type": "status", "data": {"status": {"exec_info": {"queue_remaining": 0}}}},
        {"type": "executing", "data": {"node": None, "prompt_id": prompt_id}},
    ]


async def test_progress_starts_again_at_each_sampler(live: Wire, hands: HandClock) -> None:
    async with live.client.ws_connect("/ws?clientId=bot") as socket:
        await live.queued(graphs.text_to_3d(), client_id="bot")
        told = await _told(socket, hands)

    progress = [frame["data"] for frame in told if frame["type"] == "progress"]
    by_node = {node: [one["value"] for one in progress if one["node"] == node] for node in ("draw", "s1")}
    assert by_node == {"draw": list(range(1, 21)), "s1": list(range(1, 13))}
    assert {one["max"] for one in progress if one["node"] == "s1"} == {12}


async def test_the_state_of_all_nodes_is_told_too(live: Wire, hands: HandClock) -> None:
    async with live.client.ws_connect("/ws?clientId=bot") as socket:
        prompt_id = await live.queued(graphs.image(), client_id="bot")
        told = await _told(socket, hands)

    last = [frame["data"] for frame in told if frame["type"] == "progress_state"][-1]
    assert last["prompt_id"] == prompt_id
    assert {node["state"] for node in last["nodes"].values()} == {"finished"}
    assert set(last["nodes"]) == set(graphs.image())


async def test_an_output_is_told_as_the_history_tells_it(live: Wire, hands: HandClock) -> None:
    async with live.client.ws_connect("/ws?clientId=bot") as socket:
        prompt_id = await live.queued(graphs.image(), client_id="bot")
        told = await _told(socket, hands)

    (executed,) = [frame["data"] for frame in told if frame["type"] == "executed"]
    assert executed["output"] == (await live.entry(prompt_id))["outputs"]["concept"]


async def test_others_hear_of_the_queue_alone(live: Wire, hands: HandClock) -> None:
    async with (
        live.client.ws_connect("/ws?clientId=bot") as own,
        live.client.ws_connect("/ws?clientId=other") as other,
    ):
        await live.queued(graphs.image(), client_id="bot")
        await _told(own, hands)
        heard = [await _frame(other) for _ in range(4)]

    assert _kinds(heard) == ["status"] * 4
    assert [frame["data"]["status"]["exec_info"]["queue_remaining"] for frame in heard] == [0, 1, 1, 0]


async def test_what_was_said_while_nobody_listened_is_lost(live: Wire, hands: HandClock) -> None:
    async with live.client.ws_connect("/ws?clientId=bot") as socket:
        await live.queued(graphs.text_to_3d(), client_id="bot")
        await _frame(socket)
    hands.advance(5)

    async with live.client.ws_connect("/ws?clientId=bot") as socket:
        told = await _told(socket, hands)

    kinds = _kinds(told)
    assert kinds[:2] == ["status", "executing"]
    assert told[1]["data"].keys() == {"node"}
    assert "execution_start" not in kinds


async def test_another_socket_of_the_same_client_takes_its_place(live: Wire, hands: HandClock) -> None:
    async with (
        live.client.ws_connect("/ws?clientId=bot") as first,
        live.client.ws_connect("/ws?clientId=bot") as second,
    ):
        await _frame(first)
        await live.queued(graphs.image(), client_id="bot")
        assert "executed" in _kinds(await _told(second, hands))
        with pytest.raises(asyncio.TimeoutError):
            await first.receive(timeout=0.01)


async def test_an_error_goes_to_its_client_an_interrupt_to_all(live: Wire, hands: HandClock) -> None:
    async with (
        live.client.ws_connect("/ws?clientId=bot") as own,
        live.client.ws_connect("/ws?clientId=other") as other,
    ):
        await live.queued(graphs.text_to_3d("an owl late-failed"), client_id="bot")
        error = (await _told(own, hands, last="execution_error"))[-1]["data"]
        await live.queued(graphs.text_to_3d("an owl late-cancelled"), client_id="bot")
        await _told(own, hands, last="execution_interrupted")
        heard = await _told(other, hands, last="execution_interrupted")

    assert error["exception_type"] == "RuntimeError"
    assert set(_kinds(heard)) == {"status", "execution_interrupted"}


async def test_pictures_on_the_way_come_only_where_the_owner_wants_them(live: Wire, hands: HandClock) -> None:
    await live.control("settings", {"previews": True})
    async with live.client.ws_connect("/ws?clientId=bot") as socket:
        await live.queued(graphs.image(), client_id="bot")
        told = await _told(socket, hands)

    pictures = [frame for frame in told if isinstance(frame, bytes)]
    assert len(pictures) == 20
    assert struct.unpack_from(">II", pictures[0]) == (1, 1)
    assert pictures[0][8:].startswith(b"\xff\xd8\xff")


async def test_pictures_say_where_they_belong_for_those_who_asked(live: Wire, hands: HandClock) -> None:
    await live.control("settings", {"previews": True})
    async with live.client.ws_connect("/ws?clientId=bot") as socket:
        await socket.send_json({"type": "feature_flags", "data": {"supports_preview_metadata": True}})
        flags = [await _frame(socket) for _ in range(2)][-1]
        await live.queued(graphs.image(), client_id="bot")
        told = await _told(socket, hands)

    picture = next(frame for frame in told if isinstance(frame, bytes))
    kind, length = struct.unpack_from(">II", picture)
    assert (flags["type"], kind) == ("feature_flags", 4)
    assert json.loads(picture[8 : 8 + length])["node_id"] == "draw"


async def test_nonsense_from_a_client_is_not_heard(live: Wire) -> None:
    async with live.client.ws_connect("/ws?clientId=bot") as socket:
        await socket.send_str("{")
        await socket.send_bytes(b"\0")
        await socket.send_json([])
        await socket.send_json({"type": "feature_flags", "data": 1})

        assert _kinds([await _frame(socket) for _ in range(2)]) == ["status", "feature_flags"]


@pytest.mark.parametrize("control", ["sockets", "restart"])
async def test_sockets_can_be_cut(live: Wire, control: str) -> None:
    async with live.client.ws_connect("/ws?clientId=bot") as socket:
        await _frame(socket)
        await live.control(control, {})

        assert (await asyncio.wait_for(socket.receive(), PATIENCE)).type is aiohttp.WSMsgType.CLOSE


async def test_sockets_are_cut_when_the_server_dies(live: Wire, hands: HandClock) -> None:
    async with live.client.ws_connect("/ws?clientId=bot") as socket:
        await live.queued(graphs.text_to_3d("an owl fault-restarts"), client_id="bot")
        async with asyncio.timeout(PATIENCE):
            while not socket.closed:
                hands.advance(1)
                await socket.receive()

    assert (await live.books())[0]["status"] == "lost"


async def test_a_gateway_keeps_strangers_from_the_socket_too(live: Wire) -> None:
    await live.control("keys", {"key": "Bearer let-me-in"})

    with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
        await live.client.ws_connect("/ws")

    assert refused.value.status == 401


async def test_time_that_a_test_holds_still_goes_on_while_somebody_listens(wire: Wire) -> None:
    """With a clock whose sleepers do not wait, a prompt comes to its end by itself; a stuck one does not."""
    async with wire.client.ws_connect("/ws?clientId=bot") as socket:
        prompt_id = await wire.queued(graphs.image(), client_id="bot")
        while (frame := await _frame(socket))["type"] != "execution_success":
            assert frame["type"]
        stuck = await wire.queued(graphs.text_to_3d("an owl never-finishes"), client_id="bot")
        while (frame := await _frame(socket))["type"] != "executed":
            assert frame["type"]

    assert await wire.entry(prompt_id)
    assert (await wire.queue())[0] == [stuck]
