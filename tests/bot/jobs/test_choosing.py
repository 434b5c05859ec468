"""Who does it: the one who is named, the owner's default, or the cheapest that can and is well."""

from dataclasses import replace

import pytest

from bot.jobs.choosing import AUTO
from bot.jobs.circuits import Trouble
from bot.jobs.errors import (
    CannotDo,
    JobError,
    NoVendor,
    PolycountFixed,
    UnknownClip,
    UnknownStyle,
    UnknownVendor,
    VendorInTrouble,
)
from bot.jobs.orders import GenerateOrder, RetryOrder, RigOrder
from bot.jobs.plan import OWNER_KEY
from bot.jobs.rules import Rules
from providers.base import FileRef, RigRequest
from providers.errors import Moderated
from storage.models import JobState, ModelState, Stage
from tests.bot.jobs.conftest import ADA, BEN, CHAIN, MONA, OWL, Workshop
from tests.bot.jobs.vendor import ScriptedVendor

FULL_RIG = replace(OWL, rig=True)


def opened(workshop: Workshop, *others: ScriptedVendor, default: str = "") -> Workshop:
    """With further vendors besides Tripo."""
    workshop.others, workshop.default_vendor = list(others), default
    workshop.restart()
    return workshop


def meshy(**fields: object) -> ScriptedVendor:
    return ScriptedVendor(name="meshy", title="Meshy", **fields)  # type: ignore[arg-type]


def bare(**fields: object) -> ScriptedVendor:
    """A vendor that only generates."""
    can = {"rig": False, "rig_files": False, "animate": False}
    return ScriptedVendor(name="bare", title="Bare", can=can, **fields)  # type: ignore[arg-type]


async def chosen(workshop: Workshop, order: GenerateOrder) -> str:
    job = await workshop.ask(order)
    return (await workshop.runs(job))[0].provider


async def test_the_first_vendor_does_it_where_nobody_is_named(workshop: Workshop) -> None:
    opened(workshop, meshy(usd_micros=1))

    assert await chosen(workshop, OWL) == "tripo"


@pytest.mark.parametrize("name", ["meshy", "Meshy"])
async def test_who_is_named_does_it(workshop: Workshop, name: str) -> None:
    opened(workshop, meshy())

    view = await workshop.make(replace(CHAIN, provider=name))

    assert view.job.state is JobState.DONE
    assert {run.provider for run in await workshop.runs(view.job)} == {"meshy", "maquette"}
    assert workshop.vendor.tasks == {}


async def test_the_owners_default_does_it(workshop: Workshop) -> None:
    opened(workshop, meshy(), default="meshy")

    assert await chosen(workshop, OWL) == "meshy"


async def test_where_the_default_cannot_do_it_the_cheapest_that_can_does(workshop: Workshop) -> None:
    opened(workshop, bare(), meshy(usd_micros=1), default="bare")

    assert await chosen(workshop, OWL) == "bare"
    assert await chosen(workshop, FULL_RIG) == "meshy"


async def test_a_default_that_nobody_set_up_keeps_nobody_from_making(workshop: Workshop) -> None:
    opened(workshop, default="mesh")

    assert await chosen(workshop, OWL) == "tripo"


async def test_auto_takes_the_cheapest_by_credits_before_the_vendors_money(workshop: Workshop) -> None:
    workshop.rules = Rules(special={("tripo", Stage.GENERATE): 1})
    opened(workshop, meshy(usd_micros=1))

    assert await chosen(workshop, replace(OWL, provider=AUTO)) == "tripo"


async def test_auto_takes_the_cheapest_by_the_vendors_money_where_credits_are_equal(
    workshop: Workshop,
) -> None:
    opened(workshop, meshy(usd_micros=99_000), bare(usd_micros=98_000))

    assert await chosen(workshop, replace(OWL, provider=AUTO)) == "bare"
    assert await chosen(workshop, replace(FULL_RIG, provider=AUTO)) == "meshy"


@pytest.mark.parametrize("workshop", [{"allowance": 100}], indirect=True)
async def test_auto_counts_each_piece_of_work_with_clips(workshop: Workshop) -> None:
    workshop.vendor.checks = False
    in_one = meshy(usd_micros=120_000, checks=False, can={"clips_at_once": 10})
    opened(workshop, in_one)

    one, four = replace(CHAIN, clips=("walk",)), replace(CHAIN, clips=("walk", "run", "idle", "jump"))

    assert await chosen(workshop, replace(one, provider=AUTO)) == "tripo"  # 3 x 0.10 against 3 x 0.12
    assert await chosen(workshop, replace(four, provider=AUTO)) == "meshy"  # 6 x 0.10 against 3 x 0.12


