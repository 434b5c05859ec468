"""What can go wrong, on request: this vendor's own faults; ``sandbox.vendors.faults`` has those of all.

Before a task exists: ``moderated`` (400), ``out_of_credit``, ``unauthorised``, ``rate_limited`` and
``pool_full`` (the two kinds of 429), ``no_plan`` (a 429 that does not pass: the plan makes no tasks);
for rigging also ``too_many_faces`` (400) and ``not_a_humanoid`` (422).
About the task: ``late_failed``, ``late_timeout``, ``late_invalid`` (the picture is too complex),
``late_moderated``, ``late_cancelled``, ``unknown_status``, ``never_finishes``, ``goes_backwards`` (its
progress), ``forgotten``, ``missing_model_url``, ``expired_links``, and what breaks its file.
About its model, whatever is made of it later: ``too_many_faces`` (until it is remeshed) and
``not_a_humanoid``: rigging will refuse it.

Webhooks carry no signature and no time, so there is no ``webhook_old``; ``webhook_forged`` says of a task
that it failed, which is not true.
"""

from sandbox.vendors import faults
from sandbox.vendors.faults import (
    AROUND_THE_ANSWER,
    BREAKS,
    FILES,
    LATER,
    SPOILS,
    Fault,
)
from sandbox.vendors.refusals import Refusal

RIG = "rig"
CALLS = frozenset({"create", "read", "delete", "download"})
REFUSALS = {
    "moderated": (400, "The prompt was blocked by the safety filters."),
    "out_of_credit": (402, "Insufficient funds"),
    "unauthorised": (401, "Invalid API key"),
    "rate_limited": (429, "RateLimitExceeded"),
    "pool_full": (429, "NoMoreConcurrentTasks"),
    "no_plan": (429, "NoMorePendingTasks: please upgrade your plan to create tasks."),
}
CLAIMS = {
    "too_many_faces": (400, "The model has too many faces: at most 300000 are supported."),
    "not_a_humanoid": (422, "Pose estimation failed"),
}
"""Refusals of rigging, which can be asked for long before."""
ENDS = {
    "late_failed": {"type": "server_error", "message": "Something went wrong. Please try again."},
    "late_timeout": {"type": "timeout", "message": "The task took too long.", "code": "timeout"},
    "late_invalid": {
        "type": "invalid_input",
        "message": "The image is too complex.",
        "code": "image_too_complex",
    },
    "late_moderated": {
        "type": "invalid_input",
        "message": "The input was blocked by the safety filters.",
        "code": "moderation_blocked",
    },
}
"""The ``task_error`` of a task that fails."""
ABOUT_THE_TASK = (
    FILES
    | ENDS.keys()
    | CLAIMS.keys()
    | {
        "late_cancelled",
        "unknown_status",
        "never_finishes",
        "goes_backwards",
        "forgotten",
        "missing_model_url",
        "expired_links",
    }
)
WEBHOOKS = faults.WEBHOOKS - {"webhook_old"}
NAMES = REFUSALS.keys() | BREAKS | SPOILS | LATER | AROUND_THE_ANSWER | ABOUT_THE_TASK | WEBHOOKS
"""All that can be armed."""


def refusals_of(kind: str) -> frozenset[str]:
    """What this kind of task can be refused for."""
    return frozenset(REFUSALS) | (frozenset(CLAIMS) if kind == RIG else frozenset())


def refused(fault: Fault) -> Refusal:
    """What is answered instead."""
    if fault.name in REFUSALS.keys() | CLAIMS.keys():
        status, message = (REFUSALS | CLAIMS)[fault.name]
        return Refusal(status, message, retry_after=1 if fault.name == "rate_limited" else None)
    return Refusal(fault.status, "A fault was asked for.")
