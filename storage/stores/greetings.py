"""Greetings: servers whose moderators have had their first card."""

from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from storage import tables


class Greetings:
    """One for each server, for good."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def note(self, guild_id: int, *, now: int) -> bool:
        """Say that this server is greeted; ``False`` where it was before."""
        row = {"guild_id": guild_id, "created_at": now}
        noted = await self._connection.execute(insert(tables.greetings).values(row).on_conflict_do_nothing())
        return bool(noted.rowcount)
