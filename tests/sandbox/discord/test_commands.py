"""Commands are synced as Discord takes them, and refused with its nested errors."""

from typing import Any

import pytest

from sandbox.discord.scene import BOT_ID
from tests.sandbox.discord.wire import COMMANDS, Wire, faults


def _command(**changes: Any) -> dict[str, Any]:
    return {"name": "forge", "description": "Make a thing"} | changes


def _option(**changes: Any) -> dict[str, Any]:
    return {"type": 3, "name": "what", "description": "What to make"} | changes


def _with(*options: dict[str, Any]) -> dict[str, Any]:
    return _command(options=list(options))


def _large(number: int) -> dict[str, Any]:
    choices = [{"name": "y" * 95, "value": f"{choice}" * 95} for choice in range(2)]
    return _option(name=f"o{number}", description="x" * 100, choices=choices)


async def test_a_synced_command_comes_back_whole(wire: Wire) -> None:
    choices = [{"name": "Owl", "value": "owl", "name_localizations": {"es-ES": "Búho"}}]
    command = _with(
        _option(required=True, choices=choices), _option(name="size", type=4, min_value=1, max_value=9)
    )
    command |= {"contexts": [0, 1], "integration_types": [0], "default_member_permissions": "32"}

    status, (synced,) = await wire.rest("PUT", COMMANDS, [command])

    assert status == 200
    assert synced["application_id"] == str(BOT_ID)
    assert synced["options"][0]["choices"] == choices
    assert (synced["options"][1]["min_value"], synced["options"][1]["max_value"]) == (1, 9)
    assert (synced["contexts"], synced["default_member_permissions"]) == ([0, 1], "32")


async def test_a_command_of_the_same_name_keeps_its_id_and_an_equal_one_its_version(wire: Wire) -> None:
    _status, (first,) = await wire.rest("PUT", COMMANDS, [_command()])
    _status, (same,) = await wire.rest("PUT", COMMANDS, [_command()])
    _status, (changed,) = await wire.rest("PUT", COMMANDS, [_command(description="Other")])

    assert same == first
    assert changed["id"] == first["id"]
    assert changed["version"] != first["version"]


async def test_single_commands_are_made_read_changed_and_deleted(wire: Wire) -> None:
    status, made = await wire.rest("POST", COMMANDS, _command(description_localizations={"es-ES": "Hacer"}))
    assert status == 201
    assert (await wire.rest("POST", COMMANDS, _command()))[0] == 200
    one = f"{COMMANDS}/{made['id']}"

    status, changed = await wire.rest("PATCH", one, {"description": "New words"})
    assert (status, changed["name"], changed["description"]) == (200, "forge", "New words")
    assert (await wire.rest("GET", one))[1] == changed
    assert (await wire.rest("DELETE", one))[0] == 204
    assert (await wire.rest("GET", one))[1]["code"] == 10063


async def test_a_list_has_localizations_only_on_request(wire: Wire) -> None:
    words = {"es-ES": "Hacer"}
    await wire.rest("PUT", COMMANDS, [_command(description_localizations=words)])

    _status, (brief,) = await wire.rest("GET", COMMANDS)
    _status, (full,) = await wire.rest("GET", COMMANDS + "?with_localizations=true")

    assert "description_localizations" not in brief
    assert full["description_localizations"] == words


async def test_a_server_has_commands_of_its_own(wire: Wire, workshop: int, ada: int, general: int) -> None:
    path = f"/applications/{BOT_ID}/guilds/{workshop}/commands"

    status, (synced,) = await wire.rest("PUT", path, [_command()])

    assert (status, synced["guild_id"]) == (200, str(workshop))
    assert [one["name"] for one in wire.sandbox.people.commands(ada, general)] == ["forge"]
    elsewhere = wire.sandbox.world.channel_named("Taller", "general").id
    assert wire.sandbox.people.commands(ada, elsewhere) == []


async def test_another_application_is_not_ours(wire: Wire) -> None:
    status, answer = await wire.rest("PUT", "/applications/1/commands", [])

    assert (status, answer["code"]) == (403, 20012)


