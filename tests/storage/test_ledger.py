from dataclasses import replace

import pytest

from storage import Transaction
from storage.models import EntryKind, LedgerEntry
from storage.stores.ledger import JobCharges
from tests.storage.nouns import ACCOUNT, ENTRY, add_job, entry, run

SERVER = ENTRY.guild_id


async def write(tx: Transaction, *entries: LedgerEntry) -> None:
    for one in entries:
        assert await tx.ledger.insert(one)


async def test_the_same_key_is_written_once(tx: Transaction) -> None:
    await add_job(tx, run("run"))

    assert await tx.ledger.insert(ENTRY)
    assert not await tx.ledger.insert(replace(ENTRY, id="again", amount=99))

    assert await tx.ledger.of_run("run") == [ENTRY]


@pytest.mark.parametrize("server", [SERVER, None])
async def test_the_window_holds_what_counts_against_the_allowance_here_and_now(
    tx: Transaction, server: int | None
) -> None:
    await add_job(tx, run("run"))
    here = {"guild_id": server}
    await write(
        tx,
        entry("too old", effective_at=5, **here),
        entry("reserve", effective_at=6, **here),
        entry("release", effective_at=7, kind=EntryKind.RELEASE, amount=-2, **here),
        entry("reset", effective_at=8, kind=EntryKind.RESET, amount=-2, **here),
        entry("settle", effective_at=9, kind=EntryKind.SETTLE, amount=0, **here),
        entry("grant", effective_at=9, kind=EntryKind.GRANT, amount=5, run_id=None, **here),
        entry("granted", effective_at=9, grant_id="grant", **here),
        entry("elsewhere", effective_at=9, guild_id=99),
    )

    window = await tx.ledger.window(ACCOUNT.id, server, 5)

    assert [line.id for line in window] == ["reserve", "release", "reset"]


@pytest.mark.parametrize("server", [SERVER, None])
async def test_a_grant_is_good_until_it_expires_and_tells_what_is_used_of_it(
    tx: Transaction, server: int | None
) -> None:
    await add_job(tx, run("run"))
    grant = {"kind": EntryKind.GRANT, "amount": 5, "run_id": None, "guild_id": server}
    await write(
        tx,
        entry("for ever", **grant),
        entry("late", expires_at=200, **grant),
        entry("soon", expires_at=101, **grant),
        entry("expired", expires_at=100, **grant),
        entry("elsewhere", **{**grant, "guild_id": 99}),
        entry("reserve", guild_id=server, amount=3, grant_id="late"),
        entry("release", guild_id=server, amount=-1, grant_id="late", kind=EntryKind.RELEASE),
    )

    grants = await tx.ledger.grants(ACCOUNT.id, server, 100)

    assert [(line.id, used) for line, used in grants] == [("soon", 0), ("late", 2), ("for ever", 0)]


async def test_the_caps_count_all_servers_and_grants_but_no_moderators_reset(tx: Transaction) -> None:
    await add_job(tx, run("run"))
    await tx.accounts.ensure(2, id="other", now=0)
    await write(
        tx,
        entry("old", effective_at=5, amount=100),
        entry("here", effective_at=6, amount=1),
        entry("there", effective_at=6, amount=2, guild_id=99),
        entry("privately", effective_at=6, amount=4, guild_id=None),
        entry("grant", effective_at=6, amount=50, kind=EntryKind.GRANT),
        entry("granted", effective_at=6, amount=8, grant_id="grant"),
        entry("back", effective_at=6, amount=-1, kind=EntryKind.RELEASE),
        entry("reset", effective_at=6, amount=-8, kind=EntryKind.RESET),
        entry("somebody", effective_at=6, amount=16, account_id="other"),
    )

    assert await tx.ledger.used_by_account(ACCOUNT.id, 5) == 14
    assert await tx.ledger.used_by_all(5) == 30
    assert await tx.ledger.used_by_all(6) == 0


async def test_a_job_has_settled_what_is_done_and_holds_what_may_come_back(tx: Transaction) -> None:
    await add_job(tx, run("done"), run("open"), run("failed"))
    await add_job(tx, run("elsewhere"), id="other", interaction_id=1)
    await write(
        tx,
        *(
            entry(f"reserve {name}", run_id=name, amount=2)
            for name in ("done", "open", "failed", "elsewhere")
        ),
        entry("more", run_id="done", amount=1),
        entry("settle", run_id="done", kind=EntryKind.SETTLE, amount=0),
        entry("release", run_id="failed", kind=EntryKind.RELEASE, amount=-2),
        entry("reset", run_id="done", kind=EntryKind.RESET, amount=-3),
    )

    assert await tx.ledger.of_job("job") == JobCharges(settled=3, reserved=2)
    assert await tx.ledger.of_job("nothing") == JobCharges(settled=0, reserved=0)
