"""Personal addresses: whoever has one sees what its member sees, for an hour.

They are handed to the member alone, in private. What one says is signed and not secret: an
account's id and a time, nothing of Discord.
"""

from dataclasses import dataclass

from bot.jobs.clock import HOUR, Clock, Ids
from bot.jobs.orders import Asker
from storage.database import Database
from storage.seal import Seal

GOOD_FOR = HOUR


@dataclass(frozen=True, slots=True, kw_only=True)
class Passes:
    """Makes them and knows them again."""

    db: Database
    seal: Seal
    clock: Clock
    ids: Ids
    public_url: str | None = None

    async def address(self, asker: Asker) -> str | None:
        """Where the asker finds all their models on the site; ``None`` without one."""
        if self.public_url is None:
            return None
        now = self.clock.now()
        async with self.db.begin() as tx:
            account = await tx.accounts.ensure(asker.user_id, id=self.ids.new(), now=now)
        token = self.seal.sign(f"{account.id}:{now + GOOD_FOR}".encode())
        return f"{self.public_url.rstrip('/')}/mine/{token}"

    def read(self, token: str) -> str | None:
        """The account that a pass is for, while it is good."""
        body = self.seal.read(token)
        if body is None:
            return None
        account_id, _, expires_at = body.decode().rpartition(":")
        return account_id if self.clock.now() < int(expires_at) else None
