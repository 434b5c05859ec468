"""Copies of a model in other formats, and lighter ones: beside it, and never in its place."""

import asyncio
from pathlib import Path
from typing import Any

import pytest

from bot.files import lighter, printing
from bot.files.errors import ToolFailed
from bot.jobs.errors import CannotDo, HasCopy, NotInstalled, NotYours, UnknownFormat
from bot.jobs.orders import ConvertOrder, OptimiseOrder
from providers.base import ConvertRequest
from storage.models import ArtifactKind, JobState, RunState, Stage
from tests.bot.files.building import triangle
from tests.bot.jobs.conftest import ADA, BEN, CHAIN, Workshop
from tests.bot.jobs.vendor import ScriptedVendor

FBX = b"Kaydara FBX Binary  \x00\x1a\x00"


@pytest.fixture(autouse=True)
def _able(workshop: Workshop) -> None:
    workshop.vendor.can |= {"formats": ("fbx", "usdz")}
    workshop.vendor.converted = FBX


async def test_a_copy_by_a_vendor_lies_beside_the_model_and_costs_its_price(workshop: Workshop) -> None:
    knight = await workshop.make(CHAIN)
    view = await workshop.make(ConvertOrder(model_id=knight.model.id, format="fbx"))

    assert (view.model.id, view.job.state) == (knight.model.id, JobState.DONE)
    assert view.model_file == knight.model_file
    assert view.state is knight.state
    (copy,) = view.copies
    assert (copy.artifact.kind, copy.artifact.name) == (ArtifactKind.COPY, "a-wooden-knight.fbx")
    assert copy.url == f"https://models.example/m/{view.model.link_id}/a-wooden-knight.fbx"
    assert view.charged == 1
    (task,) = workshop.vendor.submitted(ConvertRequest)
    request: Any = task.request
    assert request.format == "fbx"


async def test_the_same_copy_is_not_paid_for_twice(workshop: Workshop) -> None:
    owl = await workshop.make()
    await workshop.make(ConvertOrder(model_id=owl.model.id, format="fbx"))

    with pytest.raises(HasCopy):
        await workshop.ask(ConvertOrder(model_id=owl.model.id, format="fbx"))
    assert await workshop.left() == 7


async def test_an_error_page_for_a_copy_is_given_back(workshop: Workshop) -> None:
    workshop.vendor.converted = b"<html>"
    owl = await workshop.make()
    view = await workshop.make(ConvertOrder(model_id=owl.model.id, format="fbx"))

    assert (view.job.state, view.copies, view.charged) == (JobState.FAILED, (), 0)
    assert view.stages[0].failure == "bad_file"
    assert view.stages[0].can_retry
    assert view.model_file is not None


async def test_who_makes_a_format_is_asked_and_nobody_means_no(workshop: Workshop) -> None:
    owl = await workshop.make()
    with pytest.raises(CannotDo):
        await workshop.ask(ConvertOrder(model_id=owl.model.id, format="obj"))
    with pytest.raises(UnknownFormat):
        await workshop.ask(ConvertOrder(model_id=owl.model.id, format="blend"))

    other = ScriptedVendor(name="meshy", title="Meshy", can={"formats": ("obj",)}, converted=b"v 0 0 0")
    workshop.others = [other]
    workshop.restart()
    view = await workshop.make(ConvertOrder(model_id=owl.model.id, format="obj"))

    assert view.job.state is JobState.DONE
    assert other.uploads[0][1].startswith(b"glTF")
    assert not workshop.vendor.submitted(ConvertRequest)


async def test_others_have_no_copies_made(workshop: Workshop) -> None:
    owl = await workshop.make()
    for order in (ConvertOrder(model_id=owl.model.id, format="stl"), OptimiseOrder(model_id=owl.model.id)):
        with pytest.raises((NotYours, NotInstalled)):
            await workshop.ask(order, BEN)


