"""Work on a model that is there: new paint, other faces, other formats, another size, a flat surface.

What the vendor made itself can be made again with changes; a stranger's file stays as it is.
"""

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from sandbox import models
from sandbox.models import Design
from sandbox.vendors.making import building
from sandbox.vendors.meshy import bodies, files, prices
from sandbox.vendors.meshy.accounts import Key
from sandbox.vendors.meshy.generations import LATEST, admit_paint, known
from sandbox.vendors.meshy.inputs import Inputs, Source, for_the_books
from sandbox.vendors.meshy.plan import Operation, Plan
from sandbox.vendors.meshy.prices import FLAT, SECONDS
from sandbox.vendors.meshy.refusals import bad, too_many_faces
from sandbox.vendors.meshy.screening import admit_length, screened
from sandbox.vendors.meshy.ways import Ways
from sandbox.vendors.pictures import colours_of
from sandbox.vendors.wire import parsed

MOST_UNWRAPPED = 40_000
"""Faces that a surface may have to be laid flat."""
FROM_VIEWS = frozenset({"meshy-7", LATEST})


class Workshop:
    """The operations, by resource."""

    def __init__(self, inputs: Inputs, ways: Ways) -> None:
        self._inputs = inputs
        self._ways = ways
        self.by_resource: Mapping[str, Operation] = {
            "retexture": self.retexture,
            "remesh": self.remesh,
            "convert": self.convert,
            "resize": self.resize,
            "uv-unwrap": self.uv_unwrap,
        }

    async def retexture(self, key: Key, body: dict[str, Any]) -> Plan:
        """Paint it anew, by words, by a picture, or by views of the thing itself."""
        request = parsed(bodies.Retexture, body)
        admit_length(self._ways, text_style_prompt=request.text_style_prompt)
        model = known(request.ai_model, self._ways)
        admit_paint(request, model)
        if request.multiview_image_urls and model not in FROM_VIEWS:
            raise bad(f"multiview_image_urls is not supported by {model}")
        source = await self._source(key, request)
        made = files.model(request.target_formats or bodies.UNASKED)
        if request.alpha_thumbnail:
            made.output["alpha_thumbnail_url"] = made.png("preview_alpha.png")
        files.textures(made, pbr=request.enable_pbr)
        return self._remade(
            "retexture",
            body,
            source,
            made,
            changes=await self._style(request),
            cost=prices.texture(request.resolution()),
            echo={
                "text_style_prompt": request.text_style_prompt,
                "image_style_url": _link(request.image_style_url),
            },
            screened=screened(request.moderation, self._ways, request.text_style_prompt),
        )

    async def remesh(self, key: Key, body: dict[str, Any]) -> Plan:
        """Other faces: what was too heavy before is not any more."""
        request = parsed(bodies.Remesh, body)
        source = await self._source(key, request)
        made = files.model(request.target_formats)
        if request.convert_format_only:
            return self._remade("remesh", body, source, made)
        faces = bodies.DECIMATED.get(request.decimation_mode or 0, request.target_polycount)
        plan = self._remade("remesh", body, source, made, changes={"face_limit": faces})
        return replace(plan, claims=plan.claims - {"too_many_faces"})

    async def convert(self, key: Key, body: dict[str, Any]) -> Plan:
        """Other formats."""
        request = parsed(bodies.Convert, body)
        source = await self._source(key, request)
        return self._remade("convert", body, source, files.model(request.target_formats))

    async def resize(self, key: Key, body: dict[str, Any]) -> Plan:
        """Another size, which is not seen here."""
        request = parsed(bodies.Resize, body)
        return self._remade("resize", body, await self._source(key, request), files.model(["glb"]))

    async def uv_unwrap(self, key: Key, body: dict[str, Any]) -> Plan:
        """Lay its surface flat; the paint goes."""
        request = parsed(bodies.OnModel, body)
        source = await self._source(key, request)
        faces = await asyncio.to_thread(models.triangles, await source.make())
        if faces > MOST_UNWRAPPED or "too_many_faces" in _claims(source):
            raise too_many_faces(MOST_UNWRAPPED)
        return self._remade("uv-unwrap", body, source, files.model(["glb"]), changes={"textured": False})

    async def _source(self, key: Key, request: bodies.OnModel) -> Source:
        return await self._inputs.model(key, request.input_task_id, request.model_url)

    async def _style(self, request: bodies.Retexture) -> dict[str, Any]:
        """What becomes different by it."""
        changes: dict[str, Any] = {"textured": True, "pbr": request.enable_pbr}
        links = request.multiview_image_urls or ([request.image_style_url] * bool(request.image_style_url))
        pictures = [await self._inputs.picture(link) for link in links]
        if pictures:
            return changes | {"colours": await asyncio.to_thread(colours_of, pictures[0]), "paint": ""}
        return changes | {"paint": request.text_style_prompt}

    def _remade(
        self,
        resource: str,
        body: Mapping[str, Any],
        source: Source,
        made: files.Set,
        *,
        changes: Mapping[str, Any] | None = None,
        cost: int | None = None,
        **more: Any,
    ) -> Plan:
        design = source.task.plan.design if source.task else None
        changed: Design | None = replace(design, **changes) if design and changes else design
        return Plan(
            resource=resource,
            type=resource,
            cost=FLAT[resource] if cost is None else cost,
            seconds=SECONDS[resource],
            body=for_the_books(body),
            make=building(changed) if changed and changes else source.make,
            files=made.files,
            output=made.output,
            design=changed,
            claims=_claims(source),
            **more,
        )


def _claims(source: Source) -> frozenset[str]:
    return source.task.claims if source.task else frozenset()


def _link(link: str) -> str:
    return "" if link.startswith("data:") else link
