"""What can go wrong, on request: this vendor's own faults; ``sandbox.vendors.faults`` has those of all.

The ``type`` of a task is its model's name, such as ``firtoz/trellis``.
Before a prediction exists: ``out_of_credit`` (402), ``unauthorised`` (401), ``rate_limited`` (429),
``low_credit_throttled`` (429 with the account's state in its words), ``version_gone`` (422); ``reject``
is 400 unless said. There is no ``pool_full``: this vendor's queues have no end.
About a prediction: ``moderated`` (it fails soon after its start: the vendor takes every prompt on),
``late_failed`` (out of memory), ``late_moderated``, ``late_cancelled``, ``late_aborted`` (before it ran),
``unknown_status``, ``never_finishes`` (and has no deadline), ``goes_backwards`` (its log), ``forgotten``,
``missing_model_url`` (it succeeds with ``null``), ``expired_links``, and what breaks its files.
About webhooks also ``start_after_completed``.
"""

from sandbox.vendors.faults import (
    AROUND_THE_ANSWER,
    BREAKS,
    FILES,
    LATER,
    SPOILS,
    WEBHOOKS,
    Fault,
)
from sandbox.vendors.replicate.refusals import (
    Refusal,
    Throttled,
    no_such_version,
    out_of_credit,
    unauthenticated,
)

REFUSALS = frozenset(
    {"out_of_credit", "unauthorised", "rate_limited", "low_credit_throttled", "version_gone"}
)
ABOUT_THE_TASK = FILES | {
    "moderated",
    "late_failed",
    "late_moderated",
    "late_cancelled",
    "late_aborted",
    "unknown_status",
    "never_finishes",
    "goes_backwards",
    "forgotten",
    "missing_model_url",
    "expired_links",
    "start_after_completed",
}
NAMES = REFUSALS | BREAKS | SPOILS | LATER | AROUND_THE_ANSWER | ABOUT_THE_TASK | WEBHOOKS
"""All that can be armed."""


def refused(fault: Fault) -> Refusal:
    """What is answered instead."""
    match fault.name:
        case "out_of_credit":
            return out_of_credit()
        case "unauthorised":
            return unauthenticated()
        case "rate_limited":
            return Throttled(2)
        case "low_credit_throttled":
            return Throttled(10, low_credit=True)
        case "version_gone":
            return no_such_version()
        case _:
            return Refusal(fault.status, "A fault was asked for.")