@pytest.mark.parametrize(
    ("command", "place", "code"),
    [
        (_command(name="Forge"), "0.name", "APPLICATION_COMMAND_INVALID_NAME"),
        (_command(name="two words"), "0.name", "APPLICATION_COMMAND_INVALID_NAME"),
        (_command(name="x" * 33), "0.name", "BASE_TYPE_BAD_LENGTH"),
        (_command(name=None), "0.name", "BASE_TYPE_REQUIRED"),
        (_command(name=5), "0.name", "STRING_TYPE_CONVERT"),
        (_command(description=""), "0.description", "BASE_TYPE_BAD_LENGTH"),
        (_command(description="x" * 101), "0.description", "BASE_TYPE_BAD_LENGTH"),
        (_command(type=7), "0.type", "BASE_TYPE_CHOICES"),
        (_command(contexts=[3]), "0.contexts.0", "BASE_TYPE_CHOICES"),
        (_command(integration_types=[2]), "0.integration_types.0", "BASE_TYPE_CHOICES"),
        (_command(default_member_permissions="many"), "0.default_member_permissions", "NUMBER_TYPE_COERCE"),
        (_command(name_localizations={"xx": "forge"}), "0.name_localizations.xx", "ENUM_TYPE_COERCE"),
        (
            _command(name_localizations={"es-ES": "Forja"}),
            "0.name_localizations.es-ES",
            "APPLICATION_COMMAND_INVALID_NAME",
        ),
        (_command(options="none"), "0.options", "LIST_TYPE_CONVERT"),
        (_with(*[_option(name=f"o{n}") for n in range(26)]), "0.options", "BASE_TYPE_MAX_LENGTH"),
        (_with(_option(), _option()), "0.options", "APPLICATION_COMMAND_OPTIONS_NAME_ALREADY_EXISTS"),
        (
            _with(_option(), _option(name="b", required=True)),
            "0.options",
            "APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID",
        ),
        (_with(_option(type=12)), "0.options.0.type", "BASE_TYPE_CHOICES"),
        (_with(_option(description=None)), "0.options.0.description", "BASE_TYPE_REQUIRED"),
        (_with(_option(required="yes")), "0.options.0.required", "BOOLEAN_TYPE_CONVERT"),
        (_with(_option(max_length=6001)), "0.options.0.max_length", "NUMBER_TYPE_MAX"),
        (_with(_option(type=4, max_value=2**53)), "0.options.0.max_value", "NUMBER_TYPE_MAX"),
        (
            _with(_option(choices=[{"name": "x" * 101, "value": "x"}])),
            "0.options.0.choices.0.name",
            "BASE_TYPE_BAD_LENGTH",
        ),
        (
            _with(_option(type=4, choices=[{"name": "x", "value": "1"}])),
            "0.options.0.choices.0.value",
            "NUMBER_TYPE_COERCE",
        ),
        (
            _with(_option(choices=[{"name": str(n), "value": str(n)} for n in range(26)])),
            "0.options.0.choices",
            "BASE_TYPE_MAX_LENGTH",
        ),
        (
            _with(_option(autocomplete=True, choices=[{"name": "x", "value": "x"}])),
            "0.options.0.autocomplete",
            "APPLICATION_COMMAND_AUTOCOMPLETE_INVALID",
        ),
        (
            _with(_option(type=1, name="set"), _option(name="b")),
            "0.options",
            "APPLICATION_COMMAND_OPTIONS_TYPE_INVALID",
        ),
        (
            _with(_option(type=2, options=[_option(type=2, name="deep")])),
            "0.options.0.options.0.type",
            "BASE_TYPE_CHOICES",
        ),
        (_with(*[_large(n) for n in range(25)]), "0", "APPLICATION_COMMAND_TOO_LARGE"),
        ({"type": 2, "name": "Look at", "description": "words"}, "0.description", None),
        ({"type": 3, "name": "Look at", "options": [_option()]}, "0.options", None),
        ("forge", "0", "DICT_TYPE_CONVERT"),
    ],
)
async def test_a_faulty_command_is_refused_where_the_fault_is(
    wire: Wire, command: Any, place: str, code: str | None
) -> None:
    status, answer = await wire.rest("PUT", COMMANDS, [command])

    assert (status, answer["code"]) == (400, 50035)
    found = faults(answer)
    assert place in found
    assert code is None or found[place] == code


async def test_if_one_command_is_wrong_none_is_taken(wire: Wire) -> None:
    await wire.rest("PUT", COMMANDS, [_command()])

    await wire.rest("PUT", COMMANDS, [_command(name="good"), _command(name="Bad")])

    assert [command["name"] for command in wire.sandbox.registry.all(None)] == ["forge"]


async def test_names_are_unique_by_type(wire: Wire) -> None:
    _status, answer = await wire.rest("PUT", COMMANDS, [_command(), _command()])
    assert faults(answer) == {"1.name": "APPLICATION_COMMANDS_DUPLICATE_NAME"}

    menu = {"type": 3, "name": "forge"}
    assert (await wire.rest("PUT", COMMANDS, [_command(), menu]))[0] == 200


async def test_a_name_of_another_script_is_fine(wire: Wire) -> None:
    for name in ("búho", "ふくろう", "उल्लू", "o-w_l'1"):
        assert (await wire.rest("PUT", COMMANDS, [_command(name=name)]))[0] == 200


async def test_there_are_limits_to_how_many(wire: Wire) -> None:
    many = [_command(name=f"c{number}") for number in range(101)]
    _status, answer = await wire.rest("PUT", COMMANDS, many)
    assert answer["code"] == 30032

    assert (await wire.rest("PUT", COMMANDS, many[:100]))[0] == 200
    others = [_command(name=f"d{number}") for number in range(100)]
    assert (await wire.rest("PUT", COMMANDS, others))[0] == 200
    _status, answer = await wire.rest("PUT", COMMANDS, many[:1])
    assert answer["code"] == 30034
    wire.sandbox.advance(24 * 60 * 60)
    assert (await wire.rest("PUT", COMMANDS, many[:1]))[0] == 200
