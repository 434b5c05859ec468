"""What Meshy's generation models take, what they cost, and what our styles mean to them.

Facts are from Meshy's documentation and price page of September and October 2026.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from providers.capabilities import Estimate
from providers.errors import Rejected
from providers.meshy.resources import NAME
from providers.styles import WORDS

DEFAULT_MODEL = "latest"
LOW_POLY = "low_poly"
LOW_POLY_MODEL = "meshy-t2"

PROMPT_MAX = 600
"""The documents say 800 since September; what they said before is right in any case."""
PICTURES = 4
FACES = range(100, 300_001)
USUAL_FACES = 30_000
"""Said aloud: unless asked for, a model has about two million faces and 90 MB."""
LOW_POLY_FACES = range(100, 15_001)
LOW_POLY_USUAL_FACES = 4_000
RIG_FACES = 300_000
"""A heavier model is not rigged."""
FORMATS = ("fbx", "obj", "usdz")
"""Of those that there are; what is for printing we make ourselves."""
SHARPER = "4k"

_PLAIN_TEXTURES_ONLY = frozenset({"meshy-6-lite", "meshy-5"})
_CREDIT = 20_000  # millionths of a dollar: the Pro plan has 1,000 credits for 20 dollars

ESTIMATES: Mapping[str, Estimate] = MappingProxyType(
    {
        "draft": Estimate(seconds=75, usd_micros=20 * _CREDIT),
        "generate": Estimate(seconds=180, usd_micros=10 * _CREDIT),
        "remesh": Estimate(seconds=90, usd_micros=5 * _CREDIT),
        "retexture": Estimate(seconds=180, usd_micros=10 * _CREDIT),
        "convert": Estimate(seconds=30, usd_micros=_CREDIT),
        "rig": Estimate(seconds=60, usd_micros=5 * _CREDIT),
        "animate": Estimate(seconds=45, usd_micros=3 * _CREDIT),
    }
)
"""By step; the times are what users measured. From words, the draft is half of the generation."""
FROM_PICTURES = Estimate(seconds=180, usd_micros=30 * _CREDIT)
"""A model from pictures, in one go."""


def styled(prompt: str, style: str | None) -> str:
    """The prompt with the style's words. Raises ``Rejected`` for a style that there is not."""
    if style is None:
        return prompt
    if style not in WORDS:
        raise Rejected(NAME, f"no style {style}", code="style")
    return ", ".join(filter(None, (prompt, WORDS[style])))


def shape(style: str | None, model: str, faces: int | None, *, smart: bool = True) -> dict[str, Any]:
    """The fields of a new shape: which model makes it, of how many faces.

    ``smart``: the route knows the model that lays few faces well; several pictures do not.
    """
    if style != LOW_POLY:
        count = _nearest(faces or USUAL_FACES, FACES)
        return {"ai_model": model, "should_remesh": True, "target_polycount": count}
    count = _nearest(faces or LOW_POLY_USUAL_FACES, LOW_POLY_FACES)
    if not smart:
        return {"ai_model": model, "should_remesh": True, "target_polycount": count}
    return {"model_type": "smart-topology", "ai_model": LOW_POLY_MODEL, "target_polycount": count}


def surface(style: str | None, model: str) -> dict[str, Any]:
    """The fields of its textures. A cartoon is plain colour, without metal and roughness."""
    fields: dict[str, Any] = {"enable_pbr": style != "cartoon"}
    if style == "realistic" and model not in _PLAIN_TEXTURES_ONLY:
        fields["texture_resolution"] = SHARPER
    return fields


def remeshed(faces: int) -> int:
    """The nearest face count that a remesh takes."""
    return _nearest(faces, FACES)


def _nearest(asked: int, allowed: range) -> int:
    return min(max(asked, allowed.start), allowed.stop - 1)
