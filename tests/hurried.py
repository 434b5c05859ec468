"""``python -m tests.hurried run``: the real bot, whose pauses of minutes are some seconds.

Chaos plays hundreds of crashes. Nothing but the length of pauses differs, and how long
vendors' lists may lag, which in the sandbox they do for a second; nothing in the bot's own
code knows of it.
"""

import sys
from datetime import timedelta

from bot.__main__ import main
from bot.jobs import circuits, engine, machine, steps, submitting
from bot.jobs.clock import SECOND
from bot.ui import painter, presenter
from providers.meshy import client as meshy
from providers.replicate import recovery as replicate
from providers.tripo import client as tripo

PAUSES = (
    (submitting, "GRACE", 2 * SECOND),
    (submitting, "GIVE_UP", 20 * SECOND),
    (steps, "GRACE", 2 * SECOND),
    (steps, "ONE_BY_ONE", SECOND // 2),
    (engine, "AFTER_A_BREAK", SECOND),
    (engine, "LONGEST_NAP", 2 * SECOND),
    (machine, "back_off", lambda attempt: SECOND << min(attempt, 2)),
    (circuits, "FIRST_LOOK", SECOND),
    (circuits, "LONGEST", 2 * SECOND),
    (meshy, "LIST_LAGS", 3 * SECOND),
    (tripo, "LIST_LAGS", timedelta(seconds=3)),
    (replicate, "LIST_LAGS", timedelta(seconds=3)),
    (presenter, "_STORAGE_WAIT", 1.0),
    (painter, "_FIRST_WAIT", 1.0),
    (painter, "_LONGEST_WAIT", 4.0),
)


def hurry() -> None:
    """Cut the pauses short."""
    for module, name, pause in PAUSES:
        getattr(module, name)  # a pause that was renamed is told, not left long
        setattr(module, name, pause)


if __name__ == "__main__":
    hurry()
    sys.exit(main())
