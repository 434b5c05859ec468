"""What cannot be made: it is said kindly, to the right person, and costs nothing."""

import asyncio

import pytest

from bot.jobs.service import Jobs
from bot.ui import answering
from tests.stories.house import House
from tests.stories.person import Person


async def test_words_that_the_vendor_refuses_at_once_cost_nothing(house: House, ada: Person) -> None:
    card = await ada.type("generate", prompt="a nude statue")
    await house.reads(card, "❌", "content rules refused it", "Nothing was charged")

    assert await ada.credits() == 10
    assert house.at_vendor() == []


async def test_a_result_that_the_vendor_refuses_late_is_refunded(house: House, ada: Person) -> None:
    card = await ada.type("generate", prompt="a bloody sword", rig=True)
    await house.reads(card, "3 credits set aside")
    await house.reads(card, "❌", "content rules refused it", "⏭️ Skeleton · not started, not charged")

    assert await ada.credits() == 10
    assert house.paid() == 0


async def test_a_file_that_breaks_the_rules_is_not_kept_and_is_refunded(house: House, ada: Person) -> None:
    card = await ada.type("generate", prompt="a clock not-a-glb")
    await house.reads(card, "❌", "file was damaged", "Nothing was charged")

    assert card.files == {}
    assert "Retry" in card.buttons
    assert await ada.credits() == 10


async def test_a_shape_that_cannot_be_rigged_is_still_a_model(house: House, ada: Person) -> None:
    card = await ada.type("generate", prompt="a copper kettle", rig=True)
    await house.reads(card, "Download GLB", "❌ Skeleton", "cannot be rigged")

    assert "Retry" not in card.buttons
    assert await ada.credits() == 8


async def test_a_refusal_is_private_and_in_the_readers_language(house: House, carmen: Person) -> None:
    refusal = await carmen.type("generate", prompt="uf")

    assert refusal.private
    assert "Cuéntame algo más: al menos 3 caracteres. No se cobró nada." in refusal.text
    assert house.person("ada").messages() == []


async def test_a_file_that_is_no_picture_is_refused_in_private(house: House, carmen: Person) -> None:
    file = await carmen.attach("robot.png", b"not a picture at all")

    refusal = await carmen.type("generate", image=file)

    assert refusal.private
    assert "no es una imagen" in refusal.text
    assert house.person("ada").messages() == []
    assert house.app
    assert [key async for key in house.app.store.keys("pictures/")] == []


async def test_a_clip_that_does_not_exist_comes_with_those_that_do(ada: Person) -> None:
    refusal = await ada.type("generate", prompt="a tin robot", animate="wolk")

    assert refusal.private
    assert "Did you mean walk" in refusal.text


@pytest.mark.parametrize("house", [{"tripo_api_key": None}], indirect=True, ids=["no key"])
async def test_without_a_vendors_key_the_bot_says_so(house: House, ada: Person) -> None:
    refusal = await ada.type("generate", prompt="a brass owl")

    assert refusal.private
    assert "no key for a vendor" in refusal.text
    assert await ada.credits() == 10


async def test_a_vendor_account_without_credit_costs_members_nothing(house: House, ada: Person) -> None:
    house.arm("out_of_credit")

    card = await ada.type("generate", prompt="a brass owl")
    await house.reads(card, "account at the vendor is empty", "Nothing was charged")
    await house.well_again()  # it was filled

    await house.reads(await ada.press(card, "Retry"), "Download GLB")
    assert await ada.credits() == 8


async def test_where_a_busy_machine_holds_a_check_up_the_refusal_comes_late_and_is_as_private(
    house: House, ada: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def held_up(*_asked: object, **_more: object) -> None:
        await asyncio.Event().wait()

    monkeypatch.setattr(Jobs, "check", held_up)
    monkeypatch.setattr(answering, "CHECK_PATIENCE", 0)
    refusal = await ada.type("generate", prompt="uf")
    card = await ada.type("generate", prompt="a brass owl")

    assert refusal.private
    assert "Nothing was charged" in refusal.text
    await house.reads(card, "Download GLB")
    assert len(house.person("ben").messages()) == 1
