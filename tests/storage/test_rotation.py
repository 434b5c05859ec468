"""Changing the secret key: what is sealed opens at every moment, and in the end with the new key alone."""

import asyncio
import subprocess
import sys
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from storage import Database, SecretBox, lock_engine, migrate, rotation
from storage.errors import DatabaseBehind, EngineRunning
from storage.rotation import rotate, survey
from storage.secrets import Seal
from tests.meta.sources import ROOT
from tests.storage.nouns import ACCOUNT, CARD, add_job
from tests.storage.test_vendor_keys import KEY as OWN_KEY

OLD, NEW = "the key that was used so far, 32+", "the key that is used from now on"
CARDS, KEYS = 5, 3


async def fill(path: Path, box: SecretBox) -> None:
    """Some of everything that is sealed, and rows with nothing to seal between them."""
    async with Database.open(path, box) as db, db.begin() as tx:
        await add_job(tx)
        for number in range(CARDS):
            await tx.cards.insert(replace(CARD, id=f"card{number}", token=f"token {number}"))
        await tx.cards.insert(replace(CARD, id="card25", token=None))
        for number in range(KEYS):
            await tx.vendor_keys.insert(replace(OWN_KEY, id=f"key{number}", secret=f"secret {number}"))
        await tx.vendor_keys.insert(replace(OWN_KEY, id="key15", removed_at=5))
        await tx.vendor_keys.forget_unused()


async def opened(path: Path, box: SecretBox) -> list[str | None]:
    """Every text that was put there, as this box reads it."""
    async with Database.open(path, box) as db, db.read() as tx:
        cards = [await tx.cards.get(f"card{number}") for number in range(CARDS)]
        keys = await tx.vendor_keys.of_account(ACCOUNT.id)
        return [*(card.token for card in cards if card), *(key.secret for key in keys)]


EVERYTHING = [
    *(f"token {number}" for number in range(CARDS)),
    *(f"secret {number}" for number in range(KEYS)),
]


async def test_everything_is_sealed_anew_with_the_key_of_the_settings(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rotation, "BATCH", 2)
    await fill(path, SecretBox(OLD))

    found = await rotate(path, lambda: SecretBox(NEW, OLD), None)

    assert found == {"cards": Counter({Seal.EARLIER: CARDS}), "vendor_keys": Counter({Seal.EARLIER: KEYS})}
    assert await opened(path, SecretBox(NEW)) == EVERYTHING


async def test_a_second_time_finds_nothing_left_to_do(path: Path) -> None:
    await fill(path, SecretBox(OLD))
    await rotate(path, lambda: SecretBox(NEW, OLD), None)

    again = await rotate(path, lambda: SecretBox(NEW, OLD), None)

    assert again == {"cards": Counter({Seal.CURRENT: CARDS}), "vendor_keys": Counter({Seal.CURRENT: KEYS})}


async def test_what_opens_with_no_key_is_counted_and_left_as_it_is(path: Path) -> None:
    await fill(path, SecretBox(OLD))

    found = await rotate(path, lambda: SecretBox(NEW), None)

    assert found["vendor_keys"] == Counter({Seal.UNKNOWN: KEYS})
    assert await opened(path, SecretBox(OLD)) == EVERYTHING


async def test_a_survey_tells_the_same_and_changes_nothing(path: Path) -> None:
    await fill(path, SecretBox(OLD))
    box = SecretBox(NEW, OLD)

    async with Database.open(path, box) as db:
        first, again = await survey(db, box), await survey(db, box)

    assert first == again
    assert first["cards"] == Counter({Seal.EARLIER: CARDS})


async def test_a_new_key_in_the_file_leaves_the_old_one_nothing_to_open(tmp_path: Path) -> None:
    database, key = tmp_path / "maquette.db", tmp_path / "secret.key"
    migrate(database)
    old = SecretBox.from_file(key)
    await fill(database, old)

    await rotate(database, lambda: SecretBox.from_file(key), key)

    assert await opened(database, SecretBox.from_file(key)) == EVERYTHING
    assert set(await opened(database, old)) == {None, ""}
    assert not key.with_name("secret.key.previous").exists()


async def test_while_an_engine_works_nothing_is_changed(path: Path) -> None:
    key = path.with_name("secret.key")
    before = SecretBox.from_file(key).derive("x")

    with lock_engine(path), pytest.raises(EngineRunning):
        await rotate(path, lambda: SecretBox.from_file(key), key)

    assert SecretBox.from_file(key).derive("x") == before


async def test_without_a_database_no_key_is_made(tmp_path: Path) -> None:
    key = tmp_path / "secret.key"

    with pytest.raises(DatabaseBehind):
        await rotate(tmp_path / "maquette.db", lambda: SecretBox.from_file(key), key)

    assert not key.exists()


@pytest.mark.process
def test_killed_at_any_moment_everything_opens_and_the_next_time_ends_it(tmp_path: Path) -> None:
    data = tmp_path / "data"
    data.mkdir()
    migrate(data / "maquette.db")
    asyncio.run(fill(data / "maquette.db", SecretBox.from_file(data / "secret.key")))
    old = (data / "secret.key").read_bytes()

    kill = [sys.executable, "-m", "tests.storage.killed_rotations", str(tmp_path)]
    subprocess.run(kill, cwd=ROOT, check=True, timeout=120)

    folders = [folder for folder in tmp_path.iterdir() if folder != data]
    assert len(folders) > 12
    for folder in folders:
        asyncio.run(ended(folder))
        assert (folder / "secret.key").read_bytes() != old
        assert not (folder / "secret.key.previous").exists()


async def ended(folder: Path) -> None:
    """Look at what a killed rotation left, and end it."""
    database, key = folder / "maquette.db", folder / "secret.key"
    assert await opened(database, SecretBox.from_file(key)) == EVERYTHING
    await rotate(database, lambda: SecretBox.from_file(key), key)
    assert await opened(database, SecretBox.from_file(key)) == EVERYTHING
