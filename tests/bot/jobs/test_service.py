"""What can be asked, and every reason for a no."""

from dataclasses import replace
from hashlib import sha256

import pytest

from bot.jobs.circuits import Trouble
from bot.jobs.errors import (
    AlreadyRigged,
    AskedBefore,
    Busy,
    FrontMissing,
    JobError,
    NoSuchModel,
    NothingAsked,
    NothingToCancel,
    NothingToRetry,
    NothingToRig,
    NotRigged,
    NotYours,
    NoVendor,
    PictureUnusable,
    PolycountOutOfRange,
    PromptTooLong,
    PromptTooShort,
    QuotaExceeded,
    TooManyClips,
    TooManyJobs,
    UnknownClip,
    UnknownStyle,
    VendorInTrouble,
)
from bot.jobs.orders import AnimateOrder, GenerateOrder, Order, Picture, RetryOrder, RigOrder
from bot.jobs.plan import OWNER_KEY
from providers.errors import Moderated
from storage.models import ModelState, RunState, Stage
from tests.bot.files.building import picture
from tests.bot.jobs.conftest import ADA, BEN, CHAIN, MONA, OWL, Workshop
from tests.bot.jobs.vendor import ScriptedVendor

SIDE = Picture(
    key="pictures/1/side.png",
    name="side.png",
    content_type="image/png",
    size=1,
    sha256="",
    width=300,
    height=300,
)
ELSEWHERE = replace(ADA, guild_id=88)
ALONE = replace(ADA, guild_id=None)


@pytest.mark.parametrize(
    ("order", "refusal"),
    [
        (GenerateOrder(), NothingAsked),
        (GenerateOrder(prompt="ab"), PromptTooShort),
        (GenerateOrder(prompt="a" * 501), PromptTooLong),
        (GenerateOrder(prompt="an owl", negative_prompt="a" * 256), PromptTooLong),
        (GenerateOrder(pictures=(None, SIDE)), FrontMissing),
        (GenerateOrder(prompt="an owl", style="oil paint"), UnknownStyle),
        (GenerateOrder(prompt="an owl", polycount=499), PolycountOutOfRange),
        (GenerateOrder(prompt="an owl", polycount=100_001), PolycountOutOfRange),
        (GenerateOrder(prompt="an owl", clips=("fly",)), UnknownClip),
        (GenerateOrder(prompt="an owl", clips=("walk", "run", "idle", "jump", "dance_01")), TooManyClips),
        (RigOrder(model_id="nothing"), NoSuchModel),
        (AnimateOrder(model_id="nothing", clips=("walk",)), NoSuchModel),
        (RetryOrder(run_id="nothing"), NothingToRetry),
    ],
)
async def test_what_cannot_be_made_is_refused_before_anything_is_stored(
    workshop: Workshop, order: Order, refusal: type[JobError]
) -> None:
    with pytest.raises(refusal):
        await workshop.core.jobs.check(ADA, order)
    with pytest.raises(refusal):
        await workshop.ask(order)

    assert await workshop.core.shelf.models(ADA) == []
    assert await workshop.left() == 10


@pytest.mark.parametrize(
    ("order", "price"),
    [
        (OWL, 2),
        (GenerateOrder(picture_count=1), 2),
        (GenerateOrder(prompt="an owl", rig=True), 3),
        (CHAIN, 5),
    ],
)
async def test_the_price_is_told_before_it_is_asked_for(workshop: Workshop, order: Order, price: int) -> None:
    assert await workshop.core.jobs.check(ADA, order) == price


async def test_without_a_vendor_nothing_can_be_made(workshop: Workshop) -> None:
    workshop.unowned = {"tripo"}
    workshop.restart()

    with pytest.raises(NoVendor):
        await workshop.core.jobs.check(ADA, OWL)


async def test_what_is_too_dear_says_how_much_is_missing_and_until_when(workshop: Workshop) -> None:
    for _ in range(4):
        await workshop.ask()

    with pytest.raises(QuotaExceeded) as refusal:
        await workshop.ask(CHAIN)

    assert (refusal.value.needed, refusal.value.left, refusal.value.scope) == (5, 2, "server")
    assert refusal.value.enough_at == workshop.clock.now() + 24 * 3600 * 1000


