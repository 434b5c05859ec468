"""Answers to a session that asks for members (op 8), in chunks of a thousand."""

from collections.abc import Iterable
from typing import Any

from sandbox.discord.facets import presence
from sandbox.discord.intents import Intent
from sandbox.discord.nouns import Guild, Member
from sandbox.discord.payloads import Payloads
from sandbox.discord.refusals import Json
from sandbox.discord.sessions import Goodbye, Session
from sandbox.discord.world import World

_CHUNK = 1_000
_MOST_ASKED = 100


class Roster:
    """Who is in a server, for those who ask the gateway.

    The whole list is for sessions with the members' intent, and presences for those with theirs; others
    hear nothing.
    """

    def __init__(self, world: World, payloads: Payloads) -> None:
        self._world = world
        self._payloads = payloads

    def send(self, session: Session, data: Json) -> None:
        """Answer one request.

        Raises:
            Goodbye: 4002 for a request that makes no sense.
        """
        guild = self._guild(session, data)
        if guild is None or (data.get("presences") and not session.intents & Intent.PRESENCES):
            return
        if "user_ids" in data:
            found, missing = self._by_ids(guild, data["user_ids"])
        else:
            if not session.intents & Intent.MEMBERS and not _is_search(data):
                return
            found, missing = self._by_name(guild, data), []
        for number, chunk in enumerate(chunks := _chunks(found)):
            self._send_chunk(session, guild, data, chunk, (number, len(chunks)), missing)

    def _guild(self, session: Session, data: Json) -> Guild | None:
        guild_id = str(data.get("guild_id"))
        guild = self._world.guilds.get(int(guild_id)) if guild_id.isdecimal() else None
        if guild is None or self._world.bot.id not in guild.members or not session.hears(guild.id, 0):
            return None
        return guild

    def _by_ids(self, guild: Guild, asked: Any) -> tuple[list[Member], list[str]]:
        ids = [str(one) for one in (asked if isinstance(asked, list) else [asked])]
        if len(ids) > _MOST_ASKED or not all(one.isdecimal() for one in ids):
            raise _unreadable()
        found = [guild.members[int(one)] for one in ids if int(one) in guild.members]
        return found, [one for one in ids if int(one) not in guild.members]

    def _by_name(self, guild: Guild, data: Json) -> list[Member]:
        prefix, limit = data.get("query"), data.get("limit")
        if not isinstance(prefix, str) or not isinstance(limit, int) or limit < 0:
            raise _unreadable()
        found = [one for one in guild.members.values() if self._is_called(one, prefix.lower())]
        return found[:limit] if limit else found

    def _is_called(self, member: Member, prefix: str) -> bool:
        return (member.nick or self._world.user(member.user_id).name).lower().startswith(prefix)

    def _send_chunk(
        self,
        session: Session,
        guild: Guild,
        data: Json,
        members: Iterable[Member],
        place: tuple[int, int],
        missing: list[str],
    ) -> None:
        chunk: Json = {
            "guild_id": str(guild.id),
            "members": [self._payloads.member(member) for member in members],
            "chunk_index": place[0],
            "chunk_count": place[1],
            "not_found": missing,
        }
        if data.get("presences"):
            users = (self._world.user(member.user_id) for member in members)
            chunk["presences"] = [presence(one, guild.id) for one in users if one.status != "offline"]
        if "nonce" in data:
            chunk["nonce"] = data["nonce"]
        session.dispatch("GUILD_MEMBERS_CHUNK", chunk)


def _is_search(data: Json) -> bool:
    return bool(data.get("query")) and 1 <= (data.get("limit") or 0) <= _MOST_ASKED


def _chunks(members: list[Member]) -> list[list[Member]]:
    return [members[first : first + _CHUNK] for first in range(0, len(members), _CHUNK)] or [[]]


def _unreadable() -> Goodbye:
    return Goodbye(4002, "Error while decoding payload.")
