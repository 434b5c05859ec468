"""How late the loop is, by its own clock."""

import asyncio
import time

from bot.lag import EVERY, Lag


async def test_a_loop_that_nobody_has_watched_is_not_late() -> None:
    assert Lag().p99() == 0


async def test_whoever_keeps_the_loop_is_seen() -> None:
    lag = Lag()
    watching = asyncio.create_task(lag.watch())
    await asyncio.sleep(0)

    time.sleep(EVERY + 0.05)  # noqa: ASYNC251 - the very thing that is to be seen
    await asyncio.sleep(EVERY)
    watching.cancel()

    assert lag.p99() >= 50
