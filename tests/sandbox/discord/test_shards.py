"""Large bots: several shards, their pace, privileged intents, members on request, presences, streams."""

import asyncio
from typing import Any

import aiohttp
import discord
import pytest

from sandbox.discord import DiscordSandbox
from sandbox.discord.intents import Intent
from sandbox.discord.sharding import Sharding
from tests.sandbox.discord.wire import Wire


async def test_the_gateway_recommends_shards_and_says_how_many_may_begin_at_once(wire: Wire) -> None:
    await wire.control("PUT", "sharding", {"shards": 4, "max_concurrency": 2})

    _status, told = await wire.rest("GET", "/gateway/bot")

    assert told["shards"] == 4
    assert told["session_start_limit"]["max_concurrency"] == 2


async def test_shards_of_one_bucket_begin_five_seconds_apart(wire: Wire, sandbox: DiscordSandbox) -> None:
    sandbox.gateway.sharding = Sharding(shards=4, max_concurrency=2)

    async with wire.socket() as first, wire.socket() as second, wire.socket() as third:
        await first.identify(sandbox.token, shard=[0, 4])
        await second.identify(sandbox.token, shard=[1, 4])
        await third.send(2, {"token": sandbox.token, "intents": 1, "shard": [2, 4]})
        refused = await third.receive()
        sandbox.advance(5)
        ready = await third.identify(sandbox.token, shard=[2, 4])

    assert (refused["op"], refused["d"]) == (9, False)
    assert ready["shard"] == [2, 4]


async def test_a_shard_that_would_hold_too_many_servers_is_told_so(
    wire: Wire, sandbox: DiscordSandbox
) -> None:
    await wire.control("PUT", "sharding", {"guilds_per_shard": 1})

    async with wire.socket() as socket:
        await socket.send(2, {"token": sandbox.token, "intents": 1})
        assert await socket.close_code() == 4011


@pytest.mark.parametrize("shard", [[2, 2], [-1, 2], [0, 0], "0/2", [0]])
async def test_a_shard_that_cannot_be_is_refused(wire: Wire, sandbox: DiscordSandbox, shard: Any) -> None:
    async with wire.socket() as socket:
        await socket.send(2, {"token": sandbox.token, "intents": 1, "shard": shard})
        assert await socket.close_code() == 4010


async def test_a_privileged_intent_is_of_use_once_it_was_granted(
    wire: Wire, sandbox: DiscordSandbox, ada: int, general: int
) -> None:
    await wire.control("PUT", "intents", {"privileged": ["members", "presences", "message_content"]})
    intents = 1 | Intent.MEMBERS | Intent.PRESENCES | Intent.GUILD_MESSAGES | Intent.MESSAGE_CONTENT

    async with wire.socket() as socket:
        ready = await socket.identify(sandbox.token, intents=intents)
        server = await socket.event("GUILD_CREATE")
        sandbox.people.write(ada, general, "in the open")
        heard = await socket.event("MESSAGE_CREATE")

    assert len(server["members"]) == server["member_count"]
    assert {one["status"] for one in server["presences"]} == {"online"}
    assert heard["content"] == "in the open"
    assert ready["application"]["flags"] == (await wire.rest("GET", "/applications/@me"))[1]["flags"] != 0


async def test_members_are_asked_for_by_id_by_beginning_and_all_at_once(
    wire: Wire, sandbox: DiscordSandbox, workshop: int, ada: int
) -> None:
    sandbox.gateway.grant(Intent.PRIVILEGED)
    sandbox.changes.change_user(ada, status="dnd")
    asked: list[dict[str, Any]] = [
        {"user_ids": [str(ada), "5"], "presences": True, "nonce": "n"},
        {"query": "ad", "limit": 5},
        {"query": "", "limit": 0},
    ]
    async with wire.socket() as socket:
        await socket.identify(sandbox.token, intents=1 | Intent.MEMBERS | Intent.PRESENCES)
        chunks = []
        for one in asked:
            await socket.send(8, {"guild_id": str(workshop)} | one)
            chunks.append(await socket.event("GUILD_MEMBERS_CHUNK"))

    by_id, by_name, everyone = chunks
    assert [one["user"]["username"] for one in by_id["members"]] == ["ada"]
    assert (by_id["not_found"], by_id["nonce"]) == (["5"], "n")
    assert [one["status"] for one in by_id["presences"]] == ["dnd"]
    assert [one["user"]["username"] for one in by_name["members"]] == ["ada"]
    assert len(everyone["members"]) == len(sandbox.world.guild(workshop).members)


