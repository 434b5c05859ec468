"""A model for a 3D printer: its shape alone, as STL or 3MF, by trimesh in a child process.

glTF has metres and Y up; printers' programs expect millimetres and Z up. The extra ``print``
brings trimesh, which only ever sees files that passed the check.
"""

import importlib.util
import json
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.files.confined import Limits, run
from bot.files.errors import ToolFailed

LIMITS = Limits(memory=3 * 1024**3)
"""A million triangles as 3MF take a third of it."""
_MILLIMETRES = 1000.0
_Z_UP = ((1, 0, 0, 0), (0, 0, -1, 0), (0, 1, 0, 0), (0, 0, 0, 1))
"""A quarter turn around X."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Printable:
    """What came of it."""

    watertight: bool
    """Whether it has an inside; what has none is filled by guess, or not at all."""
    triangles: int
    millimetres: tuple[float, float, float]
    """Width, depth and height."""


def installed() -> bool:
    """Whether this machine can do it."""
    return all(importlib.util.find_spec(name) for name in ("trimesh", "networkx", "lxml"))


async def for_print(model: Path, out: Path, limits: Limits = LIMITS) -> Printable:
    """Write a checked GLB to ``out``, as STL or 3MF by its name.

    Raises:
        ToolFailed: it could not be done.
        OSError: the disk.
    """
    said = await run((sys.executable, "-m", "bot.files.printing", model, out), limits)
    try:
        told = json.loads(said.splitlines()[-1])
        return Printable(**{**told, "millimetres": tuple(told["millimetres"])})
    except (ValueError, IndexError, TypeError, KeyError) as error:
        raise ToolFailed(f"said {said[:200]!r}") from error


def main(model: Path, out: Path) -> dict[str, Any]:
    """Do it, in the child; gives what the parent is told."""
    import trimesh

    mesh = trimesh.load_scene(model, file_type="glb").to_mesh()
    mesh.apply_transform(_Z_UP)
    mesh.apply_scale(_MILLIMETRES)
    mesh.apply_translation((0, 0, -mesh.bounds[0][2]))  # it stands on the plate
    mesh.merge_vertices(merge_tex=True, merge_norm=True)
    mesh.visual = trimesh.visual.ColorVisuals()
    out.write_bytes(mesh.export(file_type=out.suffix[1:]))
    return {
        "watertight": bool(mesh.is_watertight),
        "triangles": len(mesh.faces),
        "millimetres": [round(float(side), 1) for side in mesh.extents],
    }


if __name__ == "__main__":
    print(json.dumps(main(Path(sys.argv[1]), Path(sys.argv[2]))))  # noqa: T201 -- to the parent
