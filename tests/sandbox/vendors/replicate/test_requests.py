"""What is refused before anything runs, in the vendor's own words."""

from typing import Any

import pytest

from tests.sandbox.vendors.replicate.conftest import FLUX, HUNYUAN, RODIN, SHAP_E, TRELLIS, Wire


def invalid(kind: str, field: str, description: str) -> dict[str, Any]:
    """The whole answer to one mistake."""
    line = f"{field}: {description}" if field else description
    return {
        "http": 422,
        "title": "Input validation failed",
        "detail": f"- {line}\n",
        "status": 422,
        "invalid_fields": [{"type": kind, "field": field, "description": description}],
    }


@pytest.mark.parametrize(
    ("body", "kind", "field", "description"),
    [
        ({"version": FLUX, "input": {}}, "required", "input", "prompt is required"),
        ({"version": FLUX}, "required", "", "input is required"),
        (
            {"version": FLUX, "input": {"prompt": "an owl"}, "label": "7"},
            "additional_property_not_allowed",
            "",
            "Additional property label is not allowed",
        ),
        (
            {"version": FLUX, "input": []},
            "invalid_type",
            "input",
            "Invalid type. Expected: object, given: array",
        ),
        (
            {"version": FLUX, "input": {"prompt": "an owl", "num_outputs": 5}},
            "number_lte",
            "input.num_outputs",
            "Must be less than or equal to 4",
        ),
        (
            {"version": FLUX, "input": {"prompt": "an owl", "num_outputs": "2"}},
            "invalid_type",
            "input.num_outputs",
            "Invalid type. Expected: integer, given: string",
        ),
        (
            {"version": FLUX, "input": {"prompt": "an owl", "seed": None}},
            "invalid_type",
            "input.seed",
            "Invalid type. Expected: integer, given: null",
        ),
        (
            {"version": FLUX, "input": {"prompt": "an owl", "go_fast": 1}},
            "invalid_type",
            "input.go_fast",
            "Invalid type. Expected: boolean, given: integer",
        ),
        (
            {"version": FLUX, "input": {"prompt": "an owl", "output_format": "gif"}},
            "enum",
            "input.output_format",
            'input.output_format must be one of the following: "webp", "jpg", "png"',
        ),
        (
            {"version": HUNYUAN, "input": {"prompt": "o" * 1025}},
            "string_lte",
            "input.prompt",
            "String length must be less than or equal to 1024",
        ),
        (
            {"version": RODIN, "input": {"prompt": "an owl", "images": ["data:,"] * 6}},
            "array_max_items",
            "input.images",
            "Array must have at most 5 items",
        ),
        (
            {"version": TRELLIS, "input": {"images": ["owl.png"]}},
            "format",
            "input.images.0",
            "Does not match format 'uri'",
        ),
        (
            {"version": TRELLIS, "input": {"images": ["data:,"], "mesh_simplify": 0.5}},
            "number_gte",
            "input.mesh_simplify",
            "Must be greater than or equal to 0.9",
        ),
    ],
)
async def test_what_is_wrong_is_told_by_field(
    wire: Wire, body: dict[str, Any], kind: str, field: str, description: str
) -> None:
    assert await wire.post("/predictions", body) == invalid(kind, field, description)
    assert await wire.books() == []


async def test_all_mistakes_are_told_at_once(wire: Wire) -> None:
    given = {"num_outputs": 0, "megapixels": "2"}

    answer = await wire.post("/predictions", {"version": FLUX, "input": given})

    assert answer["detail"].splitlines() == [
        "- input: prompt is required",
        "- input.num_outputs: Must be greater than or equal to 1",
        '- input.megapixels: input.megapixels must be one of the following: "1", "0.25"',
    ]
    assert len(answer["invalid_fields"]) == 3


@pytest.mark.parametrize(
    "version",
    [
        "0" * 64,
        "firtoz/trellis",
        "firtoz/trellis:latest",
        f"cjwbw/shap-e:{TRELLIS}",
        "nobody/nothing",
        "nonsense",
        "",
    ],
)
async def test_what_is_no_version_is_refused(wire: Wire, version: str) -> None:
    answer = await wire.post("/predictions", {"version": version, "input": {"images": ["data:,"]}})

    assert answer == {
        "http": 422,
        "title": "Invalid version or not permitted",
        "detail": "The specified version does not exist (or perhaps you don't have permission to use it?)",
        "status": 422,
    }


async def test_a_community_model_may_also_go_by_its_name(wire: Wire) -> None:
    await wire.control("settings", {"community_by_name": True})

    assert (await wire.run("cjwbw/shap-e", {"prompt": "an owl"}))["version"] == SHAP_E


async def test_a_version_has_no_place_in_a_call_by_name(wire: Wire) -> None:
    body = {"version": "x", "input": {"prompt": "an owl"}}

    answer = await wire.post(f"/models/{HUNYUAN}/predictions", body)

    assert answer["detail"] == "- Additional property version is not allowed\n"


