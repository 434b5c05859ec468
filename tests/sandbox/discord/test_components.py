"""Components of a message keep to Discord's rules, or are refused where the fault is."""

from typing import Any

import pytest

from tests.sandbox.discord.wire import Wire, faults, form

V2 = 1 << 15


def _text(content: str = "words", **more: Any) -> dict[str, Any]:
    return {"type": 10, "content": content} | more


def _button(**changes: Any) -> dict[str, Any]:
    return {"type": 2, "style": 1, "label": "Go", "custom_id": "go"} | changes


def _link(url: str) -> dict[str, Any]:
    return {"type": 2, "style": 5, "label": "Go", "url": url}


def _row(*items: dict[str, Any]) -> dict[str, Any]:
    return {"type": 1, "components": list(items)}


def _container(*items: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"type": 17, "components": list(items)} | more


def _select(**changes: Any) -> dict[str, Any]:
    return {"type": 3, "custom_id": "pick", "options": [{"label": "A", "value": "a"}]} | changes


def _thumbnail(url: str = "https://example.com/a.png") -> dict[str, Any]:
    return {"type": 11, "media": {"url": url}}


def _gallery(*urls: str) -> dict[str, Any]:
    return {"type": 12, "items": [{"media": {"url": url}} for url in urls]}


def _section(*items: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"type": 9, "components": list(items), "accessory": _thumbnail()} | more


@pytest.mark.parametrize(
    ("components", "place", "code"),
    [
        ([_button()], "components.0.type", "BASE_TYPE_CHOICES"),
        ([_thumbnail()], "components.0.type", "BASE_TYPE_CHOICES"),
        ([{"type": 99}], "components.0.type", "BASE_TYPE_CHOICES"),
        (["text"], "components.0", "DICT_TYPE_CONVERT"),
        ([_text("")], "components.0.content", "BASE_TYPE_BAD_LENGTH"),
        ([_text("x" * 4001)], "components.0.content", "BASE_TYPE_BAD_LENGTH"),
        ([_text("x" * 2500), _text("x" * 1501)], "components", "COMPONENT_DISPLAYABLE_TEXT_SIZE_EXCEEDED"),
        ([_text()] * 41, "components", "BASE_TYPE_MAX_LENGTH"),
        ([_container(*[_text()] * 40)], "components", "COMPONENT_MAX_TOTAL_COMPONENTS_EXCEEDED"),
        ([_container()], "components.0.components", "BASE_TYPE_BAD_LENGTH"),
        ([_container(_container(_text()))], "components.0.components.0.type", "BASE_TYPE_CHOICES"),
        ([_container(_text(), accent_color=1 << 24)], "components.0.accent_color", "NUMBER_TYPE_MAX"),
        ([_row()], "components.0.components", "BASE_TYPE_BAD_LENGTH"),
        (
            [_row(*[_button(custom_id=str(n)) for n in range(6)])],
            "components.0.components",
            "BASE_TYPE_BAD_LENGTH",
        ),
        ([_row(_select(), _button())], "components.0.components", "COMPONENT_LAYOUT_WIDTH_EXCEEDED"),
        ([_row(_text())], "components.0.components.0.type", "BASE_TYPE_CHOICES"),
        (
            [_row(_button(), _button())],
            "components.0.components.1.custom_id",
            "COMPONENT_CUSTOM_ID_DUPLICATED",
        ),
        ([_row(_button(custom_id="x" * 101))], "components.0.components.0.custom_id", "BASE_TYPE_BAD_LENGTH"),
        ([_row(_button(custom_id=None))], "components.0.components.0.custom_id", "BASE_TYPE_REQUIRED"),
        ([_row(_button(label="x" * 81))], "components.0.components.0.label", "BASE_TYPE_MAX_LENGTH"),
        ([_row(_button(style=7))], "components.0.components.0.style", "BASE_TYPE_CHOICES"),
        ([_row(_button(label=None))], "components.0.components.0", "BUTTON_COMPONENT_INVALID_LABEL_EMOJI"),
        ([_row(_button(url="https://x.y"))], "components.0.components.0.url", "BUTTON_COMPONENT_INVALID_URL"),
        ([_row(_link("javascript://x"))], "components.0.components.0.url", "URL_TYPE_INVALID_SCHEME"),
        ([_row(_link("https://" + "x" * 505))], "components.0.components.0.url", "BASE_TYPE_BAD_LENGTH"),
        ([_row(_select(options=[]))], "components.0.components.0.options", "BASE_TYPE_BAD_LENGTH"),
        ([_row(_select(max_values=2))], "components.0.components.0.max_values", "NUMBER_TYPE_MAX"),
        (
            [_row(_select(placeholder="x" * 151))],
            "components.0.components.0.placeholder",
            "BASE_TYPE_MAX_LENGTH",
        ),
        (
            [_row(_select(options=[{"label": "A", "value": "a"}] * 2))],
            "components.0.components.0.options.0.value",
            "SELECT_COMPONENT_OPTION_VALUE_DUPLICATED",
        ),
        (
            [_row({"type": 6, "custom_id": "r", "default_values": [{"id": "1", "type": "user"}]})],
            "components.0.components.0.default_values.0.type",
            "BASE_TYPE_CHOICES",
        ),
        (
            [
                _row(
                    {
                        "type": 5,
                        "custom_id": "u",
                        "default_values": [{"id": str(n), "type": "user"} for n in (1, 2)],
                    }
                )
            ],
            "components.0.components.0.default_values",
            "COMPONENT_DEFAULT_VALUES_LENGTH",
        ),
        (
            [_row({"type": 8, "custom_id": "c", "channel_types": [17]})],
            "components.0.components.0.channel_types.0",
            "NUMBER_TYPE_MAX",
        ),
        ([_section()], "components.0.components", "BASE_TYPE_BAD_LENGTH"),
        ([_section(*[_text()] * 4)], "components.0.components", "BASE_TYPE_BAD_LENGTH"),
        ([_section(_text(), accessory=None)], "components.0.accessory", "BASE_TYPE_REQUIRED"),
        ([_section(_text(), accessory=_text())], "components.0.accessory.type", "BASE_TYPE_CHOICES"),
        ([_gallery()], "components.0.items", "BASE_TYPE_BAD_LENGTH"),
        ([_gallery(*["https://x.y/z"] * 11)], "components.0.items", "BASE_TYPE_BAD_LENGTH"),
        ([_gallery("file:///etc")], "components.0.items.0.media.url", "URL_TYPE_INVALID_SCHEME"),
        (
            [{"type": 13, "file": {"url": "https://x.y/z"}}],
            "components.0.file.url",
            "URL_TYPE_INVALID_SCHEME",
        ),
        ([{"type": 14, "spacing": 3}], "components.0.spacing", "BASE_TYPE_CHOICES"),
        ([_text(id=5), _text(id=5)], "components.1.id", "COMPONENT_ID_DUPLICATED"),
        (
            [{"type": 13, "file": {"url": "attachment://owl.glb"}}],
            "components",
            "UNFURLED_MEDIA_ITEM_REFERENCED_ATTACHMENT_NOT_FOUND",
        ),
    ],
)
async def test_a_faulty_layout_is_refused_where_the_fault_is(
    wire: Wire, general: int, components: Any, place: str, code: str
) -> None:
    body = {"flags": V2, "components": components}

    status, answer = await wire.rest("POST", f"/channels/{general}/messages", body)

    assert (status, answer["code"]) == (400, 50035)
    assert faults(answer).get(place) == code


