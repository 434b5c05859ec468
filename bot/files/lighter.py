"""Lighter copies of a model by gltfpack, meshoptimizer's own program: fewer faces, or packed.

It only leaves out vertices and never moves any, so that skeletons, weights, movements and
textures stay whole. It is an npm package and runs in Node, in a child process.
"""

import shutil
from dataclasses import dataclass
from pathlib import Path

from bot.files.confined import Limits, run

NODE_MODULES = Path(__file__).parents[2] / "node_modules"
"""Where ``npm ci`` puts packages."""
PROGRAM = "gltfpack/cli.js"
_AS_IT_IS = ("-noq", "-kn", "-km", "-ke")
"""Numbers stay exact; names, materials and what programs wrote for themselves stay."""
_DEVIATION = "0.05"
"""How far, as a share of its size, the surface may be from where it was."""

LIMITS = Limits(memory=3 * 1024**3)


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """One kind of lighter copy."""

    mark: str
    """In the file's name."""
    share: int | None
    """Percent of the faces; ``None``: all of them, packed."""

    @property
    def options(self) -> tuple[str, ...]:
        """In the program's words."""
        if self.share is None:
            return ("-cc", "-kn", "-km", "-ke")
        return ("-si", str(self.share / 100), "-se", _DEVIATION, *_AS_IT_IS)


WAYS = (Way(mark="50", share=50), Way(mark="25", share=25), Way(mark="packed", share=None))


def installed(node_modules: Path = NODE_MODULES) -> bool:
    """Whether this machine can do it."""
    return shutil.which("node") is not None and (node_modules / PROGRAM).is_file()


async def lighten(model: Path, out: Path, way: Way, limits: Limits = LIMITS) -> None:
    """Write a lighter copy of a checked GLB to ``out``; whether it is sound is not known yet.

    Raises:
        ToolFailed: it could not be done.
        OSError: the disk.
    """
    program: tuple[str | Path, ...] = ("node", NODE_MODULES / PROGRAM, "-i", model, "-o", out, *way.options)
    await run(program, limits)
