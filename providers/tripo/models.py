"""What Tripo's generation models take, and what our styles mean to them.

Facts are from Tripo's v3 documentation and its SDK 1.0.0 (October 2026).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from providers.styles import WORDS

DEFAULT_MODEL = "v3.1-20260211"
PROMPT_MAX = 1024
NEGATIVE_PROMPT_MAX = 255

# The lower bound of the H models is ours: the vendor names none, and less is no model.
FACES: Mapping[str, range] = MappingProxyType(
    {
        "v3.1-20260211": range(1_000, 1_500_001),
        "v3.0-20250812": range(1_000, 1_000_001),
        "v2.5-20250123": range(1_000, 500_001),
        "P1-20260311": range(48, 20_001),
        "P2-20260801": range(48, 50_001),
    }
)
SMART_LOW_POLY_FACES = range(1_000, 20_001)
DECIMATOR = "v2.0"
"""Makes clean large triangles out of many, and paints them as they were."""
DECIMATED_FACES = range(1_000, 20_001)
FORMATS = ("fbx", "obj", "usdz")
"""Of those that there are; what is for printing we make ourselves."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Style:
    """What a style adds to a request."""

    words: str
    """Appended to the prompt."""
    fields: Mapping[str, Any] = field(default_factory=dict)
    """For words and pictures alike; pictures take no prompt."""
    faces: range | None = None
    """Where the style narrows the face count."""


STYLES: Mapping[str, Style] = MappingProxyType(
    {
        # Sharper textures, for 10 credits more.
        "realistic": Style(
            words=WORDS["realistic"],
            fields=MappingProxyType({"texture_quality": "detailed"}),
        ),
        # Plain colour without metal and roughness maps.
        "cartoon": Style(
            words=WORDS["cartoon"],
            fields=MappingProxyType({"pbr": False}),
        ),
        # Clean large triangles, for 10 credits more.
        "low_poly": Style(
            words=WORDS["low_poly"],
            fields=MappingProxyType({"smart_low_poly": True}),
            faces=SMART_LOW_POLY_FACES,
        ),
    }
)


def is_p_series(model: str) -> bool:
    """The P models make low-poly meshes by nature and have a pool of their own."""
    return model.startswith("P")


def faces(model: str) -> range:
    """Face counts that a model takes; cautious for one that is newer than this table."""
    return FACES.get(model, range(1_000, 500_001))


def style_fields(style: Style, model: str) -> Mapping[str, Any]:
    """The style's fields, without what a P model refuses even when it is false."""
    if is_p_series(model):
        return {name: value for name, value in style.fields.items() if name != "smart_low_poly"}
    return style.fields


def face_limit(asked: int, model: str, style: Style | None) -> int:
    """The nearest face count that model and style both take."""
    allowed = faces(model)
    if style and style.faces and not is_p_series(model):
        allowed = style.faces
    return min(max(asked, allowed.start), allowed.stop - 1)
