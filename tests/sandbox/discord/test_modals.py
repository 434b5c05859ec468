"""Forms that the bot opens: what they may hold, what is sent, and what comes of it."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest

from sandbox.discord import DiscordSandbox
from sandbox.discord.interactions import State
from sandbox.discord.refusals import Refused
from sandbox.discord.using import FORM_FAILED, Outcome
from tests.sandbox.discord.wire import COMMANDS, Socket, Wire, faults

FIELD = "data.components.0.component"
_OPTIONS = [{"label": "Owl", "value": "owl"}, {"label": "Fox", "value": "fox"}]


def _label(component: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"type": 18, "label": "What", "component": component} | more


def _text(**more: Any) -> dict[str, Any]:
    return {"type": 4, "custom_id": "text", "style": 1} | more


def _modal(*components: Any, **more: Any) -> dict[str, Any]:
    return {"custom_id": "form", "title": "A form", "components": list(components)} | more


@pytest.fixture
async def socket(wire: Wire) -> AsyncIterator[Socket]:
    await wire.rest("PUT", COMMANDS, [{"name": "ask", "description": "Ask"}])
    async with wire.listening() as socket:
        yield socket


async def _used(wire: Wire, socket: Socket, user: int, channel: int) -> dict[str, Any]:
    await wire.sandbox.people.invoke(user, channel, "ask", wait=False)
    return await socket.event("INTERACTION_CREATE")


async def _answer(wire: Wire, event: dict[str, Any], kind: int, data: Any = None) -> Any:
    path = f"/interactions/{event['id']}/{event['token']}/callback?with_response=1"
    return await wire.rest("POST", path, {"type": kind, "data": data}, signed=False)


async def _opened(wire: Wire, socket: Socket, user: int, channel: int, modal: Any) -> Outcome:
    """A form on a person's screen."""
    using = asyncio.create_task(wire.sandbox.people.invoke(user, channel, "ask"))
    event = await socket.event("INTERACTION_CREATE")
    status, answer = await _answer(wire, event, 9, modal)
    assert status == 200, answer
    return await using


@pytest.mark.parametrize(
    ("modal", "place", "code"),
    [
        (_modal(_label(_text()), custom_id=""), "data.custom_id", "BASE_TYPE_BAD_LENGTH"),
        (_modal(_label(_text()), title="x" * 46), "data.title", "BASE_TYPE_BAD_LENGTH"),
        (_modal(), "data.components", "BASE_TYPE_BAD_LENGTH"),
        (
            _modal(*[_label(_text(custom_id=f"{n}")) for n in range(6)]),
            "data.components",
            "BASE_TYPE_BAD_LENGTH",
        ),
        (_modal(_text()), "data.components.0.type", "BASE_TYPE_CHOICES"),
        (_modal(_label(_text(), label="x" * 46)), "data.components.0.label", "BASE_TYPE_BAD_LENGTH"),
        (
            _modal(_label(_text(), description="x" * 101)),
            "data.components.0.description",
            "BASE_TYPE_MAX_LENGTH",
        ),
        (_modal(_label({"type": 2})), f"{FIELD}.type", "BASE_TYPE_CHOICES"),
        (_modal({"type": 18, "label": "What"}), "data.components.0.component", "BASE_TYPE_REQUIRED"),
        (_modal(_label(_text(style=3))), f"{FIELD}.style", "BASE_TYPE_CHOICES"),
        (_modal(_label(_text(max_length=4001))), f"{FIELD}.max_length", "NUMBER_TYPE_MAX"),
        (
            _modal(_label(_text(value="x" * 4001))),
            f"{FIELD}.value",
            "BASE_TYPE_MAX_LENGTH",
        ),
        (
            _modal(_label(_text(placeholder="x" * 101))),
            f"{FIELD}.placeholder",
            "BASE_TYPE_MAX_LENGTH",
        ),
        (
            _modal(_label(_text(min_length=9, max_length=3))),
            f"{FIELD}.min_length",
            "NUMBER_TYPE_MAX",
        ),
        (
            _modal(_label(_text()), _label(_text())),
            "data.components.1.component.custom_id",
            "COMPONENT_CUSTOM_ID_DUPLICATED",
        ),
        (
            _modal(_label({"type": 3, "custom_id": "s", "options": _OPTIONS, "disabled": True})),
            f"{FIELD}.disabled",
            "COMPONENT_DISABLED_INVALID",
        ),
        (
            _modal(_label({"type": 19, "custom_id": "f", "max_values": 11})),
            f"{FIELD}.max_values",
            "NUMBER_TYPE_MAX",
        ),
        (
            _modal(_label({"type": 19, "custom_id": "f", "min_values": 0})),
            f"{FIELD}.required",
            "COMPONENT_REQUIRED_INVALID",
        ),
        (
            _modal(_label({"type": 21, "custom_id": "r", "options": _OPTIONS[:1]})),
            f"{FIELD}.options",
            "BASE_TYPE_BAD_LENGTH",
        ),
        (
            _modal(
                _label(
                    {"type": 21, "custom_id": "r", "options": [one | {"default": True} for one in _OPTIONS]}
                )
            ),
            f"{FIELD}.options",
            "COMPONENT_TOO_MANY_DEFAULTS",
        ),
        (
            _modal(_label({"type": 22, "custom_id": "c", "options": [_OPTIONS[0]] * 2})),
            f"{FIELD}.options.1.value",
            "COMPONENT_OPTION_VALUE_DUPLICATED",
        ),
        (
            _modal(_label({"type": 5, "custom_id": "u", "default_values": [{"id": "1", "type": "role"}]})),
            f"{FIELD}.default_values.0.type",
            "BASE_TYPE_CHOICES",
        ),
        (
            _modal({"type": 1, "components": [_text()]}),
            "data.components.0.components.0.label",
            "BASE_TYPE_REQUIRED",
        ),
        (_modal({"type": 10, "content": ""}), "data.components.0.content", "BASE_TYPE_BAD_LENGTH"),
    ],
)
async def test_a_form_that_discord_would_not_open_is_refused_where_the_fault_is(
    wire: Wire, socket: Socket, ada: int, general: int, modal: Any, place: str, code: str
) -> None:
    event = await _used(wire, socket, ada, general)

    status, answer = await _answer(wire, event, 9, modal)

    assert (status, answer["code"]) == (400, 50035)
    assert faults(answer)[place] == code


