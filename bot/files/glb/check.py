"""All rules in order, cheapest first, and what is known of a file that keeps them."""

import re
from dataclasses import dataclass
from pathlib import Path

from bot.files.errors import BrokenGlb, Rule
from bot.files.glb.buffers import check_buffers
from bot.files.glb.container import Container, open_glb
from bot.files.glb.images import check_images
from bot.files.glb.numbers import check_numbers
from bot.files.glb.scene import check_scene, joint_count
from bot.files.glb.values import Json, items, label, mapping, texts

_DRAWABLE = frozenset(
    {
        "EXT_meshopt_compression",
        "EXT_texture_webp",
        "KHR_draco_mesh_compression",
        "KHR_lights_punctual",
        "KHR_materials_unlit",
        "KHR_mesh_quantization",
        "KHR_texture_transform",
    }
)
"""What a file may require: our viewer page has decoders for these. Besides them, materials."""
_MATERIALS = "KHR_materials_"
LARGEST_SIZE = 200 * 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class GlbFacts:
    """What is in a model."""

    triangles: int
    vertices: int
    joints: int
    clips: tuple[str, ...]
    """Names of its animations in order; empty text for one without a name."""
    materials: int
    textures: int
    size: int
    """Bytes of the whole file."""


def check_glb(path: Path, *, limit: int = LARGEST_SIZE) -> GlbFacts:
    """What is in a file of at most ``limit`` bytes; raises ``BrokenGlb``, or ``OSError`` if unreadable."""
    with open_glb(path, limit=limit) as container:
        return check_container(container)


def check_container(container: Container) -> GlbFacts:
    """The same for a file that is open already."""
    document = container.document
    _check_asset(document)
    views, accessors = check_buffers(container)
    check_images(container, views)
    seen = check_scene(document, views, accessors)
    check_numbers(container, accessors)
    return GlbFacts(
        triangles=seen.triangles,
        vertices=seen.vertices,
        joints=joint_count(document),
        clips=tuple(label(animation) for animation in items(document, "animations")),
        materials=len(items(document, "materials")),
        textures=len(items(document, "textures")),
        size=len(container.data),
    )


def _check_asset(document: Json) -> None:
    asset = mapping(document, "asset")
    version = asset.get("version")
    if not isinstance(version, str) or not re.fullmatch(r"2\.[0-9]{1,3}", version):
        raise BrokenGlb(Rule.VERSION, f"asset version {str(version)[:20]}")
    if asset.get("minVersion", "2.0") != "2.0":
        raise BrokenGlb(Rule.VERSION, "it needs a later version")
    for name in texts(document, "extensionsRequired"):
        if name not in _DRAWABLE and not name.startswith(_MATERIALS):
            raise BrokenGlb(Rule.EXTENSION, name[:60])
