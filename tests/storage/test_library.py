"""Projects, tags, stars and lists of models, on a real database file."""

import sqlite3
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import URL, create_engine

from storage import Database, Transaction, migrate
from storage.errors import DatabaseConflict
from storage.lists import INBOX, Listed, ModelFilter, Standing, Turn
from storage.models import JobState, Model, RunState, Stage, Visibility
from storage.schema import MIGRATIONS
from tests.storage.nouns import ACCOUNT, ARTIFACT, JOB, MODEL, RUN

HERE = 2**62
MINE = ModelFilter(account_id=ACCOUNT.id)
PUBLIC = ModelFilter(guild_id=HERE, public=True)


async def add(tx: Transaction, name: str, **changes: Any) -> Model:
    """A model of its own label and address; its name is its id."""
    model = replace(MODEL, id=name, name=name, label=f"label{name}", link_id=f"link{name}", prompt="")
    model = replace(model, **changes)
    await tx.models.insert(model)
    return model


@pytest.fixture
async def shelf(tx: Transaction) -> Transaction:
    """Two members, and four models of the first: ``a`` the oldest, two of one millisecond."""
    await tx.accounts.insert(ACCOUNT)
    await tx.accounts.insert(replace(ACCOUNT, id="ben", user_id=2))
    for name, made in (("a", 1), ("b", 2), ("c", 2), ("d", 3)):
        await add(tx, name, created_at=made)
    return tx


def names(found: Sequence[Listed]) -> str:
    return "".join(one.model.id for one in found)


async def walk(tx: Transaction, chosen: ModelFilter, *, back: bool = False) -> str:
    """All pages of two, turned one by one; pages are set apart by spaces."""
    last = (await tx.listing.newest(chosen, limit=99))[-1] if back else None
    turn = Turn(model=last.model, back=True) if last else None
    pages = [names([last])] if last else []
    while page := await tx.listing.newest(chosen, limit=2, turn=turn):
        pages.append(names(page))
        turn = Turn(model=page[0 if back else -1].model, back=back)
    return " ".join(pages)


# Lists -----------------------------------------------------------------------


async def test_pages_go_by_their_neighbour_in_both_directions(shelf: Transaction) -> None:
    assert await walk(shelf, MINE) == "dc ba"
    assert await walk(shelf, MINE, back=True) == "a cb d"


async def test_a_neighbour_that_was_deleted_still_marks_its_place(shelf: Transaction) -> None:
    await shelf.models.delete("c", now=9, link_id="gone")
    gone = await shelf.models.get("c")
    assert gone is not None

    assert names(await shelf.listing.newest(MINE, limit=9, turn=Turn(model=gone))) == "ba"
    assert names(await shelf.listing.newest(MINE, limit=9)) == "dba"


@pytest.mark.parametrize(
    ("chosen", "found"),
    [
        (ModelFilter(account_id="ben"), ""),
        (replace(MINE, text="c"), "c"),
        (replace(MINE, text="#LABELb"), "b"),
        (replace(MINE, text="label zzz"), ""),
        (replace(MINE, text="%"), ""),
        (PUBLIC, "dcba"),
        (ModelFilter(guild_id=1, public=True), ""),
    ],
)
async def test_a_list_is_cut_down_to_what_was_asked(
    shelf: Transaction, chosen: ModelFilter, found: str
) -> None:
    assert names(await shelf.listing.newest(chosen, limit=9)) == found


async def test_private_models_are_not_in_a_servers_list(shelf: Transaction) -> None:
    await shelf.models.set_visibility("c", Visibility.PRIVATE, "new")

    assert names(await shelf.listing.newest(PUBLIC, limit=9)) == "dba"


async def test_a_list_by_how_far_models_are(shelf: Transaction) -> None:
    for name, state in (("a", JobState.LIVE), ("b", JobState.DONE), ("c", JobState.FAILED)):
        job = replace(JOB, id=name, model_id=name, interaction_id=ord(name), state=state)
        await shelf.jobs.insert(job)
        stage = replace(RUN, id=name, job_id=name, model_id=name, stage=Stage.RIG)
        await shelf.runs.insert_many(
            [replace(stage, state=RunState.DONE if name == "b" else RunState.FAILED)]
        )
    await shelf.artifacts.insert(replace(ARTIFACT, model_id="b", run_id="b"))

    found = {
        standing: names(await shelf.listing.newest(replace(MINE, standing=standing), limit=9))
        for standing in Standing
    }

    assert found == {Standing.WORKING: "a", Standing.READY: "b", Standing.FAILED: "dc"}
    assert names(await shelf.listing.newest(replace(MINE, rigged=True), limit=9)) == "b"
    assert names(await shelf.listing.newest(replace(MINE, rigged=False), limit=9)) == "dca"


# Stars -----------------------------------------------------------------------


@pytest.fixture
async def gallery(shelf: Transaction) -> Transaction:
    """``b`` has two stars, ``a`` one, ``c`` one from long ago."""
    for number, (name, at) in enumerate((("b", 100), ("b", 101), ("a", 102), ("c", 5))):
        account = replace(ACCOUNT, id=f"fan{number}", user_id=100 + number)
        await shelf.accounts.insert(account)
        model = await shelf.models.get(name)
        assert model is not None
        await shelf.stars.add(model, account.id, now=at)
    return shelf


