"""Plans before they are started."""

import pytest

from bot.jobs.clock import SECOND
from bot.jobs.errors import (
    LinesWrong,
    NoSuchList,
    NothingListed,
    QuotaExceeded,
    UnknownClip,
    UnknownTag,
    UnknownVendor,
)
from bot.jobs.sheets import KEPT
from tests.bot.jobs.conftest import ADA, BEN, Workshop

PLAN = """\
[RIG] knight in plate armour: idle, Walking
[STATIC] oak barrel with iron hoops
"""


async def test_a_plan_says_what_it_comes_to_and_starts_once(workshop: Workshop) -> None:
    view = await workshop.core.sheets.write(ADA, PLAN, project="Castle")
    assert view.ready
    assert [one.price for one in view.lines] == [5, 2]
    assert view.lines[0].line.clips == ("idle", "walk")
    assert (view.price, view.left) == (7, 10)
    assert view.seconds >= max(one.seconds for one in view.lines) > 0

    batch = await workshop.core.sheets.start(ADA, view.sheet.id, workshop.address())
    with pytest.raises(NoSuchList):
        await workshop.core.sheets.start(ADA, view.sheet.id, workshop.address())
    await workshop.finish()

    assert await workshop.left() == 3
    (project,) = await workshop.core.keeping.projects(ADA)
    assert {part.model.project_id for part in (await workshop.core.shelf.batch(batch.id)).parts} == {
        project.id
    }


async def test_each_line_says_what_is_wrong_with_it(workshop: Workshop) -> None:
    view = await workshop.core.sheets.write(ADA, "[RIG] knight: wlak\n\n[PRPO] barrel\nab\n[prop] a tin cup")

    errors = [one.errors for one in view.lines]
    assert isinstance(errors[0][0], UnknownClip)
    assert errors[0][0].nearest == ("walk",)
    assert isinstance(errors[1][0], UnknownTag)
    assert errors[1][0].nearest == "STATIC"
    assert [bool(wrong) for wrong in errors] == [True, True, True, False]
    assert [one.line.number for one in view.lines] == [1, 3, 4, 5]
    assert not view.ready
    with pytest.raises(LinesWrong) as refused:
        await workshop.core.sheets.start(ADA, view.sheet.id, workshop.address())
    assert refused.value.numbers == (1, 3, 4)


async def test_a_plan_that_costs_too_much_says_so_and_stays(workshop: Workshop) -> None:
    view = await workshop.core.sheets.write(ADA, "[static] a tin cup\n" * 6)
    assert isinstance(view.refusal, QuotaExceeded)

    with pytest.raises(QuotaExceeded):
        await workshop.core.sheets.start(ADA, view.sheet.id, workshop.address())

    assert (await workshop.core.sheets.get(ADA, view.sheet.id)).text == view.sheet.text
    assert await workshop.left() == 10


async def test_a_plan_is_its_writers_alone_and_gone_after_a_day(workshop: Workshop) -> None:
    view = await workshop.core.sheets.write(ADA, PLAN)
    await workshop.core.sheets.write(BEN, PLAN)
    with pytest.raises(NoSuchList):
        await workshop.core.sheets.start(BEN, view.sheet.id, workshop.address())

    workshop.clock.advance(seconds=KEPT / SECOND + 1)
    await workshop.core.sheets.write(BEN, PLAN)

    with pytest.raises(NoSuchList):
        await workshop.core.sheets.get(ADA, view.sheet.id)


async def test_nothing_and_nobody_are_refused_before_anything_is_kept(workshop: Workshop) -> None:
    with pytest.raises(NothingListed):
        await workshop.core.sheets.write(ADA, "# only a title\n\n---")
    with pytest.raises(UnknownVendor):
        await workshop.core.sheets.write(ADA, PLAN, provider="nobody")
