"""What tasks cost in credits, and how long they take.

Times are much shorter than at the real vendor, where a textured model takes some minutes.
"""

from collections.abc import Mapping
from types import MappingProxyType

SECONDS: Mapping[str, float] = MappingProxyType(
    {
        "text-to-3d-preview": 8,
        "text-to-3d-refine": 6,
        "image-to-3d": 10,
        "multi-image-to-3d": 10,
        "retexture": 6,
        "remesh": 3,
        "convert": 2,
        "resize": 2,
        "uv-unwrap": 3,
        "rig": 5,
        "animate": 4,
        "text-to-image": 3,
        "image-to-image": 3,
    }
)
QUEUED_SHARE = 0.12
"""The first part of a task's time, in which it waits."""
FLAT: Mapping[str, int] = MappingProxyType({"remesh": 5, "convert": 1, "resize": 1, "uv-unwrap": 5, "rig": 5})
PER_ACTION = 3
PICTURES: Mapping[str, int] = MappingProxyType(
    {
        "nano-banana": 3,
        "nano-banana-2": 6,
        "nano-banana-pro": 9,
        "gpt-image-2": 9,
        "gpt-image-2-5-flare": 9,
        "gpt-image-2-5-sunburst": 9,
    }
)
"""By the model that paints; from pictures those of the family gpt-image cost three more."""
LIGHT = frozenset({"meshy-5", "meshy-6-lite"})
SMART = frozenset({"meshy-t1", "meshy-t2"})


def shape(model: str, geometry: str) -> int:
    """A mesh, from words or pictures."""
    return (5 if model in LIGHT | SMART else 20) + (0 if geometry == "standard" else 5)


def texture(resolution: str) -> int:
    """Paint for a mesh."""
    return 15 if resolution == "8k" else 10


def picture(model: str, *, given: bool) -> int:
    """A picture, made from others or from words alone."""
    return PICTURES[model] + (3 if given and model.startswith("gpt-image") else 0)
