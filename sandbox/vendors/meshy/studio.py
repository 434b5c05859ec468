"""Pictures, from words and from other pictures. They are drawn from a model that nobody gets to see."""

import asyncio
import zlib
from collections.abc import Mapping
from typing import Any

from sandbox.models import Design
from sandbox.shapes.texture import Colour
from sandbox.vendors.making import building
from sandbox.vendors.meshy import bodies, files, prices
from sandbox.vendors.meshy.accounts import Key
from sandbox.vendors.meshy.inputs import PICTURES, Inputs, for_the_books
from sandbox.vendors.meshy.plan import Operation, Plan
from sandbox.vendors.meshy.prices import SECONDS
from sandbox.vendors.meshy.refusals import bad
from sandbox.vendors.meshy.screening import admit_length, screened
from sandbox.vendors.meshy.ways import Ways
from sandbox.vendors.pictures import colours_of
from sandbox.vendors.wire import parsed

VIEWS = ("front", "right", "back")
BANANA = frozenset({"1:1", "16:9", "9:16", "4:3", "3:4"})
GPT = frozenset({"1:1", "3:2", "2:3"})
"""The formats that each family of models paints in."""


class Studio:
    """The operations, by resource."""

    def __init__(self, inputs: Inputs, ways: Ways) -> None:
        self._inputs = inputs
        self._ways = ways
        self.by_resource: Mapping[str, Operation] = {
            "text-to-image": self.text_to_image,
            "image-to-image": self.image_to_image,
        }

    async def text_to_image(self, _: Key, body: dict[str, Any]) -> Plan:
        """From words."""
        return self._painting("text-to-image", body, parsed(bodies.Picture, body))

    async def image_to_image(self, key: Key, body: dict[str, Any]) -> Plan:
        """From words and up to five pictures."""
        request = parsed(bodies.PictureFromPictures, body)
        if request.input_task_id:
            task = self._inputs.finished(key, request.input_task_id, PICTURES)
            pictures = await self._inputs.pictures_of(task)
        else:
            pictures = [await self._inputs.picture(link) for link in request.reference_image_urls]
        colours = await asyncio.to_thread(colours_of, pictures[0])
        return self._painting("image-to-image", body, request, colours=colours)

    def _painting(
        self,
        resource: str,
        body: dict[str, Any],
        request: bodies.Picture,
        *,
        colours: tuple[Colour, ...] = (),
    ) -> Plan:
        _admit(request)
        admit_length(self._ways, prompt=request.prompt)
        design = Design(prompt=request.prompt, seed=zlib.crc32(repr(body).encode()), colours=colours)
        made = files.Set()
        views = VIEWS if request.generate_multi_view else VIEWS[:1]
        made.output["image_urls"] = [
            made.png(f"image_{number}.png", turn=files.SIDES[view]) for number, view in enumerate(views)
        ]
        return Plan(
            resource=resource,
            type=resource,
            cost=prices.picture(request.ai_model, given=resource == "image-to-image"),
            seconds=SECONDS[resource],
            body=for_the_books(body),
            make=building(design),
            files=made.files,
            output=made.output,
            echo={"prompt": request.prompt, "ai_model": request.ai_model},
            design=design,
            screened=screened(request.moderation, self._ways, request.prompt),
        )


def _admit(request: bodies.Picture) -> None:
    if request.ai_model not in prices.PICTURES:
        raise bad(f"ai_model: {request.ai_model} is not supported")
    formats = GPT if request.ai_model.startswith("gpt-image") else BANANA
    if request.aspect_ratio and request.aspect_ratio not in formats:
        raise bad(f"aspect_ratio: {request.aspect_ratio} is not supported by {request.ai_model}")
