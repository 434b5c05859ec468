"""What our styles mean in words, for vendors that have no parameter of their own for them."""

from collections.abc import Mapping
from types import MappingProxyType

WORDS: Mapping[str, str] = MappingProxyType(
    {
        "realistic": "realistic, lifelike proportions and materials",
        "cartoon": "stylised cartoon, simple rounded shapes, flat bright colours",
        "low_poly": "low poly, faceted, flat shaded",
    }
)
"""By the style's name; appended to a prompt."""
