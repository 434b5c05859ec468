"""Interactions live as long as in Discord, and are answered as there or not at all."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest

from sandbox.discord import DiscordSandbox
from sandbox.discord.interactions import State
from sandbox.discord.scene import BOT_ID
from tests.sandbox.discord.wire import COMMANDS, Socket, Wire, faults, form

_COMMANDS = [
    {"name": "run", "description": "Run"},
    {
        "name": "find",
        "description": "Find",
        "options": [
            {"type": 3, "name": "what", "description": "What", "required": True, "autocomplete": True}
        ],
    },
]
_BUTTON = {"type": 1, "components": [{"type": 2, "style": 1, "label": "Go", "custom_id": "go"}]}
_CARD = {"flags": 32768, "components": [{"type": 10, "content": "done"}]}


@pytest.fixture
async def socket(wire: Wire) -> AsyncIterator[Socket]:
    await wire.rest("PUT", COMMANDS, _COMMANDS)
    async with wire.listening() as socket:
        yield socket


class Used:
    """An interaction as the bot got it."""

    def __init__(self, wire: Wire, event: dict[str, Any]) -> None:
        self.event = event
        self._wire = wire
        self._hook = f"/webhooks/{BOT_ID}/{event['token']}"

    async def answer(self, body: Any, query: str = "?with_response=1") -> Any:
        path = f"/interactions/{self.event['id']}/{self.event['token']}/callback{query}"
        return await self._wire.rest("POST", path, body, signed=False)

    async def hook(self, method: str, path: str = "", body: Any = None, **more: Any) -> Any:
        return await self._wire.rest(method, self._hook + path, body, signed=False, **more)


async def _use(wire: Wire, socket: Socket, user: int, channel: int) -> Used:
    await wire.sandbox.people.invoke(user, channel, "run", wait=False)
    return Used(wire, await socket.event("INTERACTION_CREATE"))


async def _click(wire: Wire, socket: Socket, user: int, channel: int) -> Used:
    """Post a message with a button and press it."""
    _status, message = await wire.rest("POST", f"/channels/{channel}/messages", {"components": [_BUTTON]})
    await wire.sandbox.people.click(user, channel, int(message["id"]), "go", wait=False)
    return Used(wire, await socket.event("INTERACTION_CREATE"))


async def test_the_event_says_who_where_and_what(
    wire: Wire, socket: Socket, ada: int, general: int, workshop: int
) -> None:
    event = (await _use(wire, socket, ada, general)).event

    assert (event["type"], event["version"], event["context"]) == (2, 1, 0)
    assert event["application_id"] == str(BOT_ID)
    assert event["member"]["user"]["id"] == str(ada)
    assert (event["locale"], event["guild_locale"]) == ("en-US", "en-US")
    assert event["authorizing_integration_owners"] == {"0": str(workshop)}
    assert event["attachment_size_limit"] == 10 * 1024 * 1024
    assert int(event["app_permissions"]) & 1 << 15
    assert "user" not in event


async def test_in_a_direct_message_there_is_a_user_and_no_server(
    wire: Wire, socket: Socket, ada: int
) -> None:
    event = (await _use(wire, socket, ada, wire.sandbox.world.direct(ada).id)).event

    assert event["user"]["id"] == str(ada)
    assert (event["context"], event["authorizing_integration_owners"]) == (1, {"0": "0"})
    assert not {"member", "guild_id", "guild_locale"} & set(event)


async def test_the_limit_for_files_grows_with_the_boosts(
    wire: Wire, socket: Socket, ada: int, general: int, workshop: int
) -> None:
    wire.sandbox.changes.change_guild(workshop, premium_tier=2)

    event = (await _use(wire, socket, ada, general)).event

    assert event["attachment_size_limit"] == 50 * 1024 * 1024


async def test_an_answer_tells_its_message(wire: Wire, socket: Socket, ada: int, general: int) -> None:
    used = await _use(wire, socket, ada, general)

    status, answer = await used.answer({"type": 4, "data": {"content": "hi", "flags": 64}})

    assert status == 200
    assert answer["interaction"]["response_message_ephemeral"] is True
    assert answer["resource"]["message"]["content"] == "hi"
    assert answer["interaction"]["response_message_id"] == answer["resource"]["message"]["id"]


async def test_without_with_response_there_is_nothing_to_read(
    wire: Wire, socket: Socket, ada: int, general: int
) -> None:
    used = await _use(wire, socket, ada, general)

    assert await used.answer({"type": 5}, query="") == (204, None)


async def test_a_second_answer_is_refused(wire: Wire, socket: Socket, ada: int, general: int) -> None:
    used = await _use(wire, socket, ada, general)
    await used.answer({"type": 5})

    status, answer = await used.answer({"type": 4, "data": {"content": "again"}})

    assert (status, answer["code"]) == (400, 40060)


async def test_a_refused_answer_leaves_the_interaction_open(
    wire: Wire, socket: Socket, ada: int, general: int
) -> None:
    used = await _use(wire, socket, ada, general)

    assert (await used.answer({"type": 4, "data": {}}))[1]["code"] == 50006
    assert (await used.answer({"type": 4, "data": {"content": "better"}}))[0] == 200


async def test_three_seconds_is_the_end(wire: Wire, socket: Socket, ada: int, general: int) -> None:
    on_time, late = await _use(wire, socket, ada, general), await _use(wire, socket, ada, general)

    wire.sandbox.advance(3.0)
    assert (await on_time.answer({"type": 5}))[0] == 200
    wire.sandbox.advance(0.001)
    status, answer = await late.answer({"type": 5})

    assert (status, answer["code"]) == (404, 10062)


async def test_a_wrong_token_is_an_unknown_interaction(
    wire: Wire, socket: Socket, ada: int, general: int
) -> None:
    used = await _use(wire, socket, ada, general)
    used.event["token"] += "x"

    assert (await used.answer({"type": 5}))[1]["code"] == 10062


@pytest.mark.parametrize("kind", [1, 6, 7, 8, 99, "4", None])
async def test_a_command_cannot_be_answered_like_something_else(
    wire: Wire, socket: Socket, ada: int, general: int, kind: Any
) -> None:
    used = await _use(wire, socket, ada, general)

    status, answer = await used.answer({"type": kind, "data": {"content": "x"}})

    assert (status, answer["code"]) == (400, 50035)
    assert "type" in answer["errors"]


async def test_a_deferred_answer_carries_no_flag_but_private(
    wire: Wire, socket: Socket, ada: int, general: int
) -> None:
    used = await _use(wire, socket, ada, general)

    status, answer = await used.answer({"type": 5, "data": {"flags": 32768}})
    assert (status, "flags" in str(answer["errors"])) == (400, True)

    assert (await used.answer({"type": 5, "data": {"flags": 64}}))[0] == 200
    _status, edited = await used.hook("PATCH", "/messages/@original", _CARD)
    assert edited["flags"] == 64 | 32768


async def test_private_is_decided_by_the_first_answer(
    wire: Wire, socket: Socket, ada: int, general: int
) -> None:
    used = await _use(wire, socket, ada, general)
    await used.answer({"type": 5})

    _status, edited = await used.hook("PATCH", "/messages/@original", {"content": "x", "flags": 64})

    assert edited["flags"] == 0


async def test_the_token_opens_nothing_before_the_answer(
    wire: Wire, socket: Socket, ada: int, general: int
) -> None:
    used = await _use(wire, socket, ada, general)

    assert (await used.hook("POST", body={"content": "early"}))[1]["code"] == 10015


async def test_the_token_dies_after_a_quarter_of_an_hour(
    wire: Wire, socket: Socket, ada: int, general: int
) -> None:
    used = await _use(wire, socket, ada, general)
    await used.answer({"type": 5})

    wire.sandbox.advance(15 * 60)
    assert (await used.hook("PATCH", "/messages/@original", {"content": "just"}))[0] == 200
    wire.sandbox.advance(0.001)
    for method, path in (("PATCH", "/messages/@original"), ("POST", ""), ("DELETE", "/messages/@original")):
        status, answer = await used.hook(method, path, {"content": "late"})
        assert (status, answer["code"]) == (401, 50027)
    assert wire.sandbox.door.traffic.invalid == 3


async def test_a_token_opens_only_its_own_messages(
    wire: Wire, socket: Socket, ada: int, general: int
) -> None:
    mine, other = await _use(wire, socket, ada, general), await _use(wire, socket, ada, general)
    _status, answer = await mine.answer({"type": 4, "data": {"content": "mine"}})
    await other.answer({"type": 4, "data": {"content": "other"}})
    message = answer["resource"]["message"]["id"]

    assert (await mine.hook("GET", f"/messages/{message}"))[0] == 200
    assert (await other.hook("PATCH", f"/messages/{message}", {"content": "stolen"}))[1]["code"] == 10008


async def test_another_application_has_no_such_webhook(
    wire: Wire, socket: Socket, ada: int, general: int
) -> None:
    used = await _use(wire, socket, ada, general)
    await used.answer({"type": 5})

    status, answer = await wire.rest(
        "POST", f"/webhooks/1/{used.event['token']}", {"content": "x"}, signed=False
    )

    assert (status, answer["code"]) == (404, 10015)


async def test_a_deleted_answer_is_gone(wire: Wire, socket: Socket, ada: int, general: int) -> None:
    used = await _use(wire, socket, ada, general)
    await used.answer({"type": 5})

    assert (await used.hook("DELETE", "/messages/@original"))[0] == 204
    assert (await used.hook("GET", "/messages/@original"))[1]["code"] == 10008
    assert wire.sandbox.people.messages(ada, general) == []


async def test_a_channel_that_is_gone_cannot_be_answered_in(
    wire: Wire, socket: Socket, ada: int, general: int
) -> None:
    used = await _use(wire, socket, ada, general)
    wire.sandbox.changes.delete_channel(general)

    assert (await used.answer({"type": 4, "data": {"content": "x"}}))[1]["code"] == 10003


async def test_a_private_message_is_beyond_the_bot_token(
    wire: Wire, socket: Socket, ada: int, general: int
) -> None:
    used = await _use(wire, socket, ada, general)
    _status, answer = await used.answer({"type": 4, "data": {"content": "x", "flags": 64}})
    message = answer["resource"]["message"]["id"]

    status, answer = await wire.rest("PATCH", f"/channels/{general}/messages/{message}", {"content": "y"})

    assert (status, answer["code"]) == (404, 10008)


async def test_a_file_over_the_limit_is_refused(wire: Wire, socket: Socket, ada: int, general: int) -> None:
    used = await _use(wire, socket, ada, general)
    await used.answer({"type": 5})
    large = b"x" * (10 * 1024 * 1024 + 1)

    status, answer = await used.hook("PATCH", "/messages/@original", data=form({}, ("owl.glb", large)))

    assert (status, answer["code"]) == (400, 50045)


async def test_a_click_brings_its_message_and_updates_it(
    wire: Wire, socket: Socket, ada: int, general: int
) -> None:
    used = await _click(wire, socket, ada, general)

    _status, answer = await used.answer({"type": 7, "data": {"content": "pressed", "components": []}})

    assert used.event["data"] == {"custom_id": "go", "component_type": 2, "id": 2}
    assert answer["resource"]["message"]["id"] == used.event["message"]["id"]
    assert answer["resource"]["message"]["content"] == "pressed"


async def test_a_deferred_update_shows_nothing_and_opens_its_message(
    wire: Wire, socket: Socket, ada: int, general: int
) -> None:
    used = await _click(wire, socket, ada, general)

    _status, answer = await used.answer({"type": 6})
    _status, edited = await used.hook("PATCH", "/messages/@original", {"content": "later"})

    assert answer["interaction"]["response_message_loading"] is False
    assert edited["id"] == used.event["message"]["id"]


async def test_an_autocomplete_takes_choices_and_nothing_else(
    wire: Wire, socket: Socket, ada: int, general: int
) -> None:
    people = wire.sandbox.people
    wire.sandbox.changes.change_user(ada, locale="es-ES")

    async def complete(body: Any) -> Any:
        used = Used(wire, await socket.event("INTERACTION_CREATE"))
        assert used.event["locale"] == "es-ES"
        assert used.event["data"]["options"] == [{"name": "what", "type": 3, "value": "ow", "focused": True}]
        return await used.answer(body)

    choices = [{"name": "Owl", "value": "owl"}]
    for body, status in (
        ({"type": 4, "data": {"content": "no"}}, 400),
        ({"type": 8, "data": {"choices": choices * 26}}, 400),
        ({"type": 8, "data": {"choices": [{"name": "", "value": "owl"}]}}, 400),
        ({"type": 8, "data": {"choices": choices}}, 200),
    ):
        task = people.autocomplete(ada, general, "find", {"what": "ow"}, "what")
        outcome, answer = await _both(wire, task, complete(body))
        assert answer[0] == status
        assert (outcome.state is State.CHOICES) == (status == 200)


async def _both(wire: Wire, person: Any, bot: Any) -> Any:
    """What the person gets, and what the bot; three seconds are over if it was refused."""
    asking = asyncio.create_task(person)
    answer = await bot
    if answer[0] != 200:
        wire.sandbox.advance(3.1)
    return await asking, answer


async def test_a_faulty_answer_names_every_fault(wire: Wire, socket: Socket, ada: int, general: int) -> None:
    used = await _use(wire, socket, ada, general)

    _status, answer = await used.answer(
        {"type": 4, "data": {"content": "x" * 2001, "components": [{"type": 2}]}}
    )

    assert faults(answer) == {
        "data.content": "BASE_TYPE_MAX_LENGTH",
        "data.components.0.type": "BASE_TYPE_CHOICES",
    }


async def test_answers_are_outside_the_global_limit_but_have_their_own(
    wire: Wire, sandbox: DiscordSandbox, socket: Socket, ada: int, general: int
) -> None:
    used = await _use(wire, socket, ada, general)
    await used.answer({"type": 5})

    answers = [
        await used.hook("PATCH", "/messages/@original", {"content": str(number)}) for number in range(6)
    ]

    assert [status for status, _answer in answers] == [200] * 5 + [429]
    assert answers[-1][1]["global"] is False
    assert answers[-1][1]["retry_after"] <= 2
