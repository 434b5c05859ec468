"""Where Meshy keeps which tasks.

A task is known on the route that made it and on no other, so our id of a task is
``<resource>/<Meshy's id>``: ``text-to-3d/0190...``. Only text-to-3d is of version 2.
"""

from collections.abc import Mapping
from types import MappingProxyType
from urllib.parse import quote

from providers.errors import TaskNotFound

NAME = "meshy"

TEXT = "text-to-3d"
IMAGE = "image-to-3d"
IMAGES = "multi-image-to-3d"
REMESH = "remesh"
RETEXTURE = "retexture"
CONVERT = "convert"
RIG = "rigging"
ANIMATE = "animations"

_V1 = (IMAGE, IMAGES, REMESH, RETEXTURE, CONVERT, RIG, ANIMATE)
ROUTES: Mapping[str, str] = MappingProxyType(
    {TEXT: f"/openapi/v2/{TEXT}"} | {name: f"/openapi/v1/{name}" for name in _V1}
)

PREVIEW = "text-to-3d-preview"
REFINE = "text-to-3d-refine"
RESOURCES: Mapping[str, str] = MappingProxyType(
    {
        PREVIEW: TEXT,
        REFINE: TEXT,
        IMAGE: IMAGE,
        IMAGES: IMAGES,
        REMESH: REMESH,
        RETEXTURE: RETEXTURE,
        CONVERT: CONVERT,
        "rig": RIG,
        # The documents call it one way, Meshy's own command line the other.
        "animate": ANIMATE,
        "animation": ANIMATE,
    }
)
"""By the type that a task names."""


def task_id(resource: str, theirs: str) -> str:
    """Our id of a task."""
    return f"{resource}/{theirs}"


def their_id(ours: str) -> str:
    """What Meshy calls the task. Raises ``TaskNotFound`` for an id that is none of ours."""
    resource, _, theirs = ours.partition("/")
    if resource not in ROUTES or not theirs:
        raise TaskNotFound(NAME, "not an id of a task")
    return theirs


def address(ours: str) -> str:
    """The route of one task. Raises ``TaskNotFound`` for an id that is none of ours."""
    theirs = their_id(ours)
    return f"{ROUTES[ours.partition('/')[0]]}/{quote(theirs, safe='')}"
