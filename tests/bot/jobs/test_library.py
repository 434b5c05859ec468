"""Keeping models in order, looking through them, and taking them along."""

import hashlib
import io
import json
import zipfile
from dataclasses import replace

import pytest

from bot.jobs.browsing import Look, Place
from bot.jobs.errors import NameEmpty, NameTooLong, NoServer, NoSuchModel, NotYours, TooManyTags
from bot.jobs.exporting import MANIFEST
from bot.jobs.orders import Asker, GenerateOrder, RigOrder
from bot.jobs.passes import GOOD_FOR
from bot.jobs.views import ListView
from storage.lists import INBOX, Standing
from tests.bot.jobs.conftest import ADA, BEN, MONA, OWL, Workshop

ALONE = replace(ADA, guild_id=None)
ELSEWHERE = replace(BEN, guild_id=88)
ADAS = Look(person=ADA.user_id)


def names(page: ListView) -> list[str]:
    return [entry.model.name for entry in page.entries]


async def make(workshop: Workshop, name: str, asker: Asker = ADA, project: str = "") -> str:
    """A finished model; gives its id."""
    job = await workshop.core.jobs.start(
        asker, GenerateOrder(prompt=name), workshop.address(), project=project
    )
    await workshop.finish()
    workshop.clock.advance(seconds=1)
    return job.model_id


# Keeping ---------------------------------------------------------------------


async def test_a_project_is_made_on_first_use_and_goes_with_its_last_model(workshop: Workshop) -> None:
    keeping, browsing = workshop.core.keeping, workshop.core.browsing
    model = await make(workshop, "an oak barrel", project=" Águilas ")
    await make(workshop, "an iron gate", project="aguilas")
    await make(workshop, "a tin whistle")
    (project,) = await keeping.projects(ADA, "gUI")
    assert project.name == "Águilas"
    assert await keeping.projects(BEN) == []
    found = await browsing.page(ADA, Look(project_id=project.id))
    assert names(found) == ["an iron gate", "an oak barrel"]
    assert names(await browsing.page(ADA, Look(project_id=INBOX))) == ["a tin whistle"]

    await keeping.move(ADA, model, "")
    await workshop.core.jobs.delete(ADA, found.entries[0].model.id)

    assert await keeping.projects(ADA) == []


async def test_what_is_built_on_anothers_model_goes_into_ones_own_project(workshop: Workshop) -> None:
    model = await make(workshop, "an oak barrel")
    job = await workshop.core.jobs.start(BEN, RigOrder(model_id=model), workshop.address(), project="Castle")

    (entry,) = (await workshop.core.browsing.page(BEN, Look())).entries
    assert (entry.model.id, entry.project and entry.project.name) == (job.model_id, "Castle")
    assert (await workshop.core.browsing.one(ADA, model)).project is None


async def test_an_owner_and_a_moderator_change_a_model_and_nobody_else_does(workshop: Workshop) -> None:
    keeping = workshop.core.keeping
    model = await make(workshop, "an oak barrel")

    await keeping.rename(ADA, model, "  A barrel ")
    await keeping.tag(MONA, model, "Wood, #oak, wood")

    entry = await workshop.core.browsing.one(BEN, model)
    assert (entry.model.name, entry.tags, entry.may_act) == ("A barrel", ("oak", "wood"), False)
    for attempt in (
        keeping.rename(BEN, model, "mine"),
        keeping.tag(BEN, model, "mine"),
        keeping.hide(BEN, model),
        keeping.move(BEN, model, "mine"),
        keeping.move(MONA, model, "mine"),
    ):
        with pytest.raises(NotYours):
            await attempt
    with pytest.raises(NoSuchModel):
        await keeping.star(ELSEWHERE, model)


@pytest.mark.parametrize(("text", "refusal"), [(" \n ", NameEmpty), ("x" * 49, NameTooLong)])
async def test_a_name_has_to_be_one(workshop: Workshop, text: str, refusal: type[Exception]) -> None:
    with pytest.raises(refusal):
        await workshop.core.keeping.rename(ADA, "any", text)


