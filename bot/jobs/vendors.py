"""Every vendor, behind the owner's key or behind a member's own."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.jobs.plan import OWNER_KEY
from providers.base import Provider
from storage.database import Database


@dataclass(frozen=True, slots=True, kw_only=True)
class Vendors:
    """``kinds`` are all vendors by name, in the order in which they are offered.

    Those in ``owned`` are behind the owner's key (or need none); the others have no key
    and serve for their facts, and to be put behind a member's.
    """

    db: Database
    kinds: Mapping[str, Provider]
    owned: frozenset[str]
    keyed: frozenset[str] = frozenset()
    """Vendors for which members may bring a key of their own."""
    _behind: dict[str, Provider] = field(default_factory=dict)

    async def behind(self, provider: str, credential: str) -> Provider | None:
        """The vendor as this key sees it; ``None`` where the key is gone, or cannot be opened."""
        if credential == OWNER_KEY:
            return self.kinds[provider] if provider in self.owned else None
        if credential in self._behind:
            return self._behind[credential]
        async with self.db.read() as tx:
            key = await tx.vendor_keys.get(credential)
        if key is None or not key.secret or key.provider not in self.kinds:
            return None
        found = self.kinds[key.provider].behind(key.secret)
        if key.removed_at is None:  # what was removed is needed for its last runs, and not kept for ever
            self._behind[credential] = found
        return found

    def forget(self, credential: str) -> None:
        """A member's key was removed or changed; nothing of it is kept in memory."""
        self._behind.pop(credential, None)
