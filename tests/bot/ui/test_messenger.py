from collections.abc import AsyncIterator

import discord
import pytest
import pytest_asyncio
from discord import ui

from bot.ui.messenger import (
    Attachment,
    EditFailed,
    EditRefused,
    FilesTooLarge,
    MessageGone,
    Messenger,
    TokenDead,
)
from tests.bot.desk import a_desk
from tests.bot.ui.views import a_card
from tests.bot.wire import APP, Wire, connected


@pytest_asyncio.fixture
async def end() -> AsyncIterator[tuple[Messenger, Wire]]:
    async with connected(lambda _: a_desk()) as (client, wire):
        await wire.next()  # the commands
        yield Messenger(client), wire


def a_layout() -> ui.LayoutView:
    layout = ui.LayoutView(timeout=None)
    layout.add_item(ui.TextDisplay("hello"))
    return layout


async def test_an_edit_by_token_goes_to_the_webhook_and_leaves_the_files_alone(
    end: tuple[Messenger, Wire],
) -> None:
    messenger, wire = end
    await messenger.edit_by_token(a_card(), a_layout(), None)

    call = await wire.next()
    assert (call.method, call.path, call.bot) == ("PATCH", f"/webhooks/{APP}/token/messages/6", False)
    assert call.text == "hello"
    assert "attachments" not in call.body


async def test_an_edit_as_the_bot_goes_to_the_channel_and_leaves_the_files_alone(
    end: tuple[Messenger, Wire],
) -> None:
    messenger, wire = end
    await messenger.edit_as_bot(a_card(), a_layout(), None)

    call = await wire.next()
    assert (call.method, call.path, call.bot) == ("PATCH", "/channels/5/messages/6", True)
    assert "attachments" not in call.body


@pytest.mark.parametrize("way", ["edit_by_token", "edit_as_bot"])
async def test_files_go_along_in_place_of_those_before(end: tuple[Messenger, Wire], way: str) -> None:
    messenger, wire = end
    await getattr(messenger, way)(a_card(), a_layout(), [Attachment(name="owl.glb", data=b"glTF")])

    call = await wire.next()
    assert call.files == ("owl.glb",)
    assert [file["filename"] for file in call.body["attachments"]] == ["owl.glb"]


@pytest.mark.parametrize("way", ["edit_by_token", "edit_as_bot"])
async def test_an_empty_list_takes_the_files_away(end: tuple[Messenger, Wire], way: str) -> None:
    messenger, wire = end
    await getattr(messenger, way)(a_card(), a_layout(), [])
    assert (await wire.next()).body["attachments"] == []


@pytest.mark.parametrize(
    ("way", "status", "code", "failure"),
    [
        ("edit_by_token", 401, 50027, TokenDead),
        ("edit_by_token", 404, 10015, TokenDead),
        ("edit_by_token", 403, 50001, TokenDead),
        ("edit_by_token", 404, 10008, MessageGone),
        ("edit_by_token", 413, 40005, FilesTooLarge),
        ("edit_by_token", 400, 50035, EditRefused),
        ("edit_as_bot", 404, 10008, MessageGone),
        ("edit_as_bot", 404, 10003, MessageGone),
        ("edit_as_bot", 403, 50001, MessageGone),
        ("edit_as_bot", 413, 40005, FilesTooLarge),
        ("edit_as_bot", 400, 50045, FilesTooLarge),
        ("edit_as_bot", 400, 50035, EditRefused),
    ],
)
async def test_discords_refusals_are_told_apart(
    end: tuple[Messenger, Wire], way: str, status: int, code: int, failure: type[EditFailed]
) -> None:
    messenger, wire = end
    wire.failures["PATCH "] = [(status, {"code": code, "message": "no"})]
    with pytest.raises(failure):
        await getattr(messenger, way)(a_card(), a_layout(), None)


async def test_a_card_without_a_token_is_not_asked_about_one(end: tuple[Messenger, Wire]) -> None:
    messenger, wire = end
    with pytest.raises(TokenDead):
        await messenger.edit_by_token(a_card(token=None), a_layout(), None)
    assert wire.calls.empty()


async def test_a_channel_is_told_and_nobody_in_it_is_called(end: tuple[Messenger, Wire]) -> None:
    messenger, wire = end
    await messenger.say(5, "hello @everyone")

    call = await wire.next()
    assert (call.method, call.path, call.bot) == ("POST", "/channels/5/messages", True)
    assert (call.text, call.body["allowed_mentions"]["parse"]) == ("hello @everyone", [])


async def test_a_person_who_takes_no_messages_is_an_error_for_the_caller(end: tuple[Messenger, Wire]) -> None:
    messenger, wire = end
    wire.failures["GET /users/42"] = [
        (200, {"id": "42", "username": "ada", "discriminator": "0", "avatar": None})
    ]
    wire.failures["POST /users/@me/channels"] = [(200, {"id": "77", "type": 1, "recipients": []})]
    wire.failures["POST /channels/77/messages"] = [(403, {"code": 50007, "message": "no"})]

    with pytest.raises(discord.Forbidden):
        await messenger.tell(42, "hello")

    calls = [(await wire.next()).what for _ in range(3)]
    assert calls == ["GET /users", "POST /users/@me/channels", "POST /channels/messages"]
