"""How a file of ours reaches a vendor: by a link first, then as bytes, and of a task that it lost, at all."""

import sqlite3
from dataclasses import dataclass, field, replace
from hashlib import sha256

import pytest

from bot.jobs.clock import HOUR
from bot.jobs.orders import GenerateOrder, RigOrder
from providers.base import FileRef, GenerateRequest, RigRequest, TaskRef, Upload
from providers.errors import (
    NotHandedOver,
    NotRiggable,
    ProviderError,
    Rejected,
    SourceUnusable,
    TaskNotFound,
    Unavailable,
)
from storage.errors import StoreUnavailable
from storage.models import JobState, RunState
from tests.bot.files.building import picture
from tests.bot.jobs.conftest import OWL, Workshop
from tests.bot.jobs.vendor import ScriptedVendor


@dataclass
class Fetcher(ScriptedVendor):
    """Takes links, and bytes into the request where there is none."""

    handed: list[str | None] = field(default_factory=list)
    most: int = 10**9

    async def upload(self, file: Upload) -> FileRef:
        self.handed.append(file.link)
        if file.link:
            return FileRef(token=file.link)
        async with file.open() as stream:
            data = b"".join([piece async for piece in stream])
        if len(data) > self.most:
            raise NotHandedOver(self.name, code="too_large")
        return FileRef(token=sha256(data).hexdigest(), inline=data, content_type=file.content_type)


@pytest.fixture
def fetcher(workshop: Workshop) -> Fetcher:
    """Rigs what Tripo made."""
    made = Fetcher(name="meshy", title="Meshy", checks=False, can={"echoes": False})
    workshop.others = [made]
    workshop.restart()
    return made


async def model_to_rig(workshop: Workshop) -> RigOrder:
    made = await workshop.make()
    return RigOrder(model_id=made.model.id, provider="meshy")


def sources(vendor: ScriptedVendor) -> list[object]:
    return [task.request.source for task in vendor.submitted(RigRequest)]  # type: ignore[union-attr]


async def test_a_link_that_is_good_for_an_hour_is_handed_over(workshop: Workshop, fetcher: Fetcher) -> None:
    view = await workshop.make(await model_to_rig(workshop))

    (link,) = fetcher.handed
    assert link is not None
    assert link.endswith("/a-brass-owl.glb")
    token = link.split("/files/")[1].split("/")[0]
    ticket = workshop.store.verify(token, workshop.clock.now())
    assert ticket is not None
    assert workshop.store.verify(token, workshop.clock.now() + HOUR) is None
    assert (view.job.state, sources(fetcher)) == (JobState.DONE, [FileRef(token=link)])


async def test_the_bytes_follow_where_the_link_did_not_serve(workshop: Workshop, fetcher: Fetcher) -> None:
    fetcher.refuse.append(NotHandedOver("meshy", "cannot fetch it"))

    view = await workshop.make(await model_to_rig(workshop))

    assert [bool(link) for link in fetcher.handed] == [True, False]
    (source,) = sources(fetcher)
    assert isinstance(source, FileRef)
    assert source.inline is not None
    assert source.inline.startswith(b"glTF")
    assert (view.job.state, view.charged) == (JobState.DONE, 1)


async def test_where_neither_serves_it_is_told_and_nothing_is_charged(
    workshop: Workshop, fetcher: Fetcher
) -> None:
    fetcher.refuse.extend([NotHandedOver("meshy"), NotHandedOver("meshy")])

    view = await workshop.make(await model_to_rig(workshop))

    (stage,) = view.stages
    assert (stage.state, stage.failure, stage.can_retry) == (RunState.FAILED, "not_handed_over", False)
    assert len(fetcher.handed) == 2
    assert await workshop.left() == 8


async def test_bytes_that_are_too_many_are_not_tried_again(workshop: Workshop, fetcher: Fetcher) -> None:
    fetcher.refuse.append(NotHandedOver("meshy"))
    fetcher.most = 10

    view = await workshop.make(await model_to_rig(workshop))

    assert view.stages[0].failure == "not_handed_over"
    assert len(fetcher.handed) == 2


async def test_nothing_of_the_bytes_is_in_the_database(workshop: Workshop, fetcher: Fetcher) -> None:
    fetcher.refuse.append(NotHandedOver("meshy"))

    await workshop.make(await model_to_rig(workshop))

    (source,) = sources(fetcher)
    assert isinstance(source, FileRef)
    assert source.inline
    dump = "\n".join(sqlite3.connect(workshop.folder / "maquette.db").iterdump())
    assert source.token in dump
    assert "glTF" not in dump
    assert len(dump) < 100_000


