"""Skeletons and motion: one rig, and clips for it from the library."""

import asyncio
import functools
from collections.abc import Mapping
from typing import Any

from sandbox import models
from sandbox.vendors.meshy import bodies, files
from sandbox.vendors.meshy.accounts import Key
from sandbox.vendors.meshy.actions import ACTIONS, Action
from sandbox.vendors.meshy.inputs import Inputs, Source, for_the_books
from sandbox.vendors.meshy.plan import Operation, Plan
from sandbox.vendors.meshy.prices import FLAT, PER_ACTION, SECONDS
from sandbox.vendors.meshy.refusals import bad, no_such_task, not_a_humanoid, too_many_faces
from sandbox.vendors.wire import parsed

MOST_RIGGED = 300_000
"""Faces that a model may have to be rigged."""
RIGS = frozenset({"rig"})
BASIC = {"walking": "walk", "running": "run"}
"""What comes with every rig, and which motion that is here."""


class Acting:
    """The operations, by resource."""

    def __init__(self, inputs: Inputs) -> None:
        self._inputs = inputs
        self.by_resource: Mapping[str, Operation] = {"rigging": self.rig, "animations": self.animate}

    async def rig(self, key: Key, body: dict[str, Any]) -> Plan:
        """A skeleton for a person; whether it is one is looked at before anything is accepted."""
        request = parsed(bodies.Rig, body)
        source = await self._inputs.model(key, request.input_task_id, request.model_url)
        if request.texture_image_url:
            await self._inputs.picture(request.texture_image_url)
        await _admit(source)
        made = _rigged()

        async def make() -> bytes:
            return await asyncio.to_thread(models.rig, await source.make(), "biped")

        return Plan(
            resource="rigging",
            type="rig",
            cost=FLAT["rig"],
            seconds=SECONDS["rig"],
            body=for_the_books(body),
            make=make,
            files=made.files,
            output=made.output,
        )

    async def animate(self, key: Key, body: dict[str, Any]) -> Plan:
        """One file with one clip for each action, in their order."""
        request = parsed(bodies.Animate, body)
        rig = self._inputs.made(self._inputs.finished(key, request.rig_task_id, RIGS))
        if request.motion_task_id is not None:
            raise no_such_task()  # motions of one's own are not made here
        actions = [_action(number) for number in request.actions()]
        made = _animated(actions, request.post_process)

        async def make() -> bytes:
            return await asyncio.to_thread(
                models.animate,
                await rig.make(),
                [action.motion for action in actions],
                names=[action.name for action in actions],
            )

        return Plan(
            resource="animations",
            type="animate",
            cost=PER_ACTION * len(actions),
            seconds=SECONDS["animate"],
            body=body,
            make=make,
            files=made.files,
            output=made.output,
        )


async def _admit(source: Source) -> None:
    """400 for too many faces, 422 for what is no person."""
    claims = source.task.claims if source.task else frozenset()
    data = await source.make()
    if "too_many_faces" in claims or await asyncio.to_thread(models.triangles, data) > MOST_RIGGED:
        raise too_many_faces(MOST_RIGGED)
    if "not_a_humanoid" in claims or await asyncio.to_thread(models.topology, data) != "biped":
        raise not_a_humanoid()


def _rigged() -> files.Set:
    made = files.Set()
    basic: dict[str, str] = {}
    for name, motion in BASIC.items():
        file, clip = f"Animation_{name.title()}", functools.partial(_clip, motion=motion, name=name.title())
        basic[f"{name}_glb_url"] = made.glb(f"{file}_withSkin.glb", clip)
        basic[f"{name}_fbx_url"] = made.fbx(f"{file}_withSkin.fbx")
        armature = functools.partial(clip, with_mesh=False)
        basic[f"{name}_armature_glb_url"] = made.glb(f"{file}_armature.glb", armature)
    made.output["result"] = {
        "rigged_character_glb_url": made.glb("Character_output.glb"),
        "rigged_character_fbx_url": made.fbx("Character_output.fbx"),
        "basic_animations": basic,
    }
    return made


def _animated(actions: list[Action], after: bodies.PostProcess | None) -> files.Set:
    made = files.Set()
    file = f"Animation_{actions[0].name}" if len(actions) == 1 else "Animation_merged"
    result = {
        "animation_glb_url": made.glb(f"{file}_withSkin.glb"),
        "animation_fbx_url": made.fbx(f"{file}_withSkin.fbx"),
    }
    match after.operation_type if after else "":
        case "change_fps":
            result["processed_animation_fps_fbx_url"] = made.fbx(f"{file}_fps.fbx")
        case "extract_armature":
            result["processed_armature_fbx_url"] = made.fbx(f"{file}_armature.fbx")
        case "fbx2usdz":
            result["processed_usdz_url"] = made.other(f"{file}.usdz", "usdz")
    made.output["result"] = result
    return made


def _clip(glb: bytes, *, motion: str, name: str, with_mesh: bool = True) -> bytes:
    return models.animate(glb, [motion], names=[name], with_mesh=with_mesh)


def _action(number: int) -> Action:
    if number not in ACTIONS:
        raise bad(f"action_id: {number} is not in the library")
    return ACTIONS[number]
