"""Members with keys of their own: who pays, who is told, and that a key is nowhere in the open."""

import io
import logging
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest
import structlog

from bot import log
from tests.stories.house import House
from tests.stories.person import Person

SECRET = "tsk_adas_very_own_key_0123456789abcdef"
FLEETING = "tsk_adas_other_key_0123456789abcdef"
PRIVATE_WORDS = "no longer accepts"


@pytest.fixture
def told() -> Iterator[io.StringIO]:
    """The log, as the bot keeps it, with every line there is."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    out = io.StringIO()
    log.set_up(form="json", level="debug", stream=out)
    yield out
    structlog.reset_defaults()
    root.handlers[:] = handlers
    root.setLevel(level)


@pytest.fixture
def wallet(house: House) -> Decimal:
    """Ada has an account of her own at the vendor; what is on it at first."""
    for secret in (SECRET, FLEETING):
        house.tripo.keys.add(secret, account="ada", amount=Decimal(500))
    return Decimal(500)


def spent(house: House, account: str, before: Decimal) -> Decimal:
    """What an account at the vendor has paid or set aside."""
    house.tripo.tasks.advance()
    return before - house.tripo.keys.account(account).balance


def everything(folder: Path) -> bytes:
    """All that lies in the data folder."""
    return b"".join(path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file())


async def test_with_an_own_key_the_vendor_is_paid_by_its_member_and_no_credits_are_charged(
    house: House, ada: Person, wallet: Decimal
) -> None:
    owners = house.tripo.keys.account("main").balance

    answer = await ada.fill("key set", SECRET, provider="tripo")
    await house.reads(await ada.type("generate", prompt="a brass owl", rig=True), "Download GLB")

    assert answer.private
    assert "Tripo accepts your key" in answer.text
    assert spent(house, "ada", wallet) > 0
    assert spent(house, "main", owners) == 0
    assert await ada.credits() == 10


async def test_a_planted_key_is_in_no_log_no_message_and_no_file(
    house: House, ada: Person, wallet: Decimal, told: io.StringIO
) -> None:
    await ada.fill("key set", SECRET, provider="tripo")
    house.arm("html_502", on="read", times=2)
    card = await ada.type("generate", prompt="a brass owl")
    await house.reads(card, "Download GLB")
    await ada.type("key show")
    await ada.fill("key set", "tsk_nobodys_key_0123456789", provider="tripo")
    await house.restart()
    await ada.type("key remove", provider="tripo")

    data = everything(house.settings.data_dir)
    assert b"a brass owl" in data  # we look in the right place
    assert "key_set" in told.getvalue()
    for word in ("very_own_key", "nobodys_key"):
        assert word.encode() not in data
        assert word not in told.getvalue()
        assert word not in house.chat()


async def test_a_key_works_in_direct_messages_and_for_its_member_alone(
    house: House, ben: Person, wallet: Decimal
) -> None:
    ada = house.alone("ada")
    await ada.fill("key set", SECRET, provider="tripo")

    await house.reads(await ben.type("generate", prompt="a tin owl"), "Download GLB")
    await house.reads(await ada.type("generate", prompt="a brass owl"), "Download GLB")

    assert await ben.credits() == 8
    assert await ada.credits() == 10
    assert "Tripo" in (await ada.type("key show")).text
    assert "none here" in (await ben.type("key show")).text


@pytest.mark.parametrize(
    ("secret", "words"),
    [("hunter2", "does not look like"), ("tsk_nobodys_key_0123456789", "does not accept that key")],
)
async def test_a_key_that_is_none_is_refused_in_private(
    house: House, ada: Person, secret: str, words: str
) -> None:
    answer = await ada.fill("key set", secret, provider="tripo")

    assert answer.private
    assert words in answer.text
    assert secret not in answer.text
    assert "none here" in (await ada.type("key show")).text


async def test_a_removed_key_serves_what_it_began_and_nothing_new(
    house: House, ada: Person, wallet: Decimal
) -> None:
    await ada.fill("key set", SECRET, provider="tripo")
    await ada.type("generate", prompt="a brass owl", rig=True)
    await house.until(house.at_vendor)

    answer = await ada.type("key remove", provider="tripo")
    await house.until(lambda: [task for task in house.at_vendor("animate_rig") if task.status == "success"])
    of_ada = spent(house, "ada", wallet)
    await house.reads(await ada.type("generate", prompt="a tin owl"), "Download GLB")

    assert answer.private
    assert spent(house, "ada", wallet) == of_ada
    assert await ada.credits() == 8


async def test_a_key_that_stops_working_is_told_once_and_the_owner_pays_nothing(
    house: House, ada: Person, wallet: Decimal
) -> None:
    owners = house.tripo.keys.account("main").balance
    await ada.fill("key set", FLEETING, provider="tripo")
    card = await ada.type("generate", prompt="a brass owl", rig=True)
    await house.until(house.at_vendor)

    house.tripo.keys.revoke(FLEETING)
    await house.until(lambda: PRIVATE_WORDS in house.chat())
    await house.pass_time(minutes=30)

    alone = "\n".join(house.alone("ada").read())
    assert alone.count(PRIVATE_WORDS) == 1
    assert "own key" in card.text
    assert spent(house, "main", owners) == 0
    assert await ada.credits() == 10
    assert "no longer works" in (await ada.type("key show")).text
