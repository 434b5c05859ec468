"""What the models do: pictures from words, models from words and pictures, a skeleton in a model.

Nothing is made here: a ``Product`` holds functions that will do it when somebody asks
for a file. As a real model sees an owl in a picture of an owl, so do these, in a picture
that was painted here; of others they see the colours.
"""

import asyncio
import hashlib
import zlib
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from sandbox.models import Design
from sandbox.vendors.making import Make, building
from sandbox.vendors.pictures import colours_of
from sandbox.vendors.replicate import formats, inputs
from sandbox.vendors.replicate.inputs import MEGABYTE, ModelDied, Read
from sandbox.vendors.replicate.products import Made, Product

GLB = "model/gltf-binary"
ANYTHING = "application/octet-stream"
REMEMBERED = 1000
QUALITY = {"high": 50_000, "medium": 18_000, "low": 8_000, "extra-low": 4_000}
"""Rodin's faces."""
SIDES = ("front_image", "back_image", "left_image", "right_image")
MESHES = frozenset({".glb", ".obj", ".fbx", ".vrm"})


class Gallery:
    """Which words a picture was painted from, of the recent ones."""

    def __init__(self) -> None:
        self._words: OrderedDict[bytes, str] = OrderedDict()

    def hang(self, picture: bytes, words: str) -> None:
        """Remember a picture."""
        self._words[hashlib.sha256(picture).digest()] = words
        while len(self._words) > REMEMBERED:
            self._words.popitem(last=False)

    def words(self, picture: bytes) -> str:
        """What a picture shows; empty where it was not painted here."""
        return self._words.get(hashlib.sha256(picture).digest(), "")


