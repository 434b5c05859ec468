"""The owner's numbers, as plain values."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from storage.models import Stage


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """Prices, allowances and limits; credits and bytes are whole numbers."""

    allowance: int = 10
    """Credits a member may use in 24 hours in one server, unless a moderator set another number."""
    generate: int = 2
    rig: int = 1
    clip: int = 1
    special: Mapping[tuple[str, Stage], int] = field(default_factory=dict)
    """Prices that differ at one vendor."""
    member_cap: int | None = None
    """Credits a member may use in 24 hours over all servers."""
    bot_cap: int | None = None
    """Credits that all members together may use in 24 hours."""
    running: int = 2
    """Runs of one member at vendors at the same moment."""
    waiting: int = 5
    """Jobs of one member that may wait besides."""
    model_bytes: int = 150 * 1024 * 1024
    """Largest result that is kept."""

    def price(self, stage: Stage, provider: str = "") -> int:
        """Credits for one run of a stage, of one clip where it is clips; helpers are free."""
        if (provider, stage) in self.special:
            return self.special[provider, stage]
        return {Stage.GENERATE: self.generate, Stage.RIG: self.rig, Stage.ANIMATE: self.clip}.get(stage, 0)

    @property
    def prices(self) -> dict[str, int]:
        """Credits by the name of the stage, as shown."""
        return {stage.value: self.price(stage) for stage in (Stage.GENERATE, Stage.RIG, Stage.ANIMATE)}


PROMPT_MIN = 3
PROMPT_MAX = 500
MAX_CLIPS = 4
MAX_PICTURES = 4
