"""Accounts, models, jobs, cards, artifacts and quota changes, each on a real database file."""

from dataclasses import replace
from typing import Any

import pytest

from storage import Database, Transaction
from storage.models import JobState, QuotaAction, Visibility
from tests.storage.nouns import ACCOUNT, ARTIFACT, CARD, CHANGE, ENTRY, JOB, MODEL, RUN, add_job


async def test_every_noun_comes_back_as_it_was_put(db: Database) -> None:
    async with db.begin() as tx:
        await add_job(tx, RUN)
        await tx.cards.insert(CARD)
        await tx.artifacts.insert(ARTIFACT)
        await tx.ledger.insert(ENTRY)
        await tx.quota_changes.insert(CHANGE)

    async with db.read() as tx:
        assert await tx.accounts.get(ACCOUNT.id) == ACCOUNT
        assert await tx.models.get(MODEL.id) == MODEL
        assert await tx.jobs.get(JOB.id) == JOB
        assert await tx.runs.get(RUN.id) == RUN
        assert await tx.cards.get(CARD.id) == CARD
        assert await tx.artifacts.get(ARTIFACT.id) == ARTIFACT
        assert await tx.ledger.get(ENTRY.id) == ENTRY
        assert await tx.quota_changes.get(CHANGE.id) == CHANGE


# Accounts --------------------------------------------------------------------


async def test_an_account_is_made_once(tx: Transaction) -> None:
    first = await tx.accounts.ensure(5, id="first", now=1)
    again = await tx.accounts.ensure(5, id="second", now=2)

    assert first == again == await tx.accounts.by_user(5)
    assert await tx.accounts.by_user(6) is None


# Models ----------------------------------------------------------------------


@pytest.fixture
async def models(tx: Transaction) -> Transaction:
    """Four models, the last made first, two in the same millisecond."""
    await tx.accounts.insert(ACCOUNT)
    await tx.accounts.insert(replace(ACCOUNT, id="other", user_id=2))
    for name, made, account in (
        ("d", 1, "account"),
        ("c", 2, "account"),
        ("b", 2, "account"),
        ("a", 3, "other"),
    ):
        model = replace(MODEL, id=name, label=f"label{name}", link_id=f"link{name}", account_id=account)
        await tx.models.insert(replace(model, created_at=made))
    return tx


async def test_a_deleted_model_is_found_by_its_id_alone(models: Transaction) -> None:
    await models.models.delete("c", now=9, link_id="new")

    assert [model.id for model in await models.models.search("account", "", 9)] == ["b", "d"]
    assert await models.models.by_label("labelc") is None
    assert await models.models.by_link("linkc") is None
    assert await models.models.by_link("new") is None
    assert await models.models.search("account", "labelc", 9) == []
    assert await models.models.label_is_taken("labelc")
    found = await models.models.get("c")
    assert found is not None
    assert found.deleted_at == 9


async def test_models_are_found_by_label_and_by_link(models: Transaction) -> None:
    assert await models.models.by_label("labela") == await models.models.by_link("linka")
    assert not await models.models.label_is_taken("labelx")


@pytest.mark.parametrize(
    ("text", "found"),
    [("OWL", True), ("brass", True), ("K3M9", True), ("ÁGUILA", True), ("100%", True), ("%", True),
     ("a_b", False), ("o%l", False), ("/", False), ("fox", False), ("' OR 1=1 --", False)],
)  # fmt: skip
async def test_search_takes_the_text_as_it_is_in_any_case(tx: Transaction, text: str, found: bool) -> None:  # noqa: FBT001 -- a table's column
    await tx.accounts.insert(ACCOUNT)
    await tx.models.insert(replace(MODEL, name="An owl", prompt="a brass águila, 100% axb"))

    assert [model.id for model in await tx.models.search(ACCOUNT.id, text, 5)] == (
        [MODEL.id] if found else []
    )


async def test_going_private_changes_the_lasting_address(models: Transaction) -> None:
    await models.models.set_visibility("a", Visibility.PRIVATE, "fresh")

    assert await models.models.by_link("linka") is None
    model = await models.models.by_link("fresh")
    assert model is not None
    assert model.visibility is Visibility.PRIVATE


async def test_a_model_can_be_renamed(models: Transaction) -> None:
    await models.models.rename("a", "Búho")

    assert [model.name for model in await models.models.search("other", "búho", 5)] == ["Búho"]


# Jobs ------------------------------------------------------------------------


async def test_jobs_of_a_model_and_what_is_live_of_them(tx: Transaction) -> None:
    old = await add_job(tx, id="old", interaction_id=1, created_at=1, state=JobState.DONE)
    live = await add_job(tx, id="live", interaction_id=2, created_at=2)
    new = await add_job(tx, id="new", interaction_id=3, created_at=3, state=JobState.FAILED)

    assert await tx.jobs.of_model(MODEL.id) == [new, live, old]
    assert await tx.jobs.latest_of_model(MODEL.id) == new
    assert await tx.jobs.live_of_model(MODEL.id) == live
    assert await tx.jobs.live_of_account(ACCOUNT.id) == [live]
    assert await tx.jobs.by_interaction(3) == new
    assert await tx.jobs.by_interaction(4) is None


async def test_a_job_ends_and_a_retry_makes_it_live_again(tx: Transaction) -> None:
    await add_job(tx)

    await tx.jobs.set_state(JOB.id, JobState.PARTIAL, 9)
    assert await tx.jobs.get(JOB.id) == replace(JOB, state=JobState.PARTIAL, ended_at=9)
    await tx.jobs.set_state(JOB.id, JobState.LIVE)
    assert await tx.jobs.get(JOB.id) == JOB


