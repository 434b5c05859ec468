"""A person can do what a real client would let them, and hears the reason where not."""

from typing import Any

import pytest

from sandbox.discord import DiscordSandbox
from sandbox.discord.interactions import State
from sandbox.discord.people import People
from sandbox.discord.refusals import Refused
from tests.sandbox.discord.wire import COMMANDS, Wire

_OPTIONS = [
    {"type": 3, "name": "what", "description": "x", "required": True, "min_length": 3, "max_length": 5},
    {"type": 4, "name": "size", "description": "x", "min_value": 1, "max_value": 9},
    {"type": 10, "name": "weight", "description": "x"},
    {"type": 5, "name": "shiny", "description": "x"},
    {"type": 6, "name": "who", "description": "x"},
    {"type": 7, "name": "where", "description": "x"},
    {"type": 8, "name": "role", "description": "x"},
    {"type": 9, "name": "any", "description": "x"},
    {"type": 11, "name": "file", "description": "x"},
    {"type": 3, "name": "style", "description": "x", "choices": [{"name": "Low", "value": "low"}]},
]
_COMMANDS = [
    {"name": "make", "description": "x", "options": _OPTIONS},
    {"name": "guild", "description": "x", "contexts": [0]},
    {"name": "direct", "description": "x", "contexts": [1]},
    {"name": "admin", "description": "x", "default_member_permissions": "0"},
    {"name": "mods", "description": "x", "options": [{"type": 1, "name": "set", "description": "x"}]}
    | {"default_member_permissions": "32"},
]
_USERS = {"type": 5, "custom_id": "users", "max_values": 2}
_WORDS = {
    "type": 3,
    "custom_id": "words",
    "options": [{"label": "A", "value": "a"}, {"label": "B", "value": "b"}],
}
_OFF = {"type": 2, "style": 1, "label": "Off", "custom_id": "off", "disabled": True}


@pytest.fixture
async def people(wire: Wire) -> People:
    status, answer = await wire.rest("PUT", COMMANDS, _COMMANDS)
    assert status == 200, answer
    return wire.sandbox.people


def _status(error: pytest.ExceptionInfo[Refused]) -> int:
    return error.value.status


async def test_the_picker_shows_what_rights_and_place_allow(
    sandbox: DiscordSandbox, people: People, ada: int, mona: int, general: int
) -> None:
    olga = sandbox.world.user_named("olga")
    assert olga is not None

    def names(user: int, channel: int) -> set[str]:
        return {command["name"] for command in people.commands(user, channel)}

    assert names(ada, general) == {"make", "guild"}
    assert names(mona, general) == {"make", "guild", "mods"}
    assert names(olga.id, general) == {"make", "guild", "mods", "admin"}
    assert names(ada, sandbox.world.direct(ada).id) == {"make", "direct", "mods", "admin"}


@pytest.mark.parametrize(
    ("command", "options", "status"),
    [
        ("make", {}, 400),
        ("make", {"what": "ow"}, 400),
        ("make", {"what": "owlish"}, 400),
        ("make", {"what": 5}, 400),
        ("make", {"what": "owl", "size": 10}, 400),
        ("make", {"what": "owl", "size": 1.5}, 400),
        ("make", {"what": "owl", "size": True}, 400),
        ("make", {"what": "owl", "shiny": "yes"}, 400),
        ("make", {"what": "owl", "style": "high"}, 400),
        ("make", {"what": "owl", "colour": "red"}, 400),
        ("make", {"what": "owl", "file": "1"}, 400),
        ("make", {"what": "owl", "who": "ada"}, 400),
        ("make", {"what": "owl", "who": "1"}, 404),
        ("make", {"what": "owl", "role": "1"}, 404),
        ("make", {"what": "owl", "where": "1"}, 404),
        ("make now", {"what": "owl"}, 400),
        ("mods set", {}, 403),
        ("direct", {}, 403),
        ("unknown", {}, 403),
    ],
)
async def test_what_a_client_would_not_send_never_reaches_the_bot(
    people: People, ada: int, general: int, command: str, options: Any, status: int
) -> None:
    with pytest.raises(Refused) as error:
        await people.invoke(ada, general, command, options)

    assert _status(error) == status


async def test_a_command_with_branches_needs_one(people: People, mona: int, general: int) -> None:
    for command in ("mods", "mods get"):
        with pytest.raises(Refused):
            await people.invoke(mona, general, command)