async def test_the_whole_list_of_members_is_not_for_everybody(
    wire: Wire, sandbox: DiscordSandbox, workshop: int
) -> None:
    async with wire.listening() as socket:
        await socket.send(8, {"guild_id": str(workshop), "query": "", "limit": 0, "nonce": "all"})
        await socket.send(8, {"guild_id": str(workshop), "query": "mo", "limit": 1, "nonce": "some"})
        assert (await socket.event("GUILD_MEMBERS_CHUNK"))["nonce"] == "some"


@pytest.mark.parametrize(
    "asked", [{"user_ids": ["x"]}, {"query": 5, "limit": 1}, {"query": "a", "limit": -1}]
)
async def test_a_senseless_request_for_members_is_closed(
    wire: Wire, workshop: int, sandbox: DiscordSandbox, asked: Any
) -> None:
    sandbox.gateway.grant(Intent.MEMBERS)
    async with wire.socket() as socket:
        await socket.identify(sandbox.token, intents=1 | Intent.MEMBERS)
        await socket.send(8, {"guild_id": str(workshop)} | asked)
        assert await socket.close_code() == 4002


async def test_the_bot_shows_itself_as_it_says(wire: Wire) -> None:
    activity = {"name": "with clay", "type": 0}
    async with wire.listening() as socket:
        await socket.send(3, {"since": None, "activities": [activity], "status": "idle", "afk": False})
        await socket.send(1, None)
        while (await socket.receive())["op"] != 11:
            pass
        _status, world = await wire.control("GET", "world")
        assert world["bot"]["presence"] == {"status": "idle", "activities": [activity]}

        await socket.send(3, {"status": "asleep", "activities": []})
        assert await socket.close_code() == 4002


async def test_who_may_hear_of_presences_hears_how_somebody_is(
    wire: Wire, sandbox: DiscordSandbox, ada: int
) -> None:
    sandbox.gateway.grant(Intent.PRESENCES)
    async with wire.socket() as socket:
        await socket.identify(sandbox.token, intents=1 | Intent.PRESENCES)
        await wire.control("PATCH", f"users/{ada}", {"status": "idle"})
        heard = await socket.event("PRESENCE_UPDATE")

    assert (heard["user"], heard["status"]) == ({"id": str(ada)}, "idle")


async def test_the_zstd_stream_says_the_same(wire: Wire, sandbox: DiscordSandbox) -> None:
    async with wire.socket("?v=10&encoding=json&compress=zstd-stream") as socket:
        assert (await socket.identify(sandbox.token))["v"] == 10


async def test_an_unknown_compression_is_no_connection(wire: Wire, sandbox: DiscordSandbox) -> None:
    with pytest.raises(aiohttp.WSServerHandshakeError):
        await wire.session.ws_connect(sandbox.gateway.url + "?v=10&compress=brotli")


async def test_a_heartbeat_that_is_asked_for_is_a_frame_like_any_other(
    wire: Wire, sandbox: DiscordSandbox
) -> None:
    async with wire.listening() as socket:
        sandbox.gateway.ask_heartbeat()
        while (frame := await socket.receive())["op"] == 0:
            pass
        assert frame["op"] == 1


async def test_an_acknowledgement_takes_as_long_as_a_network(wire: Wire) -> None:
    """One that came at once would overtake the client's note of when it sent the heartbeat."""
    now = asyncio.get_running_loop().time
    async with wire.socket() as socket:
        sent = now()
        await socket.send(1, None)
        assert (await socket.receive())["op"] == 11

    assert now() - sent > 0.04


class Sharded(discord.AutoShardedClient):
    """A bot that asks how many shards it shall be, and does not wait between those it may start together."""

    def __init__(self) -> None:
        super().__init__(intents=discord.Intents(guilds=True), guild_ready_timeout=0.0)
        self.ready = asyncio.Event()

    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:
        """Nothing to wait for."""

    async def on_ready(self) -> None:
        self.ready.set()


async def test_a_bot_of_several_shards_has_every_server_on_its_own(
    sandbox: DiscordSandbox, monkeypatch: pytest.MonkeyPatch, ada: int
) -> None:
    monkeypatch.setattr(discord.http.Route, "BASE", sandbox.rest_url)
    sandbox.gateway.sharding = Sharding(shards=2, max_concurrency=2)
    sandbox.advance(0.001)
    sandbox.changes.add_guild("A millisecond later", ada)
    bot = Sharded()
    life = asyncio.create_task(bot.start(sandbox.token))
    await asyncio.wait_for(bot.ready.wait(), 10)

    servers = {guild.name: guild.shard_id for guild in bot.guilds}

    assert sorted(bot.shards) == [0, 1] == sorted(set(servers.values()))
    assert servers == {one.name: (one.id >> 22) % 2 for one in sandbox.world.guilds.values()}
    await bot.close()
    await life
