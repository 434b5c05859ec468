"""Members' own keys at vendors: proven before they are kept, and empty once nothing needs them.

What runs with a member's own key is paid at the vendor by that member. A key that was
replaced or removed serves the runs that began with it, and nothing new; its secret is
emptied with the end of the last job that needs it (``bot.jobs.journal``). No character
of a key leaves here, in whatever goes wrong.
"""

import asyncio
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import structlog

from bot.jobs.clock import Clock, Ids
from bot.jobs.errors import KeyMalformed, KeyRefused, KeyUnproven, NoKeysThere, NoSuchKey
from bot.jobs.orders import Asker
from bot.jobs.vendors import Vendors
from providers.errors import ProviderError, Unauthorised
from storage.database import Database, Transaction
from storage.models import VendorKey

log = structlog.get_logger(__name__)

PATIENCE = 20.0
"""Seconds within which a vendor has to say what it thinks of a key."""
LENGTH_MAX = 200
_ONE_WORD = re.compile("[!-~]+")
"""A key goes into a header, and one with anything else in it would break that."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyView:
    """A key as its member may see it: all but the key."""

    provider: str
    title: str
    """The vendor's name as people write it."""
    since: int
    works: bool
    """Not refused by the vendor since, and still to be opened with the owner's secret key."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyOwner:
    """Whom to tell of a key that the vendor takes no longer."""

    user_id: int
    title: str
    """The vendor's name as people write it."""
    locale: str | None
    """The language in which they asked for something last, if they ever did."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Keys:
    """Setting, showing and removing. ``shapes`` say by vendor what is wrong with the look of a key."""

    db: Database
    vendors: Vendors
    shapes: Mapping[str, Callable[[str], str | None]]
    clock: Clock
    ids: Ids
    patience: float = PATIENCE

    def titles(self) -> Mapping[str, str]:
        """Vendors that take members' keys, by name, in the order in which they are offered."""
        kinds = self.vendors.kinds
        return {name: kinds[name].title for name in kinds if name in self.vendors.keyed}

    async def set(self, asker: Asker, provider: str, secret: str) -> VendorKey:
        """Keep a key that the vendor accepts, in the place of an earlier one of the same vendor.

        Raises:
            NoKeysThere: this vendor takes none.
            KeyMalformed: it does not look like one.
            KeyRefused: the vendor does not accept it.
            KeyUnproven: the vendor did not say.
        """
        if provider not in self.titles():
            raise NoKeysThere(provider)
        given = secret.strip()
        self._require_shape(provider, given)
        await self._prove(provider, given)
        return await self._keep(asker, provider, given)

    async def show(self, asker: Asker) -> list[KeyView]:
        """What this member has, by vendor."""
        async with self.db.read() as tx:
            account = await tx.accounts.by_user(asker.user_id)
            keys = await tx.vendor_keys.of_account(account.id) if account else []
        return [
            KeyView(
                provider=key.provider,
                title=self._title(key.provider),
                since=key.created_at,
                works=bool(key.secret) and key.refused_at is None,
            )
            for key in keys
        ]

    async def remove(self, asker: Asker, provider: str) -> None:
        """Use it for nothing new; what runs with it goes on.

        Raises:
            NoSuchKey: there is none of this vendor.
        """
        async with self.db.begin() as tx:
            account = await tx.accounts.by_user(asker.user_id)
            keys = await self._at(tx, account.id, provider) if account else []
            await self._retire(tx, keys)
        if not keys:
            raise NoSuchKey(self._title(provider))
        self._forget(keys)
        log.info("key_removed", provider=provider, account=keys[0].account_id)

    async def refused(self, credential: str) -> KeyOwner | None:
        """The vendor no longer takes this key; who is to be told, the first time that it is so."""
        async with self.db.begin() as tx:
            key = await tx.vendor_keys.get(credential)
            if key is None or key.refused_at is not None:
                return None
            await tx.vendor_keys.refuse(key.id, self.clock.now())
            account = await tx.accounts.get(key.account_id)
            latest = await tx.jobs.latest_of_account(key.account_id)
        log.info("key_refused", provider=key.provider, account=key.account_id)
        if key.removed_at is not None or account is None or account.user_id is None:
            return None
        return KeyOwner(
            user_id=account.user_id,
            title=self._title(key.provider),
            locale=latest.locale if latest else None,
        )

    def _require_shape(self, provider: str, secret: str) -> None:
        fault = self.shapes[provider](secret)
        if fault or len(secret) > LENGTH_MAX or not _ONE_WORD.fullmatch(secret):
            raise KeyMalformed(self._title(provider))

    async def _prove(self, provider: str, secret: str) -> None:
        title = self._title(provider)
        try:
            async with asyncio.timeout(self.patience):
                await self.vendors.kinds[provider].behind(secret).balance()
        except Unauthorised:
            raise KeyRefused(title) from None
        except (ProviderError, TimeoutError) as error:
            log.warning("key_unproven", provider=provider, reason=type(error).__name__)
            raise KeyUnproven(title) from None

    async def _keep(self, asker: Asker, provider: str, secret: str) -> VendorKey:
        now = self.clock.now()
        async with self.db.begin() as tx:
            account = await tx.accounts.ensure(asker.user_id, id=self.ids.new(), now=now)
            earlier = await self._at(tx, account.id, provider)
            same = [key for key in earlier if key.secret == secret and key.refused_at is None]
            if same:  # what was made with it stays within its reach
                return same[0]
            key = VendorKey(
                id=self.ids.new(), account_id=account.id, provider=provider, secret=secret, created_at=now
            )
            await self._retire(tx, earlier)
            await tx.vendor_keys.insert(key)
        self._forget(earlier)
        log.info("key_set", provider=provider, account=key.account_id)
        return key

    async def _at(self, tx: Transaction, account_id: str, provider: str) -> list[VendorKey]:
        return [key for key in await tx.vendor_keys.of_account(account_id) if key.provider == provider]

    async def _retire(self, tx: Transaction, keys: Sequence[VendorKey]) -> None:
        for key in keys:
            await tx.vendor_keys.remove(key.id, self.clock.now())
        await tx.vendor_keys.forget_unused()

    def _forget(self, keys: Sequence[VendorKey]) -> None:
        for key in keys:
            self.vendors.forget(key.id)

    def _title(self, provider: str) -> str:
        """Also of a vendor that is no longer there."""
        kind = self.vendors.kinds.get(provider)
        return kind.title if kind else provider
