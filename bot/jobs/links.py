"""Where a person gets a file, by what the owner has.

With a public address: a lasting one of ours. With S3 alone: a link signed by the store.
With neither there is none, and the file comes as an attachment.
"""

from dataclasses import dataclass, field
from urllib.parse import quote

from bot.jobs.clock import HOUR, Clock
from storage.models import Artifact, Model
from storage.objects.base import ObjectStore

SIGNED_FOR = 24 * HOUR
VENDORS_FETCH = HOUR
SIGN_ANEW = HOUR
"""A signed link is handed out for this long, so that a card drawn twice shows the same."""


@dataclass(slots=True, kw_only=True)
class Links:
    """Makes addresses of files."""

    store: ObjectStore
    clock: Clock
    public_url: str | None = None
    _signed: dict[str, tuple[int, str | None]] = field(default_factory=dict)

    @property
    def expire(self) -> bool:
        """Whether links are signed by the store and good for a while only."""
        return self.public_url is None

    async def of(self, model: Model, artifact: Artifact) -> str | None:
        """The address of one file."""
        if self.public_url:
            return f"{self.public_url.rstrip('/')}/m/{model.link_id}/{artifact.name}"
        return await self._sign_shared(artifact)

    def page(self, model: Model) -> str | None:
        """Where the model can be looked at from all sides; needs the site."""
        return f"{self.public_url.rstrip('/')}/m/{model.link_id}/view" if self.public_url else None

    def picture(self, model: Model, still: Artifact) -> str | None:
        """A picture of the model at an address that is good while the model's is; needs the site."""
        page = self.page(model)
        return f"{page}/{still.id}/{quote(still.name, safe='')}" if page else None

    async def fresh(self, artifact: Artifact) -> str | None:
        """A newly signed link, for the site to send a visitor to."""
        return await self.store.link(
            artifact.key,
            ttl_seconds=SIGNED_FOR // 1000,
            filename=artifact.name,
            content_type=artifact.content_type,
        )

    async def for_vendor(self, key: str, *, name: str, content_type: str) -> str | None:
        """An address at which a vendor can fetch a file for the next hour, where there is one."""
        return await self.store.link(
            key, ttl_seconds=VENDORS_FETCH // 1000, filename=name, content_type=content_type
        )

    async def _sign_shared(self, artifact: Artifact) -> str | None:
        now = self.clock.now()
        for key in [key for key, (at, _) in self._signed.items() if now - at >= SIGN_ANEW]:
            del self._signed[key]
        if artifact.key not in self._signed:
            self._signed[artifact.key] = now, await self.fresh(artifact)
        return self._signed[artifact.key][1]
