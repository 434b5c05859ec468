"""What a file says about its own making, and nobody asked to publish.

Generators write into ``asset.extras`` (section 3.2): ComfyUI the whole graph, with the
prompt and the names of files on its owner's disk. No viewer reads it.
"""

from pathlib import Path

from bot.files.glb.container import open_glb, write_glb
from bot.files.glb.values import mapping


def strip_extras(path: Path, out: Path, *, limit: int) -> Path:
    """The file without ``asset.extras``: written to ``out`` if it has any, else where it is.

    Raises ``BrokenGlb`` for a file that cannot be taken apart, or of more than ``limit`` bytes.
    """
    with open_glb(path, limit=limit) as container:
        asset = mapping(container.document, "asset")
        if "extras" not in asset:
            return path
        bare = {key: value for key, value in asset.items() if key != "extras"}
        binary = slice(container.start, container.start + container.length)
        with out.open("wb") as file, memoryview(container.data) as data, data[binary] as part:
            write_glb(file, {**container.document, "asset": bare}, [part])
    return out
