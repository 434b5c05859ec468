"""Pictures: from words, from pictures, from four sides, and as depth or splats.

What is drawn is a model made for it, so that a picture here shows what it should show.
"""

import asyncio
import io
import zlib
from collections.abc import Mapping
from typing import Annotated, Any, Literal

from PIL import Image
from pydantic import Field

from sandbox import models
from sandbox.models import Design
from sandbox.shapes.texture import Colour
from sandbox.vendors.making import Make, building
from sandbox.vendors.pictures import colours_of
from sandbox.vendors.tripo import bodies
from sandbox.vendors.tripo.accounts import Key
from sandbox.vendors.tripo.inputs import Inputs
from sandbox.vendors.tripo.moderation import admit
from sandbox.vendors.tripo.plan import Extra, Operation, Plan
from sandbox.vendors.tripo.refusals import bad
from sandbox.vendors.tripo.tasks import is_uuid
from sandbox.vendors.wire import parsed

ROUTES = {
    "/v3/generation/text-to-image": "text_to_image",
    "/v3/generation/image-to-image": "generate_image",
    "/v3/generation/image-to-multiview": "generate_multiview_image",
    "/v3/generation/edit-multiview": "edit_multiview_image",
    "/v3/generation/image-to-splat": "image_to_splat",
    "/v3/generation/image-to-depth": "image_to_depth",
}
SIDES = {"front": 0.0, "left": 90.0, "back": 180.0, "right": 270.0}
"""Degrees by which the thing is turned."""
PAINTINGS = frozenset({"text_to_image", "generate_image"})
MULTIVIEWS = frozenset({"generate_multiview_image", "edit_multiview_image"})
MOST_PICTURES = {"seedream": 4, "banana": 10, "chat": 16}
TEMPLATES = Literal[
    "asset_extraction",
    "character_completion",
    "t_pose",
    "head_extraction",
    "3d_enhance",
    "variants",
    "print_clay",
    "figure",
]
SPLAT = (
    b"ply\nformat ascii 1.0\nelement vertex 1\n"
    b"property float x\nproperty float y\nproperty float z\nend_header\n0 0 0\n"
)
"""All there is of a splat: enough to be told apart."""


class TextToImage(bodies.Body):
    """A picture from words."""

    prompt: Annotated[str, Field(min_length=1, max_length=1800)]
    model: str = "seedream_v4"
    output_format: Literal["png", "jpeg"] = "png"


class ImageToImage(bodies.Body):
    """A picture from pictures: by words, or by a template."""

    prompt: Annotated[str, Field(max_length=1800)] = ""
    input: str = ""
    inputs: list[str] = Field(default_factory=list)
    model: str = "seedream_v5"
    template: TEMPLATES | None = None
    output_format: Literal["png", "jpeg"] = "png"


class OneSide(bodies.Body):
    """How one view is to change."""

    view: Literal["front", "left", "back", "right"]
    prompt: Annotated[str, Field(min_length=1, max_length=1024)]


class EditMultiview(bodies.OnModel):
    """Views to change."""

    prompts: Annotated[list[OneSide], Field(min_length=1, max_length=4)]


class Depth(bodies.OnModel):
    """How far everything is away."""

    kind: Literal["gray", "color"] = "gray"
    process_res: Annotated[int, Field(ge=126, le=2016)] = 504