async def test_auto_counts_no_clip_that_comes_with_the_rig(workshop: Workshop) -> None:
    gives = meshy(usd_micros=110_000, can={"rig_clips": ("walk",)})
    opened(workshop, gives)

    view = await workshop.make(replace(CHAIN, clips=("walk",), provider=AUTO))

    assert view.stages[0].vendor == "Meshy"
    assert view.charged == 3


async def test_auto_is_told_in_the_default_as_well(workshop: Workshop) -> None:
    opened(workshop, meshy(usd_micros=1), default=AUTO)

    assert await chosen(workshop, OWL) == "meshy"


async def test_auto_leaves_out_who_is_in_trouble(workshop: Workshop) -> None:
    opened(workshop, meshy(usd_micros=1))
    workshop.circuits.open("meshy", OWNER_KEY, Trouble.DOWN)

    assert await chosen(workshop, replace(OWL, provider=AUTO)) == "tripo"


async def test_auto_says_so_where_all_are_in_trouble(workshop: Workshop) -> None:
    opened(workshop, meshy())
    for name in ("tripo", "meshy"):
        workshop.circuits.open(name, OWNER_KEY, Trouble.EMPTY)

    with pytest.raises(VendorInTrouble) as refusal:
        await workshop.ask(replace(OWL, provider=AUTO))

    assert (refusal.value.vendor, refusal.value.trouble, refusal.value.others) == ("Tripo", "empty", ())


async def test_who_is_in_trouble_is_told_with_who_could_do_it_instead(workshop: Workshop) -> None:
    opened(workshop, meshy(), bare())
    workshop.circuits.open("tripo", OWNER_KEY, Trouble.DOWN)

    with pytest.raises(VendorInTrouble) as refusal:
        await workshop.ask(FULL_RIG)

    assert (refusal.value.vendor, refusal.value.trouble, refusal.value.others) == (
        "Tripo",
        "down",
        ("Meshy",),
    )


@pytest.mark.parametrize("name", ["nobody", "bare"])
async def test_whom_nobody_knows_is_told_with_who_there_is(workshop: Workshop, name: str) -> None:
    workshop.unowned = {"bare"}
    opened(workshop, meshy(), bare())

    with pytest.raises(UnknownVendor) as refusal:
        await workshop.ask(replace(OWL, provider=name))

    assert (refusal.value.name, refusal.value.known) == (name, ("tripo", "meshy"))


LACKING = [
    (OWL, {"words": False}, "words"),
    (GenerateOrder(picture_count=1), {"max_pictures": 0}, "pictures"),
    (GenerateOrder(picture_count=2), {"max_pictures": 1}, "many_pictures"),
    (replace(OWL, negative_prompt="rust"), {"negative_prompt_max": 0}, "negative"),
    (FULL_RIG, {"rig": False}, "rig"),
    (CHAIN, {"animate": False}, "animate"),
]


@pytest.mark.parametrize(("order", "can", "word"), LACKING)
async def test_what_a_vendor_lacks_is_told_with_who_has_it(
    workshop: Workshop, order: GenerateOrder, can: dict[str, object], word: str
) -> None:
    lacking = ScriptedVendor(name="lacking", title="Lacking", can=can)
    opened(workshop, lacking)

    with pytest.raises(CannotDo) as refusal:
        await workshop.core.jobs.check(ADA, replace(order, provider="lacking"))

    assert (refusal.value.vendor, refusal.value.what, refusal.value.others) == ("Lacking", word, ("Tripo",))
    assert await workshop.left() == 10


@pytest.mark.parametrize(("order", "can", "word"), LACKING)
@pytest.mark.parametrize("name", [None, AUTO])
async def test_what_all_vendors_lack_is_told_as_such(
    workshop: Workshop, order: GenerateOrder, can: dict[str, object], word: str, name: str | None
) -> None:
    workshop.vendor.can = can

    with pytest.raises(CannotDo) as refusal:
        await workshop.core.jobs.check(ADA, replace(order, provider=name))

    assert (refusal.value.vendor, refusal.value.what, refusal.value.others) == ("Tripo", word, ())


async def test_a_rig_for_a_file_is_left_to_who_takes_files(workshop: Workshop) -> None:
    at_home = meshy(can={"rig_files": False})
    opened(workshop, bare(), at_home)
    made = await workshop.make(replace(OWL, provider="bare"))

    with pytest.raises(CannotDo) as refusal:
        await workshop.ask(RigOrder(model_id=made.model.id, provider="meshy"))

    assert (refusal.value.what, refusal.value.others) == ("rig_files", ("Tripo",))


