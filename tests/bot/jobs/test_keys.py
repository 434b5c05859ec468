"""Members' own keys: what is kept of them, for how long, and what a stranger's key comes to."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, cast

import pytest

from bot.jobs.clock import RandomIds
from bot.jobs.errors import KeyMalformed, KeyRefused, KeyUnproven, NoKeysThere, NoSuchKey
from bot.jobs.journal import Journal
from bot.jobs.keys import KeyOwner, Keys, KeyView
from bot.jobs.machine import Change
from bot.jobs.orders import Asker
from bot.jobs.vendors import Vendors
from providers.base import Balance, Provider
from providers.errors import ProviderError, Unauthorised, Unavailable
from storage.database import Database
from storage.models import RunState, StageRun, VendorKey
from storage.schema import migrate
from storage.secrets import SecretBox
from tests.clock import StillClock
from tests.storage.nouns import JOB, MODEL, RUN

ADA = Asker(user_id=1, guild_id=77, locale="en-US")
BEN = Asker(user_id=2, guild_id=None, locale="es-ES")
GOOD, ALSO_GOOD, BAD = "tsk_good_0123456789", "tsk_also_good_0123456789", "tsk_bad_0123456789"


@dataclass
class Teller:
    """A vendor that knows some keys, or answers all of them with a trouble of its own."""

    name: str
    title: str
    known: set[str] = field(default_factory=lambda: {GOOD, ALSO_GOOD})
    trouble: ProviderError | None = None
    silent: bool = False
    asked: list[str] = field(default_factory=list)
    key: str = ""

    def behind(self, api_key: str) -> "Teller":
        return replace(self, key=api_key)

    async def balance(self) -> Balance | None:
        self.asked.append(self.key)
        if self.silent:
            await asyncio.get_running_loop().create_future()
        if self.trouble:
            raise self.trouble
        if self.key not in self.known:
            raise Unauthorised(self.name, f"no such key: {self.key}")
        return None


def begins_right(key: str) -> str | None:
    return None if key.startswith("tsk_") else "a key begins with tsk_"


@dataclass
class Counter:
    """Where keys are handed in, and what lies behind it."""

    db: Database
    tripo: Teller
    vendors: Vendors
    keys: Keys
    clock: StillClock

    async def stored(self, key_id: str) -> VendorKey:
        async with self.db.read() as tx:
            found = await tx.vendor_keys.get(key_id)
        assert found is not None
        return found

    async def run_with(self, key: VendorKey) -> StageRun:
        """Work that is under way with a key."""
        async with self.db.begin() as tx:
            await tx.models.insert(replace(MODEL, account_id=key.account_id))
            await tx.jobs.insert(replace(JOB, account_id=key.account_id, locale="es-ES"))
            state, whose = RunState.WAITING, key.account_id
            run = replace(RUN, state=state, account_id=whose, provider="tripo", credential=key.id)
            await tx.runs.insert_many([run])
        return run

    async def end(self, run: StageRun) -> None:
        journal = Journal(db=self.db, clock=self.clock, ids=RandomIds())
        assert await journal.write(run, Change(fields={"state": RunState.DONE}))


@pytest.fixture
async def counter(tmp_path: Path) -> AsyncIterator[Counter]:
    path = tmp_path / "maquette.db"
    migrate(path)
    clock = StillClock()
    tripo, own_machine = Teller("tripo", "Tripo"), Teller("comfyui", "ComfyUI")
    kinds = cast("dict[str, Provider]", {"tripo": tripo, "comfyui": own_machine})
    async with Database.open(path, SecretBox(b"k" * 32)) as db:
        vendors = Vendors(db=db, kinds=kinds, owned=frozenset(kinds), keyed=frozenset({"tripo"}))
        shapes = {"tripo": begins_right}
        keys = Keys(db=db, vendors=vendors, shapes=shapes, clock=clock, ids=RandomIds(), patience=0.01)
        yield Counter(db, tripo, vendors, keys, clock)


async def test_a_key_is_proven_before_it_is_kept(counter: Counter) -> None:
    key = await counter.keys.set(ADA, "tripo", f" {GOOD}\n")

    assert counter.tripo.asked == [GOOD]
    assert (await counter.stored(key.id)).secret == GOOD


async def test_a_member_sees_when_it_was_set_and_not_what_it_is(counter: Counter) -> None:
    set_at = counter.clock.now()
    await counter.keys.set(ADA, "tripo", GOOD)
    counter.clock.advance(hours=1)

    shown = await counter.keys.show(ADA)

    assert shown == [KeyView(provider="tripo", title="Tripo", since=set_at, works=True)]
    assert GOOD not in repr(shown)
    assert await counter.keys.show(BEN) == []


@pytest.mark.parametrize(
    ("secret", "trouble", "refusal"),
    [
        ("hunter2", None, KeyMalformed),
        ("", None, KeyMalformed),
        ("tsk_two words", None, KeyMalformed),
        ("tsk_línea", None, KeyMalformed),
        ("tsk_a\r\nX-Header: b", None, KeyMalformed),
        ("tsk_" + "x" * 200, None, KeyMalformed),
        (BAD, None, KeyRefused),
        (GOOD, Unavailable("tripo", f"about {GOOD}"), KeyUnproven),
    ],
)
async def test_what_is_not_proven_is_not_kept_and_not_repeated(
    counter: Counter, secret: str, trouble: ProviderError | None, refusal: type[Exception]
) -> None:
    counter.tripo.trouble = trouble

    with pytest.raises(refusal) as raised:
        await counter.keys.set(ADA, "tripo", secret)

    assert await counter.keys.show(ADA) == []
    assert not secret or secret not in repr(raised.value)
    assert raised.value.__cause__ is None
    assert raised.value.__suppress_context__ or raised.value.__context__ is None


async def test_what_does_not_look_like_a_key_never_leaves_the_house(counter: Counter) -> None:
    with pytest.raises(KeyMalformed):
        await counter.keys.set(ADA, "tripo", "my password")

    assert counter.tripo.asked == []


async def test_a_vendor_that_stays_silent_is_not_waited_for(counter: Counter) -> None:
    counter.tripo.silent = True

    with pytest.raises(KeyUnproven):
        await counter.keys.set(ADA, "tripo", GOOD)


@pytest.mark.parametrize("provider", ["comfyui", "nobody"])
async def test_only_vendors_that_take_keys_are_offered_them(counter: Counter, provider: str) -> None:
    assert counter.keys.titles() == {"tripo": "Tripo"}

    with pytest.raises(NoKeysThere):
        await counter.keys.set(ADA, provider, GOOD)


async def test_an_earlier_key_makes_place_and_is_emptied(counter: Counter) -> None:
    first = await counter.keys.set(ADA, "tripo", GOOD)
    theirs = await counter.keys.set(BEN, "tripo", GOOD)

    await counter.keys.set(ADA, "tripo", ALSO_GOOD)

    assert len(await counter.keys.show(ADA)) == 1
    assert (await counter.stored(first.id)).secret == ""
    assert (await counter.stored(theirs.id)).secret == GOOD


async def test_a_key_that_does_not_pass_leaves_the_earlier_one(counter: Counter) -> None:
    first = await counter.keys.set(ADA, "tripo", GOOD)

    with pytest.raises(KeyRefused):
        await counter.keys.set(ADA, "tripo", BAD)

    assert (await counter.stored(first.id)) == first


async def test_the_same_key_again_is_the_same_key(counter: Counter) -> None:
    first = await counter.keys.set(ADA, "tripo", GOOD)

    assert await counter.keys.set(ADA, "tripo", GOOD) == first


async def test_two_keys_in_the_same_moment_leave_one(counter: Counter) -> None:
    both = [counter.keys.set(ADA, "tripo", key) for key in (GOOD, ALSO_GOOD)]

    await asyncio.gather(*both)

    assert len(await counter.keys.show(ADA)) == 1


async def test_a_removed_key_serves_its_runs_to_their_end_and_no_longer(counter: Counter) -> None:
    key = await counter.keys.set(ADA, "tripo", GOOD)
    run = await counter.run_with(key)

    await counter.keys.remove(ADA, "tripo")

    assert await counter.keys.show(ADA) == []
    behind: Any = await counter.vendors.behind("tripo", key.id)
    assert behind.key == GOOD
    await counter.end(run)
    assert (await counter.stored(key.id)).secret == ""


async def test_the_end_of_a_job_leaves_a_key_alone_that_was_not_removed(counter: Counter) -> None:
    key = await counter.keys.set(ADA, "tripo", GOOD)

    await counter.end(await counter.run_with(key))

    assert await counter.stored(key.id) == key


@pytest.mark.parametrize("asker", [ADA, BEN])
async def test_nobody_removes_what_they_do_not_have(counter: Counter, asker: Asker) -> None:
    await counter.keys.set(ADA, "tripo", GOOD)
    await counter.keys.remove(ADA, "tripo")

    with pytest.raises(NoSuchKey):
        await counter.keys.remove(asker, "tripo")


async def test_a_refused_key_is_told_once_to_whom_it_belongs(counter: Counter) -> None:
    key = await counter.keys.set(ADA, "tripo", GOOD)
    await counter.end(await counter.run_with(key))

    told = await counter.keys.refused(key.id)

    assert told == KeyOwner(user_id=ADA.user_id, title="Tripo", locale="es-ES")
    assert await counter.keys.refused(key.id) is None
    assert [view.works for view in await counter.keys.show(ADA)] == [False]


async def test_a_refused_key_can_be_set_again(counter: Counter) -> None:
    key = await counter.keys.set(ADA, "tripo", GOOD)
    await counter.keys.refused(key.id)

    await counter.keys.set(ADA, "tripo", GOOD)

    assert [view.works for view in await counter.keys.show(ADA)] == [True]


async def test_nobody_is_told_of_a_key_that_was_taken_back_or_never_was(counter: Counter) -> None:
    key = await counter.keys.set(ADA, "tripo", GOOD)
    await counter.run_with(key)
    await counter.keys.remove(ADA, "tripo")

    assert await counter.keys.refused(key.id) is None
    assert await counter.keys.refused("nothing") is None


async def test_a_key_that_the_owners_secret_no_longer_opens_is_shown_as_broken(
    counter: Counter, tmp_path: Path
) -> None:
    await counter.keys.set(ADA, "tripo", GOOD)

    async with Database.open(tmp_path / "maquette.db", SecretBox(b"x" * 32)) as other:
        keys = replace(counter.keys, db=other)
        assert [view.works for view in await keys.show(ADA)] == [False]
        await keys.remove(ADA, "tripo")
        assert await keys.show(ADA) == []
