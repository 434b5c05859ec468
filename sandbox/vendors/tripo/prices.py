"""What a task costs in credits (100 of them are a dollar), how long it takes, and which pool it waits in."""

from collections.abc import Mapping
from decimal import Decimal
from types import MappingProxyType
from typing import Any

POOLS: Mapping[str, int] = MappingProxyType(
    {"h_series": 10, "p_series": 5, "image": 1, "animation": 10, "files": 5, "mesh": 10}
)
"""How many tasks of a kind an account may have queued and running at once."""

SECONDS: Mapping[str, float] = MappingProxyType(
    {
        "text_to_model": 12,
        "image_to_model": 14,
        "multiview_to_model": 16,
        "animate_prerigcheck": 1,
        "animate_rig": 6,
        "animate_retarget": 4,
        "import_model": 1,
        "text_to_image": 3,
        "generate_image": 3,
        "generate_multiview_image": 4,
        "edit_multiview_image": 4,
        "image_to_splat": 10,
        "image_to_depth": 2,
        "texture_model": 8,
        "convert_model": 3,
        "mesh_segmentation": 5,
        "mesh_smart_segmentation": 5,
        "mesh_completion": 5,
        "highpoly_to_lowpoly": 5,
        "mesh_uv": 3,
    }
)
"""Much shorter than at the real vendor (a textured model takes about two minutes there)."""

QUEUED_SHARE = 0.12
"""The first part of a task's time, in which it is only queued."""

_QUALITY = {"detailed": 10, "extreme": 20}
_FLAT = {
    "text_to_image": 5,
    "generate_image": 5,
    "generate_multiview_image": 10,
    "image_to_splat": 30,
    "image_to_depth": 5,
    "mesh_segmentation": 40,
    "mesh_smart_segmentation": 40,
    "mesh_completion": 50,
    "mesh_uv": 10,
}


def pool(kind: str, body: Mapping[str, Any]) -> str:
    """The pool that a task takes a place in."""
    if kind.startswith("animate"):
        return "animation"
    if kind in {"import_model", "texture_model", "convert_model"}:
        return "files"
    if kind.startswith("mesh") or kind == "highpoly_to_lowpoly":
        return "mesh"
    if kind.endswith("_image") or kind == "image_to_depth":
        return "image"
    return "p_series" if str(body.get("model", "")).startswith("P") else "h_series"


def price(kind: str, body: Mapping[str, Any]) -> Decimal:
    """What a task costs when it succeeds."""
    if kind == "animate_rig":
        return Decimal(25)
    if kind == "animate_retarget":
        return Decimal(10 * len(body.get("animations") or [body.get("animation")]))
    if kind.endswith("_to_model"):
        return Decimal(_generation(kind, body))
    return Decimal(_work(kind, body))


def _work(kind: str, body: Mapping[str, Any]) -> int:
    """Prices of pictures and of work on models; those of splitting by hint, depth and UVs are guesses."""
    if kind == "texture_model":
        return 10 + _QUALITY.get(body.get("texture_quality", ""), 0)
    if kind == "convert_model":
        return 10 if body.keys() - {"input", "format"} else 5
    if kind == "highpoly_to_lowpoly":
        return 10 if body.get("model") == "v1.0" else 30
    if kind == "edit_multiview_image":
        return 5 * len(body.get("prompts", ()))
    return _FLAT.get(kind, 0)


def _generation(kind: str, body: Mapping[str, Any]) -> int:
    textured = bool(body.get("texture"))
    from_picture = 0 if kind == "text_to_model" else 10
    model = str(body.get("model", ""))
    if model.startswith("P2"):
        return 100 + 10 * textured + _QUALITY.get(body.get("texture_quality", ""), 0)
    base = (30 if model.startswith("P1") else 10) + from_picture + 10 * textured
    extras = _QUALITY.get(body.get("texture_quality", ""), 0) if textured else 0
    extras += 20 * (body.get("geometry_quality") == "detailed") + 5 * bool(body.get("quad"))
    return base + extras + 10 * bool(body.get("smart_low_poly")) + 20 * bool(body.get("generate_parts"))
