"""Meshy's calls to our webhook: a bare task, unsigned, and so no more than a hint to look.

Anybody can make such a call. All that it can bring about is one look at a task of ours, and
only where its id is known already.
"""

from pydantic import BaseModel, ValidationError

from providers.meshy.resources import RESOURCES, task_id


class Letter(BaseModel):
    """As much of a call as is read."""

    id: str
    type: str


def heard(body: bytes) -> str | None:
    """Our id of the task that a call names; ``None`` where it names none."""
    try:
        letter = Letter.model_validate_json(body)
    except ValidationError:
        return None
    resource = RESOURCES.get(letter.type)
    return task_id(resource, letter.id) if resource and letter.id else None
