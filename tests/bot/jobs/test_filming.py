"""The worker that films finished models, with somebody who films at once or fails on request."""

import asyncio
from errno import ENOSPC

import pytest

from bot.files.previews.rendering import CannotDraw, NotRendered, Unreadable
from bot.jobs.filming import WAITS, Filming
from providers.base import RemoteFile, Succeeded
from storage.errors import StoreFull
from storage.models import Artifact, ArtifactKind, Model
from tests.bot.filmer import FakeFilmer
from tests.bot.jobs.conftest import ADA, CHAIN, Workshop
from tests.bot.jobs.vendor import Task


@pytest.fixture
def filmer(workshop: Workshop) -> FakeFilmer:
    workshop.filmer = FakeFilmer()
    workshop.restart()
    return workshop.filmer


def filming(workshop: Workshop) -> Filming:
    assert workshop.core.filming
    return workshop.core.filming


async def files(workshop: Workshop, model: Model, kind: ArtifactKind) -> list[Artifact]:
    async with workshop.db.read() as tx:
        return [one for one in await tx.artifacts.of_model(model.id) if one.kind is kind]


async def keys(workshop: Workshop) -> set[str]:
    return {listed.key async for listed in workshop.store.listing()}


async def test_a_finished_model_gets_a_film_and_its_card_is_drawn_anew(
    workshop: Workshop, filmer: FakeFilmer
) -> None:
    view = await workshop.make()
    assert view.preview
    assert view.preview.kind is ArtifactKind.PREVIEW
    workshop.changes.clear()

    await filming(workshop).run_until_idle()

    after = await workshop.view(view.job)
    assert after.preview
    assert (after.preview.kind, after.preview.content_type) == (ArtifactKind.TURNTABLE, "image/gif")
    assert after.job.version > view.job.version
    assert workshop.changes == [view.job.id]
    assert (after.charged, after.left) == (view.charged, view.left)


async def test_of_a_model_only_the_best_file_is_filmed(workshop: Workshop, filmer: FakeFilmer) -> None:
    view = await workshop.make(CHAIN)

    await filming(workshop).run_until_idle()

    assert view.model_file
    async with workshop.store.open(view.model_file.artifact.key) as stream:
        assert filmer.filmed == [b"".join([piece async for piece in stream])]


async def test_a_model_without_a_picture_gets_a_still_too(workshop: Workshop, filmer: FakeFilmer) -> None:
    def without(task: Task) -> Succeeded:
        return Succeeded(files=(RemoteFile(url=f"test://{task.id}/model", kind="model", extension=".glb"),))

    workshop.vendor.judge = without
    view = await workshop.make()
    assert view.preview is None

    await filming(workshop).run_until_idle()

    (still,) = await files(workshop, view.model, ArtifactKind.PREVIEW)
    (film,) = await files(workshop, view.model, ArtifactKind.TURNTABLE)
    assert still.content_type == "image/webp"
    assert {still.key, film.key} < await keys(workshop)


async def test_deleting_a_model_deletes_its_film(workshop: Workshop, filmer: FakeFilmer) -> None:
    view = await workshop.make()
    await filming(workshop).run_until_idle()

    await workshop.core.jobs.delete(ADA, view.model.id)

    assert await keys(workshop) == set()


async def test_of_a_model_that_is_deleted_while_it_is_filmed_nothing_stays(
    workshop: Workshop, filmer: FakeFilmer, monkeypatch: pytest.MonkeyPatch
) -> None:
    view = await workshop.make()
    record = Filming._record

    async def late(self: Filming, artifact: Artifact, kept: list[Artifact]) -> set[str] | None:
        await workshop.core.jobs.delete(ADA, view.model.id)
        return await record(self, artifact, kept)

    monkeypatch.setattr(Filming, "_record", late)

    await filming(workshop).run_until_idle()

    assert len(filmer.filmed) == 1
    assert await keys(workshop) == set()


async def test_a_film_that_fails_is_tried_again_some_times_later(
    workshop: Workshop, filmer: FakeFilmer
) -> None:
    filmer.trouble = lambda: _fail(NotRendered("signal 11"))
    view = await workshop.make()
    for wait in (*WAITS, WAITS[-1], WAITS[-1]):
        await filming(workshop).run_until_idle()
        workshop.clock.advance(seconds=wait / 1000)

    assert len(filmer.filmed) == len(WAITS) + 1
    assert (await workshop.view(view.job)).preview == view.preview


@pytest.mark.parametrize(
    "full", [OSError(ENOSPC, "no space left"), StoreFull("files")], ids=["disk", "store"]
)
async def test_where_there_is_no_room_a_film_waits_for_some(
    workshop: Workshop, filmer: FakeFilmer, full: Exception
) -> None:
    filmer.trouble = lambda: _fail(full)
    view = await workshop.make()
    await filming(workshop).run_until_idle()
    assert await files(workshop, view.model, ArtifactKind.TURNTABLE) == []

    filmer.trouble = lambda: None
    workshop.clock.advance(seconds=WAITS[0] / 1000)
    await filming(workshop).run_until_idle()

    assert len(await files(workshop, view.model, ArtifactKind.TURNTABLE)) == 1


async def test_what_cannot_be_shown_is_not_tried_again(workshop: Workshop, filmer: FakeFilmer) -> None:
    filmer.trouble = lambda: _fail(Unreadable("WebP textures"))
    view = await workshop.make()
    for _ in range(2):
        await filming(workshop).run_until_idle()
        workshop.clock.advance(hours=24)

    assert len(filmer.filmed) == 1
    assert (await workshop.view(view.job)).preview == view.preview


async def test_a_film_that_ends_the_bot_is_not_begun_for_ever(workshop: Workshop, filmer: FakeFilmer) -> None:
    filmer.trouble = lambda: _fail(asyncio.CancelledError())
    await workshop.make()
    for _ in range(len(WAITS) + 3):
        workshop.restart()
        await asyncio.gather(filming(workshop).run_until_idle(), return_exceptions=True)
        workshop.clock.advance(hours=2)

    assert len(filmer.filmed) == len(WAITS) + 1


async def test_a_restart_goes_on_with_what_has_no_film(workshop: Workshop, filmer: FakeFilmer) -> None:
    views = [await workshop.make(), await workshop.make()]
    workshop.restart()

    await filming(workshop).run_until_idle()

    for view in views:
        assert len(await files(workshop, view.model, ArtifactKind.TURNTABLE)) == 1


async def test_where_nothing_can_be_drawn_the_worker_ends_and_the_models_wait(
    workshop: Workshop, filmer: FakeFilmer
) -> None:
    filmer.trouble = lambda: _fail(CannotDraw("no libEGL"))
    view = await workshop.make()

    await asyncio.wait_for(filming(workshop).run(), 10)

    assert await files(workshop, view.model, ArtifactKind.TURNTABLE) == []


def _fail(error: BaseException) -> None:
    raise error
