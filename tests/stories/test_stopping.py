"""Stopping what was asked for, and trying again what failed."""

from tests.stories.house import House
from tests.stories.person import Person


async def test_what_was_not_sent_yet_is_cancelled_for_nothing(house: House, ada: Person) -> None:
    house.tripo.tasks.pools["h_series"] = 0
    card = await ada.type("generate", prompt="a brass owl", rig=True)
    await house.reads(card, "in the queue")

    question = await ada.press(card, "Cancel")
    assert question.private
    assert "3 credits will come back" in question.text
    await ada.press(question, "Yes, stop it")
    await house.reads(card, "Cancelled. What had not started was not charged.")

    assert await ada.credits() == 10
    assert house.at_vendor() == []


async def test_what_runs_already_is_delivered_and_charged_and_the_rest_comes_back(
    house: House, ada: Person
) -> None:
    card = await ada.type("generate", prompt="a paper lantern", rig=True)
    await house.reads(card, "▰", "%")

    question = await ada.press(card, "Cancel")
    assert "it is charged (2 credits)" in question.text
    assert "1 credit will come back" in question.text
    await ada.press(question, "Yes, stop it")
    await house.reads(card, "Stopping, as asked")
    await house.reads(card, "Download GLB", "⏹️ Skeleton")

    assert await ada.credits() == 8
    assert [task.type for task in house.at_vendor()] == ["text_to_model"]


async def test_the_newest_job_is_cancelled_where_none_is_named(house: House, ada: Person) -> None:
    house.tripo.pace.set(0)
    await ada.type("generate", prompt="a brass owl")
    house.clock.advance(1)
    newest = await ada.type("generate", prompt="a tin owl")
    await house.until(lambda: len(house.at_vendor()) == 2)
    assert sorted(await ada.suggestions("cancel", "job")) == [
        "a brass owl · taking shape",
        "a tin owl · taking shape",
    ]

    await ada.press(await ada.type("cancel"), "Yes, stop it")

    await house.reads(newest, "Stopping, as asked")


async def test_a_failed_stage_is_tried_again_alone(house: House, ada: Person) -> None:
    house.arm("late_failed", type="animate_rig")
    card = await ada.type("generate", prompt="a wooden knight", animate="walk")
    await house.reads(card, "❌ Skeleton", "⏭️ Movement: walk", "Download GLB")
    assert await ada.credits() == 8

    again = await ada.press(card, "Retry")
    await house.reads(again, "✅ Skeleton", "✅ Movement: walk", "a-wooden-knight-walk.glb")

    assert await ada.credits() == 6
    charged = [task.type for task in house.at_vendor() if task.charged]
    assert charged == ["text_to_model", "animate_rig", "animate_retarget"]


async def test_again_makes_another_with_the_words_changed_a_little(house: House, ada: Person) -> None:
    card = await ada.type("generate", prompt="a brass owl")
    await house.reads(card, "Download GLB")

    anew = await ada.fill_form(card, "Again", "a silver owl")
    await house.reads(anew, "Download GLB", "a silver owl")

    first, second = house.at_vendor("text_to_model")
    assert second.input["prompt"] == "a silver owl"
    assert first.input["model_seed"] != second.input["model_seed"]
    assert anew.id != card.id


async def test_a_deleted_model_is_gone_with_its_files_and_links(house: House, ada: Person) -> None:
    card = await ada.type("generate", prompt="a brass owl")
    await house.reads(card, "Download GLB")
    link = card.links[-1]

    await ada.press(await ada.press(await ada.press(card, "More"), "Delete"), "Yes, delete it")
    await house.reads(card, "was deleted, with all its files")

    assert card.links == []
    assert await house.status_of(link) == 404
    assert "You have no models yet" in (await ada.type("models")).text
