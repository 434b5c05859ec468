"""``python -m tests.unguarded run``: the hurried bot without its submit guard.

What was found in ``submitting`` is sent again, without a look at the vendor's records. It is
here to prove that chaos notices.
"""

import sys

from bot.__main__ import main
from bot.jobs.failures import Failure
from bot.jobs.machine import Outcome, Retry
from bot.jobs.submitting import Submitter
from providers.base import Provider
from storage.models import RunState, StageRun
from tests.hurried import hurry


async def send_again(_self: Submitter, _provider: Provider, _run: StageRun) -> Outcome:
    """In the place of the search: what a bot would do that trusts its luck."""
    return Retry(failure=Failure.VENDOR_DOWN, back_to=RunState.QUEUED)


if __name__ == "__main__":
    hurry()
    setattr(Submitter, "search", send_again)  # noqa: B010 # mypy does not let methods be replaced, rightly
    sys.exit(main())
