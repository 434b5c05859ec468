"""From acceptance to a file, and what it costs on the way."""

from tests.sandbox.vendors.meshy.conftest import KNIGHT, TEXT, Wire


async def test_the_main_job_gives_a_file_that_moves(wire: Wire) -> None:
    preview = await wire.preview(**KNIGHT)
    model = await wire.finished(TEXT, {"mode": "refine", "preview_task_id": preview["id"]})
    rig = await wire.finished("v1/rigging", {"input_task_id": model["id"]})
    done = await wire.finished("v1/animations", {"rig_task_id": rig["id"], "action_ids": [28, 0, 452]})

    glb = await wire.glb(done["result"]["animation_glb_url"])

    names = [clip["name"] for clip in glb.document["animations"]]
    assert names == ["Big_Wave_Hello", "Idle", "Backflip"]
    assert glb.document["skins"]
    assert glb.document["images"]
    costs = [task["consumed_credits"] for task in (preview, model, rig, done)]
    assert costs == [20, 10, 5, 9]
    assert await wire.balance() == 1000 - sum(costs)
