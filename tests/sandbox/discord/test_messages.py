"""Messages by the bot's token: rights, files, mentions, and what is refused."""

from typing import Any

import pytest

from sandbox.discord.nouns import Overwrite
from sandbox.discord.permissions import Permission
from tests.sandbox.discord.wire import Wire, faults, form


@pytest.fixture
def path(general: int) -> str:
    return f"/channels/{general}/messages"


async def _post(wire: Wire, path: str, *files: tuple[str, bytes], **payload: Any) -> Any:
    return await wire.rest("POST", path, data=form(payload, *files))


def _names(message: Any) -> list[str]:
    return [attachment["filename"] for attachment in message["attachments"]]


async def test_a_message_is_written_read_edited_and_deleted(wire: Wire, path: str) -> None:
    _status, made = await wire.rest("POST", path, {"content": "one", "nonce": "n1"})
    one = f"{path}/{made['id']}"

    assert (made["content"], made["nonce"], made["edited_timestamp"]) == ("one", "n1", None)
    _status, edited = await wire.rest("PATCH", one, {"content": "two"})
    assert edited["edited_timestamp"] is not None
    assert (await wire.rest("GET", one))[1]["content"] == "two"
    assert (await wire.rest("DELETE", one))[0] == 204
    assert (await wire.rest("GET", one))[1]["code"] == 10008


async def test_a_channel_is_listed_newest_first(wire: Wire, path: str) -> None:
    ids = [(await wire.rest("POST", path, {"content": str(number)}))[1]["id"] for number in range(4)]

    async def listed(query: str) -> list[str]:
        return [message["content"] for message in (await wire.rest("GET", path + query))[1]]

    assert await listed("") == ["3", "2", "1", "0"]
    assert await listed(f"?before={ids[2]}&limit=1") == ["1"]
    assert await listed(f"?after={ids[1]}&limit=1") == ["2"]


async def test_an_edit_without_attachments_keeps_the_files_and_a_list_drops_the_unlisted(
    wire: Wire, path: str
) -> None:
    _status, made = await _post(wire, path, ("a.glb", b"a"), ("b.glb", b"b"), content="x")
    one, first = f"{path}/{made['id']}", made["attachments"][0]["id"]

    _status, kept = await wire.rest("PATCH", one, {"content": "y"})
    assert _names(kept) == ["a.glb", "b.glb"]
    payload = {"attachments": [{"id": first}, {"id": 0, "filename": "c.glb", "description": "new"}]}
    _status, changed = await wire.rest("PATCH", one, data=form(payload, ("c.glb", b"c")))
    assert _names(changed) == ["a.glb", "c.glb"]
    assert changed["attachments"][1]["description"] == "new"
    assert (await wire.rest("PATCH", one, {"attachments": []}))[1]["attachments"] == []


async def test_a_file_that_is_shown_cannot_be_dropped_from_under_a_layout(wire: Wire, path: str) -> None:
    layout = [{"type": 13, "file": {"url": "attachment://a.glb"}}]
    _status, made = await _post(wire, path, ("a.glb", b"a"), flags=1 << 15, components=layout)

    status, _answer = await wire.rest("PATCH", f"{path}/{made['id']}", {"attachments": []})

    assert status == 400


async def test_a_file_that_was_not_sent_is_missing(wire: Wire, path: str) -> None:
    _status, answer = await wire.rest("POST", path, {"content": "x", "attachments": [{"id": 0}]})

    assert faults(answer) == {"attachments.0.id": "ATTACHMENT_NOT_FOUND"}


async def test_files_have_the_type_of_their_name(wire: Wire, path: str) -> None:
    _status, made = await _post(wire, path, ("a.png", b"no picture"), ("my owl.glb", b"g"), ("x", b"x"))

    types = [attachment.get("content_type") for attachment in made["attachments"]]
    assert types == ["image/png", "model/gltf-binary", None]
    assert _names(made)[1] == "my_owl.glb"
    assert "width" not in made["attachments"][0]


