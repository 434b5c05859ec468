"""Members' own keys on a real database file."""

from dataclasses import replace
from pathlib import Path

import pytest

from storage import Database, SecretBox
from storage.database import Transaction
from storage.models import RunState, VendorKey
from tests.storage.nouns import ACCOUNT, add_job, run

KEY = VendorKey(
    id="key", account_id=ACCOUNT.id, provider="tripo", secret="tsk_a_members_own_key", created_at=1_000
)


async def stored(tx: Transaction, key_id: str = "key") -> VendorKey:
    found = await tx.vendor_keys.get(key_id)
    assert found is not None
    return found


async def test_a_key_comes_back_as_it_was_put(db: Database) -> None:
    async with db.begin() as tx:
        await tx.accounts.insert(ACCOUNT)
        await tx.vendor_keys.insert(KEY)

    async with db.read() as tx:
        assert await stored(tx) == KEY


async def test_a_key_is_in_no_file_and_not_in_its_own_words(db: Database, path: Path) -> None:
    async with db.begin() as tx:
        await tx.accounts.insert(ACCOUNT)
        await tx.vendor_keys.insert(KEY)

    files = [file.read_bytes() for file in path.parent.iterdir()]
    assert any(b"tripo" in file for file in files)  # we look in the right place
    assert not any(b"members_own" in file for file in files)
    assert "members_own" not in repr(KEY)


async def test_a_key_under_another_secret_is_there_and_empty(db: Database, path: Path) -> None:
    async with db.begin() as tx:
        await tx.accounts.insert(ACCOUNT)
        await tx.vendor_keys.insert(KEY)

    async with Database.open(path, SecretBox("k" * 32)) as other, other.read() as tx:
        assert await stored(tx) == replace(KEY, secret="")


async def test_a_members_keys_are_those_not_removed_refused_ones_among_them(tx: Transaction) -> None:
    await tx.accounts.insert(ACCOUNT)
    for name in ("gone", "refused", "good"):
        await tx.vendor_keys.insert(replace(KEY, id=name, provider=name))
    await tx.vendor_keys.remove("gone", 5)
    await tx.vendor_keys.refuse("refused", 6)

    found = await tx.vendor_keys.of_account(ACCOUNT.id)

    assert [(key.id, key.refused_at) for key in found] == [("good", None), ("refused", 6)]
    assert await tx.vendor_keys.of_account("another") == []


@pytest.mark.parametrize(
    ("state", "provider", "credential", "kept"),
    [
        (RunState.WAITING, "tripo", "key", True),
        (RunState.PLANNED, "tripo", "key", True),
        (RunState.DONE, "tripo", "key", False),
        (RunState.UNSURE, "tripo", "key", False),
        (RunState.WAITING, "tripo", "owner", False),
    ],
)
async def test_a_removed_key_is_kept_while_a_run_needs_it(
    tx: Transaction,
    state: RunState,
    provider: str,
    credential: str,
    kept: bool,  # noqa: FBT001 -- a table's column
) -> None:
    await add_job(tx, run("run", state=state, provider=provider, credential=credential))
    await tx.vendor_keys.insert(KEY)
    await tx.vendor_keys.remove(KEY.id, 5)

    await tx.vendor_keys.forget_unused()

    assert (await stored(tx)).secret == (KEY.secret if kept else "")


async def test_a_key_that_was_not_removed_is_never_emptied(tx: Transaction) -> None:
    await tx.accounts.insert(ACCOUNT)
    await tx.vendor_keys.insert(KEY)

    await tx.vendor_keys.forget_unused()

    assert await stored(tx) == KEY
