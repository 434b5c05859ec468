"""Several tasks, each read by a call of its own: the error of one does not spoil the rest."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import TypeVar

from providers.errors import ProviderError

Found = TypeVar("Found")

AT_ONCE = 10
"""Calls under way at once; hundreds would keep everybody else waiting while they are put together."""


async def each(
    task_ids: Sequence[str], look: Callable[[str], Awaitable[Found]]
) -> dict[str, Found | ProviderError]:
    """What a look at each of them gave, or the error that it met; in the order given."""
    places = asyncio.Semaphore(AT_ONCE)

    async def found(task_id: str) -> Found | ProviderError:
        async with places:
            try:
                return await look(task_id)
            except ProviderError as error:
                return error

    return dict(zip(task_ids, await asyncio.gather(*map(found, task_ids)), strict=True))
