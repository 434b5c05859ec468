"""What the owner's virus scanner knows is neither used nor kept; a real daemon looks."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from bot.clamd import Clamd
from bot.jobs.errors import PictureUnusable
from bot.jobs.scanning import NotScanned
from bot.jobs.views import JobView
from storage.models import ArtifactKind, ModelState
from tests.bot.files.building import picture, triangle
from tests.bot.jobs.conftest import Workshop
from tests.clamd import HARMFUL, NAME, clamd

PICTURE = picture("PNG", (300, 300))


@pytest.fixture
async def scanned(workshop: Workshop, tmp_path: Path) -> AsyncIterator[Workshop]:
    """The workshop behind a scanner."""
    async with clamd(tmp_path) as socket:
        workshop.scanner = Clamd(address=str(socket))
        workshop.restart()
        yield workshop


def without_scanner(workshop: Workshop, *, required: bool) -> None:
    """The owner set one up, and nobody answers there."""
    workshop.scanner = Clamd(address=str(workshop.folder / "nobody.sock"))
    workshop.scan_required = required
    workshop.restart()


def harmful_glb() -> bytes:
    build = triangle()
    build.view(HARMFUL)
    return build.bytes()


async def kept(workshop: Workshop) -> list[str]:
    return [key async for key in workshop.store.keys("")]


async def noted(workshop: Workshop, view: JobView) -> dict[ArtifactKind, object]:
    async with workshop.db.read() as tx:
        artifacts = await tx.artifacts.of_model(view.model.id)
    return {artifact.kind: artifact.facts.get("scan") for artifact in artifacts}


async def test_a_vendors_file_that_is_known_as_harmful_is_not_kept_and_not_charged(scanned: Workshop) -> None:
    scanned.vendor.glb = lambda _: harmful_glb()
    before = await scanned.left()

    with capture_logs() as logs:
        view = await scanned.make()

    assert view.state is ModelState.FAILED
    assert [stage.failure for stage in view.stages] == ["infected"]
    assert await kept(scanned) == []
    assert await scanned.left() == before
    (told,) = [line for line in logs if line["event"] == "infected"]
    assert (told["what"], told["signature"]) == ("model", NAME)


async def test_clean_files_are_kept_and_said_to_be_clean(scanned: Workshop) -> None:
    view = await scanned.make()

    assert await noted(scanned, view) == {ArtifactKind.MODEL: "clean", ArtifactKind.PREVIEW: "clean"}


async def test_a_members_harmful_picture_is_refused(scanned: Workshop) -> None:
    with pytest.raises(PictureUnusable, match="infected"):
        await scanned.core.jobs.keep_picture(PICTURE + HARMFUL, "owl.png")

    assert await kept(scanned) == []
    assert (await scanned.core.jobs.keep_picture(PICTURE, "owl.png")).size == len(PICTURE)


async def test_where_the_scanner_is_away_files_are_kept_as_not_scanned(workshop: Workshop) -> None:
    without_scanner(workshop, required=False)

    with capture_logs() as logs:
        view = await workshop.make()

    assert set((await noted(workshop, view)).values()) == {"not_scanned"}
    assert [line["what"] for line in logs if line["event"] == "not_scanned"] == ["model", "preview"]


async def test_where_a_scan_is_required_nothing_is_kept_without_one(workshop: Workshop) -> None:
    without_scanner(workshop, required=True)
    before = await workshop.left()

    view = await workshop.make()

    assert [stage.failure for stage in view.stages] == ["not_scanned"]
    assert await workshop.left() == before
    with pytest.raises(PictureUnusable, match="not_scanned"):
        await workshop.core.jobs.keep_picture(PICTURE, "owl.png")
    assert await kept(workshop) == []


class Late:
    """A scanner that is away at first."""

    def __init__(self, *, away: int) -> None:
        self.away = away

    async def scan(self, pieces: AsyncIterator[bytes]) -> None:
        self.away -= 1
        if self.away >= 0:
            raise NotScanned("away")


async def test_a_required_scan_is_waited_for(workshop: Workshop) -> None:
    workshop.scanner, workshop.scan_required = Late(away=2), True
    workshop.restart()

    view = await workshop.make()

    assert view.state is ModelState.GENERATED
    assert set((await noted(workshop, view)).values()) == {"clean"}


async def test_without_a_scanner_nothing_is_said_of_scans(workshop: Workshop) -> None:
    view = await workshop.make()

    assert set((await noted(workshop, view)).values()) == {None}
