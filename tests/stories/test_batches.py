"""A whole plan at once, from the list to the zip."""

import io
import json
import zipfile

from sandbox.discord import layout
from tests.stories.house import House
from tests.stories.person import Person

PLAN = """\
[RIG] a wooden knight: idle, walk
- [prop] an oak barrel
"""


async def test_a_list_becomes_models_on_one_card(house: House, ada: Person) -> None:
    panel = await ada.fill("batch", "[RIG] a wooden knight: idle, wlak\n- [prop] an oak barrel")
    assert panel.private
    assert "did you mean walk?" in panel.text
    assert not any(label.startswith("Start") for label in panel.buttons)

    await ada.fill_form(panel, "Edit", PLAN)
    assert "7 credits" in panel.text
    card = await ada.press(panel, "Start · 7 credits")
    await house.reads(card, "2 of 2 ended", "a wooden knight", "7 credits charged")

    assert await ada.credits() == 3
    assert "already" in (await ada.press(panel, "Start · 7 credits")).text
    along = await ada.press(card, "Zip")
    archive = zipfile.ZipFile(io.BytesIO(await house.download(along.links[-1])))
    told = json.loads(archive.read("manifest.json"))["models"]
    assert {one["name"] for one in told} == {"a wooden knight", "an oak barrel"}


async def test_a_file_with_a_list_is_stopped_halfway_and_the_card_outlives_the_bot(
    house: House, ada: Person
) -> None:
    file = await ada.attach("plan.txt", "\n".join(f"barrel number {n}" for n in range(5)).encode())
    panel = await ada.type("batch", file=file)
    await house.reads(panel, "10 credits", "barrel number 4")
    card = await ada.press(panel, "Start · 10 credits")
    await house.reads(card, "0 of 5 ended", "taking shape")

    question = await ada.press(card, "Cancel the rest")
    assert "6 credits will come back" in question.text
    await ada.press(question, "Yes, stop them")
    await house.crash()
    await house.start()
    await house.reads(card, "5 of 5 ended", "4 credits charged")

    assert await ada.credits() == 6


async def test_of_three_variations_one_stays(house: House, ada: Person) -> None:
    first = await ada.type("generate", prompt="a brass owl")
    await house.reads(first, "Download GLB")

    question = await ada.press(first, "Variations")
    grid = await ada.choose(question, "3")
    await house.reads(grid, "Variations of a brass owl", "3 of 3 ended", "6 credits charged")
    assert len(grid.files) == 3
    assert len({task.input["model_seed"] for task in house.at_vendor("text_to_model")}) == 4

    menus = [one for one in layout.walk(grid.seen_by(ada)["components"]) if one.get("options")]
    keep = menus[-1]
    chosen = [keep["options"][1]["value"]]
    sure = await ada.choose_from(grid, keep["custom_id"], *chosen)
    await ada.press(sure, "Keep these, delete the rest")

    await house.reads(grid, "` 1` 🗑️", "` 2` ✅", "` 3` 🗑️")
    assert await ada.credits() == 2
