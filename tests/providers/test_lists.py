from providers.lists import PAGES, read_back


class Pages:
    """A list of numbers, three to a page."""

    def __init__(self) -> None:
        self.read: list[int] = []

    async def page(self, number: int) -> list[int]:
        self.read.append(number)
        return [3 * number, 3 * number + 1, 3 * number + 2]


async def test_it_is_read_until_it_reaches_back_far_enough() -> None:
    pages = Pages()

    rows = await read_back(pages.page, lambda rows: 4 in rows)

    assert rows == ([0, 1, 2, 3, 4, 5], True)
    assert pages.read == [0, 1]


async def test_a_list_without_end_is_not_read_for_ever() -> None:
    pages = Pages()

    rows, whole = await read_back(pages.page, lambda _: False)

    assert (len(rows), whole) == (3 * PAGES, False)
    assert pages.read == list(range(PAGES))
