"""The gateway keeps to its protocol, and closes on those who do not."""

from typing import Any

import pytest

from sandbox.discord import DiscordSandbox
from tests.sandbox.discord.wire import COMMANDS, Wire

_ECHO = {"name": "echo", "description": "Echo"}


async def _sync(wire: Wire) -> None:
    status, _answer = await wire.rest("PUT", COMMANDS, [_ECHO])
    assert status == 200


async def test_identify_brings_ready_and_then_each_server(wire: Wire, sandbox: DiscordSandbox) -> None:
    async with wire.socket() as socket:
        ready = await socket.identify(sandbox.token)
        first = await socket.event("GUILD_CREATE")
        second = await socket.event("GUILD_CREATE")

    assert all(guild["unavailable"] for guild in ready["guilds"])
    assert ready["resume_gateway_url"] == sandbox.gateway.url
    assert {first["name"], second["name"]} == {"Workshop", "Taller"}
    assert [member["user"]["id"] for member in first["members"]] == [ready["user"]["id"]]
    assert [channel["name"] for channel in first["channels"]] == [
        "general",
        "showcase",
        "announcements",
        "lounge",
        "ideas",
    ]
    assert [thread["name"] for thread in first["threads"]] == ["A lantern for the hall"]


async def test_the_zlib_stream_says_the_same(wire: Wire, sandbox: DiscordSandbox) -> None:
    async with wire.socket("?v=10&encoding=json&compress=zlib-stream") as socket:
        ready = await socket.identify(sandbox.token)

    assert ready["v"] == 10


async def test_a_heartbeat_is_acknowledged_until_the_gateway_is_muted(
    wire: Wire, sandbox: DiscordSandbox
) -> None:
    async with wire.socket() as socket:
        await socket.send(1, None)
        assert (await socket.receive())["op"] == 11

        sandbox.gateway.muted = True
        await socket.send(1, None)
        await socket.send(2, {"token": sandbox.token, "intents": 0})
        assert (await socket.receive())["t"] == "READY"


@pytest.mark.parametrize(
    ("op", "data", "code"),
    [
        (2, {"token": "wrong", "intents": 1}, 4004),
        (2, {"token": "TOKEN", "intents": "all"}, 4013),
        (2, {"token": "TOKEN", "intents": 1 << 40}, 4013),
        (2, {"token": "TOKEN", "intents": 1 << 15}, 4014),
        (2, {"token": "TOKEN", "intents": 1, "shard": [2, 2]}, 4010),
        (2, "nonsense", 4002),
        (3, {}, 4003),
        (2, {"token": "x" * 5000, "intents": 1}, 4002),
    ],
)
async def test_a_bad_beginning_is_closed_with_its_code(
    wire: Wire, sandbox: DiscordSandbox, op: int, data: Any, code: int
) -> None:
    if isinstance(data, dict) and data.get("token") == "TOKEN":
        data = data | {"token": sandbox.token}

    async with wire.socket() as socket:
        await socket.send(op, data)
        assert await socket.close_code() == code


@pytest.mark.parametrize(
    ("op", "data", "code"), [(2, {}, 4005), (6, {}, 4005), (99, None, 4001), ("words", None, 4002)]
)
async def test_a_bad_frame_later_is_closed_with_its_code(wire: Wire, op: Any, data: Any, code: int) -> None:
    async with wire.listening() as socket:
        await socket.send(op, data)
        assert await socket.close_code() == code


async def test_what_is_no_json_is_closed(wire: Wire) -> None:
    async with wire.socket() as socket:
        await socket.ws.send_str("{")
        assert await socket.close_code() == 4002


async def test_another_version_is_closed(wire: Wire, sandbox: DiscordSandbox) -> None:
    async with wire.session.ws_connect(sandbox.gateway.url + "?v=6") as ws:
        assert (await ws.receive()).data == 4012


async def test_more_than_120_sends_a_minute_are_too_many(wire: Wire) -> None:
    async with wire.socket() as socket:
        for _ in range(121):
            await socket.send(1, None)
        assert await socket.close_code() == 4008


