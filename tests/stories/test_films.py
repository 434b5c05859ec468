"""Our own film of a model takes the place of the vendor's picture, and nobody waits for it."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.bot.filmer import FakeFilmer, picture
from tests.stories.house import House, open_house


@pytest.fixture
def filmer(monkeypatch: pytest.MonkeyPatch) -> FakeFilmer:
    filmer = FakeFilmer()
    filmer.ready.clear()
    monkeypatch.setattr("bot.app.filmer_of", lambda _: filmer)
    return filmer


@pytest.fixture
async def house(tmp_path: Path, _discord_as_before: None, filmer: FakeFilmer) -> AsyncIterator[House]:
    async with open_house(tmp_path) as house:
        yield house


async def test_the_link_comes_first_then_the_film_and_a_restart_loses_neither(
    house: House, filmer: FakeFilmer
) -> None:
    ada = house.person("ada")
    card = await ada.type("generate", prompt="a brass owl")
    await house.reads(card, "Download GLB")
    await house.until(lambda: filmer.filmed)
    assert sorted(card.files) == ["a-brass-owl.glb", "a-brass-owl.webp"]
    left = await ada.credits()

    await house.restart()
    filmer.ready.set()
    await house.until(lambda: "a-brass-owl.gif" in card.files)

    assert sorted(card.files) == ["a-brass-owl.gif", "a-brass-owl.glb"]
    assert await house.download(card.files["a-brass-owl.gif"]) == picture("GIF")
    assert len(filmer.filmed) == 2
    assert await ada.credits() == left
