"""Finding models, what is offered while typing, and where files are."""

from dataclasses import replace

import pytest

from bot.jobs.errors import NoSuchModel
from bot.jobs.orders import GenerateOrder, RigOrder
from bot.jobs.shelf import matching_clips
from storage.models import ModelState, Stage
from tests.bot.jobs.conftest import ADA, BEN, CHAIN, OWL, Workshop

ALONE = replace(ADA, guild_id=None)
ELSEWHERE = replace(BEN, guild_id=88)


async def test_a_model_is_found_by_id_label_and_name(workshop: Workshop) -> None:
    job = await workshop.ask()
    find = workshop.core.shelf.find_model
    model = await find(ADA, job.model_id)

    for text in (model.label, f" #{model.label.upper()} ", "A Brass OWL"):
        assert (await find(ADA, text)).id == model.id


async def test_others_find_by_label_what_is_public_here_but_not_by_name(workshop: Workshop) -> None:
    job = await workshop.ask()
    find = workshop.core.shelf.find_model
    label = (await find(ADA, job.model_id)).label

    assert (await find(BEN, label)).id == job.model_id
    for asker, text in [(BEN, "a brass owl"), (ELSEWHERE, label), (BEN, ""), (BEN, "%")]:
        with pytest.raises(NoSuchModel):
            await find(asker, text)


async def test_what_is_private_or_deleted_is_not_found(workshop: Workshop) -> None:
    private = await workshop.make(OWL, ALONE)
    with pytest.raises(NoSuchModel):
        await workshop.core.shelf.find_model(BEN, private.model.label)

    await workshop.core.jobs.delete(ADA, private.model.id)
    with pytest.raises(NoSuchModel):
        await workshop.core.shelf.find_model(ADA, private.model.label)


async def test_ones_models_come_newest_first_and_in_pages(workshop: Workshop) -> None:
    for name in ("first", "second", "third"):
        await workshop.ask(GenerateOrder(prompt=name))
        workshop.clock.advance(seconds=1)
    shelf = workshop.core.shelf

    page = await shelf.models(ADA, limit=2)
    rest = await shelf.models(ADA, limit=2, before=page[-1].model.id)

    assert [view.model.name for view in [*page, *rest]] == ["third", "second", "first"]
    assert await shelf.models(BEN) == []


async def test_a_list_tells_what_became_of_each(workshop: Workshop) -> None:
    await workshop.make(CHAIN)

    (view,) = await workshop.core.shelf.models(ADA)

    assert (view.state, view.rigged, view.clips) == (ModelState.COMPLETE, True, ("idle", "walk"))
    assert view.url == f"https://models.example/m/{view.model.link_id}/a-wooden-knight-all-clips.glb"


async def test_only_models_that_fit_the_stage_are_offered(workshop: Workshop) -> None:
    plain = await workshop.make()
    rigged = await workshop.make(GenerateOrder(prompt="a tin robot"))
    await workshop.make(RigOrder(model_id=rigged.model.id))
    waiting = await workshop.ask(GenerateOrder(prompt="a paper boat"))
    suggest = workshop.core.shelf.suggest_models

    assert {view.model.id for view in await suggest(ADA, "", for_stage=None)} == {
        plain.model.id,
        rigged.model.id,
        waiting.model_id,
    }
    assert [view.model.id for view in await suggest(ADA, "", for_stage=Stage.RIG)] == [plain.model.id]
    assert [view.model.id for view in await suggest(ADA, "", for_stage=Stage.ANIMATE)] == [rigged.model.id]
    assert [view.model.id for view in await suggest(ADA, "BOAT", for_stage=None)] == [waiting.model_id]
    assert await suggest(BEN, "", for_stage=None) == []


async def test_clips_are_those_that_the_rig_can_play(workshop: Workshop) -> None:
    suggest = workshop.core.shelf.suggest_clips

    assert await suggest(ADA, None, "") == ["dance_01", "idle", "jump", "run", "walk"]
    assert await suggest(ADA, None, "Dance ") == ["dance_01"]
    assert await suggest(ADA, "no such model", "") == []


def test_what_people_ask_for_most_is_offered_first() -> None:
    assert matching_clips(["angry_walk", "walk_back", "walk"], "walk") == ["walk", "walk_back", "angry_walk"]


async def test_without_a_public_address_the_store_signs_links(workshop: Workshop) -> None:
    workshop.public_url = None
    workshop.restart()

    view = await workshop.make()

    assert view.model_file is not None
    assert view.model_file.url is not None
    assert "/files/" in view.model_file.url
    assert view.links_expire


async def test_what_lies_behind_a_lasting_address_has_the_best_file_first(workshop: Workshop) -> None:
    made = await workshop.make(CHAIN)

    found = await workshop.core.shelf.model_files(made.model.link_id)

    assert found is not None
    model, files = found
    assert model.id == made.model.id
    assert files[0].name == "a-wooden-knight-all-clips.glb"
    assert sorted(file.name for file in files[1:]) == [
        "a-wooden-knight-idle.glb",
        "a-wooden-knight-rigged.glb",
        "a-wooden-knight-walk.glb",
        "a-wooden-knight.glb",
        *["a-wooden-knight.png"] * 4,
    ]
    assert await workshop.core.shelf.model_files("unknown") is None


async def test_a_file_is_read_only_up_to_what_was_agreed(workshop: Workshop) -> None:
    made = await workshop.make()
    assert made.model_file is not None
    artifact = made.model_file.artifact

    assert (await workshop.core.shelf.read_file(artifact, artifact.size)).startswith(b"glTF")
    with pytest.raises(ValueError, match=str(artifact.size)):
        await workshop.core.shelf.read_file(artifact, artifact.size - 1)


async def test_the_page_of_a_model_has_its_files_and_its_words(workshop: Workshop) -> None:
    made = await workshop.make(CHAIN)

    page = await workshop.core.shelf.page(made.model.link_id)

    assert page is not None
    assert (page.vendor, page.prompt) == ("Tripo", made.model.prompt)
    assert page.files[0] is page.file
    assert page.file == (made.model_file.artifact if made.model_file else None)
    assert len({file.name for file in page.files}) == len(page.files) > 1
    async with workshop.core.shelf.open(page.file) as stream:
        assert (b"".join([piece async for piece in stream]))[:4] == b"glTF"


async def test_the_page_of_a_private_model_keeps_its_words_to_itself(workshop: Workshop) -> None:
    made = await workshop.make(OWL, ALONE)

    page = await workshop.core.shelf.page(made.model.link_id)

    assert page is not None
    assert page.prompt == ""


async def test_there_is_no_page_of_what_is_deleted_or_has_no_file_yet(workshop: Workshop) -> None:
    made = await workshop.make(OWL)
    await workshop.core.jobs.delete(ADA, made.model.id)
    begun = await workshop.ask(OWL)
    unmade = await workshop.core.shelf.find_model(ADA, begun.model_id)

    assert await workshop.core.shelf.page(made.model.link_id) is None
    assert await workshop.core.shelf.page(unmade.link_id) is None
