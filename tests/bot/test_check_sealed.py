"""What ``check`` says of texts that are sealed."""

from dataclasses import replace
from pathlib import Path

import pytest

from bot.check import probe_sealed
from storage import Database, SecretBox, migrate
from tests.storage.nouns import ACCOUNT, CARD, add_job
from tests.storage.test_vendor_keys import KEY

OLD, NEW = "the key that was used so far, 32+", "the key that is used from now on"


@pytest.fixture
async def path(tmp_path: Path) -> Path:
    """A database in which a card's token and two members' keys are sealed with the old key."""
    path = tmp_path / "maquette.db"
    migrate(path)
    async with Database.open(path, SecretBox(OLD)) as db, db.begin() as tx:
        await add_job(tx)
        await tx.cards.insert(CARD)
        for name in ("one", "two"):
            await tx.vendor_keys.insert(replace(KEY, id=name, account_id=ACCOUNT.id))
    return path


async def test_there_is_nothing_to_say_where_all_opens_with_the_key_in_use(path: Path) -> None:
    assert await probe_sealed(path, SecretBox(OLD)) == []


async def test_what_still_needs_the_earlier_key_is_counted_with_what_to_run(path: Path) -> None:
    (finding,) = await probe_sealed(path, SecretBox(NEW, OLD))

    assert finding.ok
    assert "before: 3" in finding.what
    assert "keys rotate" in finding.mend


async def test_members_keys_that_open_no_more_are_a_fault_and_dead_tokens_are_not(path: Path) -> None:
    (finding,) = await probe_sealed(path, SecretBox(NEW))

    assert not finding.ok
    assert finding.what.endswith(": 2")
    assert "SECRET_KEY_PREVIOUS" in finding.mend


async def test_without_a_database_there_is_nothing_sealed(tmp_path: Path) -> None:
    assert await probe_sealed(tmp_path / "maquette.db", SecretBox(NEW)) == []
    assert not (tmp_path / "maquette.db").exists()
