"""What can go wrong, on request: this vendor's own faults; ``sandbox.vendors.faults`` has those of all.

Before a task exists: ``moderated``, ``out_of_credit``, ``unauthorised``, ``rate_limited``, ``pool_full``;
``reject`` is 400 / 1004 unless said.
Around the answer also ``missing_status`` (in the envelope).
About the task: ``late_failed`` (its ``code``, 1000), ``late_moderated``, ``late_expired``,
``late_cancelled``, ``unknown_status``, ``never_finishes``, ``goes_backwards`` (its progress), ``forgotten``,
``missing_model_url``, ``model_urls_only``, ``expired_links``, and what breaks its file.
"""

from sandbox.vendors import faults
from sandbox.vendors.faults import (
    BREAKS,
    FILES,
    IN_PLACE_OF_AN_ANSWER,
    LATER,
    SPOILS,
    WEBHOOKS,
    Fault,
    spelled,
)
from sandbox.vendors.tripo.refusals import Refusal

REFUSALS = {
    "moderated": (400, 2008, "The prompt violates the content policy."),
    "out_of_credit": (403, 2010, "You don't have enough credit to create this task."),
    "unauthorised": (401, 2, "Authentication required."),
    "rate_limited": (429, 1007, "Too many requests."),
    "pool_full": (429, 2000, "You have exceeded the limit of generation."),
}
AROUND_THE_ANSWER = faults.AROUND_THE_ANSWER | {"missing_status"}
ABOUT_THE_TASK = FILES | {
    "late_failed",
    "late_moderated",
    "late_expired",
    "late_cancelled",
    "unknown_status",
    "never_finishes",
    "goes_backwards",
    "forgotten",
    "missing_model_url",
    "model_urls_only",
    "expired_links",
}
NAMES = REFUSALS.keys() | BREAKS | SPOILS | LATER | AROUND_THE_ANSWER | ABOUT_THE_TASK | WEBHOOKS
"""All that can be armed."""
WORDS = {
    spelled(name): name
    for name in REFUSALS.keys()
    | IN_PLACE_OF_AN_ANSWER
    | LATER
    | AROUND_THE_ANSWER
    | ABOUT_THE_TASK
    | WEBHOOKS
}
"""What a prompt may hold for something to go wrong with it."""


def refused(fault: Fault) -> Refusal:
    """What is answered instead."""
    if fault.name in REFUSALS:
        status, code, message = REFUSALS[fault.name]
        return Refusal(status, code, message, retry_after=2 if status == 429 else None)
    return Refusal(fault.status, fault.code or 1004, "A fault was asked for.")
