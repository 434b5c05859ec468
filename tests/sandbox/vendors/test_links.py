"""Links prove themselves, and die."""

from urllib.parse import parse_qsl, urlsplit

import pytest

from sandbox.vendors.links import Links
from tests.clock import StillClock


def parts(link: str) -> tuple[str, dict[str, str]]:
    url = urlsplit(link)
    return url.path, dict(parse_qsl(url.query))


@pytest.fixture
def links(clock: StillClock) -> Links:
    return Links(clock, b"a secret", seconds=60)


def test_a_link_is_good_until_it_dies(links: Links, clock: StillClock) -> None:
    path, query = parts(links.signed("/results/1/model.glb"))

    clock.advance(seconds=60)
    assert links.alive(path, query)
    clock.advance(seconds=1)
    assert not links.alive(path, query)


def test_a_link_may_be_dead_from_the_start(links: Links) -> None:
    assert not links.alive(*parts(links.signed("/results/1/model.glb", seconds=-1)))


@pytest.mark.parametrize(
    "change",
    [{"Signature": "0" * 64}, {"Signature": "ñ"}, {"Expires": "99999999999999"}, {"Expires": "soon"}],
)
def test_a_changed_link_proves_nothing(links: Links, change: dict[str, str]) -> None:
    path, query = parts(links.signed("/results/1/model.glb"))

    assert not links.alive(path, query | change)
    assert not links.alive("/results/2/model.glb", query)
    assert not links.alive(path, {})