async def test_silence_ends_a_session(wire: Wire, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sandbox.discord.conversation.HEARTBEAT_MS", 10)

    async with wire.socket() as socket:
        assert await socket.close_code() == 4009


async def test_resume_replays_what_was_missed(
    wire: Wire, sandbox: DiscordSandbox, ada: int, general: int
) -> None:
    await _sync(wire)
    async with wire.socket() as socket:
        session = (await socket.identify(sandbox.token))["session_id"]
        sandbox.gateway.cut()
        await socket.close_code()
    used = await sandbox.people.invoke(ada, general, "echo", wait=False)

    async with wire.socket() as socket:
        await socket.send(6, {"token": sandbox.token, "session_id": session, "seq": 1})
        servers = [await socket.event("GUILD_CREATE"), await socket.event("GUILD_CREATE")]
        missed = await socket.event("INTERACTION_CREATE")
        await socket.event("RESUMED")

    assert len(servers) == 2
    assert missed["id"] == str(used.interaction)


async def test_an_unknown_session_is_invalid_and_a_sequence_of_the_future_is_closed(
    wire: Wire, sandbox: DiscordSandbox
) -> None:
    async with wire.socket() as socket:
        await socket.send(6, {"token": sandbox.token, "session_id": "lost", "seq": 1})
        assert await socket.receive() == {"op": 9, "d": False, "s": None, "t": None}
        session = (await socket.identify(sandbox.token))["session_id"]
        sandbox.gateway.cut()

    async with wire.socket() as socket:
        await socket.send(6, {"token": sandbox.token, "session_id": session, "seq": 999})
        assert await socket.close_code() == 4007


async def test_a_session_that_is_away_too_long_is_forgotten(wire: Wire, sandbox: DiscordSandbox) -> None:
    async with wire.socket() as socket:
        session = (await socket.identify(sandbox.token))["session_id"]
        sandbox.gateway.cut()
        await socket.close_code()
    assert not sandbox.gateway.online
    sandbox.advance(121)

    async with wire.socket() as socket:
        await socket.send(6, {"token": sandbox.token, "session_id": session, "seq": 1})
        assert await socket.receive() == {"op": 9, "d": False, "s": None, "t": None}


async def test_reconnect_invalidate_and_close_come_as_asked(wire: Wire, sandbox: DiscordSandbox) -> None:
    async with wire.listening() as socket:
        sandbox.gateway.invalidate(resumable=True)
        while (frame := await socket.receive())["op"] == 0:
            pass
        assert (frame["op"], frame["d"]) == (9, True)
        sandbox.gateway.reconnect()
        assert (await socket.receive())["op"] == 7
        assert await socket.close_code() == 4000

    async with wire.listening() as socket:
        sandbox.gateway.close(4004)
        assert await socket.close_code() == 4004


async def test_shards_hear_only_of_their_own_servers(wire: Wire, sandbox: DiscordSandbox) -> None:
    seen = []
    for number in range(2):
        sandbox.advance(5)
        async with wire.socket() as socket:
            ready = await socket.identify(sandbox.token, shard=[number, 2])
            seen += [(number, int(guild["id"])) for guild in ready["guilds"]]

    assert len(seen) == 2
    assert all((guild >> 22) % 2 == number for number, guild in seen)


async def test_messages_are_told_by_intent_and_without_content(
    wire: Wire, sandbox: DiscordSandbox, ada: int, general: int
) -> None:
    async with wire.socket() as socket:
        await socket.identify(sandbox.token, intents=1 << 9 | 1 << 12)
        sandbox.people.write(ada, general, "secret")
        public = await socket.event("MESSAGE_CREATE")
        sandbox.people.write(ada, sandbox.world.direct(ada).id, "for you")
        direct = await socket.event("MESSAGE_CREATE")

    assert (public["content"], public["author"]["id"]) == ("", str(ada))
    assert direct["content"] == "for you"


async def test_a_granted_privileged_intent_shows_members_and_content(
    wire: Wire, ada: int, general: int
) -> None:
    sandbox = wire.sandbox
    sandbox.gateway.grant(1 << 1 | 1 << 15)
    async with wire.socket() as socket:
        await socket.identify(sandbox.token, intents=1 | 1 << 1 | 1 << 9 | 1 << 15)
        server = await socket.event("GUILD_CREATE")
        sandbox.people.write(ada, general, "open")
        message = await socket.event("MESSAGE_CREATE")

    assert len(server["members"]) == server["member_count"]
    assert message["content"] == "open"


async def test_a_thousand_sessions_a_day_are_enough(
    wire: Wire, sandbox: DiscordSandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sandbox.discord.gateway.IDENTIFIES_PER_DAY", 1)
    async with wire.listening():
        assert sandbox.gateway.identifies_left == 0

    async with wire.socket() as socket:
        await socket.send(2, {"token": sandbox.token, "intents": 0})
        assert await socket.close_code() == 4004
    sandbox.advance(24 * 60 * 60)
    async with wire.listening():
        assert sandbox.gateway.counts.identifies == 2
