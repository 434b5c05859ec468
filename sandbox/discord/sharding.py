"""How a large bot is split: into how many shards, how fast they may begin, how much one may hold."""

from dataclasses import dataclass

from sandbox.clock import Clock
from sandbox.discord.ratelimits import Limit, RateLimits

_PACE = Limit(1, 5)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sharding:
    """What ``GET /gateway/bot`` recommends, and what a single shard may hold."""

    shards: int = 1
    max_concurrency: int = 1
    guilds_per_shard: int = 2_500


class Pace:
    """Lets one shard of each bucket begin in five seconds.

    A bot that is one shard alone is never kept waiting, which is kinder than Discord. A shard's bucket is its
    number modulo ``max_concurrency``.
    """

    def __init__(self, clock: Clock) -> None:
        self._limits = RateLimits(clock)

    def allows(self, shard: tuple[int, int], sharding: Sharding) -> bool:
        """Whether this shard may begin now."""
        number, shards = shard
        if shards == 1:
            return True
        bucket = str(number % sharding.max_concurrency)
        return self._limits.take("identify", bucket, _PACE, counts_globally=False).retry_after is None
