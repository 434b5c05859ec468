"""Files are made once, kept a while, and made again."""

import asyncio

from sandbox.vendors.making import Shelf


class Maker:
    """Counts what it makes."""

    def __init__(self) -> None:
        self.made = 0

    async def make(self) -> bytes:
        await asyncio.sleep(0)
        self.made += 1
        return b"a file"


async def test_two_who_ask_at_once_get_the_one_file_that_is_made() -> None:
    shelf, maker = Shelf(), Maker()

    files = await asyncio.gather(*(shelf.file("1", "glb", maker.make) for _ in range(2)))

    assert files == [b"a file", b"a file"]
    assert maker.made == 1


async def test_the_file_that_was_longest_not_asked_for_is_made_again() -> None:
    shelf, maker = Shelf(keep=2), Maker()
    for task_id in ("1", "2", "1", "3"):
        await shelf.file(task_id, "glb", maker.make)
    assert maker.made == 3

    await shelf.file("1", "glb", maker.make)
    assert maker.made == 3
    await shelf.file("2", "glb", maker.make)
    assert maker.made == 4
