"""A vendor and our client for it, without a core around them."""

import io
from dataclasses import dataclass
from typing import Any

from PIL import Image

from providers.base import (
    DraftRequest,
    FileRef,
    GenerateRequest,
    Provider,
    Request,
    Search,
    Succeeded,
    TaskRef,
)
from tests.contracts.vendors.vendor import Vendor
from tests.providers.uploads import upload_of

KNIGHT = "a wooden knight"
LONG_ENOUGH = 120
"""Seconds after which every sandbox has made everything."""
LISTED = 16 * 60
"""Seconds after which every vendor's records are said to be complete."""


@dataclass(slots=True, kw_only=True)
class Alone:
    """A vendor and our client for it, without a core around them."""

    vendor: Vendor
    provider: Provider

    async def first(self, *, pictures: int = 0, **asked: Any) -> Request:
        """What a generation of the vendor begins with."""
        if self.provider.expand("generate", pictures=pictures)[0] == "draft":
            return DraftRequest(prompt=KNIGHT, **asked)
        files = [await self._picture(number) for number in range(pictures)]
        return GenerateRequest(prompt="" if pictures else KNIGHT, pictures=tuple(files), **asked)

    async def _picture(self, number: int) -> FileRef:
        file = io.BytesIO()
        Image.new("RGB", (256, 256), (60 * number, 128, 64)).save(file, "PNG")
        return await self.provider.upload(upload_of(file.getvalue(), name=f"side-{number}.png"))

    async def made(self, request: Request, seed: int = 1) -> tuple[str, Succeeded]:
        """A task that came to a good end."""
        task_id = (await self.provider.submit(request, seed=seed)).task_id
        self.vendor.clock.advance(LONG_ENOUGH)
        outcome = await self.provider.check(task_id)
        assert isinstance(outcome, Succeeded)
        return task_id, outcome

    async def model(self) -> Succeeded:
        """A finished generation from words."""
        request = await self.first()
        if isinstance(request, DraftRequest):
            draft, _ = await self.made(request)
            request = GenerateRequest(prompt=KNIGHT, draft=TaskRef(task_id=draft))
        return (await self.made(request, seed=2))[1]

    async def content(self, outcome: Succeeded) -> bytes:
        """The bytes of a result's model."""
        file = next(file for file in outcome.files if file.kind == "model")
        async with self.provider.fetch(file, limit=50_000_000) as pieces:
            return b"".join([piece async for piece in pieces])

    async def find(self, request: Request, *, since: int) -> Search:
        """Look for a submit with the seed 7."""
        now = self.vendor.clock.now()
        return await self.provider.find(request, seed=7, since=since, now=now, known=())