async def test_ids_are_resolved_for_the_bot(
    wire: Wire, people: People, ada: int, ben: int, general: int, workshop: int
) -> None:
    upload = await people.upload(ada, general, "owl.png", b"x")
    options = {"what": "owl", "who": str(ben), "where": general, "role": str(workshop), "any": str(ben)}
    options |= {"weight": 1.5, "shiny": True, "size": 2, "style": "low", "file": upload["id"]}
    async with wire.listening() as socket:
        outcome = await people.invoke(ada, general, "make", options, wait=False)
        data = (await socket.event("INTERACTION_CREATE"))["data"]

    resolved = data["resolved"]
    assert outcome.state is State.PENDING
    assert {option["name"]: option["value"] for option in data["options"]}["where"] == str(general)
    assert resolved["users"][str(ben)]["username"] == "ben"
    assert int(resolved["members"][str(ben)]["permissions"]) & 1 << 10
    assert resolved["channels"][str(general)]["name"] == "general"
    assert resolved["roles"][str(workshop)]["name"] == "@everyone"
    assert resolved["attachments"][upload["id"]]["url"] == upload["url"]


async def test_autocomplete_is_for_options_that_have_it(people: People, ada: int, general: int) -> None:
    with pytest.raises(Refused) as error:
        await people.autocomplete(ada, general, "make", {}, "what")

    assert _status(error) == 400


async def test_components_are_used_only_as_they_stand(
    wire: Wire, people: People, ada: int, ben: int, general: int
) -> None:
    rows = [{"type": 1, "components": [part]} for part in (_USERS, _WORDS, _OFF)]
    _status_code, made = await wire.rest("POST", f"/channels/{general}/messages", {"components": rows})
    message = int(made["id"])

    async def refused(act: Any) -> int:
        with pytest.raises(Refused) as error:
            await act
        return error.value.status

    assert await refused(people.click(ada, general, message, "off")) == 400
    assert await refused(people.click(ada, general, message, "words")) == 400
    assert await refused(people.click(ada, general, message, "gone")) == 404
    assert await refused(people.click(ada, general, 1, "off")) == 404
    assert await refused(people.select(ada, general, message, "words", ["c"])) == 400
    assert await refused(people.select(ada, general, message, "words", ["a", "b"])) == 400
    assert await refused(people.select(ada, general, message, "users", ["ben"])) == 400
    async with wire.listening() as socket:
        await people.select(ada, general, message, "users", [str(ben)], wait=False)
        users = (await socket.event("INTERACTION_CREATE"))["data"]
        await people.select(ada, general, message, "words", ["b"], wait=False)
        words = (await socket.event("INTERACTION_CREATE"))["data"]
    assert (users["component_type"], users["values"]) == (5, [str(ben)])
    assert users["resolved"]["users"][str(ben)]["username"] == "ben"
    assert words["values"] == ["b"]


async def test_a_channel_one_does_not_see_is_not_there(
    sandbox: DiscordSandbox, people: People, ada: int, ben: int
) -> None:
    elsewhere = sandbox.world.channel_named("Taller", "general").id

    for channel in (elsewhere, sandbox.world.direct(ada).id):
        with pytest.raises(Refused) as error:
            people.messages(ben, channel)
        assert error.value.code == 10003


async def test_a_reading_channel_is_for_reading(
    sandbox: DiscordSandbox, people: People, ada: int, mona: int
) -> None:
    channel = sandbox.world.channel_named("Workshop", "announcements").id

    with pytest.raises(Refused) as error:
        people.write(ada, channel, "me too")
    assert error.value.code == 50013
    assert people.write(mona, channel, "news")["content"] == "news"


async def test_a_message_is_deleted_by_its_author_or_a_moderator(
    people: People, ada: int, ben: int, mona: int, general: int
) -> None:
    first, second = (int(people.write(ada, general, "x")["id"]) for _ in range(2))

    with pytest.raises(Refused):
        people.delete(ben, general, first)
    people.delete(ada, general, first)
    people.delete(mona, general, second)

    assert people.messages(ada, general) == []


async def test_an_upload_keeps_to_the_person_s_limit(people: People, ada: int, general: int) -> None:
    with pytest.raises(Refused) as error:
        await people.upload(ada, general, "large.glb", b"x" * (10 * 1024 * 1024 + 1))

    assert error.value.status == 413
