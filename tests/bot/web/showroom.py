"""A library of models to look at: real files in a real folder, behind addresses that never change."""

import hashlib
from collections.abc import AsyncIterator, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import replace
from typing import Any

from aiohttp import web

from bot.jobs.views import PageView
from bot.locales.catalogue import Catalogue
from bot.web import Viewer, Viewing, site
from storage.models import Artifact, ArtifactKind, Model, Visibility
from storage.objects import LocalStore

LINK = "A" * 22
GLB = "model/gltf-binary"
MODEL = Model(
    id="m1",
    label="abc234",
    name="a brass <owl>",
    account_id="1",
    guild_id=7,
    prompt='a brass <owl> & "friends"',
    provider="tripo",
    parent_id=None,
    visibility=Visibility.SERVER,
    link_id=LINK,
    created_at=0,
)


async def _no_health() -> dict[str, bool]:
    return {}


class Showroom:
    """One model, with the files that were put there."""

    def __init__(self, store: LocalStore) -> None:
        self.store = store
        self.view: PageView | None = None

    def site(self, viewer: Viewer | None = None) -> web.Application:
        """The site that shows it."""
        viewing = Viewing(
            library=self,
            viewer=viewer or Viewer.read(),
            catalogue=Catalogue.load(),
            public_url="https://ours.example",
        )
        return site(library=self, health=_no_health, now=lambda: 1_000_000, viewing=viewing)

    async def show(self, glb: bytes, *, picture: bytes | None = None, **changes: Any) -> PageView:
        """Put a model there."""
        file = await self.keep("owl all.glb", glb, triangles=1234, joints=22, clips=["walk", "idle"])
        still = None
        if picture is not None:
            still = await self.keep("owl.webp", picture, ArtifactKind.PREVIEW, width=512, height=512)
        view = PageView(
            model=MODEL,
            vendor="Tripo",
            prompt=MODEL.prompt,
            file=file,
            files=(file,),
            still=still,
            unfolded=still,
        )
        self.view = replace(view, **changes)
        return self.view

    async def keep(
        self, name: str, data: bytes, kind: ArtifactKind = ArtifactKind.MODEL, **facts: Any
    ) -> Artifact:
        """Put a file into the folder."""
        artifact = Artifact(
            id=f"id-of-{kind.value}-{len(name)}",
            model_id="m1",
            run_id="r1",
            kind=kind,
            key=f"models/m1/r1/{kind.value}",
            name=name,
            content_type=GLB if kind is ArtifactKind.MODEL else "image/webp",
            size=len(data),
            sha256=hashlib.sha256(data).hexdigest(),
            facts=facts,
            created_at=1,
        )

        async def stream() -> AsyncIterator[bytes]:
            yield data

        await self.store.put(artifact.key, stream(), content_type=artifact.content_type, limit=10**8)
        return artifact

    async def page(self, link_id: str) -> PageView | None:
        return self.view if link_id == LINK else None

    def open(self, artifact: Artifact) -> AbstractAsyncContextManager[AsyncIterator[bytes]]:
        return self.store.open(artifact.key)

    async def model_files(self, link_id: str) -> tuple[Model, Sequence[Artifact]] | None:
        return (MODEL, self.view.files) if link_id == LINK and self.view else None

    async def link(self, artifact: Artifact) -> str | None:
        return await self.store.link(
            artifact.key, ttl_seconds=60, filename=artifact.name, content_type=artifact.content_type
        )