async def test_a_print_is_free_and_made_of_the_shape_without_its_skeleton(workshop: Workshop) -> None:
    knight = await workshop.make(CHAIN)
    view = await workshop.make(ConvertOrder(model_id=knight.model.id, format="stl"))

    (run,) = await workshop.runs(view.job)
    assert (run.provider, run.price, view.charged) == ("maquette", 0, 0)
    (copy,) = view.copies
    assert copy.artifact.name.endswith(".stl")
    assert copy.artifact.facts["watertight"] is False
    async with workshop.db.read() as tx:
        made_of = await tx.artifacts.of_run(run.params["source_run"])
    assert [one.facts["joints"] for one in made_of if one.kind is ArtifactKind.MODEL] == [0]


async def test_lighter_copies_are_checked_and_the_original_is_kept(
    workshop: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    lighter_by(monkeypatch, 100)
    owl = await workshop.make()
    view = await workshop.make(OptimiseOrder(model_id=owl.model.id))

    assert view.model_file == owl.model_file
    names = sorted(copy.artifact.name for copy in view.copies)
    assert names == ["a-brass-owl-25.glb", "a-brass-owl-50.glb", "a-brass-owl-packed.glb"]
    assert view.charged == 0
    with pytest.raises(HasCopy):
        await workshop.ask(OptimiseOrder(model_id=owl.model.id))


async def test_what_does_not_become_lighter_is_said_and_nothing_is_kept(
    workshop: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    lighter_by(monkeypatch, 0)
    owl = await workshop.make()
    view = await workshop.make(OptimiseOrder(model_id=owl.model.id))

    assert (view.stages[0].state, view.stages[0].failure) == (RunState.FAILED, "not_made")
    assert view.copies == ()
    assert view.model_file == owl.model_file


async def test_a_program_that_fails_costs_nothing_and_breaks_nothing(
    workshop: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fails(*_: Any) -> None:
        raise ToolFailed("signal 9")

    monkeypatch.setattr(printing, "for_print", fails)
    owl = await workshop.make()
    view = await workshop.make(ConvertOrder(model_id=owl.model.id, format="3mf"))

    assert [(stage.stage, stage.failure) for stage in view.stages] == [(Stage.CONVERT, "not_made")]
    assert view.stages[0].can_retry


async def test_what_is_not_installed_is_refused_in_words(
    workshop: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(printing, "installed", lambda: False)
    monkeypatch.setattr(lighter, "installed", lambda: False)
    owl = await workshop.make()

    with pytest.raises(NotInstalled):
        await workshop.ask(ConvertOrder(model_id=owl.model.id, format="stl"))
    with pytest.raises(NotInstalled):
        await workshop.ask(OptimiseOrder(model_id=owl.model.id))
    async with workshop.db.read():
        view = await workshop.core.extras.view(ADA, owl.model.id)
    assert (view.lighter, set(view.formats)) == (False, {"fbx", "usdz"})


async def test_more_tells_what_each_thing_costs_and_what_is_there(workshop: Workshop) -> None:
    workshop.vendor.can |= {"retexture": True, "remesh": range(100, 20_001)}
    owl = await workshop.make()
    await workshop.make(ConvertOrder(model_id=owl.model.id, format="fbx"))

    view = await workshop.core.extras.view(ADA, owl.model.id)
    theirs = await workshop.core.extras.view(BEN, owl.model.id)

    assert (view.retexture, view.remesh, view.reference) == (1, 1, 2)
    assert view.formats == {"fbx": 1, "usdz": 1, "stl": 0, "3mf": 0}
    assert [one.artifact.facts["copy"] for one in view.copies] == ["fbx"]
    assert (theirs.owns, theirs.may_act, theirs.formats, theirs.lighter) == (False, False, {}, False)
    assert theirs.retexture == 1


def lighter_by(monkeypatch: pytest.MonkeyPatch, share: int) -> None:
    """A program that makes the file smaller by leaving its picture out, or not at all."""

    async def copy(model: Path, out: Path, way: lighter.Way, *_: Any) -> None:
        data = smaller() if share else await asyncio.to_thread(model.read_bytes)
        await asyncio.to_thread(out.write_bytes, data)

    monkeypatch.setattr(lighter, "installed", lambda: True)
    monkeypatch.setattr(lighter, "lighten", copy)


def smaller() -> bytes:
    build = triangle()
    for part in ("materials", "textures", "images"):
        del build.document[part]
    del build.document["meshes"][0]["primitives"][0]["material"]
    return build.bytes()