@pytest.mark.parametrize("workshop", [{"allowance": 100}], indirect=True)
async def test_a_member_has_seven_jobs_under_way_at_most(workshop: Workshop) -> None:
    for _ in range(7):
        await workshop.ask()

    with pytest.raises(TooManyJobs) as refusal:
        await workshop.ask()

    assert (refusal.value.count, refusal.value.maximum) == (7, 7)
    await workshop.ask(asker=BEN)


@pytest.mark.parametrize(("cap", "scope"), [("member_cap", "member"), ("bot_cap", "bot")])
async def test_the_owners_caps_hold_over_all_servers(workshop: Workshop, cap: str, scope: str) -> None:
    workshop.rules = replace(workshop.rules, **{cap: 3})  # type: ignore[arg-type] # a whole number each
    workshop.restart()
    await workshop.ask(asker=ELSEWHERE)

    with pytest.raises(QuotaExceeded) as refusal:
        await workshop.ask()

    assert (refusal.value.left, refusal.value.scope) == (1, scope)


async def test_one_interaction_makes_one_job(workshop: Workshop) -> None:
    where = workshop.address()
    job = await workshop.core.jobs.start(ADA, OWL, where)

    with pytest.raises(AskedBefore) as refusal:
        await workshop.core.jobs.start(ADA, OWL, where)

    assert refusal.value.job_id == job.id
    assert await workshop.left() == 8


async def test_a_model_can_be_rigged_once_and_only_when_it_is_there(workshop: Workshop) -> None:
    failed = await workshop.ask()
    workshop.vendor.refuse.append(Moderated("tripo"))
    await workshop.finish()
    with pytest.raises(NothingToRig):
        await workshop.ask(RigOrder(model_id=failed.model_id))

    made = await workshop.make()
    with pytest.raises(NotRigged):
        await workshop.ask(AnimateOrder(model_id=made.model.id, clips=("walk",)))
    rigging = await workshop.ask(RigOrder(model_id=made.model.id))
    with pytest.raises(Busy):
        await workshop.ask(RigOrder(model_id=made.model.id))
    await workshop.finish()
    assert (await workshop.view(rigging)).state is ModelState.RIGGED
    with pytest.raises(AlreadyRigged):
        await workshop.ask(RigOrder(model_id=made.model.id))


async def test_what_did_not_fail_is_not_retried_and_what_failed_only_once(workshop: Workshop) -> None:
    made = await workshop.make()
    with pytest.raises(NothingToRetry):
        await workshop.ask(RetryOrder(run_id=made.stages[0].run_id))

    workshop.vendor.refuse.append(Moderated("tripo"))
    failed = await workshop.make()
    retry = RetryOrder(run_id=failed.stages[0].run_id)
    with pytest.raises(NotYours):
        await workshop.ask(retry, BEN)
    await workshop.make(retry)
    with pytest.raises(NothingToRetry):
        await workshop.ask(retry)


async def test_anothers_public_model_becomes_the_parent_of_ones_own(workshop: Workshop) -> None:
    made = await workshop.make()

    child = await workshop.make(RigOrder(model_id=made.model.id), BEN)
    played = await workshop.make(AnimateOrder(model_id=child.model.id, clips=("walk",)), BEN)

    assert child.model.id != made.model.id
    assert (child.model.parent_id, child.model.name) == (made.model.id, made.model.name)
    assert (child.parent, played.state) == (made.model, ModelState.COMPLETE)
    assert (await workshop.left(ADA), await workshop.left(BEN)) == (8, 8)
    assert (await workshop.core.shelf.view(made.job.id)).state is ModelState.GENERATED


