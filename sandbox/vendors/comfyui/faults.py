"""What can go wrong, on request: this server's own faults; ``sandbox.vendors.faults`` has those of all.

Before a prompt is taken, as a gateway in front of the server says it: ``unauthorised``, ``rate_limited``;
``reject`` is 400 unless said.
About the prompt: ``late_failed`` (an error in the middle of the graph), ``out_of_memory``,
``late_cancelled`` (somebody at the server's own page interrupts it), ``never_finishes``, ``unknown_status``,
``forgotten`` (it is in no queue and no history), ``restarts`` (the server dies over it, and with it all that
was queued), ``missing_model_url`` (a success whose history names no file), ``expired_links`` (the named file
is not there), and what breaks its file.

There is no moderation here, no credit and no pool; the queue holds what was accepted from the same moment on,
so nothing is listed late; the progress of a graph starts again at each node anyway; nobody is called back.
"""

from sandbox.vendors import faults
from sandbox.vendors.comfyui.refusals import Refusal
from sandbox.vendors.faults import BREAKS, FILES, IN_PLACE_OF_AN_ANSWER, LATER, SPOILS, Fault

REFUSALS = {
    "unauthorised": (401, "401 Authorization Required"),
    "rate_limited": (429, "429 Too Many Requests"),
}
AROUND_THE_ANSWER = faults.AROUND_THE_ANSWER - {"listed_late"}
ABOUT_THE_PROMPT = FILES | {
    "late_failed",
    "out_of_memory",
    "late_cancelled",
    "never_finishes",
    "unknown_status",
    "forgotten",
    "restarts",
    "missing_model_url",
    "expired_links",
}
NAMES = REFUSALS.keys() | BREAKS | SPOILS | LATER | AROUND_THE_ANSWER | ABOUT_THE_PROMPT
"""All that can be armed."""
AT_ONCE = REFUSALS.keys() | IN_PLACE_OF_AN_ANSWER
"""What a prompt's text may ask for before anything is looked at."""


def refused(fault: Fault) -> Refusal:
    """What is answered instead."""
    status, title = REFUSALS.get(fault.name, (fault.status, f"{fault.status} A fault was asked for"))
    return Refusal(status, title, retry_after=2 if status == 429 else None)