async def test_a_large_request_and_a_large_file_are_refused_differently(wire: Wire, path: str) -> None:
    mib = b"x" * (1024 * 1024)

    status, answer = await _post(wire, path, ("a", mib * 9), ("b", mib * 9), ("c", mib * 8))
    assert (status, answer["code"]) == (413, 40005)
    status, answer = await _post(wire, path, ("a", mib * 10 + b"x"))
    assert (status, answer["code"]) == (400, 50045)
    assert (await _post(wire, path, ("a", mib * 10)))[0] == 200


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({}, 50006),
        ({"content": ""}, 50006),
        ({"content": "x" * 2001}, 50035),
        ({"content": 5}, 50035),
        ({"content": "x", "nonce": "n" * 26}, 50035),
        ({"embeds": [{"title": "x" * 257}]}, 50035),
        ({"embeds": [{"description": "x" * 4000}] * 2}, 50035),
        ({"content": "x", "allowed_mentions": {"parse": ["users"], "users": ["123"]}}, 50035),
        ({"content": "x", "message_reference": {"message_id": "1"}}, 50035),
        ([], 50035),
    ],
)
async def test_a_bad_message_is_refused(wire: Wire, path: str, body: Any, code: int) -> None:
    status, answer = await wire.rest("POST", path, body)

    assert (status, answer["code"]) == (400, code)


async def test_what_is_no_json_is_told_apart_from_what_is_no_form(wire: Wire, path: str) -> None:
    headers = {"Authorization": f"Bot {wire.sandbox.token}", "Content-Type": "application/json"}
    url = wire.sandbox.rest_url + path
    async with wire.session.post(url, data=b"{", headers=headers) as response:
        assert (await response.json())["code"] == 50109
    async with wire.session.post(
        url, data=b"x", headers=headers | {"Content-Type": "text/plain"}
    ) as response:
        assert faults(await response.json()) == {"": "CONTENT_TYPE_INVALID"}


@pytest.mark.parametrize(
    ("allowed", "users", "everyone"),
    [
        (None, True, False),
        ({"parse": []}, False, False),
        ({"parse": ["users", "everyone"]}, True, False),
        ({"users": ["ADA"]}, True, False),
    ],
)
async def test_mentions_reach_whom_they_may(
    wire: Wire, path: str, ada: int, allowed: Any, users: Any, everyone: Any
) -> None:
    if allowed and allowed.get("users"):
        allowed = {"users": [str(ada)]}

    _status, made = await wire.rest(
        "POST", path, {"content": f"<@{ada}> @everyone", "allowed_mentions": allowed}
    )

    assert bool(made["mentions"]) is users
    assert made["mention_everyone"] is everyone


async def test_a_reply_knows_what_it_replies_to(wire: Wire, path: str) -> None:
    _status, made = await wire.rest("POST", path, {"content": "one"})

    _status, reply = await wire.rest(
        "POST", path, {"content": "two", "message_reference": {"message_id": made["id"]}}
    )

    assert (reply["type"], reply["message_reference"]["message_id"]) == (19, made["id"])


async def test_an_enforced_nonce_writes_once(wire: Wire, path: str) -> None:
    body = {"content": "once", "nonce": "n", "enforce_nonce": True}

    _status, first = await wire.rest("POST", path, body)
    _status, second = await wire.rest("POST", path, body)

    assert first["id"] == second["id"]


@pytest.mark.parametrize(
    ("denied", "send", "edit", "code"),
    [
        (Permission.VIEW_CHANNEL, 403, 403, 50001),
        (Permission.SEND_MESSAGES, 403, 200, 50013),
        (Permission.ATTACH_FILES, 403, 200, 50013),
    ],
)
async def test_rights_taken_away_hold_at_once(
    wire: Wire, general: int, workshop: int, path: str, denied: Permission, send: int, edit: int, code: int
) -> None:
    _status, made = await wire.rest("POST", path, {"content": "before"})
    bot = wire.sandbox.world.bot.id
    wire.sandbox.changes.change_channel(general, overwrites=[Overwrite(id=bot, type=1, deny=denied)])

    status, answer = await _post(wire, path, ("a.glb", b"a"), content="after")

    assert (status, answer["code"]) == (send, code)
    assert (await wire.rest("PATCH", f"{path}/{made['id']}", {"content": "after"}))[0] == edit


