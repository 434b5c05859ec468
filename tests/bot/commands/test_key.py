"""Own keys, as typed: what the core is asked, and that nobody hears of a key again."""

import io
import logging
from collections.abc import Iterator

import pytest
import structlog

from bot import log
from bot.jobs.errors import KeyRefused, KeyUnproven
from tests.bot.commands.conftest import Room
from tests.bot.wire import Call

SECRET = "tsk_a_key_of_my_own_0123456789"
THINKING, FORM, PRIVATE = 5, 9, 64


@pytest.fixture
def told() -> Iterator[io.StringIO]:
    """The log, as the bot keeps it, but with every debug line."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    out = io.StringIO()
    log.set_up(form="json", level="debug", stream=out)
    root.setLevel(logging.DEBUG)
    yield out
    structlog.reset_defaults()
    root.handlers[:] = handlers
    root.setLevel(level)


async def fill(room: Room, provider: str, text: str) -> Call:
    """Type the command, fill the form, and send it; gives what came after the bot had heard it."""
    room.member.types("key set", provider=provider)
    room.member.sends(await room.next(), text)
    heard = await room.next()
    assert heard.body == {"type": THINKING, "data": {"flags": PRIVATE}}
    return await room.next()


async def test_set_opens_a_form_that_says_which_vendor_and_holds_nothing(room: Room) -> None:
    room.member.types("key set", provider="meshy")

    form = await room.next()

    assert form.body["type"] == FORM
    assert form.answer["title"] == "Your key at Meshy"
    assert not any(part.get("value") for part in form.parts)
    assert room.keys.given == []


async def test_what_is_put_in_is_kept_and_not_repeated(room: Room) -> None:
    answer = await fill(room, "meshy", SECRET)

    assert room.keys.given == [("meshy", SECRET)]
    assert "Meshy accepts your key" in answer.text
    assert answer.private
    assert SECRET not in str(answer)


async def test_the_form_speaks_its_readers_language(room: Room) -> None:
    room.member.locale = "es-ES"

    answer = await fill(room, "tripo", SECRET)

    assert "Tripo acepta tu clave" in answer.text


@pytest.mark.parametrize(
    ("refusal", "words"),
    [(KeyRefused("Meshy"), "does not accept that key"), (KeyUnproven("Meshy"), "did not say")],
)
async def test_a_key_that_is_not_taken_is_told_in_private(room: Room, refusal: Exception, words: str) -> None:
    room.keys.refusal = refusal

    answer = await fill(room, "meshy", SECRET)

    assert words in answer.text
    assert answer.private
    assert SECRET not in str(answer)


async def test_a_mistake_of_ours_tells_neither_member_nor_log_the_key(room: Room, told: io.StringIO) -> None:
    room.keys.refusal = RuntimeError("a mistake")

    answer = await fill(room, "meshy", SECRET)

    assert "Something went wrong on my side" in answer.text
    assert "interaction_failed" in told.getvalue()
    assert SECRET not in str(answer) + told.getvalue()


@pytest.mark.parametrize("verb", ["set", "remove"])
async def test_the_vendors_to_choose_from_are_those_that_take_keys(room: Room, verb: str) -> None:
    (key,) = [command for command in room.synced.body if command["name"] == "key"]
    (sub,) = [sub for sub in key["options"] if sub["name"] == verb]

    (provider,) = sub["options"]

    assert [choice["value"] for choice in provider["choices"]] == ["tripo", "meshy"]


async def test_a_vendor_that_takes_no_keys_opens_no_form(room: Room) -> None:
    room.member.types("key set", provider="comfyui")

    answer = await room.next()

    assert answer.private
    assert "comfyui" in answer.text


async def test_show_lists_keys_by_vendor_and_says_which_no_longer_work(room: Room) -> None:
    room.keys.has = ["tripo", "meshy"]
    room.member.types("key show")

    answer = await room.next()

    _, tripo, meshy = answer.text.splitlines()
    assert answer.private
    assert "no longer works" in meshy
    assert "no longer works" not in tripo


async def test_show_says_how_to_begin_where_there_is_none(room: Room) -> None:
    room.keys.has = []
    room.member.types("key show")

    answer = await room.next()

    assert "`/key set`" in answer.text


async def test_remove_takes_it_back(room: Room) -> None:
    room.member.types("key remove", provider="meshy")

    answer = await room.next()

    assert room.keys.has == []
    assert answer.private
    assert "used for nothing new" in answer.text


async def test_there_is_nothing_to_remove_twice(room: Room) -> None:
    room.keys.has = []
    room.member.types("key remove", provider="meshy")

    answer = await room.next()

    assert answer.private
    assert "no key of yours at Meshy" in answer.text


async def test_it_works_in_direct_messages(room: Room) -> None:
    room.member.where = {"guild_id": None, "context": 1, "authorizing_integration_owners": {"1": "42"}}

    answer = await fill(room, "meshy", SECRET)

    assert "accepts your key" in answer.text