async def test_a_lost_answer_is_found_again_though_the_bytes_are_not_kept(
    workshop: Workshop, fetcher: Fetcher
) -> None:
    order = await model_to_rig(workshop)
    fetcher.refuse.append(NotHandedOver("meshy"))
    fetcher.lose.append("accepted")
    job = await workshop.ask(order)
    await workshop.core.engine.start()
    while not fetcher.tasks:
        await workshop.core.engine.run_once()
    workshop.restart()
    await workshop.finish()

    assert (await workshop.view(job)).job.state is JobState.DONE
    assert len(fetcher.tasks) == 1


async def test_pictures_are_handed_over_in_the_same_ways(workshop: Workshop, fetcher: Fetcher) -> None:
    keep = workshop.core.jobs.keep_picture
    front, back = [await keep(picture("PNG", (300, 300)), "owl.png") for _ in range(2)]
    fetcher.refuse.append(NotHandedOver("meshy"))

    view = await workshop.make(GenerateOrder(pictures=(front, None, back), provider="meshy"))

    (task,) = fetcher.submitted(GenerateRequest)
    assert isinstance(task.request, GenerateRequest)
    sent = task.request.pictures
    assert [one.inline == picture("PNG", (300, 300)) if one else None for one in sent] == [True, None, True]
    assert view.job.state is JobState.DONE


@pytest.mark.parametrize("error", [TaskNotFound("tripo"), SourceUnusable("tripo")])
async def test_our_file_stands_in_for_a_task_that_the_vendor_does_not_take(
    workshop: Workshop, error: ProviderError
) -> None:
    made = await workshop.make()
    workshop.vendor.checks = False
    workshop.vendor.refuse.append(error)

    view = await workshop.make(RigOrder(model_id=made.model.id))

    assert sources(workshop.vendor) == [FileRef(token="file_1")]
    assert workshop.vendor.uploads[0][1].startswith(b"glTF")
    assert (view.job.state, view.charged) == (JobState.DONE, 1)


async def test_our_file_stands_in_once_alone(workshop: Workshop) -> None:
    made = await workshop.make()
    workshop.vendor.checks = False
    workshop.vendor.refuse.extend([SourceUnusable("tripo"), SourceUnusable("tripo")])

    view = await workshop.make(RigOrder(model_id=made.model.id))

    assert (view.stages[0].failure, len(workshop.vendor.uploads)) == ("rejected", 1)
    assert await workshop.left() == 8


@pytest.mark.parametrize(
    ("error", "failure"), [(NotRiggable("tripo"), "not_riggable"), (Rejected("tripo"), "rejected")]
)
async def test_a_shape_that_is_refused_is_not_sent_again_as_a_file(
    workshop: Workshop, error: ProviderError, failure: str
) -> None:
    made = await workshop.make()
    workshop.vendor.checks = False
    workshop.vendor.refuse.append(error)

    view = await workshop.make(RigOrder(model_id=made.model.id))

    assert (view.stages[0].failure, workshop.vendor.uploads) == (failure, [])


async def test_a_file_that_is_lost_and_refused_by_its_link_goes_as_bytes(
    workshop: Workshop, fetcher: Fetcher
) -> None:
    made = await workshop.make(replace(OWL, provider="meshy"))
    fetcher.refuse.extend([TaskNotFound("meshy"), NotHandedOver("meshy")])

    view = await workshop.make(RigOrder(model_id=made.model.id))

    assert view.job.state is JobState.DONE
    assert [bool(link) for link in fetcher.handed] == [True, False]


async def test_a_vendor_that_is_down_while_a_file_goes_there_is_tried_again(
    workshop: Workshop, fetcher: Fetcher
) -> None:
    order = await model_to_rig(workshop)
    upload, troubles = fetcher.upload, [Unavailable("meshy"), Unavailable("meshy")]

    async def down(file: Upload) -> FileRef:
        if troubles:
            raise troubles.pop()
        return await upload(file)

    fetcher.upload = down  # type: ignore[method-assign]

    view = await workshop.make(order)

    assert (view.job.state, troubles) == (JobState.DONE, [])
    assert isinstance(sources(fetcher)[0], FileRef)


async def test_a_store_that_fails_as_a_file_goes_out_is_tried_again_and_then_told(
    workshop: Workshop, fetcher: Fetcher
) -> None:
    order = await model_to_rig(workshop)

    async def unreadable(*_: object, **__: object) -> None:
        raise StoreUnavailable("folder", "the disk is gone")

    workshop.store.link = unreadable  # type: ignore[method-assign, assignment]

    job = await workshop.ask(order)
    await workshop.finish()

    (run,) = await workshop.runs(job)
    assert (run.failure, run.attempt, fetcher.tasks) == ("store", 5, {})
    assert await workshop.left() == 8


async def test_the_makers_own_task_needs_no_file(workshop: Workshop) -> None:
    workshop.vendor.checks = False
    made = await workshop.make()
    await workshop.make(RigOrder(model_id=made.model.id))

    assert (sources(workshop.vendor), workshop.vendor.uploads) == ([TaskRef(task_id="task-1")], [])