class Studio:
    """The models, as functions that plan a ``Product`` from inputs; ``ModelDied`` where they cannot."""

    def __init__(self) -> None:
        self._gallery = Gallery()

    async def flux(self, given: Mapping[str, Any], _: Read) -> Product:
        """FLUX: one to four pictures of what the words say."""
        form, files = given["output_format"], {}
        seed = _seed(given)
        for index in range(given["num_outputs"]):
            design = Design(prompt=given["prompt"], seed=seed + index)
            files[f"out-{index}.{form}"] = Made(
                make=self._painted(design, given), content_type=formats.PICTURES[form]
            )
        return Product(files=files, output=list(files))

    async def hunyuan(self, given: Mapping[str, Any], read: Read) -> Product:
        """Hunyuan 3D 3.1: from words or from a picture, never both."""
        if bool(given["prompt"]) == bool(given["image"]):
            raise ModelDied("Exactly one of prompt or image must be provided")
        pictures = []
        if given["image"]:
            file = await read(given["image"])
            pictures = [await inputs.picture(file, sides=(128, 5000), most=6 * MEGABYTE)]
        design = await self._design(given, given["prompt"] or "", pictures)
        changed = replace(
            design,
            face_limit=given["face_count"],
            textured=given["generate_type"] == "Normal",
            pbr=given["enable_pbr"],
        )
        return _one("output.glb", building(changed))

    async def rodin(self, given: Mapping[str, Any], read: Read) -> Product:
        """Rodin Gen-2: from words, with up to five pictures beside them."""
        pictures = [await inputs.picture(await read(link)) for link in given["images"] or []]
        design = await self._design(given, given["prompt"], pictures)
        faces = given["quality_override"] or QUALITY[given["quality"]]
        made = building(replace(design, face_limit=faces, pbr=given["material"] != "Shaded"))
        return _in_format("base", made, given["geometry_file_format"])

    async def trellis(self, given: Mapping[str, Any], read: Read) -> Product:
        """TRELLIS: a video, unless told not to, and a model only where told to."""
        if not given["images"]:
            raise ModelDied("list index out of range")
        pictures = [await inputs.picture(await read(link)) for link in given["images"]]
        made = building(await self._design(given, "", pictures))
        video = Made(make=_always(formats.MP4), content_type="video/mp4")
        wanted = {
            "model_file": ("output.glb", Made(make=made, content_type=GLB), given["generate_model"]),
            "color_video": ("output_color.mp4", video, given["generate_color"]),
            "normal_video": ("output_normal.mp4", video, given["generate_normal"]),
            "gaussian_ply": (
                "gaussian.ply",
                Made(make=_always(formats.PLY), content_type=ANYTHING),
                given["save_gaussian_ply"],
            ),
        }
        output: dict[str, Any] = {key: name if asked else None for key, (name, _, asked) in wanted.items()}
        output |= {"combined_video": None, "no_background_images": []}
        return Product(files={name: made for name, made, asked in wanted.values() if asked}, output=output)

    async def multiview(self, given: Mapping[str, Any], read: Read) -> Product:
        """Hunyuan3D-2mv: from one to four sides."""
        pictures = [await inputs.picture(await read(given[side])) for side in SIDES if given[side]]
        design = await self._design(given, "", pictures)
        made = building(replace(design, face_limit=given["target_face_num"]))
        return _in_format("textured_mesh", made, given["file_type"])

    async def unirig(self, given: Mapping[str, Any], read: Read) -> Product:
        """UniRig: the given mesh with a skeleton in it, whose bones have numbers for names."""
        source = await inputs.mesh(await read(given["input_mesh"]), extensions=MESHES)

        async def make() -> bytes:
            return await asyncio.to_thread(formats.boned, source)

        return _one("rigged.glb", make, kind=ANYTHING)

    async def shap_e(self, given: Mapping[str, Any], read: Read) -> Product:
        """Shap-E: a turning picture each, and OBJ files behind them where asked for."""
        if not given["prompt"] and not given["image"]:
            raise ModelDied("Please provide either a prompt or an image")
        pictures = [await inputs.picture(await read(given["image"]))] if given["image"] else []
        turning, meshes = {}, {}
        for index in range(given["batch_size"]):
            design = await self._design(given, given["prompt"] or "", pictures)
            made = building(replace(design, seed=design.seed + index))
            turning[f"out_{index}.gif"] = Made(make=_turned(made), content_type="image/gif")
            meshes[f"mesh_{index}.obj"] = Made(make=_converted(made, "obj"), content_type=ANYTHING)
        files = turning | (meshes if given["save_mesh"] else {})
        return Product(files=files, output=list(files))

    async def _design(self, given: Mapping[str, Any], prompt: str, pictures: Sequence[bytes]) -> Design:
        """After words, and after what the first picture shows."""
        seed = _seed(given)
        if not pictures:
            return Design(prompt=prompt, seed=seed)
        mark = zlib.crc32(b"".join(pictures))
        colours = await asyncio.to_thread(colours_of, pictures[0])
        seen = prompt or self._gallery.words(pictures[0])
        return Design(prompt=seen, seed=seed ^ mark, colours=colours)

    def _painted(self, design: Design, given: Mapping[str, Any]) -> Make:
        async def make() -> bytes:
            painted = await asyncio.to_thread(
                formats.painted,
                await building(design)(),
                form=given["output_format"],
                ratio=given["aspect_ratio"],
                quality=given["output_quality"],
                megapixels=float(given["megapixels"]),
            )
            self._gallery.hang(painted, design.prompt)
            return painted

        return make


def _seed(given: Mapping[str, Any]) -> int:
    """The one that was given, or always the same one for the same words."""
    seed = given.get("seed")
    if seed is not None and not given.get("randomize_seed"):
        return int(seed)
    return zlib.crc32(str(given.get("prompt") or "").encode())


def _one(name: str, make: Make, *, kind: str = GLB) -> Product:
    return Product(files={name: Made(make=make, content_type=kind)}, output=name)


def _in_format(stem: str, glb: Make, form: str) -> Product:
    if form == "glb":
        return _one(f"{stem}.glb", glb)
    return _one(f"{stem}.{form}", _converted(glb, form), kind=ANYTHING)


def _converted(glb: Make, form: str) -> Make:
    async def make() -> bytes:
        return await asyncio.to_thread(formats.converted, await glb(), form)

    return make


def _turned(glb: Make) -> Make:
    async def make() -> bytes:
        return await asyncio.to_thread(formats.turning, await glb())

    return make


def _always(data: bytes) -> Make:
    async def make() -> bytes:
        return data

    return make