async def test_a_layout_comes_back_numbered_and_with_its_media_resolved(wire: Wire, general: int) -> None:
    layout = [
        _container(
            _section(_text("# Owl"), accessory=_thumbnail("attachment://owl.png")),
            {"type": 14},
            _gallery("attachment://owl.png", "https://example.com/b.png"),
            {"type": 13, "file": {"url": "attachment://owl.glb"}},
            _row(_button(), _link("https://example.com")),
        )
    ]
    data = form({"flags": V2, "components": layout}, ("owl.png", b"png"), ("owl.glb", b"glTF"))

    status, message = await wire.rest("POST", f"/channels/{general}/messages", data=data)

    assert status == 200
    container = message["components"][0]
    section, _line, gallery, file, row = container["components"]
    assert container["id"] == 1
    assert section["accessory"]["media"]["url"].startswith(wire.sandbox.address + "/attachments/")
    assert gallery["items"][1]["media"]["url"] == "https://example.com/b.png"
    assert (file["name"], file["size"]) == ("owl.glb", 4)
    assert len({part["id"] for part in (container, section, gallery, file, row, *row["components"])}) == 7


async def test_legacy_rows_stand_without_the_flag_and_nothing_else_does(wire: Wire, general: int) -> None:
    path = f"/channels/{general}/messages"
    assert (await wire.rest("POST", path, {"components": [_row(_button())]}))[0] == 200

    _status, answer = await wire.rest("POST", path, {"components": [_text()]})
    assert faults(answer) == {"components.0.type": "BASE_TYPE_CHOICES"}
    rows = [_row(_button(custom_id=str(number))) for number in range(6)]
    _status, answer = await wire.rest("POST", path, {"components": rows})
    assert faults(answer) == {"components": "BASE_TYPE_MAX_LENGTH"}


@pytest.mark.parametrize(
    ("field", "value"),
    [("content", "hi"), ("embeds", [{"title": "hi"}]), ("sticker_ids", ["1"]), ("poll", {})],
)
async def test_a_layout_has_nothing_from_before_it(wire: Wire, general: int, field: str, value: Any) -> None:
    body = {"flags": V2, "components": [_text()], field: value}

    status, answer = await wire.rest("POST", f"/channels/{general}/messages", body)

    assert status == 400 or value == {}
    if value:
        assert faults(answer) == {field: "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2"}


async def test_a_layout_stays_one(wire: Wire, general: int) -> None:
    path = f"/channels/{general}/messages"
    _status, message = await wire.rest("POST", path, {"flags": V2, "components": [_text()]})
    one = f"{path}/{message['id']}"

    for body, place in (({"flags": 0}, "flags"), ({"content": "plain"}, "content")):
        status, answer = await wire.rest("PATCH", one, body)
        assert (status, list(faults(answer))) == (400, [place])
    assert (await wire.rest("PATCH", one, {"components": []}))[1]["code"] == 50006


async def test_a_plain_message_becomes_a_layout_only_without_its_content(wire: Wire, general: int) -> None:
    path = f"/channels/{general}/messages"
    _status, message = await wire.rest("POST", path, {"content": "plain"})
    one = f"{path}/{message['id']}"
    body = {"flags": V2, "components": [_text()]}

    assert (await wire.rest("PATCH", one, body))[0] == 400
    status, changed = await wire.rest("PATCH", one, body | {"content": None})

    assert (status, changed["content"], changed["flags"]) == (200, "", V2)
