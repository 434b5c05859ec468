"""What each creating route does: check the request, then say how its result is made.

Nothing is made here: a ``Plan`` holds a function that will do it when somebody asks
for the result.
"""

import asyncio
import zlib
from collections.abc import Mapping
from typing import Any

from sandbox import models
from sandbox.models import Design
from sandbox.shapes.texture import Colour
from sandbox.vendors.making import Make, building
from sandbox.vendors.pictures import colours_of
from sandbox.vendors.tripo import bodies, studio, workshop
from sandbox.vendors.tripo.accounts import Key
from sandbox.vendors.tripo.inputs import Inputs, Source
from sandbox.vendors.tripo.moderation import admit
from sandbox.vendors.tripo.plan import Operation, Plan
from sandbox.vendors.tripo.presets import fits
from sandbox.vendors.tripo.refusals import Refusal, bad
from sandbox.vendors.tripo.results import Results
from sandbox.vendors.tripo.tasks import MODELS, Task, is_uuid
from sandbox.vendors.wire import parsed

ROUTES = {
    "/v3/generation/text-to-model": "text_to_model",
    "/v3/generation/image-to-model": "image_to_model",
    "/v3/generation/multiview-to-model": "multiview_to_model",
    "/v3/models/import": "import_model",
    "/v3/animations/rig-check": "animate_prerigcheck",
    "/v3/animations/rig": "animate_rig",
    "/v3/animations/retarget": "animate_retarget",
    **studio.ROUTES,
    **workshop.ROUTES,
}
RIGS = frozenset({"animate_rig"})


class Operations:
    """The creating operations, by the type of the task they make."""

    def __init__(self, inputs: Inputs, results: Results) -> None:
        self._inputs = inputs
        self._results = results
        self.by_type: Mapping[str, Operation] = {
            "text_to_model": self.text_to_model,
            "image_to_model": self.image_to_model,
            "multiview_to_model": self.multiview_to_model,
            "import_model": self.import_model,
            "animate_prerigcheck": self.rig_check,
            "animate_rig": self.rig,
            "animate_retarget": self.retarget,
            **studio.Studio(inputs).by_type,
            **workshop.Workshop(inputs, results).by_type,
        }

    async def text_to_model(self, _: Key, body: dict[str, Any]) -> Plan:
        """From words."""
        bodies.admit_model(body)
        request = parsed(bodies.TextToModel, body)
        admit(request.prompt)
        return _generation("text_to_model", body, request, prompt=request.prompt)

    async def image_to_model(self, key: Key, body: dict[str, Any]) -> Plan:
        """From a picture, whose colours the model takes."""
        bodies.admit_model(body)
        request = parsed(bodies.ImageToModel, body)
        picture = await self._picture(key, request.input)
        colours = await asyncio.to_thread(colours_of, picture)
        return _generation("image_to_model", body, request, colours=colours, mark=zlib.crc32(picture))

    async def multiview_to_model(self, key: Key, body: dict[str, Any]) -> Plan:
        """From two to four pictures of one thing."""
        bodies.admit_model(body)
        request = parsed(bodies.MultiviewToModel, body)
        pictures = await self._sides(key, request.inputs)
        colours = await asyncio.to_thread(colours_of, pictures[0])
        mark = zlib.crc32(b"".join(pictures))
        return _generation("multiview_to_model", body, request, colours=colours, mark=mark)

    async def import_model(self, key: Key, body: dict[str, Any]) -> Plan:
        """A file of one's own, as a task."""
        request = parsed(bodies.OnModel, body)
        if is_uuid(request.input):
            raise bad("The input must be a file.")
        source = await self._inputs.model(key, request.input)
        return Plan(type="import_model", echo=body, make=self._made(source))

    async def rig_check(self, key: Key, body: dict[str, Any]) -> Plan:
        """Which skeleton would fit."""
        request = parsed(bodies.OnModel, body)
        source = await self._model(key, request.input, wrong=2011)
        return Plan(type="animate_prerigcheck", echo=body, make=self._made(source))

    async def rig(self, key: Key, body: dict[str, Any]) -> Plan:
        """Put the skeleton in."""
        request = parsed(bodies.Rig, body)
        source = await self._model(key, request.input, wrong=2006)
        made = self._made(source)

        async def make() -> bytes:
            return await asyncio.to_thread(models.rig, await made(), request.rig_type)

        facts = {"rig_model": request.model, "rig_type": request.rig_type, "format": request.out_format}
        return Plan(type="animate_rig", echo=body, make=make, facts=facts)

    async def retarget(self, key: Key, body: dict[str, Any]) -> Plan:
        """Let a rig play presets: one file with all of them."""
        request = parsed(bodies.Retarget, body)
        if not is_uuid(request.input):
            raise Refusal(400, 2012, "The source must be a rig task.")
        rig = self._inputs.finished(key, request.input, kinds=RIGS, wrong=2012)
        for preset in request.presets():
            if not fits(preset, rig_model=rig.facts["rig_model"], rig_type=rig.facts["rig_type"]):
                raise bad(f"The animation {preset!r} is not supported by this rig.")
        clips = [preset.removeprefix("preset:") for preset in request.presets()]

        async def make() -> bytes:
            data = await self._results.file(rig)
            return await asyncio.to_thread(
                models.animate, data, clips, with_mesh=request.export_with_geometry
            )

        facts = {"format": request.out_format, "picture": request.export_with_geometry}
        return Plan(type="animate_retarget", echo=body, make=make, facts=facts)

    async def _picture(self, key: Key, reference: str) -> bytes:
        """A file's, or what a task painted."""
        if not is_uuid(reference):
            return await self._inputs.picture(reference)
        return (await self._painted(key, reference, studio.PAINTINGS))[0]

    async def _sides(self, key: Key, inputs: list[Any]) -> list[bytes]:
        match inputs:
            case [{"task_id": str(task_id)}]:
                return await self._painted(key, task_id, studio.MULTIVIEWS)
        return [await self._inputs.picture(view) for view in bodies.views(inputs) if view is not None]

    async def _painted(self, key: Key, task_id: str, kinds: frozenset[str]) -> list[bytes]:
        task = self._inputs.finished(key, task_id, kinds=kinds)
        return [(await self._results.download(task, name))[0] for name in task.facts["files"]]

    async def _model(self, key: Key, reference: str, *, wrong: int) -> Source:
        if is_uuid(reference):
            return Source(task=self._inputs.finished(key, reference, kinds=MODELS, wrong=wrong))
        return await self._inputs.model(key, reference)

    def _made(self, source: Source) -> Make:
        task: Task | None = source.task

        async def make() -> bytes:
            return source.data if task is None else await self._results.file(task)

        return make


def _generation(
    kind: str,
    body: Mapping[str, Any],
    request: bodies.Generation,
    *,
    prompt: str = "",
    colours: tuple[Colour, ...] = (),
    mark: int = 0,
) -> Plan:
    """``mark`` is what tells pictures apart, where there is no prompt to do it."""
    seed = request.model_seed if request.model_seed is not None else zlib.crc32(repr(body).encode())
    design = Design(
        prompt=prompt,
        seed=seed ^ mark,
        colours=colours,
        face_limit=request.face_limit,
        low_poly=request.smart_low_poly or request.model.startswith("P"),
        textured=request.texture,
        pbr=request.pbr,
    )

    facts = {"format": "fbx" if request.quad else "glb", "design": design}
    echo = {**body, "texture": request.texture, "pbr": request.pbr}
    return Plan(type=kind, echo=echo, make=building(design), facts=facts)
