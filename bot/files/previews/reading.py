"""What f3d would show wrongly or not at all, told from a checked file's JSON."""

from pathlib import Path

from bot.files.glb.container import open_glb
from bot.files.glb.values import items, texts

_LARGEST = 2_000 * 1024 * 1024
"""Whatever an owner lets in."""


def obstacle(model: Path) -> str | None:
    """Why there will be no good picture; ``None``: nothing stands in the way.

    f3d 4.0 has no decoder for meshopt, and takes no WebP for a texture in a GLB: the first it
    refuses, and of the second it shows a grey shape.
    """
    with open_glb(model, limit=_LARGEST) as container:
        used = texts(container.document, "extensionsUsed")
        images = items(container.document, "images")
    if "EXT_meshopt_compression" in used:
        return "compressed with meshopt"
    if any(image.get("mimeType") == "image/webp" for image in images):
        return "WebP textures"
    return None
