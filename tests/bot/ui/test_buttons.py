from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest
import pytest_asyncio

from bot.jobs.errors import AlreadyRigged, Busy, NothingToCancel, NotYours
from bot.jobs.orders import AnimateOrder, OptimiseOrder, Order, RetryOrder, RigOrder
from bot.jobs.views import CancelTerms
from bot.ui.buttons import ITEMS
from tests.bot.desk import CLIPS, FakeJobs, FakeShelf, a_desk
from tests.bot.ui.views import JOB_ID, MODEL_ID
from tests.bot.wire import FIRST_MESSAGE, Call, Member, Wire, connected

RUN_ID = "01HRVN00000000000000000000"


@dataclass
class Room:
    """A member in front of a card; the bot has only just started, and has drawn nothing itself."""

    member: Member
    wire: Wire
    jobs: FakeJobs
    shelf: FakeShelf

    async def next(self) -> Call:
        return await self.wire.next()


@pytest_asyncio.fixture
async def room() -> AsyncIterator[Room]:
    jobs, shelf = FakeJobs(), FakeShelf()
    async with connected(lambda _: a_desk(jobs=jobs, shelf=shelf)) as (client, wire):
        await wire.next()  # the commands
        yield Room(Member(client, wire), wire, jobs, shelf)


@pytest.mark.parametrize(
    ("custom_id", "order"),
    [
        (f"m:rig:{MODEL_ID}", RigOrder(model_id=MODEL_ID)),
        (f"m:optimise:{MODEL_ID}", OptimiseOrder(model_id=MODEL_ID)),
        (f"m:retry:{RUN_ID}", RetryOrder(run_id=RUN_ID)),
    ],
)
async def test_a_button_of_an_old_message_starts_its_job_on_a_new_one(
    room: Room, custom_id: str, order: Order
) -> None:
    room.member.clicks(custom_id)
    assert (await room.next()).body == {"type": 5}
    await room.wire.settled()

    ((started, address),) = room.jobs.started
    assert started == order
    assert address.message_id == FIRST_MESSAGE


async def test_a_refused_click_is_answered_in_private(room: Room) -> None:
    room.jobs.refusals["check"] = [AlreadyRigged()]
    room.member.clicks(f"m:rig:{MODEL_ID}")
    call = await room.next()
    assert call.private
    assert "has a skeleton already" in call.text


async def test_the_second_of_two_quick_clicks_is_told_that_something_is_under_way(room: Room) -> None:
    room.member.clicks(f"m:rig:{MODEL_ID}")
    await room.wire.settled()
    room.jobs.refusals["check"] = [Busy()]
    room.member.clicks(f"m:rig:{MODEL_ID}")
    await room.wire.settled()
    assert len(room.jobs.started) == 1


async def test_a_mistake_of_ours_in_a_click_is_answered_too(room: Room) -> None:
    room.jobs.refusals["check"] = [RuntimeError("a mistake")]
    room.member.clicks(f"m:rig:{MODEL_ID}")
    assert "tell the bot's owner this reference" in (await room.next()).text


async def test_animate_asks_which_clips_and_what_they_cost(room: Room) -> None:
    room.member.clicks(f"m:animate:{MODEL_ID}")
    call = await room.next()
    (select,) = [part for part in call.parts if part["type"] == 3]
    assert call.private
    assert "each costs 1 credit" in call.text
    assert select["custom_id"] == f"m:clips:{MODEL_ID}"
    assert [option["value"] for option in select["options"]] == list(CLIPS)
    assert (select["min_values"], select["max_values"]) == (1, 3)


async def test_the_chosen_clips_are_started(room: Room) -> None:
    room.member.chooses(f"m:clips:{MODEL_ID}", "walk", "idle")
    assert (await room.next()).body == {"type": 5}
    await room.wire.settled()
    ((order, _),) = room.jobs.started
    assert order == AnimateOrder(model_id=MODEL_ID, clips=("walk", "idle"))


