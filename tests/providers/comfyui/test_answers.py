from typing import Any

import pytest

from providers.comfyui.answers import Uploaded, concerns, frame_of, opened, said_about, version_of
from providers.errors import (
    AnswerLost,
    ContractChanged,
    NotHandedOver,
    ProviderError,
    RateLimited,
    Rejected,
    Unauthorised,
    Unavailable,
)
from providers.http import Answer

NODE_ERRORS = {
    "4": {
        "class_type": "UNETLoader",
        "dependent_outputs": ["9"],
        "errors": [
            {
                "type": "value_not_in_list",
                "message": "Value not in list",
                "details": "unet_name: 'owl.safetensors' not in ['a.safetensors']",
                "extra_info": {"received_value": "a secret owl"},
            }
        ],
    }
}
REFUSED = {
    "error": {"type": "prompt_outputs_failed_validation", "message": "Prompt outputs failed validation"},
    "node_errors": NODE_ERRORS,
}


def answer(
    status: int, body: Any = None, *, retry_after: float | None = None, lost: Any = Unavailable
) -> Answer:
    return Answer(status=status, body=body, reference="", retry_after=retry_after, lost=lost)


def test_a_good_answer_gives_its_body_which_may_be_empty() -> None:
    assert opened(answer(200, {"prompt_id": "1"})) == {"prompt_id": "1"}
    assert opened(answer(200)) is None


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (400, Rejected),
        (401, Unauthorised),
        (403, Unauthorised),
        (404, ContractChanged),
        (413, NotHandedOver),
        (302, ContractChanged),
        (500, Unavailable),
        (503, Unavailable),
    ],
)
def test_each_status_means_one_thing(status: int, kind: type[ProviderError]) -> None:
    with pytest.raises(ProviderError) as caught:
        opened(answer(status))

    assert type(caught.value) is kind
    assert caught.value.status == status


def test_a_submit_that_was_answered_strangely_is_lost() -> None:
    with pytest.raises(AnswerLost):
        opened(answer(404, {}, lost=AnswerLost))


@pytest.mark.parametrize(("asked", "given"), [(None, 5.0), (30.0, 30.0)])
def test_a_proxy_may_ask_for_patience(asked: float | None, given: float) -> None:
    with pytest.raises(RateLimited) as caught:
        opened(answer(429, retry_after=asked))

    assert caught.value.retry_after == given


def test_a_refused_graph_is_told_by_node_and_reason_for_the_log() -> None:
    with pytest.raises(Rejected) as caught:
        opened(answer(400, REFUSED))

    assert caught.value.code == "prompt_outputs_failed_validation"
    assert "node 4 (UNETLoader): value_not_in_list unet_name: 'owl.safetensors'" in caught.value.detail
    assert "a secret owl" not in str(caught.value)


@pytest.mark.parametrize("body", [None, "no", [], {"error": "no"}, {"node_errors": {"4": None, "5": {}}}])
def test_a_refusal_in_another_shape_is_still_one(body: Any) -> None:
    with pytest.raises(Rejected):
        opened(answer(400, body))


def test_errors_concern_an_output_at_it_or_before_it() -> None:
    assert concerns(NODE_ERRORS, "9")
    assert concerns({"9": {}}, "9")
    assert not concerns(NODE_ERRORS, "5")
    assert not concerns({"4": None, "5": {"dependent_outputs": None}}, "9")
    assert not concerns({}, "9")
    assert not concerns([], "9")
    assert not concerns(None, "9")


def test_links_and_keys_stay_out_of_what_is_told() -> None:
    body = {"error": {"message": "see https://gpu.lan/?token=1 with Bearer abc"}}

    assert "token" not in said_about(body)
    assert "abc" not in said_about(body)


def test_an_upload_is_referred_to_by_its_path() -> None:
    assert Uploaded(name="owl.png").path == "owl.png"
    assert Uploaded(name="owl (1).png", subfolder="maquette").path == "maquette/owl (1).png"


@pytest.mark.parametrize(
    ("text", "numbers"),
    [("0.3.57", (0, 3, 57)), ("v0.34.0", (0, 34, 0)), ("0.3.57-dev", (0, 3)), ("", ()), ("nightly", ())],
)
def test_versions_compare_as_numbers(text: str, numbers: tuple[int, ...]) -> None:
    assert version_of(text) == numbers


@pytest.mark.parametrize(
    "text", ["", "[]", "{", '"progress"', '{"type": "progress"}', '{"type": "x", "data": []}']
)
def test_frames_that_say_nothing_have_no_type(text: str) -> None:
    assert frame_of(text) == ("", {})


def test_a_frame_has_a_type_and_data() -> None:
    assert frame_of('{"type": "executing", "data": {"node": null}}') == ("executing", {"node": None})