@pytest.mark.parametrize("size", [1, 2, 3, 9])
async def test_a_gallery_goes_by_stars_then_time_whichever_way_it_is_turned(
    gallery: Transaction, size: int
) -> None:
    onward, backward, turn = "", "", None
    while page := await gallery.listing.most_starred(PUBLIC, since=50, limit=size, turn=turn):
        onward += names(page)
        turn = Turn(model=page[-1].model, stars=page[-1].stars)
    while page := await gallery.listing.most_starred(
        PUBLIC, since=50, limit=size, turn=replace(turn, back=True) if turn else None
    ):
        backward = names(page) + backward
        turn = Turn(model=page[0].model, stars=page[0].stars)

    assert onward == "badc"
    assert backward + "c" == onward


async def test_a_star_counts_once_and_can_be_taken_back(gallery: Transaction) -> None:
    model = await gallery.models.get("a")
    assert model is not None
    await gallery.stars.add(model, "ben", now=7)
    await gallery.stars.add(model, "ben", now=8)

    assert await gallery.stars.count(["a", "b", "d"]) == {"a": 2, "b": 2}
    assert await gallery.stars.given("ben", ["a", "b"]) == {"a"}

    await gallery.stars.remove("a", "ben")

    assert await gallery.stars.given("ben", ["a", "b"]) == frozenset()


async def test_a_deleted_model_loses_its_stars(gallery: Transaction) -> None:
    await gallery.models.delete("b", now=9, link_id="gone")

    assert await gallery.stars.count(["b"]) == {}
    assert names(await gallery.listing.most_starred(PUBLIC, since=50, limit=9)) == "adc"


# Projects and tags -----------------------------------------------------------


async def test_a_project_is_made_once_however_its_name_is_written(shelf: Transaction) -> None:
    first = await shelf.projects.ensure(ACCOUNT.id, "Águilas", id="one", now=1)
    again = await shelf.projects.ensure(ACCOUNT.id, "aguilas", id="two", now=2)
    other = await shelf.projects.ensure("ben", "Águilas", id="three", now=3)

    assert first == again
    assert (first.name, other.id) == ("Águilas", "three")
    assert await shelf.projects.of_account(ACCOUNT.id) == [first]


async def test_a_second_project_of_one_name_is_refused_by_the_database(db: Database) -> None:
    async def add_twice() -> None:
        async with db.begin() as tx:
            await tx.accounts.insert(ACCOUNT)
            project = await tx.projects.ensure(ACCOUNT.id, "Castle", id="one", now=1)
            await tx.projects.insert(replace(project, id="two"))

    with pytest.raises(DatabaseConflict):
        await add_twice()


async def test_models_move_between_projects_and_the_inbox(shelf: Transaction) -> None:
    await shelf.projects.ensure(ACCOUNT.id, "Castle", id="castle", now=1)
    await shelf.models.move("b", "castle")
    await shelf.models.move("c", "castle")
    await shelf.models.move("c", None)

    assert names(await shelf.listing.newest(replace(MINE, project_id="castle"), limit=9)) == "b"
    assert names(await shelf.listing.newest(replace(MINE, project_id=INBOX), limit=9)) == "dca"

    await shelf.projects.delete_empty("castle")
    assert await shelf.projects.get("castle") is not None

    await shelf.models.delete("b", now=9, link_id="gone")
    await shelf.projects.delete_empty("castle")
    assert await shelf.projects.get("castle") is None


async def test_a_model_is_found_by_its_tags_and_by_its_new_name_alone(shelf: Transaction) -> None:
    await shelf.tags.set("a", ["forja", "águila"])
    await shelf.tags.set("a", ["águila", "metal"])
    await shelf.models.rename("a", "Ödland")

    found = {
        text: len(await shelf.models.search(ACCOUNT.id, text, 9))
        for text in ("AGUILA", "metal odl", "forja", "labela")
    }

    assert found == {"AGUILA": 1, "metal odl": 1, "forja": 0, "labela": 1}
    assert await shelf.tags.of(["a", "b"]) == {"a": ["metal", "águila"]}


# From the schema before ---------------------------------------------------------


def make_0002(path: Path) -> None:
    engine = create_engine(URL.create("sqlite", database=str(path)))
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.set_main_option("path_separator", "os")
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0002")
    engine.dispose()


def test_models_from_before_keep_everything_and_are_found_by_their_words(tmp_path: Path) -> None:
    path = tmp_path / "maquette.db"
    make_0002(path)
    connection = sqlite3.connect(path)
    with connection:
        connection.execute("INSERT INTO accounts VALUES ('account', 1, 1)")
        connection.execute(
            "INSERT INTO models VALUES ('m', 'k3m9xz', 'Águila', 'account', 7, 'an eagle', 'tripo',"
            " NULL, 'server', 'link', 5, NULL)"
        )
        connection.execute(
            "INSERT INTO artifacts VALUES ('f', 'm', NULL, 'model', 'k', 'n', 't', 1, 's', '{}', 1)"
        )

    migrate(path)

    (row,) = connection.execute("SELECT name, link_id, project_id, words FROM models").fetchall()
    assert row == ("Águila", "link", None, "aguila\nan eagle\nk3m9xz")
    assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
    assert connection.execute("SELECT count(*) FROM artifacts").fetchone() == (1,)
    connection.close()
