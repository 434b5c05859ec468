"""Restarts, crashes and a quarter of an hour: the message carries on, and nothing is paid twice."""

import pytest

from sandbox.discord.faults import Fault, Kind
from tests.stories.house import House
from tests.stories.person import Person


async def test_after_a_restart_the_same_message_carries_on(house: House, ada: Person) -> None:
    card = await ada.type("generate", prompt="a copper kettle")
    await house.reads(card, "▰", "%")

    await house.restart()
    await house.reads(card, "Download GLB")

    assert len(house.at_vendor()) == 1
    assert await ada.credits() == 8


async def test_old_buttons_work_after_a_restart(house: House, ada: Person) -> None:
    card = await ada.type("generate", prompt="a wooden knight")
    await house.reads(card, "Download GLB")

    await house.restart()

    await house.reads(await ada.press(card, "Rig"), "a-wooden-knight-rigged.glb")


async def test_a_message_left_behind_is_redrawn_at_the_start(house: House, ada: Person) -> None:
    card = await ada.type("generate", prompt="a copper kettle")
    await house.until(house.at_vendor)
    house.discord.faults.add(Fault(kind=Kind.STATUS, method="PATCH", status=400, times=None))
    await house.until(lambda: house.paid() == 20)
    await house.pass_time(seconds=30)
    await house.crash()
    assert "Download" not in card.text
    house.discord.faults.clear()

    await house.start()

    await house.reads(card, "Download GLB")


@pytest.mark.parametrize("seconds", [0, 1, 4, 12, 13, 15])
async def test_a_crash_at_any_moment_costs_neither_work_nor_money(
    house: House, ada: Person, seconds: int
) -> None:
    card = await ada.type("generate", prompt="a wooden knight", rig=True)
    end = house.clock.now() + 1000 * seconds
    await house.until(lambda: house.clock.now() >= end)

    await house.crash()
    await house.start()
    await house.reads(card, "a-wooden-knight-rigged.glb")

    assert [task.type for task in house.at_vendor()] == [
        "text_to_model",
        "animate_prerigcheck",
        "animate_rig",
    ]
    assert await ada.credits() == 7


async def test_a_crash_after_a_lost_answer_pays_and_submits_once(house: House, ada: Person) -> None:
    house.arm("cut_after_accept")
    card = await ada.type("generate", prompt="a brass owl")
    await house.until(house.at_vendor)

    await house.crash()
    await house.start()
    await house.reads(card, "making sure nothing is paid twice")
    await house.reads(card, "Download GLB")

    assert len(house.at_vendor()) == 1
    assert house.paid() == 20
    assert await ada.credits() == 8


async def test_a_request_that_surely_never_arrived_is_sent_again(house: House, ada: Person) -> None:
    house.arm("cut_before_accept")
    card = await ada.type("generate", prompt="a brass owl")
    await house.reads(card, "making sure nothing is paid twice")
    await house.pass_time(minutes=16)
    await house.reads(card, "Download GLB")

    assert len(house.at_vendor()) == 1
    assert await ada.credits() == 8


async def test_the_card_goes_on_after_a_quarter_of_an_hour(house: House, ada: Person) -> None:
    house.tripo.pace.set(0.02)
    card = await ada.type("generate", prompt="a wooden knight", rig=True)
    asked_at = house.clock.now()
    await house.pass_time(minutes=14)
    house.tripo.pace.set(0)
    await house.pass_time(minutes=2)
    house.tripo.pace.set(1)
    await house.reads(card, "a-wooden-knight-rigged.glb")

    assert house.clock.now() - asked_at > 15 * 60_000
    assert sorted(card.files) == ["a-wooden-knight-rigged.glb", "a-wooden-knight.webp"]


async def test_two_clicks_at_once_make_one_job(house: House, ada: Person) -> None:
    card = await ada.type("generate", prompt="a wooden knight")
    await house.reads(card, "Download GLB")

    started, refused = await ada.press_twice(card, "Rig")

    assert refused.private
    assert "Something is under way on this model" in refused.text
    await house.reads(started, "a-wooden-knight-rigged.glb")
    assert len(house.at_vendor("animate_rig")) == 1
    assert await ada.credits() == 7