async def test_a_form_with_every_kind_of_field_is_filled_in_and_comes_back_resolved(
    wire: Wire, socket: Socket, ada: int, ben: int, general: int, workshop: int
) -> None:
    people = wire.sandbox.people
    upload = await people.upload(ada, general, "owl.png", b"no picture really")
    modal = _modal(
        {"type": 10, "content": "Say what you want"},
        _label(_text(style=2, max_length=20)),
        _label({"type": 5, "custom_id": "who", "max_values": 2}),
        _label({"type": 19, "custom_id": "files", "max_values": 3}),
        _label({"type": 21, "custom_id": "kind", "options": _OPTIONS}),
    )
    opened = await _opened(wire, socket, ada, general, modal)
    values = {"text": "an owl", "who": [str(ben)], "files": [upload["id"]], "kind": "fox"}

    await people.submit(ada, opened.interaction, values, wait=False)
    event = await socket.event("INTERACTION_CREATE")

    free, text, who, files, kind = event["data"]["components"]
    assert (event["type"], event["data"]["custom_id"], free["type"]) == (5, "form", 10)
    assert (text["type"], text["component"]["value"]) == (18, "an owl")
    assert who["component"]["values"] == [str(ben)]
    assert files["component"]["values"] == [upload["id"]]
    assert kind["component"]["value"] == "fox"
    resolved = event["data"]["resolved"]
    assert resolved["users"][str(ben)]["username"] == "ben"
    assert resolved["members"][str(ben)]["roles"] == []
    assert resolved["attachments"][upload["id"]]["filename"] == "owl.png"
    assert len({one["id"] for one in event["data"]["components"]}) == 5


async def test_what_was_not_touched_is_sent_as_the_form_presets_it(
    wire: Wire, socket: Socket, ada: int, general: int
) -> None:
    preset = [_OPTIONS[0] | {"default": True}, _OPTIONS[1]]
    modal = _modal(
        _label(_text(value="as ever")),
        _label({"type": 3, "custom_id": "select", "options": preset}),
        _label({"type": 22, "custom_id": "boxes", "options": preset}),
        _label({"type": 23, "custom_id": "box", "default": True}),
        _label({"type": 8, "custom_id": "where", "required": False}),
    )
    opened = await _opened(wire, socket, ada, general, modal)

    await wire.sandbox.people.submit(ada, opened.interaction, {}, wait=False)
    event = await socket.event("INTERACTION_CREATE")

    parts = [one["component"] for one in event["data"]["components"]]
    assert [one.get("value", one.get("values")) for one in parts] == ["as ever", ["owl"], ["owl"], True, []]


