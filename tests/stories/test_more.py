"""From one model to the next: what is behind More, from the click to the file."""

from tests.stories.house import House
from tests.stories.person import Person


async def test_a_surface_by_words_is_a_model_of_its_own(house: House, ada: Person) -> None:
    card = await ada.type("generate", prompt="a brass owl")
    await house.reads(card, "Download GLB")
    panel = await ada.press(card, "More")

    painted = await ada.fill_form(panel, "New surface · 1 credit", "covered with moss")
    await house.reads(painted, "✅ Surface", "built on", "1 credit charged", "covered with moss")

    (task,) = house.at_vendor("texture_model")
    assert task.input["texture_prompt"] == {"text": "covered with moss"}
    assert (await house.download(painted.links[-1])).startswith(b"glTF")
    assert await ada.credits() == 7
    assert "Download GLB" in card.buttons or card.links


async def test_other_formats_lie_beside_the_model(house: House, ada: Person) -> None:
    card = await ada.type("generate", prompt="a wooden knight")
    await house.reads(card, "Download GLB")
    panel = await ada.press(card, "More")

    printed = await ada.choose(panel, "stl")
    await house.reads(printed, "✅ Copy in another format", "not watertight")
    converted = await ada.type("convert", model="a wooden knight", format="fbx")
    await house.reads(converted, "✅ Copy in another format", "FBX", "STL")

    files = {link.rsplit(".", 1)[-1]: link for link in converted.links}
    assert (await house.download(files["fbx"])).startswith(b"Kaydara FBX")
    assert len(await house.download(files["stl"])) > 84
    assert (await house.download(files["glb"])).startswith(b"glTF")
    refusal = await ada.type("convert", model="a wooden knight", format="fbx")
    assert "lies beside the model already" in refusal.text
    assert await ada.credits() == 7
