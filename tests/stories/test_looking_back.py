"""Finding again what one has made."""

from tests.stories.house import House
from tests.stories.person import Person


async def test_status_brings_a_live_card_where_the_old_message_is_gone(
    house: House, ada: Person, mona: Person
) -> None:
    card = await ada.type("generate", prompt="a brass owl")
    await house.reads(card, "▰", "%")
    mona.delete(card)

    fresh = await ada.type("status", model="a brass owl")
    await house.reads(fresh, "▰", "%")
    await house.reads(fresh, "Download GLB")

    assert card.gone
    assert len(house.at_vendor()) == 1


async def test_models_are_shown_five_to_a_page_the_newest_first(house: House, ada: Person) -> None:
    for number in range(6):
        card = await ada.type("generate", prompt=f"a nude statue {number}")
        await house.reads(card, "❌")

    page = await ada.type("models")
    assert page.private
    assert "a nude statue 5" in page.text
    assert "a nude statue 0" not in page.text
    page = await ada.press(page, "Older")
    assert "a nude statue 0" in page.text
    page = await ada.press(page, "Newer")
    assert page.text.index("a nude statue 5") < page.text.index("a nude statue 4")


async def test_what_is_offered_while_typing_fits_the_command(house: House, ada: Person, ben: Person) -> None:
    knight = await ada.type("generate", prompt="a wooden knight", rig=True)
    owl = await ada.type("generate", prompt="a brass owl")
    await house.reads(knight, "a-wooden-knight-rigged.glb")
    await house.reads(owl, "Download GLB")

    to_see = await ada.suggestions("status", "model", model="KNIGHT")
    assert [name.split(" #")[0] for name in to_see] == ["a wooden knight"]
    to_rig = await ada.suggestions("rig", "model")
    assert [name.split(" #")[0] for name in to_rig] == ["a brass owl"]
    to_move = await ada.suggestions("animate", "model", clip="walk")
    assert [name.split(" #")[0] for name in to_move] == ["a wooden knight"]
    (model,) = to_move.values()
    clips = await ada.suggestions("animate", "clip", model=model, clip="wav")
    assert "wave_goodbye_01" in clips
    ending = await ada.suggestions("generate", "animate", animate="walk, id")
    assert ending["walk, idle"] == "walk, idle"
    assert await ben.suggestions("status", "model") == {}
