"""What becomes of a vendor's file on its way into our store."""

from collections.abc import AsyncIterator

import pytest

from providers.base import RemoteFile, Succeeded
from storage.models import ArtifactKind, JobState, ModelState
from tests.bot.files.building import triangle
from tests.bot.jobs.conftest import CHAIN, Workshop
from tests.bot.jobs.vendor import Task, takes


async def test_what_a_generator_wrote_about_the_making_is_not_kept(workshop: Workshop) -> None:
    build = triangle()
    build.document["asset"]["extras"] = {"prompt": "a graph with a secret owl"}
    workshop.vendor.glb = lambda _: build.bytes()

    view = await workshop.make()

    assert b"a secret owl" in build.bytes()
    assert view.model_file is not None
    async with workshop.store.open(view.model_file.artifact.key) as stream:
        kept = b"".join([piece async for piece in stream])
    assert kept.startswith(b"glTF")
    assert b"a secret owl" not in kept
    assert view.model_file.artifact.facts["size"] == len(kept) < len(build.bytes())


@pytest.mark.parametrize("files", [(), (RemoteFile(url="test://x", kind="model", extension=".fbx"),)])
async def test_an_answer_without_a_file_that_we_can_use_costs_nothing(
    workshop: Workshop, files: tuple[RemoteFile, ...]
) -> None:
    workshop.vendor.judge = lambda _: Succeeded(files=files)

    view = await workshop.make()

    assert (view.stages[0].failure, await workshop.left()) == ("no_file", 10)


async def test_a_picture_that_is_none_is_left_out_and_the_model_stands(workshop: Workshop) -> None:
    whole = workshop.vendor._bytes

    async def broken(file: RemoteFile) -> AsyncIterator[bytes]:
        if file.kind == "preview":
            yield b"<html>not a picture</html>"
        else:
            async for piece in whole(file):
                yield piece

    workshop.vendor._bytes = broken  # type: ignore[method-assign]

    view = await workshop.make()

    assert (view.job.state, view.preview) == (JobState.DONE, None)
    async with workshop.db.read() as tx:
        kept = await tx.artifacts.of_model(view.model.id)
    assert [artifact.kind for artifact in kept] == [ArtifactKind.MODEL]


def named_by_the_vendor(task: Task) -> bytes:
    """Its own name for the clip, or for one more than was asked for."""
    clips = getattr(task.request, "clips", ())
    if clips == ("walk",):
        return takes("preset:walk").bytes()
    return takes(*clips, "T-pose").bytes() if clips else takes("base").bytes()


async def test_a_clip_gets_our_name_where_the_file_has_just_it(workshop: Workshop) -> None:
    workshop.vendor.glb = named_by_the_vendor

    view = await workshop.make(CHAIN)

    async with workshop.db.read() as tx:
        kept = await tx.artifacts.of_model(view.model.id)
    clips = {artifact.facts["clip"]: artifact.facts["clips"] for artifact in kept if "clip" in artifact.facts}
    assert clips == {"walk": ["walk"], "idle": ["idle", "T-pose"]}
    assert (view.job.state, view.state, view.charged) == (JobState.DONE, ModelState.COMPLETE, 5)
