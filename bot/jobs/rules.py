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
    retexture: int = 1
    remesh: int = 1
    convert: int = 1
    """By a vendor; what we do ourselves is free."""
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
        """Credits for one run of a stage that a vendor does for a member, of one clip where it is clips."""
        if (provider, stage) in self.special:
            return self.special[provider, stage]
        return self._usual.get(stage, 0)

    @property
    def prices(self) -> dict[str, int]:
        """Credits by the name of the stage, as shown."""
        return {stage.value: self.price(stage) for stage in self._usual}

    @property
    def _usual(self) -> Mapping[Stage, int]:
        return {
            Stage.GENERATE: self.generate,
            Stage.RIG: self.rig,
            Stage.ANIMATE: self.clip,
            Stage.RETEXTURE: self.retexture,
            Stage.REMESH: self.remesh,
            Stage.CONVERT: self.convert,
        }


PROMPT_MIN = 3
PROMPT_MAX = 500
MAX_CLIPS = 4
MAX_PICTURES = 4
USUAL_FACES = 5_000
"""Every vendor that changes the number of faces makes so many."""