async def test_what_is_private_does_not_exist_for_others(workshop: Workshop) -> None:
    made = await workshop.make(OWL, ALONE)
    jobs, model_id = workshop.core.jobs, made.model.id

    with pytest.raises(NoSuchModel):
        await workshop.ask(RigOrder(model_id=model_id), BEN)
    with pytest.raises(NoSuchModel):
        await jobs.deletable(MONA, model_id)
    with pytest.raises(NoSuchModel):
        await jobs.show(BEN, model_id, workshop.address())
    with pytest.raises(NoSuchModel):
        await workshop.core.recipes.order(BEN, model_id)
    await workshop.make(RigOrder(model_id=model_id), ADA)


async def test_only_the_owner_and_moderators_may_cancel_and_delete(workshop: Workshop) -> None:
    job = await workshop.ask()
    jobs = workshop.core.jobs
    with pytest.raises(NotYours):
        await jobs.cancel_terms(BEN, job.id)
    with pytest.raises(NotYours):
        await jobs.cancel(BEN, job.id)
    with pytest.raises(Busy):
        await jobs.delete(ADA, job.model_id)
    await jobs.cancel(MONA, job.id)
    with pytest.raises(NothingToCancel):
        await jobs.cancel(ADA, job.id)
    with pytest.raises(NothingToCancel):
        await jobs.cancel_terms(ADA, "nothing")
    with pytest.raises(NotYours):
        await jobs.delete(BEN, job.model_id)

    await jobs.delete(MONA, job.model_id)

    with pytest.raises(NoSuchModel):
        await jobs.delete(ADA, job.model_id)


async def test_a_deleted_model_leaves_no_file_and_no_link(workshop: Workshop) -> None:
    made = await workshop.make()
    assert [key async for key in workshop.store.keys("models/")] != []

    await workshop.core.jobs.delete(ADA, made.model.id)

    assert [key async for key in workshop.store.keys("models/")] == []
    assert await workshop.core.shelf.model_files(made.model.link_id) is None
    assert await workshop.left() == 8
    assert workshop.changes[-1] == made.job.id


async def test_again_has_the_same_wishes_but_no_seed(workshop: Workshop) -> None:
    front = await workshop.core.jobs.keep_picture(picture("PNG", (300, 300)), "my owl.png")
    made = await workshop.make(replace(CHAIN, pictures=(front,), style="cartoon", polycount=900, seed=7))

    order = await workshop.core.recipes.order(ADA, made.model.id)
    (copied,) = await workshop.core.recipes.copies_of_pictures(ADA, made.model.id)

    assert copied is not None
    assert copied.key != front.key
    async with workshop.store.open(copied.key) as stream:
        assert b"".join([piece async for piece in stream]) == picture("PNG", (300, 300))
    assert order == replace(CHAIN, style="cartoon", polycount=900, picture_count=1)


async def test_a_message_can_show_an_old_model_anew(workshop: Workshop) -> None:
    made = await workshop.make()

    job = await workshop.core.jobs.show(BEN, made.model.id, workshop.address(message_id=5))

    assert job.id == made.job.id
    async with workshop.db.read() as tx:
        cards = await tx.cards.of_job(job.id)
    assert [(card.message_id, card.locale) for card in cards][-1] == (5, "es-ES")


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"words", "not_a_picture"),
        (picture("PNG", (300, 300))[:200], "broken"),
        (picture("PNG", (255, 300)), "too_small"),
    ],
)
async def test_a_picture_that_is_none_is_not_kept(workshop: Workshop, data: bytes, reason: str) -> None:
    with pytest.raises(PictureUnusable) as refusal:
        await workshop.core.jobs.keep_picture(data, "owl.png")

    assert refusal.value.reason == reason
    assert [key async for key in workshop.store.keys("pictures/")] == []


async def test_a_webp_picture_is_kept_as_png_so_that_every_vendor_takes_it(workshop: Workshop) -> None:
    kept = await workshop.core.jobs.keep_picture(picture("WEBP", (300, 300)), "my owl.webp")

    async with workshop.store.open(kept.key) as stream:
        data = b"".join([piece async for piece in stream])
    assert (kept.name, kept.content_type) == ("my-owl.png", "image/png")
    assert data.startswith(b"\x89PNG")
    assert (kept.size, kept.sha256) == (len(data), sha256(data).hexdigest())


