from collections.abc import AsyncIterator

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
