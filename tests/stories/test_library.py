"""Looking through what was made, keeping it in order, and taking it along."""

import hashlib
import io
import json
import zipfile

from tests.stories.house import House
from tests.stories.person import Person, Said


async def make(house: House, who: Person, prompt: str, **options: str) -> Said:
    """A finished model."""
    card = await who.type("generate", prompt=prompt, **options)
    await house.reads(card, "Download GLB")
    return card


async def test_a_member_sorts_finds_and_takes_along_what_they_made(house: House) -> None:
    ada = house.person("ada")
    await make(house, ada, "an oak barrel", project="Castle")
    await make(house, ada, "a tin whistle")
    assert "Castle" in await ada.suggestions("generate", "project", prompt="x", project="cas")

    page = await ada.type("models")
    assert page.private
    assert page.text.index("a tin whistle") < page.text.index("an oak barrel")
    assert "📁 Castle" in page.text
    found = await ada.type("models", text="BARREL", project="castle")
    assert "whistle" not in found.text

    panel = await ada.press(found, "Open")
    await ada.fill_form(panel, "Rename", "The old barrel")
    await ada.fill_form(panel, "Tags", "Wood, prop")
    assert "The old barrel" in panel.text
    assert "prop, wood" in panel.text
    await ada.choose(panel, "inbox")
    assert "📁 Inbox" in panel.text
    address = panel.links[-1]
    assert await house.status_of(address) == 200
    await ada.press(panel, "Make private")
    assert await house.status_of(address) == 404
    assert await house.status_of(panel.links[-1]) == 200

    along = await ada.press(page, "Take along")
    archive = zipfile.ZipFile(io.BytesIO(await house.download(along.links[-1])))
    told = json.loads(archive.read("manifest.json"))["models"]
    assert [one["name"] for one in told] == ["a tin whistle", "The old barrel"]
    for file in (file for one in told for file in one["files"]):
        assert hashlib.sha256(archive.read(file["path"])).hexdigest() == file["sha256"]
    site = (await house.download(along.links[0])).decode()
    assert "The old barrel" in site

    question = await ada.press(panel, "Delete")
    await ada.press(question, "Yes, delete it")
    assert "barrel" not in (await ada.type("models")).text


async def test_a_gallery_goes_by_stars_and_everybody_sees_what_they_may(house: House) -> None:
    ada, ben = house.person("ada"), house.person("ben")
    await make(house, ada, "an oak barrel")
    await make(house, ada, "a tin whistle")
    gallery = await ben.type("gallery", text="oak")
    await ben.press(gallery, "0")
    assert "1" in gallery.buttons

    shown = (await ada.type("gallery")).text
    assert shown.index("an oak barrel") < shown.index("a tin whistle")
    panel = await ben.press(gallery, "Open")
    assert "Starred · 1" in panel.buttons
    assert "Rename" not in panel.buttons
