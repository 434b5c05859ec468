"""Everything can be done over HTTP, by a browser as by a test."""

import asyncio
from typing import Any

import aiohttp
import pytest

from sandbox.discord import DiscordSandbox, control
from tests.clock import StillClock
from tests.sandbox.discord.wire import COMMANDS, Wire

_RUN = {"name": "run", "description": "Run"}


async def _watch(wire: Wire, user: int) -> aiohttp.ClientWebSocketResponse:
    ws = await wire.session.ws_connect(f"{wire.sandbox.address}/sandbox/events?user={user}")
    assert await ws.receive_json() == {"type": "hello"}
    return ws


async def test_the_help_describes_every_route(wire: Wire, sandbox: DiscordSandbox) -> None:
    async with wire.session.get(sandbox.address + "/sandbox/help") as response:
        text = await response.text()

    served = {route.path.split("{")[0].rstrip("/") for route in control.routes(sandbox)}
    assert [path for path in served if path not in text] == []


async def test_the_world_is_as_one_sees_it(wire: Wire, ben: int) -> None:
    _status, world = await wire.control("GET", f"world?user={ben}")

    assert world["bot"]["online"] is False
    assert world["user"] | {"username": "ben", "locale": "en-GB"} == world["user"]
    assert [guild["name"] for guild in world["guilds"]] == ["Workshop"]
    channels = {channel["name"]: channel["can_send"] for channel in world["guilds"][0]["channels"]}
    assert channels == {
        "general": True,
        "showcase": True,
        "announcements": False,
        "lounge": True,
        "ideas": False,
    }
    assert [channel["recipients"][0]["bot"] for channel in world["dms"]] == [True, False]
    assert (await wire.control("GET", "world"))[1]["user"]["username"] == "ada"


async def test_a_command_is_used_and_its_end_is_told(wire: Wire, ada: int, general: int) -> None:
    await wire.rest("PUT", COMMANDS, [_RUN])
    place = {"user": str(ada), "channel": str(general)}
    ws = await _watch(wire, ada)

    _status, commands = await wire.control("GET", f"commands?user={ada}&channel={general}")
    assert [command["name"] for command in commands] == ["run"]
    _status, outcome = await wire.control("POST", "invoke", place | {"command": "run", "wait": False})
    assert (outcome["outcome"], outcome["error"]) == ("pending", None)
    assert (await ws.receive_json())["state"] == "pending"
    assert (await wire.control("POST", "advance", {"seconds": 3.1}))[0] == 200
    failed = await ws.receive_json(timeout=5)

    assert (failed["state"], failed["interaction"]) == ("failed", outcome["interaction"])
    await ws.close()


async def test_writing_and_deleting_is_seen_by_who_watches(
    wire: Wire, ada: int, ben: int, general: int
) -> None:
    ws = await _watch(wire, ben)

    _status, message = await wire.control(
        "POST", "messages", {"user": ada, "channel": general, "content": f"hi <@{ben}>"}
    )
    created = await ws.receive_json()
    status, _nothing = await wire.control("DELETE", f"messages/{general}/{message['id']}?user={ada}")
    deleted = await ws.receive_json()

    assert created == {"type": "message_create", "channel": str(general), "message": message}
    assert status == 204
    assert deleted == {"type": "message_delete", "channel": str(general), "message": message["id"]}
    assert (await wire.control("GET", f"messages?user={ben}&channel={general}"))[1] == {"messages": []}
    await ws.close()


