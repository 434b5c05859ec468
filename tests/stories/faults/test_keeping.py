"""What we keep things in fails: the object store, and the database."""

import sqlite3
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, closing, contextmanager
from pathlib import Path

import pytest

from tests.stories.faults import pictures
from tests.stories.faults.books import charged, database, files, untouched
from tests.stories.faults.bucket import Bucket, open_bucket
from tests.stories.house import House, open_house
from tests.stories.person import Person

PRICE = 2
TROUBLE = ("could not read or write what I keep", "No pude leer o escribir lo que guardo")
NOT_SAVED = ("I could not save the result", "No pude guardar el resultado")


# The object store ------------------------------------------------------------


@contextmanager
def store_down(house: House) -> Iterator[None]:
    """Where the folder was, there is something else."""
    folder = house.settings.data_dir / "files"
    aside = folder.with_name("aside")
    folder.mkdir(exist_ok=True)
    folder.rename(aside)
    folder.write_text("not a folder")
    try:
        yield
    finally:
        folder.unlink()
        aside.rename(folder)


async def test_pictures_that_cannot_be_kept_are_not_worked_with(
    house: House, ada: Person, carmen: Person
) -> None:
    with store_down(house):
        for person, sentence in zip((ada, carmen), TROUBLE, strict=True):
            file = await person.attach("owl.png", pictures.drawn())
            refusal = await person.type("generate", image=file)

            assert refusal.private
            assert sentence in refusal.text

    untouched(house, ada, carmen)


async def test_a_result_that_can_be_kept_a_little_later_is_paid_once(house: House, ada: Person) -> None:
    with store_down(house):
        card = await ada.type("generate", prompt="a brass owl")
        await house.reads(card, "saving the result")
        await house.pass_time(seconds=30)
    await house.reads(card, "Download GLB")

    assert len(house.at_vendor()) == 1
    assert charged(house) == PRICE


async def test_a_result_that_cannot_be_kept_is_not_charged(house: House, ada: Person, carmen: Person) -> None:
    with store_down(house):
        cards = [await person.type("generate", prompt="a brass owl") for person in (ada, carmen)]
        await house.pass_time(minutes=5)
        for card, sentence in zip(cards, NOT_SAVED, strict=True):
            await house.reads(card, "❌", sentence)

    assert charged(house) == 0
    assert len(house.at_vendor()) == 2
    assert files(house) == []


@pytest.fixture
async def bucket() -> AsyncIterator[Bucket]:
    async with open_bucket() as bucket:
        yield bucket


@pytest.fixture
async def far_house(tmp_path: Path, _discord_as_before: None, bucket: Bucket) -> AsyncIterator[House]:
    """The house with its files in that bucket."""
    async with open_house(tmp_path, **bucket.settings) as house:
        bucket.clock = house.clock
        yield house


@pytest.mark.parametrize(
    "refusal",
    [(507, "InsufficientStorage"), (400, "QuotaExceeded"), (403, "AccessDenied"), (404, "NoSuchBucket")],
    ids=lambda refusal: refusal[1],
)
async def test_a_bucket_that_is_full_closed_or_gone_costs_members_nothing(
    far_house: House, bucket: Bucket, refusal: tuple[int, str]
) -> None:
    ada, carmen = far_house.person("ada"), far_house.person("carmen")
    bucket.refusal = refusal
    file = await ada.attach("owl.png", pictures.drawn())
    assert TROUBLE[0] in (await ada.type("generate", image=file)).text

    cards = [await person.type("generate", prompt="a brass owl") for person in (ada, carmen)]
    await far_house.pass_time(minutes=5)
    for card, sentence in zip(cards, NOT_SAVED, strict=True):
        await far_house.reads(card, "❌", sentence)

    assert charged(far_house) == 0
    assert bucket.objects == {}


async def test_a_slow_bucket_is_waited_for(far_house: House, bucket: Bucket) -> None:
    bucket.pause = 1
    card = await far_house.person("ada").type("generate", prompt="a brass owl")
    await far_house.reads(card, "Download GLB")

    assert sorted(key.rpartition(".")[2] for key in bucket.objects) == ["glb", "webp"]
    assert charged(far_house) == PRICE


# The database -----------------------------------------------------------------

ILLS = {
    "full": ("max_page_count = 1", "max_page_count = 1073741823"),
    "read-only": ("query_only = ON", "query_only = OFF"),
}
"""With these SQLite says the same as on a disk that is full, or may only be read."""
LONG = "🦉" * 500
"""Words for which the database has to grow."""
WITH_ILLS = pytest.mark.parametrize("ill", ["locked", *ILLS])


@asynccontextmanager
async def unwell(house: House, ill: str) -> AsyncIterator[None]:
    """Nothing can be written to the database meanwhile."""
    if ill in ILLS:
        before, after = ILLS[ill]
        await pragma(house, before)
        yield
        await pragma(house, after)
        return
    await pragma(house, "busy_timeout = 10")  # ten seconds of real time are too long for a test
    with closing(sqlite3.connect(database(house), isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield


async def pragma(house: House, setting: str) -> None:
    """Tell the one connection that writes; outside a transaction, for some settings want that."""
    assert house.app
    async with house.app.db._writer.connect() as connection:
        raw = await connection.get_raw_connection()
        assert raw.driver_connection
        await raw.driver_connection.execute(f"PRAGMA {setting}")


@WITH_ILLS
async def test_a_command_that_cannot_be_written_down_did_not_happen(
    house: House, ada: Person, carmen: Person, ill: str
) -> None:
    async with unwell(house, ill):
        for person, sentence in zip((ada, carmen), TROUBLE, strict=True):
            refusal = await person.type("generate", prompt=LONG)

            assert refusal.private
            assert sentence in refusal.text

    untouched(house, ada, carmen)
    await house.reads(await ada.type("generate", prompt=LONG), "Download GLB")


@WITH_ILLS
async def test_work_goes_on_when_the_database_is_well_again(house: House, ada: Person, ill: str) -> None:
    card = await ada.type("generate", prompt=LONG)
    await house.until(house.at_vendor)
    async with unwell(house, ill):
        await house.pass_time(minutes=2)
    await house.reads(card, "Download GLB")

    assert len(house.at_vendor()) == 1
    assert charged(house) == PRICE


@WITH_ILLS
async def test_what_was_accepted_and_could_not_be_noted_is_found_again(
    house: House, ada: Person, ill: str
) -> None:
    house.arm("slow_answer", seconds=2.0)
    card = await ada.type("generate", prompt=LONG)
    await house.until(lambda: house.tripo.faults.armed() == [])
    async with unwell(house, ill):
        await house.until(house.at_vendor)
        await house.pass_time(minutes=2)
    await house.reads(card, "Download GLB")

    assert len(house.at_vendor()) == 1
    assert charged(house) == PRICE


@WITH_ILLS
async def test_a_job_that_waits_meanwhile_is_begun_later(house: House, ada: Person, ill: str) -> None:
    house.tripo.tasks.pools["h_series"] = 0
    card = await ada.type("generate", prompt=LONG)
    await house.reads(card, "in the queue")
    async with unwell(house, ill):
        house.tripo.tasks.pools["h_series"] = 1
        await house.pass_time(minutes=2)
    await house.reads(card, "Download GLB")

    assert len(house.at_vendor()) == 1
    assert charged(house) == PRICE