@pytest.mark.parametrize(
    ("component", "value"),
    [
        (_text(), ""),
        (_text(), 5),
        (_text(max_length=3), "long"),
        (_text(min_length=3), "no"),
        ({"type": 3, "custom_id": "text", "options": _OPTIONS}, ["cat"]),
        ({"type": 3, "custom_id": "text", "options": _OPTIONS}, None),
        ({"type": 5, "custom_id": "text"}, ["ada"]),
        ({"type": 8, "custom_id": "text", "channel_types": [2]}, ["GENERAL"]),
        ({"type": 19, "custom_id": "text"}, ["99"]),
        ({"type": 19, "custom_id": "text"}, []),
        ({"type": 21, "custom_id": "text", "options": _OPTIONS}, "cat"),
        ({"type": 21, "custom_id": "text", "options": _OPTIONS}, None),
        ({"type": 22, "custom_id": "text", "options": _OPTIONS}, ["owl", "cat"]),
        ({"type": 22, "custom_id": "text", "options": _OPTIONS}, "owl"),
        ({"type": 23, "custom_id": "text"}, "yes"),
    ],
)
async def test_what_a_field_would_not_take_never_reaches_the_bot(
    wire: Wire, socket: Socket, ada: int, general: int, component: Any, value: Any
) -> None:
    opened = await _opened(wire, socket, ada, general, _modal(_label(component)))
    given = [str(general)] if value == ["GENERAL"] else value

    with pytest.raises(Refused) as refused:
        await wire.sandbox.people.submit(ada, opened.interaction, {} if given is None else {"text": given})

    assert refused.value.status == 400


async def test_a_sent_form_is_answered_like_a_command_and_remembers_what_opened_it(
    wire: Wire, socket: Socket, ada: int, general: int
) -> None:
    people = wire.sandbox.people
    opened = await _opened(wire, socket, ada, general, _modal(_label(_text())))
    sending = asyncio.create_task(people.submit(ada, opened.interaction, {"text": "x"}))
    event = await socket.event("INTERACTION_CREATE")

    assert (await _answer(wire, event, 9, _modal(_label(_text()))))[0] == 400  # no form upon a form
    assert (await _answer(wire, event, 7, {"content": "x"}))[0] == 400  # it came from no message
    await _answer(wire, event, 4, {"content": "thank you"})

    outcome = await sending
    assert outcome.message is not None
    metadata = outcome.message["interaction_metadata"]
    assert (outcome.message["content"], metadata["type"]) == ("thank you", 5)
    assert metadata["triggering_interaction_metadata"]["id"] == str(opened.interaction)
    with pytest.raises(Refused):
        await people.submit(ada, opened.interaction, {"text": "again"})


async def test_a_form_opened_by_a_button_may_update_the_button_s_message(
    wire: Wire, socket: Socket, ada: int, general: int
) -> None:
    people = wire.sandbox.people
    button = {"type": 2, "style": 1, "label": "Ask", "custom_id": "ask"}
    body = {"content": "before", "components": [{"type": 1, "components": [button]}]}
    _status, message = await wire.rest("POST", f"/channels/{general}/messages", body)
    clicking = asyncio.create_task(people.click(ada, general, int(message["id"]), "ask"))
    await _answer(wire, await socket.event("INTERACTION_CREATE"), 9, _modal(_label(_text())))
    opened = await clicking
    sending = asyncio.create_task(people.submit(ada, opened.interaction, {"text": "x"}))
    event = await socket.event("INTERACTION_CREATE")

    await _answer(wire, event, 7, {"content": "after"})

    outcome = await sending
    assert event["message"]["id"] == message["id"]
    assert outcome.message is not None
    assert (outcome.message["id"], outcome.message["content"]) == (message["id"], "after")


async def test_a_form_that_nobody_answers_stays_open(
    wire: Wire, socket: Socket, ada: int, general: int
) -> None:
    people = wire.sandbox.people
    opened = await _opened(wire, socket, ada, general, _modal(_label(_text())))
    sending = asyncio.create_task(people.submit(ada, opened.interaction, {"text": "x"}))
    await socket.event("INTERACTION_CREATE")
    wire.sandbox.advance(4)

    failed = await sending

    assert (failed.state, failed.error) == (State.FAILED, FORM_FAILED)
    again = await people.submit(ada, opened.interaction, {"text": "x"}, wait=False)
    assert again.state is State.PENDING


async def test_a_form_is_its_own_person_s_and_can_be_closed(
    wire: Wire, socket: Socket, ada: int, ben: int, general: int
) -> None:
    opened = await _opened(wire, socket, ada, general, _modal(_label(_text())))
    one = {"interaction": str(opened.interaction)}

    assert (await wire.control("POST", "submit", one | {"user": ben}))[0] == 404
    assert (await wire.control("POST", "dismiss", one | {"user": ben}))[0] == 404
    assert (await wire.control("POST", "dismiss", one | {"user": ada}))[0] == 204
    assert (await wire.control("POST", "submit", one | {"user": ada, "values": {"text": "x"}}))[0] == 404


async def test_the_old_shape_with_rows_is_still_taken(
    wire: Wire, socket: Socket, ada: int, general: int, sandbox: DiscordSandbox
) -> None:
    row = {"type": 1, "components": [_text(label="What")]}
    opened = await _opened(wire, socket, ada, general, _modal(row))

    await sandbox.people.submit(ada, opened.interaction, {"text": "an owl"}, wait=False)
    event = await socket.event("INTERACTION_CREATE")

    assert event["data"]["components"][0]["components"][0]["value"] == "an owl"