async def test_a_refused_choice_is_answered_in_private(room: Room) -> None:
    room.jobs.refusals["check"] = [Busy()]
    room.member.chooses(f"m:clips:{MODEL_ID}", "walk")
    assert (await room.next()).private


async def test_a_model_without_a_skeleton_has_nothing_to_choose(room: Room) -> None:
    room.shelf.rigged = False
    room.member.clicks(f"m:animate:{MODEL_ID}")
    assert "no skeleton yet" in (await room.next()).text


@pytest.mark.parametrize(
    ("charged", "said"),
    [
        (0, "Stop this? 2 credits will come back"),
        (2, "it is charged (2 credits) and you still get its result"),
    ],
)
async def test_cancel_says_what_comes_back_before_the_click_that_does_it(
    room: Room, charged: int, said: str
) -> None:
    room.jobs.terms = CancelTerms(job_id=JOB_ID, returned=2, charged=charged)
    room.member.clicks(f"m:cancel:{JOB_ID}")
    call = await room.next()
    assert call.private
    assert said in call.text
    assert room.jobs.did == []

    room.member.clicks(call.buttons["Yes, stop it"])
    done = await room.next()
    assert done.body["type"] == 7
    assert "being stopped" in done.text
    assert done.buttons == {}
    assert room.jobs.did == [("cancel", JOB_ID)]


async def test_a_job_that_ended_between_question_and_click_is_not_cancelled(room: Room) -> None:
    room.jobs.refusals["cancel"] = [NothingToCancel()]
    room.member.clicks(f"m:cancel_now:{JOB_ID}")
    call = await room.next()
    assert call.private
    assert "nothing to stop" in call.text


async def test_delete_asks_first_and_names_the_model(room: Room) -> None:
    room.member.clicks(f"m:delete:{MODEL_ID}")
    call = await room.next()
    assert call.private
    assert "Delete **a brass owl** `#k7mq2x`" in call.text
    assert room.jobs.did == []

    room.member.clicks(call.buttons["Yes, delete it"])
    assert "Deleted" in (await room.next()).text
    assert room.jobs.did == [("delete", MODEL_ID)]


async def test_who_may_not_delete_is_not_even_asked(room: Room) -> None:
    room.jobs.refusals["deletable"] = [NotYours()]
    room.member.clicks(f"m:delete:{MODEL_ID}")
    call = await room.next()
    assert call.private
    assert "Only its owner" in call.text
    assert call.buttons == {}


async def test_refresh_gives_the_message_that_was_clicked_a_fresh_token(room: Room) -> None:
    room.member.clicks(f"m:refresh:{JOB_ID}")
    assert (await room.next()).body["type"] == 6
    await room.wire.settled()
    (address,) = room.jobs.refreshed
    assert address.message_id == FIRST_MESSAGE
    assert address.token.startswith("token")


def test_every_route_is_its_own() -> None:
    addresses = [f"m:{item.route}:{MODEL_ID}" for item in ITEMS]
    for item, address in zip(ITEMS, addresses, strict=True):
        pattern = item.__discord_ui_compiled_template__
        assert [other for other in addresses if pattern.fullmatch(other)] == [address]
    assert max(map(len, addresses)) <= 100


@pytest.mark.parametrize(
    "custom_id",
    [
        "m:rig:",
        "m:rig",
        "m:rig:'; DROP TABLE models",
        "m:rig:../x",
        f"M:rig:{MODEL_ID}",
        f"x m:rig:{MODEL_ID}",
        f"m:rig:{MODEL_ID}\n",
        "m:sudo:1",
        "m:delete_now:",
        "m::",
        "",
    ],
)
async def test_an_address_that_is_none_of_ours_does_nothing(room: Room, custom_id: str) -> None:
    room.member.clicks(custom_id)
    room.member.clicks(f"m:rig:{MODEL_ID}")
    assert (await room.next()).body == {"type": 5}
    await room.wire.settled()

    assert [order for order, _ in room.jobs.started] == [RigOrder(model_id=MODEL_ID)]
    assert room.jobs.did == []