async def test_tags_and_projects_have_their_limits(workshop: Workshop) -> None:
    with pytest.raises(TooManyTags):
        await workshop.core.keeping.tag(ADA, "any", ",".join("abcdefghijk"))
    with pytest.raises(NameTooLong):
        await workshop.core.keeping.tag(ADA, "any", "x" * 25)
    with pytest.raises(NameTooLong):
        await workshop.core.jobs.check(ADA, OWL, project="x" * 41)


async def test_going_private_kills_the_address_and_coming_back_does_not_revive_it(workshop: Workshop) -> None:
    keeping, shelf = workshop.core.keeping, workshop.core.shelf
    model = await make(workshop, "an oak barrel")
    before = (await workshop.core.browsing.one(ADA, model)).model.link_id
    told = len(workshop.changes)

    await keeping.hide(ADA, model)

    assert await shelf.model_files(before) is None
    assert len(workshop.changes) == told + 1
    with pytest.raises(NoSuchModel):
        await workshop.core.browsing.one(BEN, model)

    hidden = (await workshop.core.browsing.one(ADA, model)).model.link_id
    await keeping.hide(ADA, model)
    await keeping.publish(ADA, model)

    assert (await workshop.core.browsing.one(BEN, model)).model.link_id == hidden
    assert await shelf.model_files(before) is None


async def test_what_was_made_alone_has_no_server_to_be_shown_to(workshop: Workshop) -> None:
    model = await make(workshop, "an oak barrel", ALONE)

    with pytest.raises(NoServer):
        await workshop.core.keeping.publish(ALONE, model)


# Looking ---------------------------------------------------------------------


async def test_pages_know_what_is_before_and_after_them(workshop: Workshop) -> None:
    for name in ("one", "two", "three", "four", "five"):
        await workshop.ask(GenerateOrder(prompt=name))
        workshop.clock.advance(seconds=1)
    browsing = workshop.core.browsing

    first = await browsing.page(ADA, Look(), limit=2)
    middle = await browsing.page(ADA, Look(), Place(label=first.entries[-1].model.label), limit=2)
    last = await browsing.page(ADA, Look(), Place(label=middle.entries[-1].model.label), limit=2)
    back = await browsing.page(ADA, Look(), Place(label=last.entries[0].model.label, back=True), limit=2)
    again = await browsing.page(ADA, Look(), Place(label=back.entries[0].model.label, back=True), limit=2)
    lost = await browsing.page(ADA, Look(), Place(label="nobody"), limit=2)

    assert [names(page) for page in (first, middle, last)] == [["five", "four"], ["three", "two"], ["one"]]
    assert [(page.newer, page.older) for page in (first, middle, last)] == [
        (False, True),
        (True, True),
        (True, False),
    ]
    assert (back, again, lost) == (middle, first, first)


async def test_filters_go_together(workshop: Workshop) -> None:
    await make(workshop, "an oak barrel", project="Castle")
    await make(workshop, "an oak gate")
    await workshop.ask(GenerateOrder(prompt="an oak wheel"))
    page = workshop.core.browsing.page

    assert names(await page(ADA, Look(text="OAK", standing=Standing.READY))) == [
        "an oak gate",
        "an oak barrel",
    ]
    assert names(await page(ADA, Look(standing=Standing.WORKING))) == ["an oak wheel"]
    assert names(await page(ADA, Look(text="oak", project_id=INBOX, standing=Standing.READY))) == [
        "an oak gate"
    ]
    assert names(await page(ADA, Look(rigged=True))) == []


async def test_another_persons_models_are_what_the_asker_may_see_of_them(workshop: Workshop) -> None:
    hidden = await make(workshop, "a hidden gate")
    await workshop.core.keeping.hide(ADA, hidden)
    await make(workshop, "a letter", ALONE)
    await make(workshop, "an oak barrel")
    page = workshop.core.browsing.page

    assert names(await page(BEN, ADAS)) == ["an oak barrel"]
    assert names(await page(MONA, ADAS)) == ["an oak barrel", "a hidden gate"]
    assert names(await page(ADA, ADAS)) == ["an oak barrel", "a letter", "a hidden gate"]
    assert names(await page(ELSEWHERE, ADAS)) == []
    assert names(await page(replace(BEN, guild_id=None), ADAS)) == []
    assert names(await page(BEN, Look(person=404))) == []


