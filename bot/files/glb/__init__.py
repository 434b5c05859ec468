"""Is a GLB one that viewers open, and what is in it?

Ours, on the standard library alone: the file comes from outside, so nothing that
decodes geometry or pixels may see it before this has. Time grows with the file's
size, memory with its JSON alone, which is capped. Section numbers in here are those
of the glTF 2.0 specification (Khronos).
"""

from bot.files.glb.check import GlbFacts, check_glb
from bot.files.glb.metadata import strip_extras

__all__ = ["GlbFacts", "check_glb", "strip_extras"]
