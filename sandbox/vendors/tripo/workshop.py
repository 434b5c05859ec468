"""Work on a model that is there: texture it, turn it into another format, take its mesh apart.

The mesh itself is seldom changed here: what comes back is a model all the same, and of
other formats as much as is needed to tell them apart.
"""

import asyncio
import random
from collections.abc import Mapping
from dataclasses import replace
from typing import Annotated, Any, Literal

from pydantic import Field, model_validator

from sandbox import models
from sandbox.models import Design
from sandbox.shapes.texture import Colour
from sandbox.vendors.making import OTHER_FORMATS, Make, building
from sandbox.vendors.pictures import colours_of
from sandbox.vendors.tripo import bodies
from sandbox.vendors.tripo.accounts import Key
from sandbox.vendors.tripo.inputs import Inputs, Source
from sandbox.vendors.tripo.moderation import admit
from sandbox.vendors.tripo.plan import Extra, Operation, Plan
from sandbox.vendors.tripo.refusals import Refusal, bad
from sandbox.vendors.tripo.results import Results
from sandbox.vendors.tripo.tasks import MODELS, is_uuid
from sandbox.vendors.wire import parsed

ROUTES = {
    "/v3/models/texture": "texture_model",
    "/v3/models/convert": "convert_model",
    "/v3/mesh/segment": "mesh_segmentation",
    "/v3/mesh/smartsegment": "mesh_smart_segmentation",
    "/v3/mesh/complete": "mesh_completion",
    "/v3/mesh/decimate": "highpoly_to_lowpoly",
    "/v3/mesh/uv": "mesh_uv",
}
ANY_MODEL = MODELS | {"animate_rig", "animate_retarget"}
SEGMENTS = frozenset({"mesh_segmentation", "mesh_smart_segmentation"})


class Texture(bodies.OnModel):
    """Paint it anew."""

    model: Literal["v3.0-20250812", "v2.5-20250123", "v3.5-20260815"] = "v3.0-20250812"
    texture_prompt: dict[str, Any] = Field(default_factory=dict)
    texture_quality: Literal["standard", "detailed", "extreme"] = "standard"
    texture_seed: bodies.Seed | None = None
    pbr: bool = True


class Convert(bodies.OnModel):
    """Another format."""

    format: Literal["GLTF", "GLB", "USDZ", "FBX", "OBJ", "STL", "3MF"]
    quad: bool = False
    force_symmetry: bool = False
    face_limit: Annotated[int, Field(ge=1)] | None = None

    @model_validator(mode="after")
    def _symmetry_needs_quads(self) -> "Convert":
        if self.force_symmetry and not self.quad:
            raise ValueError("force_symmetry needs quad")
        return self


class Segment(bodies.OnModel):
    """Into parts; only the later model takes how finely."""

    model: Literal["v1.0-20250506", "v2.0-20260430"] = "v1.0-20250506"
    segmentation_granularity: Literal["simple", "balanced", "detailed"] | None = None

    @model_validator(mode="after")
    def _fits_the_model(self) -> "Segment":
        if self.segmentation_granularity and self.model == "v1.0-20250506":
            raise ValueError("this model takes no segmentation_granularity")
        return self


class SmartSegment(bodies.OnModel):
    """Into parts, by a hint; of a model with the view's 16 numbers."""

    seg_type: Literal["image", "model"]
    granularity: Literal["coarse", "medium", "fine"] = "medium"
    transform: Annotated[list[float], Field(min_length=16, max_length=16)] | None = None

    @model_validator(mode="after")
    def _a_model_needs_a_view(self) -> "SmartSegment":
        if self.seg_type == "model" and self.transform is None:
            raise ValueError("transform is required for a model")
        return self


class Complete(bodies.OnModel):
    """Close the parts."""

    part_names: list[str] = Field(default_factory=list)
    completion_mode: Literal["ai_completion", "quick_cap"] = "ai_completion"


class Decimate(bodies.OnModel):
    """Fewer faces."""

    model: Literal["v1.0", "v2.0", "v3.0"] = "v2.0"
    face_limit: Annotated[int, Field(ge=500)] | None = None
    quad: bool = False
    smart_uv: bool | None = None

    @model_validator(mode="after")
    def _fits_the_model(self) -> "Decimate":
        most = 10_000 if self.quad else 20_000
        if self.face_limit is not None and self.face_limit > most:
            raise ValueError(f"face_limit must be at most {most}")
        if self.smart_uv is not None and self.model != "v3.0":
            raise ValueError("this model takes no smart_uv")
        return self


