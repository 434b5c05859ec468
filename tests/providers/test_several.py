import asyncio

from providers.errors import TaskNotFound, Unavailable
from providers.several import AT_ONCE, each


async def test_each_has_what_its_own_look_gave_in_the_order_asked_for() -> None:
    gone, down = TaskNotFound("a vendor"), Unavailable("a vendor")

    async def look(task_id: str) -> str:
        if task_id in {"gone", "down"}:
            raise gone if task_id == "gone" else down
        return task_id.upper()

    found = await each(["one", "gone", "two", "down"], look)

    assert list(found.items()) == [("one", "ONE"), ("gone", gone), ("two", "TWO"), ("down", down)]


async def test_nobody_waits_for_another() -> None:
    both = asyncio.Barrier(2)

    async def look(task_id: str) -> str:
        await both.wait()
        return task_id

    async with asyncio.timeout(5):
        assert list(await each(["one", "two"], look)) == ["one", "two"]


async def test_of_hundreds_some_are_under_way_at_once() -> None:
    under_way, most = 0, 0

    async def look(task_id: str) -> str:
        nonlocal under_way, most
        under_way += 1
        most = max(most, under_way)
        await asyncio.sleep(0)
        under_way -= 1
        return task_id

    names = [f"task {number}" for number in range(10 * AT_ONCE)]

    assert list(await each(names, look)) == names
    assert most == AT_ONCE
