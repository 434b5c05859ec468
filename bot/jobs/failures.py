"""Codes for why a run ended without a result, as saved with it.

A failure outlives the process, so what is saved is a code and its facts. Each has a
sentence in every language (``failure.<code>`` in ``bot/locales``), which also says
that nothing was charged.
"""

from enum import StrEnum

from storage.models import RunState, StageRun


class Failure(StrEnum):
    """Names are only ever added."""

    MODERATED = "moderated"
    VENDOR_FAILED = "vendor_failed"
    VENDOR_CANCELLED = "vendor_cancelled"
    VENDOR_EXPIRED = "vendor_expired"
    TOO_COMPLEX = "too_complex"
    NOT_RIGGABLE = "not_riggable"
    """Data: ``rig_type``, the skeleton that the check thought of, if any."""
    CONTRACT_CHANGED = "contract_changed"
    REJECTED = "rejected"
    """The vendor refused the request as wrong."""
    OUT_OF_CREDIT = "out_of_credit"
    UNAUTHORISED = "unauthorised"
    OWN_KEY_EMPTY = "own_key_empty"
    """The member's own account has no credit left."""
    OWN_KEY_REFUSED = "own_key_refused"
    """The member's own key is no longer accepted."""
    NOT_HANDED_OVER = "not_handed_over"
    """The file could not reach the vendor: too large for a request, and no link that it can read."""
    VENDOR_DOWN = "vendor_down"
    TASK_FORGOTTEN = "task_forgotten"
    DEADLINE = "deadline"
    """Data: ``minutes`` it was waited for."""
    BAD_FILE = "bad_file"
    """Data: ``rule``, the code of ``bot.files.glb`` that the result breaks."""
    TOO_LARGE = "too_large"
    """The result is larger than the owner lets us keep."""
    NO_FILE = "no_file"
    INFECTED = "infected"
    """The owner's virus scanner knows what is in the result."""
    NOT_SCANNED = "not_scanned"
    """The owner wants every file scanned, and the scanner did not answer."""
    DOWNLOAD = "download"
    STORE = "store"
    """Our own object store did not take it."""
    SOURCE_LOST = "source_lost"
    """What it builds on is gone at the vendor and with us."""
    NOT_MADE = "not_made"
    """Our own work on it came to nothing: a program could not do it, or took too much."""
    UNSURE = "unsure"
    NEEDED_FAILED = "needed_failed"
    """Something that it needed failed."""
    INTERNAL = "internal"
    """A mistake of ours; the log has it."""


HOPELESS = frozenset(
    {
        Failure.MODERATED,
        Failure.REJECTED,
        Failure.NOT_RIGGABLE,
        Failure.NOT_HANDED_OVER,
        Failure.NEEDED_FAILED,
        Failure.SOURCE_LOST,
        Failure.OWN_KEY_REFUSED,
    }
)
"""Failures that the same request would only meet again."""


def can_try_again(run: StageRun) -> bool:
    """Whether a run failed of something that another try may not meet."""
    return run.state in {RunState.FAILED, RunState.UNSURE} and run.failure not in HOPELESS