class Workshop:
    """The operations, by the type of the task they make."""

    def __init__(self, inputs: Inputs, results: Results) -> None:
        self._inputs = inputs
        self._results = results
        self.by_type: Mapping[str, Operation] = {
            "texture_model": self.texture,
            "convert_model": self.convert,
            "mesh_segmentation": self.segment,
            "mesh_smart_segmentation": self.smart_segment,
            "mesh_completion": self.complete,
            "highpoly_to_lowpoly": self.decimate,
            "mesh_uv": self.uv,
        }

    async def texture(self, key: Key, body: dict[str, Any]) -> Plan:
        """Paint it anew, by words or by pictures."""
        request = parsed(Texture, body)
        wish = request.texture_prompt
        text = str(wish.get("text", ""))
        admit(text)
        pictures = [await self._inputs.picture(one) for one in _pictures(wish)]
        source = await self._source(key, request.input)
        if pictures:
            colours = await asyncio.to_thread(colours_of, pictures[0])
        else:
            colours = _colours_for(f"{text} {request.texture_seed}")
        changes = {"textured": True, "pbr": request.pbr, "colours": colours, "paint": text}
        return self._remade("texture_model", body, source, changes)

    async def convert(self, key: Key, body: dict[str, Any]) -> Plan:
        """Another format; quads are always FBX."""
        request = parsed(Convert, body)
        source = await self._source(key, request.input, kinds=ANY_MODEL)
        form = "FBX" if request.quad else request.format
        extension = form.lower()
        if extension not in OTHER_FORMATS:
            return Plan(type="convert_model", echo=body, make=self._made(source), facts={"picture": False})

        async def make() -> bytes:
            return OTHER_FORMATS[extension]

        name = f"convert_model.{extension}"
        files = {name: Extra(make=make, content_type="application/octet-stream")}
        facts = {"outputs": {"model_url": name}, "files": files}
        return Plan(type="convert_model", echo=body, make=self._made(source), facts=facts)

    async def segment(self, key: Key, body: dict[str, Any]) -> Plan:
        """Into parts."""
        request = parsed(Segment, body)
        source = await self._source(key, request.input)
        return Plan(type="mesh_segmentation", echo=body, make=self._made(source))

    async def smart_segment(self, key: Key, body: dict[str, Any]) -> Plan:
        """Into parts, as pointed at."""
        request = parsed(SmartSegment, body)
        if request.seg_type == "image":
            picture = await self._inputs.picture(request.input)

            async def make() -> bytes:
                return picture

            files = {"mask.png": Extra(make=make, content_type="image/png")}
            facts = {"outputs": {"mask_url": "mask.png"}, "files": files}
            return Plan(type="mesh_smart_segmentation", echo=body, make=make, facts=facts)
        source = await self._source(key, request.input)
        files = {"parts.glb": Extra(make=self._made(source), content_type="model/gltf-binary")}
        facts = {"outputs": {"seg_model_url": "parts.glb"}, "files": files}
        return Plan(type="mesh_smart_segmentation", echo=body, make=self._made(source), facts=facts)

    async def complete(self, key: Key, body: dict[str, Any]) -> Plan:
        """Close the parts that a segmentation made."""
        request = parsed(Complete, body)
        if not is_uuid(request.input):
            raise Refusal(400, 2006, "The source must be a segmentation.")
        task = self._inputs.finished(key, request.input, kinds=SEGMENTS)
        return Plan(type="mesh_completion", echo=body, make=self._made(Source(task=task)))

    async def decimate(self, key: Key, body: dict[str, Any]) -> Plan:
        """Fewer faces."""
        request = parsed(Decimate, body)
        source = await self._source(key, request.input)
        changes = {"face_limit": request.face_limit or 5_000, "low_poly": True}
        return self._remade("highpoly_to_lowpoly", body, source, changes)

    async def uv(self, key: Key, body: dict[str, Any]) -> Plan:
        """Lay its surface out flat."""
        request = parsed(bodies.OnModel, body)
        made = self._made(await self._source(key, request.input))

        async def sheet() -> bytes:
            return await asyncio.to_thread(models.picture, await made())

        files = {
            "mesh_uv.glb": Extra(make=made, content_type="model/gltf-binary"),
            "uv.webp": Extra(make=sheet, content_type="image/webp"),
        }
        outputs = {"model_url": "mesh_uv.glb", "uv_render_url": "uv.webp"}
        return Plan(type="mesh_uv", echo=body, make=made, facts={"outputs": outputs, "files": files})

    async def _source(self, key: Key, reference: str, *, kinds: frozenset[str] = MODELS) -> Source:
        if is_uuid(reference):
            return Source(task=self._inputs.finished(key, reference, kinds=kinds))
        return await self._inputs.model(key, reference)

    def _made(self, source: Source) -> Make:
        async def make() -> bytes:
            return source.data if source.task is None else await self._results.file(source.task)

        return make

    def _remade(self, kind: str, body: Mapping[str, Any], source: Source, changes: dict[str, Any]) -> Plan:
        """What the vendor made itself can be made again with changes; a stranger's file stays as it is."""
        design = _design(source)
        if design is None:
            return Plan(type=kind, echo=body, make=self._made(source))
        changed = replace(design, **changes)
        return Plan(type=kind, echo=body, make=building(changed), facts={"design": changed})


def _design(source: Source) -> Design | None:
    return None if source.task is None else source.task.facts.get("design")


def _colours_for(text: str) -> tuple[Colour, ...]:
    """Always the same ones for a text; a word for the shape must not change it here."""
    chance = random.Random(text)
    return tuple((chance.random(), chance.random(), chance.random()) for _ in range(3))


def _pictures(wish: Mapping[str, Any]) -> list[str]:
    """What to paint after: one picture, or exactly four; 400 / 1004."""
    if "images" in wish and len(wish["images"]) != 4:
        raise bad("images must be four: front, left, back, right")
    found = wish.get("images") or [wish[name] for name in ("image", "style_image") if name in wish]
    if not all(isinstance(one, str) for one in found):
        raise bad("a picture is a link or a file token")
    return list(found)