async def test_a_gallery_shows_what_is_finished_and_public_the_most_starred_of_the_week_first(
    workshop: Workshop,
) -> None:
    barrel = await make(workshop, "an oak barrel")
    gate = await make(workshop, "an iron gate")
    hidden = await make(workshop, "a hidden gate")
    await workshop.core.keeping.hide(ADA, hidden)
    await workshop.ask(GenerateOrder(prompt="not there yet"))
    gallery = Look(gallery=True)
    page, star = workshop.core.browsing.page, workshop.core.keeping.star
    assert names(await page(BEN, gallery)) == ["an iron gate", "an oak barrel"]

    assert await star(BEN, barrel)
    assert await star(MONA, barrel)
    first = (await page(BEN, gallery)).entries[0]
    assert (first.model.id, first.stars, first.week, first.starred) == (barrel, 2, 2, True)

    workshop.clock.advance(seconds=8 * 24 * 3600)
    assert await star(BEN, gate)
    assert names(await page(BEN, gallery)) == ["an iron gate", "an oak barrel"]
    assert not await star(BEN, gate)
    assert names(await page(replace(BEN, guild_id=None), gallery)) == []


# Taking along -----------------------------------------------------------------


async def archive(workshop: Workshop, asker: Asker, project_id: str | None = None) -> zipfile.ZipFile:
    account = workshop.core.passes.read(str(await workshop.core.passes.address(asker)).rpartition("/")[2])
    assert account is not None
    pieces = [piece async for piece in workshop.core.exporting.archive(account, project_id)]
    assert max(map(len, pieces)) < 2 * 1024 * 1024
    return zipfile.ZipFile(io.BytesIO(b"".join(pieces)))


async def test_an_archive_holds_ones_own_files_and_a_manifest_that_is_true(workshop: Workshop) -> None:
    theirs = await make(workshop, "a hidden barrel", BEN)
    barrel = await make(workshop, "an oak barrel", project="Castle")
    await workshop.core.keeping.tag(ADA, barrel, "wood")
    await workshop.core.jobs.start(ADA, RigOrder(model_id=theirs), workshop.address())
    await workshop.finish()
    await workshop.core.keeping.hide(BEN, theirs)

    found = await archive(workshop, ADA)

    assert found.testzip() is None
    told = json.loads(found.read(MANIFEST))["models"]
    assert {one["name"]: one["project"] for one in told} == {
        "an oak barrel": "Castle",
        "a hidden barrel": None,  # ADA's own, built on BEN's while that was public
    }
    assert [one["parent"] for one in told] == [None, None]
    files = [file for one in told for file in one["files"]]
    assert sorted(file["path"] for file in files) == sorted(set(found.namelist()) - {MANIFEST})
    for file in files:
        data = found.read(file["path"])
        assert (len(data), hashlib.sha256(data).hexdigest()) == (file["size"], file["sha256"])
    (castle,) = await workshop.core.keeping.projects(ADA)
    (one,) = json.loads((await archive(workshop, ADA, castle.id)).read(MANIFEST))["models"]
    assert (one["prompt"], one["tags"]) == ("an oak barrel", ["wood"])
    assert one["seed"] is not None


async def test_a_file_that_the_store_lost_is_named_and_spoils_nothing(workshop: Workshop) -> None:
    barrel = await make(workshop, "an oak barrel")
    await make(workshop, "an iron gate")
    async with workshop.db.read() as tx:
        lost = (await tx.artifacts.of_model(barrel))[0]
    await workshop.store.delete(lost.key)

    found = await archive(workshop, ADA)

    assert found.testzip() is None
    _, told = json.loads(found.read(MANIFEST))["models"]
    assert [file["sha256"] for file in told["missing"]] == [lost.sha256]


async def test_a_pass_is_good_for_an_hour_and_cannot_be_made_up(workshop: Workshop) -> None:
    passes = workshop.core.passes
    token = str(await passes.address(ADA)).rpartition("/")[2]
    assert passes.read(token) is not None
    assert passes.read("A" + token[1:]) is None
    assert passes.read("nonsense") is None

    workshop.clock.advance(seconds=GOOD_FOR // 1000)

    assert passes.read(token) is None


async def test_without_a_site_there_are_no_personal_addresses(workshop: Workshop) -> None:
    workshop.public_url = None
    workshop.restart()

    assert await workshop.core.passes.address(ADA) is None
