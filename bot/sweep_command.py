"""``python -m bot storage sweep``: tells what is left over in the store, and removes it when told to."""

from collections import Counter
from collections.abc import Callable
from contextlib import aclosing
from dataclasses import dataclass, field

from bot.jobs.clock import HOUR
from bot.jobs.sweep import Kind, Leftover, Sweep
from storage.objects.base import is_plain

NOT_ITS_STORE = """The database knows no file at all, so this is hardly its store, and nothing was removed.
Are DATA_DIR and S3_BUCKET the right ones?"""


@dataclass(slots=True, kw_only=True)
class SweepCommand:
    """Tells line by line; a dry run unless ``remove``."""

    sweep: Sweep
    remove: bool
    say: Callable[[str], None]
    _found: Counter[Kind] = field(default_factory=Counter)
    _bytes: Counter[Kind] = field(default_factory=Counter)
    _old: int = 0

    async def run(self) -> bool:
        """Whether it could be done.

        Raises:
            StorageError: the database or the store failed; what was removed until then stays removed.
        """
        if self.remove and not await self.sweep.knows_files():
            self.say(NOT_ITS_STORE)
            return False
        async with aclosing(self.sweep.find()) as leftovers:
            async for found in leftovers:
                self._count(found)
                self.say(self._line(found, await self._deal_with(found)))
        self._sum_up()
        return True

    async def _deal_with(self, found: Leftover) -> str:
        if found.kind is Kind.ROW:
            return "stays"
        if found.kind is Kind.OBJECT and not is_plain(found.name):
            return "not the bot's: stays"
        if not self.sweep.removes(found):
            return "too young"
        self._old += 1
        if not self.remove:
            return "would be removed"
        await self.sweep.remove(found)
        return "removed"

    def _count(self, found: Leftover) -> None:
        self._found[found.kind] += 1
        self._bytes[found.kind] += found.size or 0

    def _line(self, found: Leftover, fate: str) -> str:
        size = "?" if found.size is None else f"{found.size:,}"
        age = max(0, self.sweep.now() - found.since) // HOUR
        return f"{found.kind}: {found.name!a}, {size} bytes, {age} h old: {fate}"

    def _sum_up(self) -> None:
        for kind in Kind:
            self.say(f"{self._found[kind]} x {kind}, {self._bytes[kind]:,} bytes")
        if self._old and not self.remove:
            self.say(f"This was a dry run. With --remove, {self._old} of them would be removed.")
