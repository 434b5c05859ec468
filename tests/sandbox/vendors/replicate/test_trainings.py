"""From pictures of one thing to a model of one's own that paints it."""

import base64
import io
import tarfile
import zipfile
from typing import Any

import pytest

from tests.sandbox.vendors.replicate.conftest import OTHER_KEY, Wire

TRAINER = (
    "/models/ostris/flux-dev-lora-trainer/versions"
    "/26dce37af90b9d997eeb970d92e47de3064d46c300504ae376c75bef6a9022d2/trainings"
)
MINE = {"owner": "main", "name": "owls", "visibility": "private", "hardware": "gpu-t4"}


def archive(*names: str) -> str:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as found:
        for name in names:
            found.writestr(name, b"x")
    return "data:application/zip;base64," + base64.b64encode(file.getvalue()).decode()


def order(**changes: Any) -> dict[str, Any]:
    return {"destination": "main/owls", "input": {"input_images": archive("owl.png")}} | changes


@pytest.fixture
async def owls(wire: Wire) -> Wire:
    """Who has a model of its own, without versions."""
    assert (await wire.post("/models", MINE))["http"] == 201
    return wire


async def trained(wire: Wire) -> dict[str, Any]:
    training = await wire.post(TRAINER, order())
    wire.clock.advance(seconds=30)
    return await wire.get(f"/trainings/{training['id']}")


async def test_a_training_gives_weights_and_a_version_that_paints(owls: Wire) -> None:
    done = await trained(owls)
    version = done["output"]["version"].partition(":")[2]
    painted = await owls.done(version, {"prompt": "TOK, an owl"})

    assert (done["status"], done["model"]) == ("succeeded", "ostris/flux-dev-lora-trainer")
    with tarfile.open(fileobj=io.BytesIO(await owls.file(done["output"]["weights"]))) as weights:
        assert weights.getnames() == ["output/flux_train_replicate/lora.safetensors"]
    assert (painted["model"], painted["version"]) == ("main/owls", version)
    assert len(await owls.file(painted["output"][0])) > 1000
    model = await owls.get("/models/main/owls")
    assert model["latest_version"]["id"] == version


async def test_a_new_training_has_a_predictions_addresses_and_later_its_own(owls: Wire) -> None:
    new = await owls.post(TRAINER, order())
    read = await owls.get(f"/trainings/{new['id']}")

    assert (new["http"], new["urls"]["get"]) == (201, owls.address(f"/v1/predictions/{new['id']}"))
    assert read["urls"]["get"] == owls.address(f"/v1/trainings/{new['id']}")
    assert (await owls.get("/predictions"))["results"] == []
    assert [row["id"] for row in (await owls.get("/trainings"))["results"]] == [new["id"]]


async def test_a_cancelled_training_makes_no_version(owls: Wire) -> None:
    new = await owls.post(TRAINER, order())
    cancelled = await owls.post(f"/trainings/{new['id']}/cancel", {})
    owls.clock.advance(seconds=60)

    assert cancelled["status"] == "canceled"
    assert (await owls.get("/models/main/owls"))["latest_version"] is None


@pytest.mark.parametrize(
    ("images", "error"), [(archive("notes.txt"), "No images found"), ("data:,x", "must be a zip")]
)
async def test_a_training_without_pictures_fails(owls: Wire, images: str, error: str) -> None:
    new = await owls.post(TRAINER, order(input={"input_images": images}))
    owls.clock.advance(seconds=30)
    done = await owls.get(f"/trainings/{new['id']}")

    assert (done["status"], error in done["error"]) == ("failed", True)
    assert (await owls.get("/models/main/owls"))["latest_version"] is None


@pytest.mark.parametrize("destination", ["main/nothing", "firtoz/trellis", "owls"])
async def test_a_destination_must_be_there_and_ones_own(owls: Wire, destination: str) -> None:
    answer = await owls.post(TRAINER, order(destination=destination))

    assert answer == {
        "http": 404,
        "detail": "The specified training destination does not exist",
        "status": 404,
    }


async def test_a_private_model_is_not_seen_by_others(owls: Wire) -> None:
    version = (await trained(owls))["output"]["version"]
    await owls.control("keys", {"key": OTHER_KEY, "account": "other", "balance": 50})
    owls.key = OTHER_KEY

    refused = await owls.post("/predictions", {"version": version, "input": {"prompt": "an owl"}})

    assert (refused["http"], (await owls.get("/models/main/owls"))["http"]) == (422, 404)


async def test_a_version_goes_a_while_after_it_was_deleted_and_then_the_model_may(owls: Wire) -> None:
    version = (await trained(owls))["output"]["version"].partition(":")[2]
    early = (await owls.call("DELETE", "/models/main/owls")).status

    deleted = await owls.call("DELETE", f"/models/main/owls/versions/{version}")
    still = (await owls.get(f"/models/main/owls/versions/{version}"))["http"]
    owls.clock.advance(minutes=2)
    gone = (await owls.get(f"/models/main/owls/versions/{version}"))["http"]

    assert (early, deleted.status, await deleted.read(), still, gone) == (400, 202, b"", 200, 404)
    assert (await owls.call("DELETE", "/models/main/owls")).status == 204
    assert (await owls.get("/models/main/owls"))["http"] == 404


@pytest.mark.parametrize(
    ("wish", "http"),
    [
        (MINE, 409),
        (MINE | {"owner": "firtoz", "name": "mine"}, 403),
        (MINE | {"name": "two", "hardware": "gpu-of-tomorrow"}, 422),
        ({"owner": "main"}, 422),
    ],
)
async def test_a_model_that_cannot_be_made_is_refused(owls: Wire, wish: dict[str, str], http: int) -> None:
    assert (await owls.post("/models", wish))["http"] == http


async def test_a_model_without_versions_does_not_run(owls: Wire) -> None:
    await owls.control("settings", {"community_by_name": True})

    refused = await owls.post("/predictions", {"version": "main/owls", "input": {"prompt": "an owl"}})

    assert refused["http"] == 422


async def test_models_of_others_cannot_be_deleted(wire: Wire) -> None:
    assert (await wire.call("DELETE", "/models/firtoz/trellis")).status == 403


async def test_a_trainer_does_not_run_as_a_prediction(wire: Wire) -> None:
    body = {"version": TRAINER.split("/")[5], "input": {"input_images": archive("owl.png")}}

    assert (await wire.post("/predictions", body))["http"] == 422