async def test_a_file_is_uploaded_and_can_be_fetched(wire: Wire, ada: int, general: int) -> None:
    data = aiohttp.FormData()
    data.add_field("file", b"glTF", filename="owl.glb")
    url = f"{wire.sandbox.address}/sandbox/uploads?user={ada}&channel={general}"

    async with wire.session.post(url, data=data) as response:
        upload = await response.json()
    async with wire.session.get(upload["url"]) as response:
        assert await response.read() == b"glTF"

    assert (upload["filename"], upload["size"]) == ("owl.glb", 4)


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("POST", "invoke", {"user": "x"}, 400),
        ("POST", "invoke", {"user": 1, "channel": 1, "command": "x"}, 404),
        ("POST", "click", {"user": 1, "channel": 1, "message": 1, "custom_id": "x", "more": 1}, 400),
        ("GET", "messages?user=1", None, 400),
        ("GET", "commands?user=a&channel=1", None, 400),
        ("POST", "uploads?user=1&channel=1", {}, 400),
        ("POST", "faults", {"kind": "weather"}, 400),
        ("POST", "advance", {"seconds": -1}, 400),
        ("POST", "gateway", {"action": "explode"}, 400),
        ("PATCH", "users/1", {"locale": "es-ES"}, 404),
    ],
)
async def test_nonsense_is_refused_in_words(
    wire: Wire, method: str, path: str, body: Any, status: int
) -> None:
    found, answer = await wire.control(method, path, body)

    assert found == status
    assert answer["message"]


async def test_another_site_s_page_cannot_act_unasked(wire: Wire) -> None:
    async with wire.session.post(
        wire.sandbox.address + "/sandbox/advance", data='{"seconds": 1}'
    ) as response:
        assert response.status == 400


async def test_the_world_is_changed_and_the_bot_hears_of_it(wire: Wire, workshop: int, general: int) -> None:
    async with wire.listening() as socket:
        _status, dora = await wire.control("POST", "users", {"name": "dora", "locale": "de"})
        member = f"guilds/{workshop}/members/{dora['id']}"
        _status, role = await wire.control(
            "POST", f"guilds/{workshop}/roles", {"name": "Smiths", "permissions": "0"}
        )
        assert (await socket.event("GUILD_ROLE_CREATE"))["role"]["name"] == "Smiths"
        await wire.control("PATCH", f"guilds/{workshop}/roles/{role['id']}", {"permissions": "32"})
        assert (await socket.event("GUILD_ROLE_UPDATE"))["role"]["permissions"] == "32"
        _status, joined = await wire.control("PUT", member, {"roles": [role["id"]], "nick": "D"})
        assert (joined["nick"], joined["roles"]) == ("D", [role["id"]])
        overwrites = [{"id": role["id"], "type": 0, "deny": str(1 << 11)}]
        _status, made = await wire.control(
            "POST", f"guilds/{workshop}/channels", {"name": "forge", "overwrites": overwrites}
        )
        assert (await socket.event("CHANNEL_CREATE"))["permission_overwrites"][0]["deny"] == str(1 << 11)
        await wire.control("PATCH", f"channels/{made['id']}", {"name": "smithy", "overwrites": []})
        assert (await socket.event("CHANNEL_UPDATE"))["name"] == "smithy"
        assert (await wire.control("DELETE", f"channels/{made['id']}"))[0] == 204
        assert (await socket.event("CHANNEL_DELETE"))["id"] == made["id"]
        await wire.control("PATCH", f"guilds/{workshop}", {"premium_tier": 3})
        assert (await socket.event("GUILD_UPDATE"))["premium_tier"] == 3
        await wire.control("PATCH", f"users/{dora['id']}", {"locale": "es-ES"})
        assert (await wire.control("GET", f"world?user={dora['id']}"))[1]["user"]["locale"] == "es-ES"
        assert (await wire.control("DELETE", member))[0] == 204
        assert (await wire.control("PUT", member, {"roles": ["1"]}))[0] == 404


async def test_the_bot_comes_into_a_new_server_and_is_removed_from_one(
    wire: Wire, sandbox: DiscordSandbox, ada: int, workshop: int
) -> None:
    bot = sandbox.world.bot.id
    async with wire.listening() as socket:
        _status, guild = await wire.control("POST", "guilds", {"name": "Cellar", "owner": ada})
        while (created := await socket.event("GUILD_CREATE"))["name"] != "Cellar":
            pass
        assert created["id"] == guild["id"]
        await wire.control("DELETE", f"guilds/{workshop}/members/{bot}")
        assert (await socket.event("GUILD_DELETE"))["id"] == str(workshop)

    assert (await wire.rest("GET", f"/guilds/{workshop}"))[1]["code"] == 50001


