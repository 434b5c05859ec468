"""What a list shows, there and back through the address of a button."""

import pytest

from bot.jobs.browsing import Look, Place
from bot.ui.items import address_of
from bot.ui.looks import TEXT_BYTES, cut, look_parts, place_part, read_look, read_place
from bot.ui.pages import ITEMS
from storage.lists import INBOX, Standing

PROJECT = "01J0000000000000000000000Z"
LOOKS = (
    Look(),
    Look(gallery=True, text="águila"),
    Look(person=2**64 - 1, text="a brass owl"),
    Look(project_id=INBOX, standing=Standing.FAILED, rigged=False),
    Look(project_id=PROJECT, standing=Standing.READY, rigged=True, text="w" * TEXT_BYTES),
)
PLACES = (Place(label="k7mq2x"), Place(label="k7mq2x", stars=123_456, back=True))


@pytest.mark.parametrize("look", LOOKS)
def test_a_look_comes_back_as_it_was_and_fits_beside_any_place(look: Look) -> None:
    parts = look_parts(look)

    assert read_look(parts) == look
    assert max(len(address_of(one.route, ("k7mq2x", *parts))) for one in ITEMS) <= 100
    for place in PLACES:
        assert len(address_of("previous", (place_part(place), *parts))) <= 100
        assert read_place(place_part(place)) == place


@pytest.mark.parametrize(
    "parts", [(), ("x",), ("pabc", "", "zz", "!!"), ("p", "0", "99", "0O0O"), ("g", "0", "7", "A")]
)
def test_an_address_that_nobody_wrote_is_read_as_something_harmless(parts: tuple[str, ...]) -> None:
    assert read_look(parts).text == ""
    assert read_place("nonsense").stars == 0


def test_a_search_is_cut_between_signs() -> None:
    assert cut("á" * TEXT_BYTES) == "á" * (TEXT_BYTES // 2)
