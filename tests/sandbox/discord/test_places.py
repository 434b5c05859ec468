"""Threads, forum posts, voice chats and private conversations are places with rules of their own."""

from typing import Any

import pytest

from sandbox.discord import DiscordSandbox
from sandbox.discord.nouns import Overwrite
from sandbox.discord.permissions import EVERYONE, Permission
from sandbox.discord.refusals import Refused
from sandbox.discord.scene import BOT_ID
from tests.sandbox.discord.wire import COMMANDS, Wire


def _channel(sandbox: DiscordSandbox, name: str) -> int:
    return sandbox.world.channel_named("Workshop", name).id


async def test_a_command_is_used_in_every_place_one_can_talk_in(
    wire: Wire, sandbox: DiscordSandbox, ada: int, general: int
) -> None:
    await wire.rest("PUT", COMMANDS, [{"name": "forge", "description": "x"}])
    thread = await wire.control("POST", "threads", {"user": ada, "channel": general, "name": "Owls"})
    post = await wire.control(
        "POST",
        "threads",
        {"user": ada, "channel": _channel(sandbox, "ideas"), "name": "Post", "content": "x"},
    )
    places = [int(thread[1]["id"]), int(post[1]["id"]), _channel(sandbox, "lounge")]
    kinds = []
    async with wire.listening() as socket:
        for place in places:
            await sandbox.people.invoke(ada, place, "forge", wait=False)
            event = await socket.event("INTERACTION_CREATE")
            path = f"/interactions/{event['id']}/{event['token']}/callback"
            answered = await wire.rest("POST", path, {"type": 4, "data": {"content": "here"}}, signed=False)
            kinds.append((event["channel"]["type"], answered[0]))

    assert kinds == [(11, 204), (11, 204), (2, 204)]
    assert sandbox.people.commands(ada, _channel(sandbox, "ideas")) == []


async def test_a_forum_is_for_posts(wire: Wire, sandbox: DiscordSandbox, ada: int) -> None:
    ideas = _channel(sandbox, "ideas")

    assert (await wire.rest("POST", f"/channels/{ideas}/messages", {"content": "x"}))[1]["code"] == 50008
    with pytest.raises(Refused):
        sandbox.people.write(ada, ideas, "x")
    status, post = await wire.rest(
        "POST", f"/channels/{ideas}/threads", {"name": "From the bot", "message": {"content": "Look"}}
    )
    assert (status, post["parent_id"], post["message"]["content"]) == (201, str(ideas), "Look")
    assert post["message"]["id"] == post["id"]


async def test_the_bot_hears_of_threads_it_may_see(
    wire: Wire, sandbox: DiscordSandbox, ada: int, general: int, workshop: int
) -> None:
    async with wire.listening() as socket:
        hidden = sandbox.people.begin_thread(ada, general, "Secret", private=True)
        sandbox.people.begin_thread(ada, general, "Open")
        heard = await socket.event("THREAD_CREATE")
        sandbox.changes.delete_channel(int(heard["id"]))
        gone = await socket.event("THREAD_DELETE")

    assert (heard["name"], heard["newly_created"], gone["id"]) == ("Open", True, heard["id"])
    _status, active = await wire.rest("GET", f"/guilds/{workshop}/threads/active")
    assert [one["name"] for one in active["threads"]] == ["A lantern for the hall"]
    assert (await wire.rest("GET", f"/channels/{hidden['id']}"))[1]["code"] == 50001


async def test_a_private_thread_shows_itself_to_those_in_it_and_to_its_keepers(
    sandbox: DiscordSandbox, ada: int, ben: int, mona: int, general: int
) -> None:
    thread = int(sandbox.people.begin_thread(ada, general, "Secret", private=True, content="psst")["id"])

    for reader in (ada, mona):
        assert [one["content"] for one in sandbox.people.messages(reader, thread)] == ["psst"]
    with pytest.raises(Refused):
        sandbox.people.messages(ben, thread)


async def test_a_thread_on_a_message_has_its_id_and_there_is_only_one(wire: Wire, general: int) -> None:
    _status, message = await wire.rest("POST", f"/channels/{general}/messages", {"content": "0"})
    path = f"/channels/{general}/messages/{message['id']}/threads"

    status, thread = await wire.rest("POST", path, {"name": "About it"})

    assert (status, thread["id"]) == (201, message["id"])
    assert (await wire.rest("POST", path, {"name": "Again"}))[1]["code"] == 160004


@pytest.mark.parametrize(
    ("place", "body", "code"),
    [
        ("lounge", {"name": "x"}, 50024),
        ("general", {"name": ""}, 50035),
        ("general", {"name": "x" * 101}, 50035),
        ("ideas", {"name": "x"}, 50035),
    ],
)
async def test_a_thread_that_cannot_be_is_refused(
    wire: Wire, sandbox: DiscordSandbox, place: str, body: Any, code: int
) -> None:
    path = f"/channels/{_channel(sandbox, place)}/threads"

    assert (await wire.rest("POST", path, body))[1]["code"] == code