async def test_sockets_faults_and_counts_are_at_hand(wire: Wire) -> None:
    async with wire.listening() as socket:
        assert (await wire.control("GET", "stats"))[1]["online"] is True
        for action in ({"action": "mute", "muted": False}, {"action": "invalidate", "resumable": True}):
            assert (await wire.control("POST", "gateway", action))[0] == 204
        assert (await wire.control("POST", "gateway", {"action": "close", "code": 4001}))[0] == 204
        assert await socket.close_code() == 4001
    for action in ("cut", "reconnect"):
        assert (await wire.control("POST", "gateway", {"action": action}))[0] == 204

    _status, fault = await wire.control("POST", "faults", {"kind": "status", "status": 503})
    assert (await wire.control("GET", "faults"))[1] == [fault]
    assert (await wire.control("DELETE", "faults"))[0] == 204
    assert (await wire.control("GET", "faults"))[1] == []
    assert (await wire.control("GET", "stats"))[1] | {"identifies": 1, "online": False} == (
        await wire.control("GET", "stats")
    )[1]


async def test_suggestions_are_what_the_demo_put_there(wire: Wire) -> None:
    one = {"title": "An owl", "text": "", "examples": ["/generate prompt: a brass owl"]}

    assert (await wire.control("GET", "suggestions"))[1] == []
    assert (await wire.control("PUT", "suggestions", {"suggestions": [one]}))[0] == 200
    assert (await wire.control("GET", "suggestions"))[1] == [{**one, "copies": []}]


async def test_components_and_suggestions_for_options_work_over_http(
    wire: Wire, ada: int, general: int
) -> None:
    option = {"type": 3, "name": "what", "description": "x", "autocomplete": True}
    await wire.rest("PUT", COMMANDS, [_RUN | {"options": [option]}])
    button = {"type": 2, "style": 1, "label": "Go", "custom_id": "go"}
    menu = {"type": 3, "custom_id": "pick", "options": [{"label": "A", "value": "a"}]}
    rows = [{"type": 1, "components": [part]} for part in (button, menu)]
    _status, message = await wire.rest("POST", f"/channels/{general}/messages", {"components": rows})
    place = {"user": str(ada), "channel": str(general)}
    used = place | {"message": message["id"], "wait": False}

    async with wire.listening() as socket:
        assert (await wire.control("POST", "click", used | {"custom_id": "go"}))[0] == 200
        assert (await socket.event("INTERACTION_CREATE"))["data"]["custom_id"] == "go"
        assert (await wire.control("POST", "select", used | {"custom_id": "pick", "values": ["a"]}))[0] == 200
        assert (await socket.event("INTERACTION_CREATE"))["data"]["values"] == ["a"]
        typed = place | {"command": "run", "options": {"what": "o"}, "focused": "what"}
        asking = asyncio.create_task(wire.control("POST", "autocomplete", typed))
        event = await socket.event("INTERACTION_CREATE")
        body = {"type": 8, "data": {"choices": [{"name": "Owl", "value": "owl"}]}}
        await wire.rest("POST", f"/interactions/{event['id']}/{event['token']}/callback", body, signed=False)
        _status, outcome = await asking

    assert [choice["value"] for choice in outcome["choices"]] == ["owl"]


async def test_a_stopped_sandbox_leaves_nobody_waiting(wire: Wire, ada: int, general: int) -> None:
    await wire.rest("PUT", COMMANDS, [_RUN])
    using = asyncio.create_task(wire.sandbox.people.invoke(ada, general, "run"))
    await asyncio.sleep(0)

    await wire.sandbox.stop()

    assert (await asyncio.wait_for(using, 5)).error == "The application did not respond"


async def test_a_taken_port_is_told(sandbox: DiscordSandbox) -> None:
    other = DiscordSandbox(StillClock())

    with pytest.raises(OSError, match="in use"):
        await other.start(port=int(sandbox.address.rpartition(":")[2]))
    await other.stop()


async def test_nobody_watches_as_nobody(wire: Wire) -> None:
    with pytest.raises(aiohttp.WSServerHandshakeError) as error:
        await wire.session.ws_connect(f"{wire.sandbox.address}/sandbox/events?user=1")

    assert error.value.status == 404
