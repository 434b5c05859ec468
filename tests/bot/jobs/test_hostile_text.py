"""What strangers type is text and nothing else: no SQL, no pattern, no path, and no trouble."""

import pytest

from bot.jobs.errors import JobError, NoSuchModel, NothingToCancel, NothingToRetry
from bot.jobs.orders import AnimateOrder, GenerateOrder, RetryOrder, RigOrder
from storage.models import ModelState
from tests.bot.jobs.conftest import ADA, BEN, OWL, Workshop

HOSTILE = [
    "' OR 1=1 --",
    "'; DROP TABLE models; --",
    '" OR ""="',
    "%",
    "_" * 10,
    "\\",
    "owl%' ESCAPE '%",
    "../../../etc/passwd",
    "..%2f..%2fetc",
    "\x00",
    "owl\x00.glb",
    "half a pair \ud83d",
    "\udc00 and the other",
    "\u202egnp.exe",
    "line\r\nbreak: header",
    "{prompt} {0} %s ${HOME} `id`",
    "@everyone <@1> <#2> [here](https://evil.test)",
    "x" * 500,
]


@pytest.mark.parametrize("text", HOSTILE)
async def test_hostile_words_find_nothing_of_others(workshop: Workshop, text: str) -> None:
    await workshop.make(OWL, ADA)

    with pytest.raises(NoSuchModel):
        await workshop.core.shelf.find_model(BEN, text)
    assert await workshop.core.shelf.suggest_models(BEN, text, for_stage=None) == []
    own = await workshop.core.shelf.suggest_models(ADA, text, for_stage=None)
    assert len(own) == (text == "\x00")  # of nothing typed, all is offered


@pytest.mark.parametrize("text", [text for text in HOSTILE if text.isprintable()])
async def test_hostile_ids_are_refused_like_unknown_ones(workshop: Workshop, text: str) -> None:
    await workshop.make(OWL, ADA)
    jobs = workshop.core.jobs

    for order in (RigOrder(model_id=text), AnimateOrder(model_id=text, clips=("walk",))):
        with pytest.raises(NoSuchModel):
            await jobs.check(BEN, order)
    with pytest.raises(NothingToRetry):
        await jobs.check(BEN, RetryOrder(run_id=text))
    with pytest.raises(NothingToCancel):
        await jobs.cancel(BEN, text)
    with pytest.raises(NoSuchModel):
        await jobs.delete(BEN, text)


@pytest.mark.parametrize("text", HOSTILE)
async def test_hostile_prompts_make_models_or_are_refused_in_words(workshop: Workshop, text: str) -> None:
    try:
        view = await workshop.make(GenerateOrder(prompt=text, negative_prompt=text), ADA)
    except JobError:
        assert workshop.vendor.tasks == {}
        return

    assert view.state is ModelState.GENERATED
    assert view.model_file is not None
    key = view.model_file.artifact.key
    assert workshop.store.path(key).is_relative_to(workshop.folder / "files")
    assert "/" not in view.model_file.artifact.name
    found = await workshop.core.shelf.suggest_models(ADA, view.model.name, for_stage=None)
    assert [one.model.id for one in found] == [view.model.id]
