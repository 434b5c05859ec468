"""What fell, and what it came to: the run's last lines."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from sandbox.chaos.audit import Finding, Wrong

COUNTED = (Wrong.LOST, Wrong.PAID_TWICE, Wrong.OVERCHARGED, Wrong.ORPHAN, Wrong.FROZEN)


@dataclass(slots=True, kw_only=True)
class Tally:
    """Counts over all rounds."""

    expected: tuple[str, ...]
    """Blows of which each has to fall at least once."""
    fallen: Counter[str] = field(default_factory=Counter)
    findings: list[Finding] = field(default_factory=list)
    rounds: int = 0
    jobs: int = 0
    ended_itself: int = 0
    """How often the bot ended though nobody killed it."""

    @property
    def well(self) -> bool:
        """Nothing is wrong, and everything fell."""
        return not self.findings and not self.missed

    @property
    def missed(self) -> list[str]:
        """What never fell."""
        return [name for name in self.expected if not self.fallen[name]]

    def lines(self) -> Iterable[str]:
        """Each blow with its count, then the sum of it all."""
        kills = {name: self.fallen[name] for name in self.expected if name.startswith("kill-")}
        others = {name: self.fallen[name] for name in self.expected if name not in kills}
        yield "kills  " + _counts({name.removeprefix("kill-"): count for name, count in kills.items()})
        yield "faults " + _counts(others)
        if self.missed:
            yield "never fell: " + ", ".join(self.missed)
        if self.ended_itself:
            yield f"the bot ended by itself {self.ended_itself} times, and was started anew"
        wrong = Counter(finding.wrong for finding in self.findings)
        if wrong[Wrong.INTRUDER]:
            yield f"intruders={wrong[Wrong.INTRUDER]}"
        sums = {kind.value: wrong[kind] for kind in COUNTED}
        yield f"rounds={self.rounds} jobs={self.jobs} " + _counts(sums)


def _counts(counts: dict[str, int]) -> str:
    return " ".join(f"{name}={count}" for name, count in counts.items())