@pytest.mark.parametrize(("way", "http"), [("ignored", 201), ("refused", 422)])
async def test_whether_unknown_inputs_are_refused_is_unsure(wire: Wire, way: str, http: int) -> None:
    await wire.control("settings", {"unknown_inputs": way})

    answer = await wire.post(
        "/predictions", {"version": HUNYUAN, "input": {"prompt": "an owl", "job": "01J"}}
    )

    assert answer["http"] == http


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        ("{", "application/json", 400),
        ("[1]", "application/json", 400),
        ('{"version": "x"}', "text/plain", 415),
    ],
)
async def test_a_body_that_is_no_json_object_is_refused(
    wire: Wire, body: str, kind: str, status: int
) -> None:
    answer = await wire.call("POST", "/predictions", data=body, headers={"Content-Type": kind})

    assert (answer.status, answer.content_type) == (status, "application/problem+json")


@pytest.mark.parametrize(
    ("hook", "http"),
    [
        ("https://bot.example/hook", 201),
        ("http://127.0.0.1:9/hook", 201),
        ("http://bot.example/hook", 422),
        ("nonsense", 422),
        ("https://", 422),
        ("https://bot.example:99999/hook", 422),
    ],
)
async def test_a_webhook_is_https_or_on_this_machine(wire: Wire, hook: str, http: int) -> None:
    body = {"version": HUNYUAN, "input": {"prompt": "an owl"}, "webhook": hook}

    assert (await wire.post("/predictions", body))["http"] == http


async def test_a_filter_knows_four_events(wire: Wire) -> None:
    body = {"version": HUNYUAN, "input": {"prompt": "an owl"}, "webhook_events_filter": ["end"]}

    answer = await wire.post("/predictions", body)

    assert answer["invalid_fields"][0]["field"] == "webhook_events_filter.0"


@pytest.mark.parametrize(("method", "path", "status"), [("GET", "/nothing", 404), ("PUT", "/account", 405)])
async def test_other_routes_are_refused_in_the_same_form(
    wire: Wire, method: str, path: str, status: int
) -> None:
    answer = await wire.call(method, path)

    assert (answer.status, answer.content_type) == (status, "application/problem+json")
    assert (await answer.json(content_type=None))["status"] == status


async def test_600_creations_a_minute_and_what_is_left_is_told(wire: Wire) -> None:
    await wire.control("settings", {"creates_per_minute": 3})
    body = {"version": HUNYUAN, "input": {"prompt": "an owl"}}
    left = [
        (await wire.call("POST", "/predictions", json=body)).headers["ratelimit-remaining"] for _ in range(3)
    ]

    answer = await wire.call("POST", "/predictions", json=body)

    assert left == ["2", "1", "0"]
    assert (answer.status, answer.headers["ratelimit-reset"]) == (429, "60")
    assert "Retry-After" not in answer.headers
    assert await answer.json(content_type=None) == {
        "detail": "Request was throttled. Your rate limit resets in ~20s.",
        "status": 429,
        "retry_after": 20,
    }
    assert len(await wire.books()) == 3
    wire.clock.advance(seconds=20)
    assert (await wire.post("/predictions", body))["http"] == 201


async def test_reads_are_counted_on_their_own(wire: Wire) -> None:
    await wire.owl()

    answer = await wire.call("GET", "/predictions")

    assert (answer.headers["ratelimit-remaining"], answer.headers["ratelimit-reset"]) == ("2999", "1")


async def test_who_has_little_credit_may_create_six_a_minute_one_at_a_time(wire: Wire) -> None:
    await wire.control("credits", {"balance": 4.99})
    body = {"version": HUNYUAN, "input": {"prompt": "an owl"}}
    answers = []
    for _ in range(3):
        answers += [await wire.post("/predictions", body), await wire.post("/predictions", body)]
        wire.clock.advance(seconds=10)

    assert [answer["http"] for answer in answers] == [201, 429] * 3
    assert answers[1]["retry_after"] == 10
    assert answers[1]["detail"] == (
        "Request was throttled. Your rate limit for creating predictions is reduced to 6 requests per minute"
        " with a burst of 1 requests while you have less than $5.0 in credit."
        " Your rate limit resets in ~10s."
    )


@pytest.mark.parametrize(
    ("form", "detail"),
    [
        ("resets", "Request was throttled. Your rate limit resets in ~60s."),
        ("available", "Request was throttled. Expected available in 60 seconds."),
    ],
)
async def test_a_throttled_answer_has_other_forms(wire: Wire, form: str, detail: str) -> None:
    await wire.control("settings", {"creates_per_minute": 1, "throttling": form, "retry_after_header": True})
    await wire.owl()

    answer = await wire.call("POST", "/predictions", json={})

    assert answer.headers["Retry-After"] == "60"
    assert await answer.json(content_type=None) == {"detail": detail}


async def test_without_credit_nothing_runs(wire: Wire) -> None:
    await wire.control("credits", {"balance": 0})

    answer = await wire.post("/predictions", {"version": HUNYUAN, "input": {"prompt": "an owl"}})

    assert (answer["http"], answer["title"]) == (402, "Insufficient credit")
    assert answer["detail"].startswith("You have insufficient credit to run this model. Go to https://")
    assert await wire.books() == []