@pytest.mark.parametrize(
    ("order", "refusal"),
    [
        (replace(OWL, style="oil paint"), UnknownStyle),
        (replace(CHAIN, clips=("fly",)), UnknownClip),
    ],
)
@pytest.mark.parametrize("name", [None, AUTO])
async def test_a_name_that_nobody_knows_is_told_by_one_who_could_do_the_rest(
    workshop: Workshop, order: GenerateOrder, refusal: type[JobError], name: str | None
) -> None:
    opened(workshop, meshy())
    workshop.vendor.can = {"rig": False, "animate": False}

    with pytest.raises(refusal):
        await workshop.core.jobs.check(ADA, replace(order, provider=name))


async def test_auto_finds_the_one_who_knows_the_style_and_takes_the_number(workshop: Workshop) -> None:
    workshop.vendor.can = {"styles": (), "polycount": range(0)}
    opened(workshop, meshy(usd_micros=900_000))

    assert await chosen(workshop, replace(OWL, style="cartoon", provider=AUTO)) == "meshy"
    assert await chosen(workshop, replace(OWL, polycount=5_000, provider=AUTO)) == "meshy"


async def test_a_number_of_faces_is_refused_where_the_vendor_chooses_it(workshop: Workshop) -> None:
    workshop.vendor.can = {"polycount": range(0)}

    with pytest.raises(PolycountFixed) as refusal:
        await workshop.core.jobs.check(ADA, replace(OWL, polycount=5_000))

    assert refusal.value.vendor == "Tripo"


async def test_who_made_a_model_rigs_it_where_they_can(workshop: Workshop) -> None:
    opened(workshop, meshy(usd_micros=1), default="tripo")
    made = await workshop.make(replace(OWL, provider="meshy"))

    rigged = await workshop.make(RigOrder(model_id=made.model.id))

    assert rigged.stages[0].vendor == "Meshy"


async def test_what_the_maker_cannot_rig_another_gets_as_our_file(workshop: Workshop) -> None:
    opened(workshop, bare())
    made = await workshop.make(replace(OWL, provider="bare"))

    rigged = await workshop.make(RigOrder(model_id=made.model.id))

    (task,) = workshop.vendor.submitted(RigRequest)
    assert isinstance(task.request, RigRequest)
    assert isinstance(task.request.source, FileRef)
    assert (rigged.vendor, rigged.stages[0].vendor) == ("Bare", "Tripo")
    assert (rigged.state, await workshop.left()) == (ModelState.RIGGED, 10 - 2 - 1)


async def test_a_rig_can_be_made_anew_by_another_vendor(workshop: Workshop) -> None:
    opened(workshop, meshy())
    made = await workshop.make(FULL_RIG)

    again = await workshop.make(RigOrder(model_id=made.model.id, provider="meshy"))

    assert (again.job.state, again.stages[0].vendor) == (JobState.DONE, "Meshy")


async def test_a_retry_stays_with_the_vendor_and_waits_for_it_to_be_well(workshop: Workshop) -> None:
    opened(workshop, meshy())
    workshop.vendor.refuse.append(Moderated("tripo"))
    failed = await workshop.make()
    workshop.circuits.open("tripo", OWNER_KEY, Trouble.DOWN)
    retry = RetryOrder(run_id=failed.stages[0].run_id)

    with pytest.raises(VendorInTrouble) as refusal:
        await workshop.ask(retry)
    assert refusal.value.others == ()

    workshop.circuits.went_well("tripo", OWNER_KEY)
    assert (await workshop.make(retry)).job.state is JobState.DONE


async def test_without_any_vendor_there_is_none_to_choose(workshop: Workshop) -> None:
    workshop.unowned = {"tripo", "meshy"}
    opened(workshop, meshy())

    with pytest.raises(NoVendor):
        await workshop.core.jobs.check(ADA, replace(OWL, provider=AUTO))


async def test_a_place_in_the_queue_counts_those_who_wait_for_the_same_vendor(workshop: Workshop) -> None:
    workshop.others = [ScriptedVendor(name="meshy", title="Meshy")]
    workshop.restart()
    for asker in (ADA, BEN):
        await workshop.ask(GenerateOrder(prompt="a brass owl", provider="tripo"), asker)
    mine = await workshop.ask(GenerateOrder(prompt="a tin owl", provider="meshy"), MONA)

    (stage,) = (await workshop.view(mine)).stages
    assert stage.place == 1
