"""The main job, from words or pictures to a model that moves."""

import io

from PIL import Image

from sandbox.vendors.tripo.bodies import views
from tests.stories.glb import clips, document
from tests.stories.house import House
from tests.stories.person import Person


async def test_words_become_a_model_with_a_picture_and_a_link(house: House, ada: Person) -> None:
    card = await ada.type("generate", prompt="a brass owl")
    await house.reads(card, "a brass owl", "▰", "%")
    await house.reads(card, "Download GLB")

    assert "🖼" in card.text
    assert sorted(card.files) == ["a-brass-owl.glb", "a-brass-owl.webp"]
    linked = await house.download(card.downloads[0])
    assert linked == await house.download(card.files["a-brass-owl.glb"])
    assert document(linked)["meshes"]
    assert [task.type for task in house.at_vendor()] == ["text_to_model"]


async def test_buttons_rig_a_model_and_give_it_two_clips(house: House, ada: Person) -> None:
    card = await ada.type("generate", prompt="a wooden knight")
    await house.reads(card, "Download GLB")

    rigged = await ada.press(card, "Rig")
    await house.reads(rigged, "a-wooden-knight-rigged.glb")
    assert document(await house.download(rigged.downloads[0]))["skins"]

    question = await ada.press(rigged, "Animate")
    assert question.private
    moving = await ada.choose(question, "walk", "wave_goodbye_01")
    await house.reads(moving, "all-clips.glb")

    both, walk, wave = [clips(await house.download(link)) for link in moving.downloads]
    assert (both, walk, wave) == (["walk", "wave_goodbye_01"], ["walk"], ["wave_goodbye_01"])
    assert [task.type for task in house.at_vendor() if task.charged] == [
        "text_to_model",
        "animate_rig",
        "animate_retarget",
        "animate_retarget",
    ]
    assert "5 credits left today" in moving.text


async def test_a_picture_becomes_a_model_that_moves_in_one_go(house: House, ada: Person) -> None:
    picture = await ada.attach("robot.png", drawn("#8fa3b0"))

    card = await ada.type("generate", image=picture, prompt="a tin robot", animate="walk, idle")
    await house.reads(card, "all-clips.glb")

    assert clips(await house.download(card.downloads[0])) == ["walk", "idle"]
    assert house.at_vendor()[0].type == "image_to_model"
    assert "5 credits charged" in card.text


async def test_four_pictures_go_to_the_vendor_in_its_order(house: House, ada: Person) -> None:
    front, left, back, right = [
        await ada.attach(f"{colour}.png", drawn(colour)) for colour in ("red", "green", "blue", "white")
    ]

    card = await ada.type("generate", image=front, image2=left, image3=back, image4=right)
    await house.reads(card, "Download GLB", "from 4 pictures")

    (task,) = house.at_vendor()
    sent = [house.tripo.uploads.read(token) for token in views(task.input["inputs"])]
    assert task.type == "multiview_to_model"
    assert sent == [drawn(colour) for colour in ("red", "green", "blue", "white")]


def drawn(colour: str) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (300, 300), colour).save(out, "PNG")
    return out.getvalue()
