"""How a prediction is found again by who lost its id."""

import pytest

from tests.sandbox.vendors.replicate.conftest import FLUX, HUNYUAN, Wire


async def test_a_list_is_newest_first_and_without_logs(wire: Wire) -> None:
    first = await wire.owl()
    wire.clock.advance(seconds=1)
    second = await wire.run(FLUX, {"prompt": "an owl", "seed": 7})

    page = await wire.get("/predictions")

    assert [row["id"] for row in page["results"]] == [second["id"], first]
    assert (page["next"], page["previous"]) == (None, None)
    assert page["results"][0]["input"] == {"prompt": "an owl", "seed": 7}
    assert "logs" not in page["results"][0]


async def test_a_list_can_be_bounded_in_time(wire: Wire) -> None:
    made = []
    for _ in range(4):
        made.append(await wire.owl())
        wire.clock.advance(seconds=10)

    page = await wire.get(
        "/predictions?created_after=2026-09-21T14:13:30.000Z&created_before=2026-09-21T14:13:50Z"
    )

    assert [row["id"] for row in page["results"]] == [made[2], made[1]]


async def test_pages_of_a_hundred_follow_each_other_whatever_comes_in_between(wire: Wire) -> None:
    made = [await wire.owl() for _ in range(205)]
    first = await wire.get("/predictions?created_after=2026-09-21T00:00:00Z")
    made.append(await wire.owl())
    second = await wire.get(first["next"].partition("/v1")[2])
    third = await wire.get(second["next"].partition("/v1")[2])
    back = await wire.get(third["previous"].partition("/v1")[2])

    seen = [row["id"] for page in (first, second, third) for row in page["results"]]
    assert seen == list(reversed(made[:205]))
    assert (third["next"], len(third["results"])) == (None, 5)
    assert "created_after=" in first["next"]
    assert back["results"] == second["results"]


@pytest.mark.parametrize(
    ("query", "http"),
    [("created_after=yesterday", 400), ("cursor=nonsense", 404), ("cursor=YWZ0ZXI6eA==", 404)],
)
async def test_a_query_that_makes_no_sense_is_refused(wire: Wire, query: str, http: int) -> None:
    assert (await wire.get(f"/predictions?{query}"))["http"] == http


async def test_nothing_here_came_from_the_web_site(wire: Wire) -> None:
    await wire.owl()

    assert (await wire.get("/predictions?source=web"))["results"] == []
    assert (await wire.get("/predictions?source=api"))["http"] == 400


async def test_after_an_hour_a_list_knows_only_model_and_time(wire: Wire) -> None:
    await wire.owl()
    wire.clock.advance(hours=2)

    (row,) = (await wire.get("/predictions"))["results"]

    assert (row["input"], row["output"], row["data_removed"]) == ({}, None, True)
    assert (row["model"], row["created_at"]) == (HUNYUAN, "2026-09-21T14:13:20Z")