async def test_discarded_pictures_are_gone(workshop: Workshop) -> None:
    kept = await workshop.core.jobs.keep_picture(picture("PNG", (300, 300)), "owl.png")

    await workshop.core.jobs.discard_pictures([None, kept])

    assert [key async for key in workshop.store.keys("pictures/")] == []


async def test_every_server_has_its_own_credits(workshop: Workshop) -> None:
    await workshop.ask(asker=ALONE)

    assert (await workshop.left(ALONE), await workshop.left(ADA)) == (8, 10)


async def test_a_vendors_own_limit_on_words_is_told(workshop: Workshop) -> None:
    workshop.vendor.can = {"prompt_max": 20}

    with pytest.raises(PromptTooLong) as refusal:
        await workshop.core.jobs.check(ADA, GenerateOrder(prompt="a" * 21))

    assert (refusal.value.maximum, refusal.value.length) == (20, 21)


async def test_a_rigged_model_can_move_in_four_ways_at_once_and_not_in_five(workshop: Workshop) -> None:
    made = await workshop.make(GenerateOrder(prompt="an owl", rig=True))

    with pytest.raises(TooManyClips):
        await workshop.ask(
            AnimateOrder(model_id=made.model.id, clips=("walk", "run", "idle", "jump", "dance_01"))
        )


async def test_a_rig_is_not_made_twice_because_its_vendor_is_in_trouble(workshop: Workshop) -> None:
    bare = ScriptedVendor(name="bare", title="Bare", can={"rig": False, "animate": False})
    workshop.others, workshop.default_vendor = [bare, ScriptedVendor(name="meshy", title="Meshy")], "meshy"
    workshop.restart()
    made = await workshop.make(GenerateOrder(prompt="an owl", provider="bare"))
    rigged = await workshop.make(RigOrder(model_id=made.model.id, provider="tripo"))
    assert rigged.can_animate
    workshop.circuits.open("tripo", OWNER_KEY, Trouble.EMPTY)

    with pytest.raises(VendorInTrouble):
        await workshop.ask(AnimateOrder(model_id=made.model.id, clips=("walk",)))
    with pytest.raises(AlreadyRigged):
        await workshop.ask(RigOrder(model_id=made.model.id))


async def test_clips_that_were_not_joined_can_be_joined_again_for_nothing(workshop: Workshop) -> None:
    made = await workshop.make(CHAIN)
    combine = (await workshop.runs(made.job))[-1]
    async with workshop.db.begin() as tx:
        failed = {"state": RunState.FAILED}
        assert await tx.runs.save(combine.id, epoch=combine.epoch, changes=failed)

    again = await workshop.make(RetryOrder(run_id=combine.id))

    assert (again.charged, [run.stage for run in await workshop.runs(again.job)]) == (0, [Stage.COMBINE])
    assert again.model_file is not None
    assert again.model_file.artifact.facts["clips"] == ["walk", "idle"]


async def test_a_click_on_refresh_brings_a_fresh_token_for_the_same_card(workshop: Workshop) -> None:
    where = workshop.address()
    job = await workshop.core.jobs.start(ADA, OWL, where)
    fresh = replace(where, token="fresh", token_expires_at=where.token_expires_at + 1)

    await workshop.core.jobs.refresh(BEN, job.id, fresh)
    await workshop.core.jobs.refresh(BEN, job.id, workshop.address(message_id=5))

    async with workshop.db.read() as tx:
        cards = await tx.cards.of_job(job.id)
    assert [(card.message_id, card.token) for card in cards] == [
        (where.message_id, "fresh"),
        (5, "secret-token"),
    ]
    with pytest.raises(NoSuchModel):
        await workshop.core.jobs.refresh(ADA, "nothing", fresh)


async def test_what_is_under_way_is_listed_for_its_member_alone(workshop: Workshop) -> None:
    job = await workshop.ask()

    assert [view.job.id for view in await workshop.core.shelf.live_jobs(ADA)] == [job.id]
    assert await workshop.core.shelf.live_jobs(BEN) == []
    await workshop.finish()
    assert await workshop.core.shelf.live_jobs(ADA) == []
