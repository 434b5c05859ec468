"""Bad weather on request: errors, rate limits, latency and cut connections for chosen routes."""

import itertools
from dataclasses import dataclass
from enum import StrEnum
from fnmatch import fnmatchcase

from sandbox.discord.refusals import Json


class Kind(StrEnum):
    """What goes wrong."""

    STATUS = "status"
    USER = "user"
    GLOBAL = "global"
    SHARED = "shared"
    CLOUDFLARE = "cloudflare"
    LATENCY = "latency"
    CUT = "cut"


@dataclass(slots=True, kw_only=True)
class Fault:
    """One fault: for which requests, how often (``times``, None for ever), how long (``seconds``)."""

    kind: Kind
    method: str = "*"
    path: str = "*"
    status: int = 500
    times: int | None = 1
    seconds: float = 1.0
    id: int = 0

    def shown(self) -> Json:
        """The fault as the control API shows it."""
        return {
            "id": self.id,
            "kind": self.kind.value,
            "method": self.method,
            "path": self.path,
            "status": self.status,
            "times": self.times,
            "seconds": self.seconds,
        }


class Faults:
    """The faults that are set. Latency goes together with another fault; of the others the first one wins."""

    def __init__(self) -> None:
        self._numbers = itertools.count(1)
        self._faults: list[Fault] = []

    def add(self, fault: Fault) -> Fault:
        """Set a fault."""
        fault.id = next(self._numbers)
        self._faults.append(fault)
        return fault

    def all(self) -> list[Fault]:
        """The faults that have not been used up."""
        return list(self._faults)

    def clear(self) -> None:
        """No more faults."""
        self._faults.clear()

    def meet(self, method: str, path: str) -> tuple[float, Fault | None]:
        """What a request runs into: seconds of latency, and what else."""
        met = [fault for fault in self._faults if _matches(fault, method, path)]
        slow = [fault for fault in met if fault.kind is Kind.LATENCY]
        other = next((fault for fault in met if fault.kind is not Kind.LATENCY), None)
        for fault in [*slow, *([other] if other else [])]:
            self._use(fault)
        return sum(fault.seconds for fault in slow), other

    def _use(self, fault: Fault) -> None:
        if fault.times is not None:
            fault.times -= 1
            if fault.times <= 0:
                self._faults.remove(fault)


def _matches(fault: Fault, method: str, path: str) -> bool:
    return fault.method in ("*", method) and fnmatchcase(path, fault.path)
