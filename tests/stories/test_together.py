"""Several people around the same models."""

from tests.stories.house import House
from tests.stories.person import Person


async def test_anothers_job_cannot_be_stopped_nor_its_model_deleted(
    house: House, ada: Person, ben: Person
) -> None:
    card = await ada.type("generate", prompt="a brass owl")
    await house.reads(card, "▰", "%")
    refusal = await ben.press(card, "Cancel")
    assert refusal.private
    assert "Only its owner, or a moderator" in refusal.text
    await house.reads(card, "Download GLB")

    panel = await ben.press(card, "More")

    assert panel.private
    assert "New surface · 1 credit" in panel.buttons
    assert "Delete" not in panel.buttons


async def test_a_moderator_may_stop_and_delete(house: House, ada: Person, mona: Person) -> None:
    card = await ada.type("generate", prompt="a brass owl", rig=True)
    await house.reads(card, "▰", "%")

    await mona.press(await mona.press(card, "Cancel"), "Yes, stop it")
    await house.reads(card, "Download GLB", "⏹️ Skeleton")
    await mona.press(await mona.press(await mona.press(card, "More"), "Delete"), "Yes, delete it")

    await house.reads(card, "was deleted")


async def test_building_on_anothers_model_makes_ones_own(house: House, ada: Person, ben: Person) -> None:
    card = await ada.type("generate", prompt="a wooden knight")
    await house.reads(card, "Download GLB")
    label = card.text.split("#")[1][:6]

    child = await ben.press(card, "Rig")
    await house.reads(child, "a-wooden-knight-rigged.glb", f"built on `#{label}`")

    assert await ada.credits() == 8
    assert await ben.credits() == 9
    assert "a wooden knight" in (await ben.type("models")).text
    assert "Rig" in card.buttons


async def test_a_model_made_in_direct_messages_is_nobody_elses(
    house: House, ada: Person, ben: Person
) -> None:
    alone = house.alone("ada")
    card = await alone.type("generate", prompt="a secret owl")
    await house.reads(card, "Download GLB")
    label = card.text.split("#")[1][:6]

    refusal = await ben.type("rig", model=label)

    assert refusal.private
    assert "cannot find that model" in refusal.text
    rigged = await ada.type("status", model=label)
    await house.reads(rigged, "a secret owl")


async def test_two_members_share_the_house_and_both_get_theirs(
    house: House, ada: Person, carmen: Person
) -> None:
    owl = await ada.type("generate", prompt="a brass owl")
    buho = await carmen.type("generate", prompt="un búho de latón")

    await house.reads(owl, "Download GLB")
    await house.reads(buho, "Descargar GLB", "cobrado: 2 créditos")
