"""Files that clients hand over, and those that they fetch."""

import hashlib
from typing import Any

import pytest
from aiohttp import FormData
from aiohttp.test_utils import TestClient, TestServer

from sandbox.vendors.replicate.server import ReplicateSandbox
from tests.clock import StillClock
from tests.sandbox.vendors.replicate.conftest import FLUX, HUNYUAN, OTHER_KEY, TRELLIS, UNIRIG, Wire


async def uploaded(wire: Wire, data: bytes, *, name: str = "owl.png", **fields: str) -> dict[str, Any]:
    form = FormData()
    form.add_field("content", data, filename=name, content_type="image/png")
    for key, value in fields.items():
        form.add_field(key, value)
    answer = await wire.call("POST", "/files", data=form)
    return {"http": answer.status, **await answer.json(content_type=None)}


async def test_an_upload_is_told_with_its_sums_and_goes_after_a_day(wire: Wire, red_png: bytes) -> None:
    found = await uploaded(wire, red_png, metadata='{"job": 7}')

    assert (found["http"], found["name"], found["content_type"]) == (201, "owl.png", "image/png")
    assert (found["size"], found["metadata"]) == (len(red_png), {"job": 7})
    assert found["checksums"]["sha256"] == hashlib.sha256(red_png).hexdigest()
    assert (found["created_at"], found["expires_at"]) == ("2026-09-21T14:13:20Z", "2026-09-22T14:13:20Z")
    assert found["urls"]["get"] == wire.address(f"/v1/files/{found['id']}")
    wire.clock.advance(hours=24)
    assert (await wire.get(f"/files/{found['id']}"))["http"] == 404


async def test_a_model_reads_an_upload_without_a_key(wire: Wire, red_png: bytes) -> None:
    link = (await uploaded(wire, red_png))["urls"]["get"]

    done = await wire.done(TRELLIS, {"images": [link], "generate_model": True})

    assert done["status"] == "succeeded"


async def test_an_uploads_address_has_no_extension_which_some_models_want(wire: Wire, owl_glb: bytes) -> None:
    link = (await uploaded(wire, owl_glb, name="owl.glb"))["urls"]["get"]

    done = await wire.done(UNIRIG, {"input_mesh": link})

    assert (done["status"], done["error"]) == ("failed", "ValueError: file_type '' is not supported")


async def test_uploads_are_ones_own_and_can_be_removed(wire: Wire, red_png: bytes) -> None:
    first, second = await uploaded(wire, red_png), await uploaded(wire, red_png, filename="two.png")
    await wire.control("keys", {"key": OTHER_KEY, "account": "other"})
    mine = [row["name"] for row in (await wire.get("/files"))["results"]]
    wire.key = OTHER_KEY
    theirs = (await wire.get(f"/files/{first['id']}"))["http"], (await wire.get("/files"))["results"]
    stolen = (await wire.call("DELETE", f"/files/{first['id']}")).status
    wire.key = "r8_SandboxKeyForAnyoneToUse0000000000000"
    removed = (await wire.call("DELETE", f"/files/{first['id']}")).status

    assert (mine, theirs, stolen, removed) == (["two.png", "owl.png"], (404, []), 404, 204)
    assert [row["id"] for row in (await wire.get("/files"))["results"]] == [second["id"]]


@pytest.mark.parametrize("fields", [{"metadata": "["}, {"metadata": "[]"}, {"filename": "o" * 256}])
async def test_an_upload_that_makes_no_sense_is_refused(
    wire: Wire, red_png: bytes, fields: dict[str, str]
) -> None:
    assert (await uploaded(wire, red_png, **fields))["http"] == 400


async def test_an_upload_needs_its_file_and_a_form(wire: Wire) -> None:
    form = FormData()
    form.add_field("picture", b"x", filename="x.png")

    assert (await wire.call("POST", "/files", data=form)).status == 400
    assert (await wire.call("POST", "/files", json={})).status == 415
    kind = {"Content-Type": "multipart/form-data"}
    assert (await wire.call("POST", "/files", data=b"x", headers=kind)).status == 400


@pytest.mark.parametrize("wrong", [{"signature": "x"}, {"expiry": "1"}, {"owner": "other"}])
async def test_a_download_wants_a_signature(wire: Wire, red_png: bytes, wrong: dict[str, str]) -> None:
    file_id = (await uploaded(wire, red_png))["id"]

    query = {"owner": "main", "expiry": "1800000000", "signature": "eA=="} | wrong
    answer = await wire.client.get(f"/v1/files/{file_id}/download", params=query)

    assert answer.status == 403


async def test_a_download_is_open_to_whoever_has_the_signature(red_png: bytes, clock: StillClock) -> None:
    vendor = ReplicateSandbox(clock)
    async with TestClient(TestServer(vendor.app())) as client:
        wire = Wire(client, clock)
        file_id = (await uploaded(wire, red_png))["id"]
        expiry = str(clock.now() // 1000 + 60)
        proof = vendor.uploads.signature("main", file_id, expiry)
        query = {"owner": "main", "expiry": expiry, "signature": proof}
        fresh = await client.get(f"/v1/files/{file_id}/download", params=query)
        clock.advance(minutes=2)
        old = await client.get(f"/v1/files/{file_id}/download", params=query)

    assert (fresh.status, fresh.content_type, old.status) == (200, "image/png", 403)


async def test_a_result_is_fetched_without_a_key_and_with_one(wire: Wire) -> None:
    link = (await wire.done(HUNYUAN, {"prompt": "an owl"}))["output"]

    assert (await wire.download(link)).status == 200
    assert (await wire.download(link, Authorization=f"Bearer {wire.key}")).status == 200


async def test_a_result_may_want_a_key(wire: Wire) -> None:
    await wire.control("settings", {"delivery_needs_key": True})
    link = (await wire.done(HUNYUAN, {"prompt": "an owl"}))["output"]

    assert (await wire.download(link)).status == 401
    assert (await wire.download(link, Authorization=f"Bearer {wire.key}")).status == 200


async def test_results_can_be_on_a_host_of_their_own(wire: Wire) -> None:
    await wire.control("settings", {"delivery_origin": "http://localhost:7"})

    done = await wire.done(FLUX, {"prompt": "an owl"})

    assert done["output"][0].startswith("http://localhost:7/delivery/")
    assert done["urls"]["get"].startswith(wire.address("/v1/predictions/"))


async def test_no_other_name_and_no_other_token_gives_a_file(wire: Wire) -> None:
    link = (await wire.done(HUNYUAN, {"prompt": "an owl"}))["output"]
    place, _, _ = link.rpartition("/")

    assert (await wire.download(f"{place}/other.glb")).status == 404
    assert (await wire.download(wire.address("/delivery/xezq/token/output.glb"))).status == 404
