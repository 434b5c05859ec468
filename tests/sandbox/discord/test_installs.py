"""An app on somebody's own account, and commands of the menus on people and messages."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest

from sandbox.discord import DiscordSandbox
from sandbox.discord.permissions import EVERYONE, Permission
from sandbox.discord.refusals import Refused
from tests.sandbox.discord.wire import COMMANDS, Socket, Wire

_SYNCED: list[dict[str, Any]] = [
    {"name": "anywhere", "description": "x", "integration_types": [0, 1], "contexts": [0, 1, 2]},
    {"name": "mine", "description": "x", "integration_types": [1]},
    {"name": "server", "description": "x", "integration_types": [0]},
    {"name": "Praise them", "type": 2},
    {"name": "Make a model", "type": 3},
]


@pytest.fixture
async def socket(wire: Wire) -> AsyncIterator[Socket]:
    status, _synced = await wire.rest("PUT", COMMANDS, _SYNCED)
    assert status == 200
    async with wire.listening() as socket:
        yield socket


@pytest.fixture
def private(sandbox: DiscordSandbox, ada: int, ben: int) -> int:
    """Where Ada and Ben talk among themselves."""
    return next(one.id for one in sandbox.world.conversations_of(ada) if one.recipients == (ada, ben))


@pytest.fixture
def elsewhere(sandbox: DiscordSandbox, ada: int) -> int:
    """A channel of a server that the bot is not in."""
    guild = sandbox.changes.add_guild("Elsewhere", ada)
    sandbox.changes.remove_member(guild.id, sandbox.world.bot.id)
    sandbox.changes.put_member(guild.id, _named(sandbox, "ben"))
    return sandbox.changes.add_channel(guild.id, "general").id


def _named(sandbox: DiscordSandbox, name: str) -> int:
    user = sandbox.world.user_named(name)
    assert user is not None
    return user.id


async def _used(wire: Wire, socket: Socket, user: int, channel: int, name: str) -> dict[str, Any]:
    await wire.sandbox.people.invoke(user, channel, name, wait=False)
    return await socket.event("INTERACTION_CREATE")


async def _answer(wire: Wire, event: dict[str, Any], data: Any) -> Any:
    path = f"/interactions/{event['id']}/{event['token']}/callback?with_response=1"
    return await wire.rest("POST", path, {"type": 4, "data": data}, signed=False)


async def test_who_installed_the_app_finds_it_wherever_they_are(
    wire: Wire, socket: Socket, ada: int, ben: int, private: int, elsewhere: int, general: int
) -> None:
    def found(user: int, channel: int) -> list[str]:
        return [one["name"] for one in wire.sandbox.people.commands(user, channel) if one["type"] == 1]

    assert (found(ada, private), found(ada, elsewhere), found(ada, general)) == (
        [],
        [],
        ["anywhere", "server"],
    )

    await wire.control("PATCH", f"users/{ada}", {"installed": True})

    assert (found(ada, private), found(ada, elsewhere)) == (["anywhere", "mine"], ["anywhere", "mine"])
    assert found(ada, general) == ["anywhere", "mine", "server"]
    assert found(ben, private) == []


async def test_the_event_says_whose_installation_allows_it_and_where(
    wire: Wire, socket: Socket, sandbox: DiscordSandbox, ada: int, private: int, general: int, workshop: int
) -> None:
    sandbox.changes.change_user(ada, installed=True)
    direct = sandbox.world.direct(ada).id

    among_people = await _used(wire, socket, ada, private, "anywhere")
    in_server = await _used(wire, socket, ada, general, "anywhere")
    with_bot = await _used(wire, socket, ada, direct, "anywhere")

    assert [one["context"] for one in (among_people, in_server, with_bot)] == [2, 0, 1]
    assert among_people["authorizing_integration_owners"] == {"1": str(ada)}
    assert in_server["authorizing_integration_owners"] == {"0": str(workshop), "1": str(ada)}
    assert with_bot["authorizing_integration_owners"] == {"0": "0", "1": str(ada)}
    guest = Permission.ATTACH_FILES | Permission.EMBED_LINKS | Permission.MENTION_EVERYONE
    assert int(among_people["app_permissions"]) == guest
    assert among_people["user"]["id"] == str(ada)
    assert "guild_id" not in among_people


async def test_a_guest_s_answer_is_seen_by_all_and_by_nobody_else_where_apps_are_not_wanted(
    wire: Wire, socket: Socket, sandbox: DiscordSandbox, ada: int, ben: int, elsewhere: int
) -> None:
    sandbox.changes.change_user(ben, installed=True)
    shown = await _answer(wire, await _used(wire, socket, ben, elsewhere, "mine"), {"content": "hello"})
    guild_id = sandbox.world.channel(elsewhere).guild_id or 0
    sandbox.changes.change_role(guild_id, guild_id, permissions=EVERYONE & ~Permission.USE_EXTERNAL_APPS)

    hidden = await _answer(wire, await _used(wire, socket, ben, elsewhere, "mine"), {"content": "psst"})

    assert shown[1]["resource"]["message"]["flags"] == 0
    assert hidden[1]["resource"]["message"]["flags"] == 64
    assert hidden[1]["interaction"]["response_message_ephemeral"] is True
    assert [one["content"] for one in sandbox.people.messages(ada, elsewhere)] == ["hello"]
    assert len(sandbox.people.messages(ben, elsewhere)) == 2


async def test_a_guest_follows_up_five_times_and_a_member_more_often(
    wire: Wire, socket: Socket, sandbox: DiscordSandbox, ada: int, private: int, general: int
) -> None:
    sandbox.changes.change_user(ada, installed=True)
    statuses = {}
    for place in (private, general):
        event = await _used(wire, socket, ada, place, "anywhere")
        await _answer(wire, event, {"content": "first"})
        path = f"/webhooks/{event['application_id']}/{event['token']}"
        statuses[place] = []
        for number in range(6):
            sandbox.advance(2)
            status, body = await wire.rest("POST", path, {"content": f"{number}"}, signed=False)
            statuses[place].append((status, body.get("code")))

    assert statuses[private] == [(200, None)] * 5 + [(400, 40094)]
    assert statuses[general] == [(200, None)] * 6


async def test_a_guest_s_message_is_edited_by_token_but_not_by_bot(
    wire: Wire, socket: Socket, sandbox: DiscordSandbox, ada: int, private: int
) -> None:
    sandbox.changes.change_user(ada, installed=True)
    event = await _used(wire, socket, ada, private, "anywhere")
    _status, answer = await _answer(wire, event, {"content": "first"})
    message = answer["resource"]["message"]
    path = f"/webhooks/{event['application_id']}/{event['token']}/messages/@original"

    assert (await wire.rest("PATCH", path, {"content": "second"}, signed=False))[0] == 200
    by_bot = f"/channels/{private}/messages/{message['id']}"
    assert (await wire.rest("PATCH", by_bot, {"content": "third"}))[1]["code"] == 50001
    assert message["interaction_metadata"]["authorizing_integration_owners"] == {"1": str(ada)}


async def test_a_menu_on_a_person_brings_the_person(
    wire: Wire, socket: Socket, ada: int, ben: int, general: int
) -> None:
    body = {"user": ada, "channel": general, "command": "Praise them", "target": ben, "on": "person"}
    await wire.control("POST", "use", body | {"wait": False})
    event = await socket.event("INTERACTION_CREATE")

    assert (event["type"], event["data"]["type"], event["data"]["target_id"]) == (2, 2, str(ben))
    assert event["data"]["resolved"]["users"][str(ben)]["username"] == "ben"
    assert event["data"]["resolved"]["members"][str(ben)]["permissions"].isdecimal()


async def test_a_menu_on_a_message_brings_the_message(
    wire: Wire, socket: Socket, sandbox: DiscordSandbox, ada: int, ben: int, general: int
) -> None:
    said = sandbox.people.write(ben, general, "an owl of brass")
    using = asyncio.create_task(sandbox.people.use_on_message(ada, general, "Make a model", int(said["id"])))
    event = await socket.event("INTERACTION_CREATE")
    await _answer(wire, event, {"content": "gladly"})

    outcome = await using
    assert event["data"]["resolved"]["messages"][said["id"]]["content"] == "an owl of brass"
    assert outcome.message is not None
    assert outcome.message["interaction"]["name"] == "Make a model"


async def test_a_menu_is_for_what_it_is_for(
    wire: Wire, socket: Socket, sandbox: DiscordSandbox, ada: int, general: int
) -> None:
    event = await _used(wire, socket, ada, general, "server")
    _status, answer = await _answer(wire, event, {"content": "psst", "flags": 64})
    private = int(answer["resource"]["message"]["id"])

    for act in (
        sandbox.people.use_on_message(ada, general, "Make a model", private),
        sandbox.people.use_on_message(ada, general, "Praise them", private),
        sandbox.people.use_on_person(ada, general, "Praise them", 5),
        sandbox.people.invoke(ada, general, "Praise them"),
    ):
        with pytest.raises(Refused):
            await act


async def test_an_old_message_is_edited_three_times_in_twenty_seconds(
    wire: Wire, sandbox: DiscordSandbox, general: int
) -> None:
    _status, message = await wire.rest("POST", f"/channels/{general}/messages", {"content": "0"})
    path = f"/channels/{general}/messages/{message['id']}"
    sandbox.advance(3_601)

    answers = [await wire.rest("PATCH", path, {"content": f"{n}"}) for n in range(4)]
    sandbox.advance(20)
    later = await wire.rest("PATCH", path, {"content": "later"})

    assert [status for status, _answer in answers] == [200, 200, 200, 429]
    assert answers[3][1]["code"] == 30046
    assert 19 < answers[3][1]["retry_after"] <= 20
    assert later[0] == 200