class Studio:
    """The operations, by the type of the task they make."""

    def __init__(self, inputs: Inputs) -> None:
        self._inputs = inputs
        self.by_type: Mapping[str, Operation] = {
            "text_to_image": self.text_to_image,
            "generate_image": self.image_to_image,
            "generate_multiview_image": self.multiview,
            "edit_multiview_image": self.edit_multiview,
            "image_to_splat": self.splat,
            "image_to_depth": self.depth,
        }

    async def text_to_image(self, _: Key, body: dict[str, Any]) -> Plan:
        """From words."""
        request = parsed(TextToImage, body)
        _admit_painter(request.model)
        admit(request.prompt)
        return _one_picture("text_to_image", body, _thing(body, request.prompt), request.output_format)

    async def image_to_image(self, _: Key, body: dict[str, Any]) -> Plan:
        """From up to so many pictures; seedream_v4 knows words alone."""
        request = parsed(ImageToImage, body)
        most = _admit_painter(request.model)
        given = request.inputs or [request.input]
        if request.model == "seedream_v4":
            raise bad("This model makes pictures from words alone.")
        if not 1 <= len(given) <= most or not (request.prompt or request.template):
            raise bad(f"1 to {most} pictures, and a prompt or a template, are required")
        admit(request.prompt)
        pictures = [await self._inputs.picture(one) for one in given]
        thing = _thing(body, request.prompt, colours=await asyncio.to_thread(colours_of, pictures[0]))
        return _one_picture("generate_image", body, thing, request.output_format)

    async def multiview(self, _: Key, body: dict[str, Any]) -> Plan:
        """Four sides of what a picture shows."""
        request = parsed(bodies.OnModel, body)
        thing = await self._pictured(body, request.input)
        return _four_pictures("generate_multiview_image", body, thing)

    async def edit_multiview(self, key: Key, body: dict[str, Any]) -> Plan:
        """Four sides again, some of them changed by words."""
        request = parsed(EditMultiview, body)
        for side in request.prompts:
            admit(side.prompt)
        if is_uuid(request.input):
            self._inputs.finished(key, request.input, kinds=MULTIVIEWS)
            thing = _thing(body, " ".join(side.prompt for side in request.prompts))
        else:
            thing = await self._pictured(body, request.input)
        return _four_pictures("edit_multiview_image", body, thing)

    async def splat(self, _: Key, body: dict[str, Any]) -> Plan:
        """A cloud of Gaussians."""
        request = parsed(bodies.OnModel, body)

        async def make() -> bytes:
            return SPLAT

        files = {"splat.ply": Extra(make=make, content_type="application/octet-stream")}
        facts = {"outputs": {"splat_url": "splat.ply"}, "files": files}
        thing = await self._pictured(body, request.input)
        return Plan(type="image_to_splat", echo=body, make=thing, facts=facts)

    async def depth(self, _: Key, body: dict[str, Any]) -> Plan:
        """A depth map."""
        request = parsed(Depth, body)
        thing = await self._pictured(body, request.input)
        mode = "L" if request.kind == "gray" else "RGB"
        files = {"depth.png": Extra(make=_drawn(thing, "png", mode=mode), content_type="image/png")}
        facts = {"outputs": {"depth_image_url": "depth.png"}, "files": files}
        return Plan(type="image_to_depth", echo=body, make=thing, facts=facts)

    async def _pictured(self, body: Mapping[str, Any], reference: str) -> Make:
        picture = await self._inputs.picture(reference)
        return _thing(body, "", colours=await asyncio.to_thread(colours_of, picture))


def _admit_painter(model: str) -> int:
    """How many pictures a model takes; 400 / 2017 for none."""
    for family, most in MOST_PICTURES.items():
        if model.startswith(family):
            return most
    raise bad("no such image model")


def _thing(body: Mapping[str, Any], prompt: str, *, colours: tuple[Colour, ...] = ()) -> Make:
    return building(Design(prompt=prompt, seed=zlib.crc32(repr(body).encode()), colours=colours))


def _drawn(thing: Make, form: str, *, turn: float = 0.0, mode: str = "RGB") -> Make:
    async def make() -> bytes:
        return await asyncio.to_thread(_picture, await thing(), form, turn, mode)

    return make


def _picture(glb: bytes, form: str, turn: float, mode: str) -> bytes:
    target = io.BytesIO()
    with Image.open(io.BytesIO(models.picture(glb, turn=turn))) as drawn:
        drawn.convert(mode).save(target, form)
    return target.getvalue()


def _one_picture(kind: str, body: Mapping[str, Any], thing: Make, form: str) -> Plan:
    name = f"generated.{form}"
    files = {name: Extra(make=_drawn(thing, form), content_type=f"image/{form}")}
    facts = {"outputs": {"generated_image_url": name}, "files": files}
    return Plan(type=kind, echo=body, make=thing, facts=facts)


def _four_pictures(kind: str, body: Mapping[str, Any], thing: Make) -> Plan:
    files = {
        f"{side}.png": Extra(make=_drawn(thing, "png", turn=turn), content_type="image/png")
        for side, turn in SIDES.items()
    }
    views = {f"{side}_view_url": f"{side}.png" for side in SIDES}
    return Plan(
        type=kind,
        echo=body,
        make=thing,
        facts={"outputs": {"generate_multiview_image": views}, "files": files},
    )