async def test_others_messages_are_deleted_by_right_and_never_edited(
    wire: Wire, path: str, ada: int, general: int
) -> None:
    message = wire.sandbox.people.write(ada, general, "mine")
    one = f"{path}/{message['id']}"

    assert (await wire.rest("PATCH", one, {"content": "yours"}))[1]["code"] == 50005
    assert (await wire.rest("DELETE", one))[0] == 204


async def test_a_direct_message_is_opened_and_written_unless_nothing_is_shared(wire: Wire, ada: int) -> None:
    stranger = wire.sandbox.changes.add_user("stranger").id
    codes = []
    for person in (ada, stranger):
        _status, channel = await wire.rest("POST", "/users/@me/channels", {"recipient_id": str(person)})
        status, answer = await wire.rest("POST", f"/channels/{channel['id']}/messages", {"content": "hi"})
        codes.append((status, answer.get("code")))

    assert codes == [(200, None), (403, 50007)]
    assert (await wire.rest("POST", "/users/@me/channels", {"recipient_id": "1"}))[1]["code"] == 50033
    assert (await wire.rest("POST", "/users/@me/channels", []))[1]["code"] == 50035


@pytest.mark.parametrize(
    ("method", "path", "signed", "status", "code"),
    [
        ("GET", "/users/@me", False, 401, 0),
        ("GET", "/no/such/thing", True, 404, 0),
        ("DELETE", "/users/@me", True, 405, 0),
        ("GET", "/channels/1", True, 404, 10003),
        ("GET", "/guilds/1", True, 404, 10004),
        ("GET", "/users/1", True, 404, 10013),
        ("GET", "/channels/general", True, 400, 50035),
    ],
)
async def test_what_is_not_there_is_said_so(
    wire: Wire, method: str, path: str, signed: Any, status: int, code: int
) -> None:
    found, answer = await wire.rest(method, path, signed=signed)

    assert (found, answer["code"]) == (status, code)


async def test_another_version_of_the_api_is_not_spoken(wire: Wire) -> None:
    async with wire.session.get(wire.sandbox.address + "/api/v6/users/@me") as response:
        assert (await response.json())["code"] == 50041


async def test_a_bot_may_look_at_its_servers(wire: Wire, workshop: int, ada: int, general: int) -> None:
    assert [guild["name"] for guild in (await wire.rest("GET", "/users/@me/guilds"))[1]] == [
        "Workshop",
        "Taller",
    ]
    assert (await wire.rest("GET", f"/guilds/{workshop}"))[1]["name"] == "Workshop"
    assert len((await wire.rest("GET", f"/guilds/{workshop}/channels"))[1]) == 5
    assert len((await wire.rest("GET", f"/guilds/{workshop}/roles"))[1]) == 3
    assert (await wire.rest("GET", f"/guilds/{workshop}/members/{ada}"))[1]["user"]["username"] == "ada"
    assert (await wire.rest("GET", f"/channels/{general}"))[1]["name"] == "general"
    assert (await wire.rest("GET", f"/users/{ada}"))[1]["global_name"] == "Ada"
    assert (await wire.rest("POST", f"/channels/{general}/typing"))[0] == 204
    assert (await wire.rest("GET", "/gateway/bot"))[1]["session_start_limit"]["remaining"] == 1000
    assert (await wire.rest("GET", "/gateway", signed=False))[1] == {"url": wire.sandbox.gateway.url}
    assert (await wire.rest("GET", "/applications/@me"))[1]["verify_key"]
