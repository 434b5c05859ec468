"""Buttons pressed twice, too late or by somebody else; models and credits that do not suffice."""

import asyncio
from typing import Any

import pytest

from sandbox import transcript
from sandbox.discord.faults import Fault, Kind
from tests.stories.faults.books import charged, rows, untouched
from tests.stories.house import House
from tests.stories.person import Person, Said

PRICE = 2


async def made(house: House, person: Person, prompt: str = "a wooden knight", **options: Any) -> Said:
    card = await person.type("generate", prompt=prompt, **options)
    await house.reads(card, "GLB")
    await house.until(lambda: {"More", "Más"} & set(card.buttons))
    return card


async def test_two_clicks_at_once_on_rig_are_one_job(house: House, ada: Person) -> None:
    card = await made(house, ada)

    shown, refusal = await ada.press_twice(card, "Rig")

    assert refusal.private
    assert "Something is under way on this model" in refusal.text
    await house.reads(shown, "✅ Skeleton")
    assert len(house.at_vendor("animate_rig")) == 1
    assert charged(house) == PRICE + 1


async def test_two_clicks_at_once_on_retry_are_one_job(house: House, ada: Person) -> None:
    house.arm("late_failed")
    card = await ada.type("generate", prompt="a brass owl")
    await house.reads(card, "❌")

    shown, refusal = await ada.press_twice(card, "Retry")

    assert refusal.private
    assert "Nothing was charged" in refusal.text
    await house.reads(shown, "Download GLB")
    assert len(house.at_vendor()) == 2
    assert charged(house) == PRICE


async def test_buttons_of_a_deleted_model_do_nothing_but_say_so(
    house: House, ada: Person, carmen: Person
) -> None:
    card = await made(house, ada)
    house.discord.faults.add(Fault(kind=Kind.STATUS, method="PATCH", status=400, times=None))
    panel = await ada.press(card, "More")
    question = await ada.press(panel, "Delete")
    await ada.press(await ada.press(panel, "Delete"), "Yes, delete it")

    for person, words in ((ada, "I cannot find that model"), (carmen, "No encuentro ese modelo")):
        for label in ("Rig", "Again", "More"):
            refusal = await person.press(card, label)
            assert refusal.private
            assert words in refusal.text
    assert "I cannot find that model" in (await ada.press(question, "Yes, delete it")).text
    assert len(house.at_vendor()) == 1
    assert charged(house) == PRICE


async def test_buttons_of_anothers_card_say_whose_it_is(house: House, ada: Person, carmen: Person) -> None:
    house.arm("late_failed", times=1)
    card = await ada.type("generate", prompt="a brass owl")
    await house.reads(card, "▰")
    assert "Eso solo lo puede hacer su dueño" in (await carmen.press(card, "Cancel")).text
    await house.reads(card, "❌")

    for label in ("Retry", "Delete"):
        refusal = await carmen.press(card, label)
        assert refusal.private
        assert "Eso solo lo puede hacer su dueño" in refusal.text

    assert len(house.at_vendor()) == 1
    assert charged(house) == 0


async def test_anothers_private_model_is_as_unknown_as_none(
    house: House, ada: Person, carmen: Person
) -> None:
    card = await made(house, house.alone("ada"))
    label = transcript.lines(card.seen_by(house.alone("ada")), {})[1].split("#")[1][:6]

    for command, more in (("rig", {}), ("animate", {"clip": "walk"}), ("status", {})):
        refusal = await carmen.type(command, model=label, **more)
        assert refusal.private
        assert "No encuentro ese modelo" in refusal.text
    assert rows(house, "jobs") == 1


async def test_a_model_without_a_skeleton_cannot_move(house: House, ada: Person, carmen: Person) -> None:
    await made(house, ada)
    await made(house, carmen, "un caballero de madera")
    told = {
        (ada, "a wooden knight"): "It has no skeleton yet",
        (carmen, "un caballero de madera"): "Aún no tiene esqueleto",
    }
    for (person, model), words in told.items():
        refusal = await person.type("animate", model=model, clip="walk")
        assert refusal.private
        assert words in refusal.text
    assert charged(house) == 2 * PRICE


async def test_a_clip_that_this_skeleton_cannot_play_is_refused(house: House, ada: Person) -> None:
    card = await ada.type("generate", prompt="a brown dog", rig=True)
    await house.reads(card, "✅ Skeleton")

    refusal = await ada.type("animate", model="a brown dog", clip="dance_01")

    assert refusal.private
    assert "It cannot do “dance\\_01”" in refusal.text
    assert charged(house) == PRICE + 1


SCOPES = [
    ({"quota_allowance": 0}, ("you have 0 left", "te queda en este servidor: 0")),
    ({"quota_allowance": 1}, ("you have 1 left", "te queda en este servidor: 1")),
    ({"member_daily_cap": 1}, ("1 left over all servers", "entre todos los servidores: 1")),
    ({"bot_daily_cap": 1}, ("more than this bot makes in a day", "más de lo que este bot crea en un día")),
]


@pytest.mark.parametrize(
    ("house", "words"), SCOPES, indirect=["house"], ids=[str(settings) for settings, _ in SCOPES]
)
async def test_credits_that_do_not_suffice_are_counted_out(
    house: House, ada: Person, carmen: Person, words: tuple[str, str]
) -> None:
    for person, sentence in zip((ada, carmen), words, strict=True):
        refusal = await person.type("generate", prompt="a brass owl")
        assert refusal.private
        assert "2 cr" in refusal.text
        assert sentence in refusal.text
    untouched(house, ada, carmen)


@pytest.mark.parametrize("house", [{"quota_allowance": 3}], indirect=True, ids=["allowance of 3"])
async def test_who_has_used_most_is_told_when_there_is_enough(house: House, ada: Person) -> None:
    await made(house, ada)

    refusal = await ada.type("generate", prompt="a tin owl")

    assert refusal.private
    assert "needs 2 credits and you have 1 left in this server today" in refusal.text
    assert "There will be enough (a time)" in refusal.text
    assert charged(house) == PRICE


@pytest.mark.parametrize(
    "house", [{"member_running": 1, "member_waiting": 0}], indirect=True, ids=["one at a time"]
)
async def test_more_jobs_than_a_turn_allows_are_refused_kindly(
    house: House, ada: Person, carmen: Person
) -> None:
    house.tripo.pace.set(0)
    for person, words in ((ada, "You have 1 job under way"), (carmen, "Tienes 1 trabajo en marcha")):
        first = await person.type("generate", prompt="a brass owl")
        await house.reads(first, "a brass owl")
        refusal = await person.type("generate", prompt="a tin owl")
        assert refusal.private
        assert words in refusal.text
    assert rows(house, "jobs") == 2


@pytest.mark.parametrize("house", [{"quota_allowance": 3}], indirect=True, ids=["allowance of 3"])
async def test_two_commands_at_once_do_not_spend_more_than_there_is(house: House, ada: Person) -> None:
    people = house.discord.people
    asked = [people.invoke(ada.id, ada.channel, "generate", {"prompt": f"owl {n}"}) for n in range(2)]
    await asyncio.gather(*asked)
    await house.until(lambda: any("Download GLB" in text for text in ada.read()))

    assert any("needs 2 credits" in text for text in ada.read())
    assert len(house.at_vendor()) == 1
    assert charged(house) == PRICE


async def test_a_command_works_in_direct_messages(house: House) -> None:
    card = await made(house, house.alone("carmen"), "un búho de latón")

    assert "cobrado: 2 créditos" in card.text