async def test_the_first_wish_to_cancel_is_the_one_that_is_kept(tx: Transaction) -> None:
    await add_job(tx)

    await tx.jobs.ask_cancel(JOB.id, 5)
    await tx.jobs.ask_cancel(JOB.id, 6)

    assert await tx.jobs.get(JOB.id) == replace(JOB, cancel_asked_at=5)


async def test_of_many_jobs_those_are_found_that_are_to_stop(tx: Transaction) -> None:
    for number, name in enumerate(("goes on", "stops", "stops too")):
        await add_job(tx, id=name, interaction_id=number)
    await tx.jobs.ask_cancel("stops", 5)
    await tx.jobs.ask_cancel("stops too", 5)

    assert await tx.jobs.asked_to_cancel({"goes on", "stops", "nowhere"}) == {"stops"}
    assert await tx.jobs.asked_to_cancel([]) == set()


async def test_each_bump_gives_the_next_version(tx: Transaction) -> None:
    await add_job(tx)

    assert [await tx.jobs.bump(JOB.id), await tx.jobs.bump(JOB.id)] == [2, 3]


# Cards -----------------------------------------------------------------------


async def test_a_card_follows_what_was_rendered_and_which_token_is_good(tx: Transaction) -> None:
    await add_job(tx)
    await tx.cards.insert(replace(CARD, token=None))

    await tx.cards.set_rendered(CARD.id, 4, "glb+preview")
    await tx.cards.set_token(CARD.id, "fresh", 77)

    changed = replace(CARD, rendered_version=4, files="glb+preview", token="fresh", token_expires_at=77)
    assert await tx.cards.by_message(CARD.message_id) == changed
    assert await tx.cards.of_job(JOB.id) == [changed]


async def test_a_card_that_is_gone_is_not_drawn_again_and_keeps_no_token(tx: Transaction) -> None:
    await add_job(tx)
    await tx.cards.insert(CARD)
    await tx.cards.insert(replace(CARD, id="second", message_id=9, created_at=2_000))

    await tx.cards.mark_gone(CARD.id)

    assert [card.id for card in await tx.cards.of_job(JOB.id)] == ["second"]
    assert await tx.cards.get(CARD.id) == replace(CARD, gone=True, token=None)


async def test_behind_are_jobs_with_an_outdated_card_and_live_ones_that_only_a_token_edits(
    tx: Transaction,
) -> None:
    async def add(name: str, number: int, state: JobState, shown: int, **card: Any) -> None:
        await add_job(tx, id=name, interaction_id=number, state=state, version=2)
        await tx.cards.insert(replace(CARD, id=name, job_id=name, rendered_version=shown, **card))

    await add("behind", 1, JobState.LIVE, 1, bot_may_edit=True)
    await add("by token", 2, JobState.LIVE, 2, bot_may_edit=False)
    await add("drawn", 3, JobState.LIVE, 2, bot_may_edit=True)
    await add("fresh", 4, JobState.DONE, 2, bot_may_edit=False)
    await add("gone", 5, JobState.DONE, 1, gone=True)
    await add("stale", 6, JobState.DONE, 1)
    await tx.cards.insert(replace(CARD, id="stale again", job_id="stale"))

    assert await tx.cards.behind(9) == ["behind", "by token", "stale"]
    assert await tx.cards.behind(0) == ["behind", "by token"]


# Artifacts -------------------------------------------------------------------


async def test_files_are_found_by_model_run_and_key_and_forgotten_with_the_model(tx: Transaction) -> None:
    await add_job(tx, RUN)
    picture = replace(ARTIFACT, id="picture", run_id=None, key="pictures/a.png", created_at=0)
    await tx.artifacts.insert(ARTIFACT)
    await tx.artifacts.insert(picture)

    assert await tx.artifacts.of_model(MODEL.id) == [picture, ARTIFACT]
    assert await tx.artifacts.of_run(RUN.id) == [ARTIFACT]
    assert await tx.artifacts.by_key("pictures/a.png") == picture
    assert await tx.artifacts.keys_after("", 1) == [ARTIFACT.key]
    assert await tx.artifacts.keys_after(ARTIFACT.key, 5) == [picture.key]
    assert await tx.artifacts.delete_of_model(MODEL.id) == [ARTIFACT.key, picture.key]
    assert await tx.artifacts.of_model(MODEL.id) == []


# Quota changes ---------------------------------------------------------------


@pytest.mark.parametrize("guild_id", [CHANGE.guild_id, None])
async def test_changes_are_told_per_server_the_latest_first(tx: Transaction, guild_id: int | None) -> None:
    await tx.accounts.insert(ACCOUNT)
    here = replace(CHANGE, guild_id=guild_id)
    changes = [
        replace(here, id="1", created_at=1),
        replace(here, id="2", created_at=2),
        replace(here, id="3", created_at=3, action=QuotaAction.GRANT),
    ]
    for change in changes:
        await tx.quota_changes.insert(change)
    await tx.quota_changes.insert(replace(CHANGE, id="4", created_at=4, guild_id=99))

    assert await tx.quota_changes.of_account(ACCOUNT.id, guild_id, 2) == [changes[2], changes[1]]
    assert await tx.quota_changes.latest_set(ACCOUNT.id, guild_id) == changes[1]
    assert await tx.quota_changes.latest_set("nobody", guild_id) is None
