"""A vendor's list of tasks, read page by page until it reaches back far enough, or for too long."""

from collections.abc import Awaitable, Callable, Sequence
from typing import TypeVar

PAGES = 10
"""Of a list, before we admit that we cannot tell."""

Row = TypeVar("Row")


async def read_back(
    page: Callable[[int], Awaitable[Sequence[Row]]], far_enough: Callable[[Sequence[Row]], bool]
) -> tuple[list[Row], bool]:
    """The rows of its pages, and whether the last of those was far enough; pages count from 0."""
    rows: list[Row] = []
    for number in range(PAGES):
        here = await page(number)
        rows += here
        if far_enough(here):
            return rows, True
    return rows, False
