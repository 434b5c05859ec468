"""Time that stands still, and somebody to be called."""

from collections.abc import AsyncIterator

import pytest

from tests.clock import StillClock
from tests.sandbox.vendors.receiver import Receiver


@pytest.fixture
def clock() -> StillClock:
    return StillClock()


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    """On a clock of its own, which the vendor that calls it has to share."""
    receiver = Receiver()
    async with receiver.listening():
        yield receiver