async def test_to_send_in_a_thread_is_a_right_of_its_own(
    wire: Wire, sandbox: DiscordSandbox, ada: int, general: int, workshop: int
) -> None:
    thread = sandbox.people.begin_thread(ada, general, "Owls")["id"]
    deny = Overwrite(id=BOT_ID, type=1, deny=Permission.SEND_MESSAGES_IN_THREADS)
    sandbox.changes.change_channel(general, overwrites=[deny])

    assert (await wire.rest("POST", f"/channels/{thread}/messages", {"content": "x"}))[1]["code"] == 50013
    assert (await wire.rest("POST", f"/channels/{general}/messages", {"content": "x"}))[0] == 200


async def test_who_may_not_enter_a_voice_channel_does_not_write_in_its_chat(
    wire: Wire, sandbox: DiscordSandbox
) -> None:
    lounge = _channel(sandbox, "lounge")
    assert (await wire.rest("POST", f"/channels/{lounge}/messages", {"content": "x"}))[0] == 200

    sandbox.changes.change_channel(lounge, overwrites=[Overwrite(id=BOT_ID, type=1, deny=Permission.CONNECT)])

    assert (await wire.rest("POST", f"/channels/{lounge}/messages", {"content": "x"}))[1]["code"] == 50013


async def test_who_may_not_write_attaches_nothing_either(
    wire: Wire, sandbox: DiscordSandbox, ada: int, general: int, workshop: int
) -> None:
    await wire.rest("PUT", COMMANDS, [{"name": "forge", "description": "x"}])
    silenced = EVERYONE & ~(Permission.SEND_MESSAGES | Permission.SEND_MESSAGES_IN_THREADS)
    sandbox.changes.change_role(workshop, workshop, permissions=silenced)

    async with wire.listening() as socket:
        await sandbox.people.invoke(ada, general, "forge", wait=False)
        event = await socket.event("INTERACTION_CREATE")

    assert not int(event["member"]["permissions"]) & Permission.ATTACH_FILES


async def test_people_talk_among_themselves_and_the_bot_hears_nothing(
    wire: Wire, sandbox: DiscordSandbox, ada: int, ben: int, mona: int
) -> None:
    _status, group = await wire.control("POST", "conversations", {"users": [ada, ben, mona], "name": "Us"})
    _status, world = await wire.control("GET", f"world?user={ben}")

    assert (group["type"], len(group["recipients"])) == (3, 3)
    assert group["id"] in {one["id"] for one in world["dms"]}
    sandbox.people.write(ada, int(group["id"]), "hush")
    assert (await wire.rest("GET", f"/channels/{group['id']}/messages"))[1]["code"] == 50001


async def test_a_role_that_is_deleted_is_taken_from_its_members(
    wire: Wire, sandbox: DiscordSandbox, workshop: int, mona: int
) -> None:
    (role,) = sandbox.world.member(workshop, mona).roles
    async with wire.listening() as socket:
        assert (await wire.control("DELETE", f"guilds/{workshop}/roles/{role}"))[0] == 204
        gone = await socket.event("GUILD_ROLE_DELETE")

    assert gone == {"guild_id": str(workshop), "role_id": str(role)}
    assert sandbox.world.member(workshop, mona).roles == ()
    assert (await wire.control("DELETE", f"guilds/{workshop}/roles/{workshop}"))[0] == 400


async def test_every_kind_of_select_brings_what_was_chosen(
    wire: Wire, sandbox: DiscordSandbox, ada: int, ben: int, mona: int, general: int, workshop: int
) -> None:
    (role,) = sandbox.world.member(workshop, mona).roles
    lounge = _channel(sandbox, "lounge")
    chosen = {5: [ben], 6: [role], 7: [ben, role], 8: [lounge]}
    menus = [
        {"type": kind, "custom_id": f"{kind}", "max_values": 2}
        | ({"channel_types": [2]} if kind == 8 else {})
        for kind in chosen
    ]
    rows = [{"type": 1, "components": [menu]} for menu in menus]
    body = {"content": "choose", "components": rows}
    _status, message = await wire.rest("POST", f"/channels/{general}/messages", body)
    number, resolved = int(message["id"]), {}
    async with wire.listening() as socket:
        for kind, values in chosen.items():
            texts = [str(one) for one in values]
            await sandbox.people.select(ada, general, number, f"{kind}", texts, wait=False)
            data = (await socket.event("INTERACTION_CREATE"))["data"]
            resolved[kind] = {name: list(found) for name, found in data["resolved"].items()}

    person = {"users": [str(ben)], "members": [str(ben)]}
    assert resolved[5] == person
    assert resolved[6] == {"roles": [str(role)]}
    assert resolved[7] == person | {"roles": [str(role)]}
    assert resolved[8] == {"channels": [str(lounge)]}
    with pytest.raises(Refused):
        await sandbox.people.select(ada, general, number, "8", [str(general)])
