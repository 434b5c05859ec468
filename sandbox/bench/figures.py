"""A figure, and many of them as a table and as JSON."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One thing that was measured."""

    what: str
    value: float
    unit: str
    goal: float | None = None
    """What it should be below (or above, with ``at_least``)."""
    at_least: bool = False
    note: str = ""

    @property
    def met(self) -> bool | None:
        """Whether the goal was reached; ``None`` without one."""
        if self.goal is None:
            return None
        return self.value >= self.goal if self.at_least else self.value <= self.goal


def table(figures: Sequence[Figure]) -> str:
    """For people."""
    rows = [("what", "measured", "goal", "", "")]
    for one in figures:
        sign = {None: "", True: "✓", False: "✗"}[one.met]
        goal = "" if one.goal is None else f"{'≥' if one.at_least else '≤'} {one.goal:g}"
        rows.append((one.what, f"{one.value:.4g} {one.unit}", goal, sign, one.note))
    widths = [max(len(row[column]) for row in rows) for column in range(5)]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows
    )


def as_json(figures: Sequence[Figure]) -> str:
    """For machines."""
    return json.dumps([{**asdict(one), "met": one.met} for one in figures], indent=1)
