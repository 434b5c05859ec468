from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest_asyncio

from bot.ui.desk import Desk
from tests.bot.desk import FakeBrowsing, FakeJobs, FakeKeys, FakeQuotas, FakeShelf, a_desk
from tests.bot.wire import Call, Member, Wire, connected


@dataclass
class Room:
    """A member at the keyboard, the wire, and the core behind the commands."""

    member: Member
    wire: Wire
    jobs: FakeJobs
    shelf: FakeShelf
    quotas: FakeQuotas
    keys: FakeKeys
    browsing: FakeBrowsing
    synced: Call

    async def next(self) -> Call:
        return await self.wire.next()


@pytest_asyncio.fixture
async def room() -> AsyncIterator[Room]:
    jobs, shelf, quotas, keys = FakeJobs(), FakeShelf(), FakeQuotas(), FakeKeys()
    browsing = FakeBrowsing()

    def furnish(address: str) -> Desk:
        hosts = frozenset({address})
        return a_desk(jobs=jobs, shelf=shelf, quotas=quotas, keys=keys, browsing=browsing, cdn_hosts=hosts)

    async with connected(furnish) as (client, wire):
        yield Room(Member(client, wire), wire, jobs, shelf, quotas, keys, browsing, await wire.next())
