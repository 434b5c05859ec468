"""How this vendor says no: an HTTP status and ``{"message": ...}``."""

from sandbox.vendors.refusals import Refusal
from sandbox.vendors.wire import NoObject


def as_theirs(refusal: Refusal) -> Refusal:
    """Whatever is wrong with a body is 400 here, its content type too."""
    return bad(refusal.message) if isinstance(refusal, NoObject) else refusal


def bad(message: str) -> Refusal:
    """400: a field is missing or wrong, or what it points at cannot be used."""
    return Refusal(400, message)


def no_such_task() -> Refusal:
    """404: unknown, of another resource, another account's, deleted or expired; which of them is not told."""
    return Refusal(404, "Task not found")


def no_such_route() -> Refusal:
    """404, whatever the method."""
    return Refusal(404, "NoMatchingRoute")


def too_many_faces(most: int) -> Refusal:
    """400: the mesh is too heavy for this."""
    return bad(f"The model has too many faces: at most {most} are supported.")


def not_a_humanoid() -> Refusal:
    """422: rigging found no pose."""
    return Refusal(422, "Pose estimation failed")
