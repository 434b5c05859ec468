"""Which body plan a prompt asks for.

A plan is a function that puts parts on clay, the paints it uses, and what skeleton
fits it. The first word of the prompt that names a plan decides; a prompt that names
none gets one of the two-legged creatures, chosen by its seed.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from sandbox.shapes.clay import Clay
from sandbox.shapes.texture import Paint


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """One kind of thing that can be made."""

    words: str
    """Words that ask for it, without accents, in English and Spanish."""
    shape: Callable[[Clay], None]
    paints: Mapping[str, Paint]
    """The free ones first, most of the surface first: words and pictures recolour them in this order."""
    topology: str | None = None
    """The skeleton, in the vendor's words; ``None`` where nothing is to be bent."""
    stray: bool = False
    """May stand in for a prompt that names no plan."""


def chosen(plans: Sequence[Plan], words: Sequence[str], seed: int) -> Plan:
    """The plan for a prompt's words."""
    named = {word: plan for plan in plans for word in plan.words.split()}
    for word in words:
        plan = named.get(word) or named.get(word.removesuffix("s")) or named.get(word.removesuffix("es"))
        if plan:
            return plan
    strays = [plan for plan in plans if plan.stray]
    return strays[seed % len(strays)]
