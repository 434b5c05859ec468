"""Models from words and pictures.

Nothing is made here: a ``Plan`` holds a function that will do it when somebody asks
for the result.
"""

import asyncio
import zlib
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from sandbox.models import Design
from sandbox.shapes.texture import Colour
from sandbox.vendors.making import building
from sandbox.vendors.meshy import bodies, files, prices
from sandbox.vendors.meshy.accounts import Key
from sandbox.vendors.meshy.generations import admit_paint, known, shaping
from sandbox.vendors.meshy.inputs import PICTURES, Inputs, for_the_books
from sandbox.vendors.meshy.plan import Operation, Plan
from sandbox.vendors.meshy.prices import SECONDS, SMART
from sandbox.vendors.meshy.refusals import bad
from sandbox.vendors.meshy.screening import admit_length, screened
from sandbox.vendors.meshy.ways import Ways
from sandbox.vendors.pictures import colours_of
from sandbox.vendors.wire import parsed

PREVIEWS = frozenset({"text-to-3d-preview"})
HEAVY = frozenset({"too_many_faces"})
SMART_FROM_WORDS = frozenset({"meshy-t2"})


class Generation:
    """The operations, by resource."""

    def __init__(self, inputs: Inputs, ways: Ways) -> None:
        self._inputs = inputs
        self._ways = ways
        self.by_resource: Mapping[str, Operation] = {
            "text-to-3d": self.text_to_3d,
            "image-to-3d": self.image_to_3d,
            "multi-image-to-3d": self.multi_image_to_3d,
        }

    async def text_to_3d(self, key: Key, body: dict[str, Any]) -> Plan:
        """First the bare shape, then, as another task, its paint."""
        match body.get("mode"):
            case "preview":
                return self._preview(body)
            case "refine":
                return await self._refine(key, body)
            case _:
                raise bad("mode: must be preview or refine")

    def _preview(self, body: dict[str, Any]) -> Plan:
        request = parsed(bodies.Preview, body)
        admit_length(self._ways, prompt=request.prompt)
        model = shaping(request, self._ways, smart=SMART_FROM_WORDS)
        design = replace(_design(request, body, model, prompt=request.prompt), textured=False)
        made = _finished(request)
        made.output["texture_urls"] = []
        if self._ways.preview_textures:
            files.textures(made, pbr=False)
        return Plan(
            resource="text-to-3d",
            type="text-to-3d-preview",
            cost=prices.shape(model, request.geometry()),
            seconds=SECONDS["text-to-3d-preview"],
            body=body,
            make=building(design),
            files=made.files,
            output=made.output,
            echo=_echo(prompt=request.prompt) | self._model(model, request),
            design=design,
            model=model,
            claims=self._claims(request, model),
            screened=screened(request.moderation, self._ways, request.prompt),
        )

    async def _refine(self, key: Key, body: dict[str, Any]) -> Plan:
        request = parsed(bodies.Refine, body)
        admit_length(self._ways, texture_prompt=request.texture_prompt)
        preview = self._inputs.finished(key, request.preview_task_id, PREVIEWS)
        if request.ai_model is not None and known(request.ai_model, self._ways) != preview.plan.model:
            raise bad("ai_model: model mismatch with the preview")
        admit_paint(request, preview.plan.model)
        design = await self._painted(preview.plan.design or _nothing(), request)
        made = _finished(request)
        files.textures(made, pbr=request.enable_pbr)
        prompt = preview.plan.echo["prompt"]
        return Plan(
            resource="text-to-3d",
            type="text-to-3d-refine",
            cost=prices.texture(request.resolution()),
            seconds=SECONDS["text-to-3d-refine"],
            body=for_the_books(body),
            make=building(design),
            files=made.files,
            output=made.output,
            echo=_echo(prompt=prompt, paint=request),
            design=design,
            model=preview.plan.model,
            claims=preview.claims,
            screened=screened(request.moderation, self._ways, request.texture_prompt),
        )

    async def image_to_3d(self, key: Key, body: dict[str, Any]) -> Plan:
        """From a picture, whose colours the model takes."""
        request = parsed(bodies.FromPicture, body)
        model = shaping(request, self._ways)
        if request.input_task_id:
            return await self._from_painting("image-to-3d", key, body, request, model, one=True)
        picture = await self._inputs.picture(request.image_url)
        return await self._from_pictures("image-to-3d", body, request, model, [picture])

    async def multi_image_to_3d(self, key: Key, body: dict[str, Any]) -> Plan:
        """From pictures of several sides."""
        request = parsed(bodies.FromViews, body)
        model = shaping(request, self._ways)
        if request.input_task_id:
            return await self._from_painting("multi-image-to-3d", key, body, request, model, one=False)
        pictures = [await self._inputs.picture(link) for link in request.image_urls]
        return await self._from_pictures("multi-image-to-3d", body, request, model, pictures)

    async def _from_painting(
        self,
        resource: str,
        key: Key,
        body: dict[str, Any],
        request: bodies.FromPictures,
        model: str,
        *,
        one: bool,
    ) -> Plan:
        """Of what was painted here it is known what it shows."""
        task = self._inputs.finished(key, str(request.input_task_id), PICTURES)
        if one and len(task.plan.output["image_urls"]) != 1:
            raise bad("input_task_id: the task must have exactly one image")
        design = task.plan.design or _nothing()
        pictures = await self._inputs.pictures_of(task)
        return await self._from_pictures(resource, body, request, model, pictures, prompt=design.prompt)

    async def _from_pictures(
        self,
        resource: str,
        body: dict[str, Any],
        request: bodies.FromPictures,
        model: str,
        pictures: list[bytes],
        *,
        prompt: str = "",
    ) -> Plan:
        admit_length(self._ways, texture_prompt=request.texture_prompt)
        admit_paint(request, model)
        colours = await asyncio.to_thread(colours_of, pictures[0])
        mark = zlib.crc32(b"".join(pictures))
        design = _design(request, body, model, prompt=prompt, colours=colours, mark=mark)
        made = self._with_extras(request)
        if request.should_texture:
            design = await self._painted(design, request)
            files.textures(made, pbr=request.enable_pbr)
        cost = prices.texture(request.resolution()) if request.should_texture else 0
        return Plan(
            resource=resource,
            type=resource,
            cost=prices.shape(model, request.geometry()) + cost,
            seconds=SECONDS[resource],
            body=for_the_books(body),
            make=building(replace(design, textured=request.should_texture)),
            files=made.files,
            output=made.output,
            echo=_echo(paint=request) | self._model(model, request),
            design=replace(design, textured=request.should_texture),
            model=model,
            claims=self._claims(request, model),
            screened=screened(request.moderation, self._ways, request.texture_prompt),
        )

    def _with_extras(self, request: bodies.FromPictures) -> files.Set:
        made = _finished(request)
        made.output.setdefault("texture_urls", [])
        if request.multi_view_thumbnails:
            files.sides(made)
        if request.save_pre_remeshed_model and request.should_remesh and request.model_type == "standard":
            made.output["model_urls"]["pre_remeshed_glb"] = made.glb("pre_remeshed_model.glb")
        return made

    async def _painted(self, design: Design, request: bodies.Paint) -> Design:
        """The words win over the picture."""
        colours = design.colours
        if request.texture_image_url:
            picture = await self._inputs.picture(request.texture_image_url)
            colours = colours if request.texture_prompt else await asyncio.to_thread(colours_of, picture)
        paint = request.texture_prompt or design.paint
        return replace(design, textured=True, pbr=request.enable_pbr, colours=colours, paint=paint)

    def _claims(self, request: bodies.Shape, model: str) -> frozenset[str]:
        raw = request.faces(smart=model in SMART) is None
        return HEAVY if raw and self._ways.raw_is_heavy else frozenset()

    def _model(self, model: str, request: bodies.Shape) -> dict[str, Any]:
        if not self._ways.echo_model:
            return {}
        return {"ai_model": model, "geometry_resolution": request.geometry()}


def _finished(request: bodies.Finish) -> files.Set:
    made = files.model(request.target_formats or bodies.UNASKED)
    if request.alpha_thumbnail:
        made.output["alpha_thumbnail_url"] = made.png("preview_alpha.png")
    return made


def _echo(*, prompt: str = "", paint: bodies.Paint | None = None) -> dict[str, Any]:
    """A picture that came within the request is not repeated."""
    link = paint.texture_image_url if paint else ""
    return {
        "prompt": prompt,
        "texture_prompt": paint.texture_prompt if paint else "",
        "texture_image_url": "" if link.startswith("data:") else link,
    }


def _design(
    request: bodies.Shape,
    body: Mapping[str, Any],
    model: str,
    *,
    prompt: str = "",
    colours: tuple[Colour, ...] = (),
    mark: int = 0,
) -> Design:
    """``mark`` is what tells pictures apart, where there is no prompt to do it."""
    seed = request.seed if request.seed is not None else zlib.crc32(repr(body).encode())
    return Design(
        prompt=prompt,
        seed=seed ^ mark,
        colours=colours,
        face_limit=request.faces(smart=model in SMART),
        low_poly=request.model_type == "lowpoly",
    )


def _nothing() -> Design:
    return Design(prompt="", seed=0)
