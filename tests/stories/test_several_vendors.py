"""Four vendors, one experience."""

import pytest

from tests.stories.glb import clips, document
from tests.stories.house import House
from tests.stories.person import Person

ALL = ("tripo", "meshy", "replicate", "comfyui")
EVERYONE = pytest.mark.parametrize("house", [{"vendors": ALL}], indirect=True)


async def types(house: House, vendor: str) -> list[str]:
    """The types of the tasks that a vendor has in its books."""
    return [task["type"] for task in await house.books(vendor)]


@EVERYONE
async def test_each_vendor_is_offered_with_its_price_and_usual_time(house: House, ada: Person) -> None:
    offers = await ada.suggestions("generate", "provider", prompt="a brass owl")
    with_clips = await ada.suggestions("generate", "provider", prompt="an owl", animate="walk")

    assert list(offers.values()) == ["auto", *ALL]
    assert all("2 credits" in name and "min" in name for name in offers)
    assert set(with_clips.values()) == {"auto", "tripo", "meshy"}


@EVERYONE
@pytest.mark.parametrize("vendor", ALL)
async def test_a_model_is_made_by_whom_the_member_names(house: House, ada: Person, vendor: str) -> None:
    card = await ada.type("generate", prompt="a wooden cube", provider=vendor)
    await house.reads(card, "Download GLB")

    used = [one for one in ALL if await house.books(one)]
    assert used == [vendor]
    assert await ada.credits() == 8


@EVERYONE
async def test_what_a_vendor_lacks_is_said_with_who_has_it(house: House, ada: Person) -> None:
    answer = await ada.type("generate", prompt="a knight", animate="walk", provider="replicate")

    assert answer.private
    assert "Replicate does not make movements" in answer.text
    assert "Tripo and Meshy" in answer.text
    assert await ada.credits() == 10


@EVERYONE
async def test_the_draft_is_seen_before_the_model_is_there(house: House, ada: Person) -> None:
    card = await ada.type("generate", prompt="a wooden cube", provider="meshy")
    await house.until(lambda: card.files)
    before = "Download GLB" in card.text
    await house.reads(card, "Download GLB")

    assert not before
    assert await types(house, "meshy") == ["text-to-3d-preview", "text-to-3d-refine"]


@EVERYONE
async def test_a_model_of_one_vendor_is_rigged_and_moved_by_another(house: House, ada: Person) -> None:
    made = await ada.type("generate", prompt="a wooden knight", provider="replicate")
    await house.reads(made, "Download GLB")
    model = await ada.newest_model()
    rigged = await ada.type("rig", model=model, provider="meshy")
    await house.reads(rigged, "Download GLB", "joints")
    moved = await ada.type("animate", model=model, clip="walk", clip2="jump", clip3="dance_01")
    await house.reads(moved, "Download GLB", "plays jump")

    assert {"walk.glb", "run.glb"} < set(rigged.buttons)
    model_file = await house.download(moved.downloads[0])
    assert document(model_file)["skins"]
    assert clips(model_file) == ["jump", "dance_01"]  # walking came with the rig
    assert await types(house, "meshy") == ["rig", "animate"]
    assert await types(house, "tripo") == []


@EVERYONE
async def test_with_auto_the_cheapest_that_is_well_does_it(house: House, ada: Person) -> None:
    first = await ada.type("generate", prompt="a wooden cube", provider="auto")
    await house.reads(first, "Download GLB")
    free = await types(house, "comfyui")
    house.arm("html_502", at="comfyui", times=1000, on="create")
    house.arm("html_502", at="comfyui", times=1000, on="read")
    stuck = await ada.type("generate", prompt="a wooden ball", provider="comfyui")
    await house.until(lambda: house.trouble("comfyui"))
    other = await ada.type("generate", prompt="a wooden cone", provider="auto")
    refused = await ada.type("generate", prompt="a wooden ring", provider="comfyui")
    await house.reads(other, "Download GLB")

    assert len(free) == 1
    assert refused.private
    assert "ComfyUI has trouble" in refused.text
    house.vendors["comfyui"].faults.clear()
    await house.reads(stuck, "Download GLB")


@pytest.mark.parametrize("house", [{"vendors": ("tripo",)}], indirect=True)
async def test_an_empty_account_is_told_and_its_next_jobs_are_refused_until_it_is_filled(
    house: House, ada: Person, ben: Person
) -> None:
    house.arm("out_of_credit")
    first = await ada.type("generate", prompt="a brass owl")
    await house.reads(first, "account at the vendor is empty", "Nothing was charged")
    refused = await ben.type("generate", prompt="a tin owl")
    await house.well_again()
    again = await ben.type("generate", prompt="a tin owl")
    await house.reads(again, "Download GLB")

    assert "The account at Tripo is empty" in refused.text
    assert await ada.credits() == 10
