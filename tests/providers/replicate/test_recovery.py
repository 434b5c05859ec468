from base64 import b64encode
from hashlib import sha256
from typing import Any

import pytest

from providers.base import Absent, CannotTell, FileRef, Found, GenerateRequest, RigRequest, Search
from providers.replicate.models import HUNYUAN, TRELLIS, UNIRIG
from providers.replicate.predictions import Prediction
from providers.replicate.recovery import following, verdict, window
from providers.replicate.requests import Order, order

SINCE = 1_800_000_000_000
MINUTE = 60_000
LINK = "https://files.example/owl.glb"
GLB = b"glTF and so on"
WORDS = order(GenerateRequest(prompt="a brass owl"), generator=HUNYUAN, seed=1)
PICTURE = order(GenerateRequest(pictures=(FileRef(token=LINK),)), generator=TRELLIS, seed=4_711)
RIG = order(RigRequest(source=FileRef(token=LINK)), generator=HUNYUAN, seed=1)


def listed(sent: Order, task_id: str = "ours", **parts: Any) -> Prediction:
    """A prediction as it would be listed had it been asked for so."""
    echo = dict(sent.input)
    if sent.file_field:
        echo[sent.file_field] = [LINK] if sent.record.pictures > 1 else LINK
    version = sent.record.version or "hidden"
    data = {"id": task_id, "status": "starting", "model": sent.record.name, "version": version}
    return Prediction.model_validate({**data, "source": "api", "input": echo, **parts})


def told(sent: Order, *rows: Prediction, after: int = 2 * MINUTE, **how: Any) -> Search:
    facts: dict[str, Any] = {"marks": [LINK] * len(sent.files), "known": (), "complete": True, **how}
    return verdict(sent, listed=rows, since=SINCE, now=SINCE + after, **facts)


@pytest.mark.parametrize("sent", [WORDS, PICTURE, RIG])
def test_a_prediction_that_was_asked_for_as_ours_is_ours(sent: Order) -> None:
    answer = told(sent, listed(sent), after=0)

    assert isinstance(answer, Found)
    assert answer.handle.task_id == "ours"
    assert answer.handle.expires_at == SINCE + 40 * MINUTE


@pytest.mark.parametrize(
    "row",
    [
        listed(WORDS, input={**WORDS.input, "prompt": "a tin owl"}),
        listed(WORDS, input={**WORDS.input, "image": LINK}),
        listed(WORDS, model="hyper3d/rodin"),
        listed(WORDS, source="web"),
    ],
)
def test_a_prediction_that_differs_is_not_ours(row: Prediction) -> None:
    assert told(WORDS, row) == Absent()


@pytest.mark.parametrize(
    "row",
    [
        listed(PICTURE, input={**PICTURE.input, "images": [LINK], "seed": 4_712}),
        listed(PICTURE, input={**PICTURE.input, "images": ["https://files.example/other.glb"]}),
        listed(PICTURE, version="0" * 64),
    ],
)
def test_a_seed_a_link_and_a_version_have_to_be_ours(row: Prediction) -> None:
    assert told(PICTURE, row) == Absent()


def test_a_version_may_come_with_its_models_name() -> None:
    row = listed(RIG, version=f"{UNIRIG.name}:{UNIRIG.version}")

    assert isinstance(told(RIG, row), Found)


def test_fields_that_the_model_added_by_itself_change_nothing() -> None:
    row = listed(PICTURE, input={**PICTURE.input, "images": [LINK], "texture_size": 1024})

    assert isinstance(told(PICTURE, row), Found)


@pytest.mark.parametrize(
    ("echo", "found"),
    [
        (f"data:model/gltf-binary;base64,{b64encode(GLB).decode()}", True),
        (f"data:model/gltf-binary;base64,{b64encode(b'another').decode()}", False),
        ("data:model/gltf-binary;base64,???", False),
        ("https://replicate.delivery/pbxt/abc/input.glb", True),
    ],
)
def test_a_file_that_went_along_is_known_by_its_bytes_where_they_are_shown(echo: str, found: bool) -> None:  # noqa: FBT001
    row = listed(RIG, input={"input_mesh": echo})

    answer = told(RIG, row, marks=[sha256(GLB).hexdigest()])

    assert isinstance(answer, Found if found else Absent)


def test_another_runs_prediction_is_not_taken() -> None:
    assert told(RIG, listed(RIG, "theirs"), known={"theirs"}) == Absent()
    answer = told(RIG, listed(RIG, "theirs"), listed(RIG), known={"theirs"})
    assert isinstance(answer, Found)
    assert answer.handle.task_id == "ours"


def test_two_that_look_like_ours_are_not_guessed_apart() -> None:
    assert told(RIG, listed(RIG, "one"), listed(RIG, "two")) == CannotTell()


@pytest.mark.parametrize("erased", [None, {}])
def test_an_input_that_was_erased_may_have_been_ours(erased: Any) -> None:
    assert told(WORDS, listed(WORDS, input=erased)) == CannotTell()


def test_nothing_is_absent_before_the_list_has_caught_up_or_while_it_has_gaps() -> None:
    assert told(WORDS, after=MINUTE - 1) == CannotTell()
    assert told(WORDS, after=MINUTE) == Absent()
    assert told(WORDS, complete=False) == CannotTell()


def test_the_window_allows_for_clocks_that_differ() -> None:
    assert window(SINCE) == {
        "created_after": "2027-01-15T07:55:00.000Z",
        "created_before": "2027-01-15T08:05:00.000Z",
    }


def test_the_next_page_is_asked_for_where_we_ask_and_not_where_it_says() -> None:
    assert following("https://evil.example/v1/predictions?cursor=a%2Bb%3D&x=1") == {
        "cursor": "a+b=",
        "x": "1",
    }
