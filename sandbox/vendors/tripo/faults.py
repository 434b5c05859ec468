"""What can go wrong, on request.

``POST /sandbox/tripo/faults`` arms one: ``{"fault": "late_failed"}``, with

* ``times``: for how many requests or tasks (1),
* ``type``: only for tasks of this type (``animate_rig``; any),
* ``on``: for faults of one call also other calls than ``create``: ``read`` (task, list, balance,
  usage), ``upload``, ``download``,
* ``status``, ``code``, ``seconds``: details where a fault has them.

Before a task exists: ``moderated``, ``out_of_credit``, ``unauthorised``, ``rate_limited``, ``pool_full``.
Of one call, which then does nothing: ``reject`` (400 / 1004 unless said), ``html_502``, ``html_page``
(with 200), ``redirect`` (to a host that is not the vendor's), ``cut_before_accept``. Of one call that is
answered all the same: ``slow_answer`` (30 s before it), ``slow_body`` (30 s in its middle),
``endless_body``, ``wrong_type`` (it says it is HTML).
Around the answer: ``cut_after_accept``, ``html_502_after_accept``, ``missing_status`` (in the envelope).
About the task: ``late_failed`` (its ``code``, 1000), ``late_moderated``, ``late_expired``,
``late_cancelled``, ``unknown_status``, ``never_finishes``, ``goes_backwards`` (its progress), ``forgotten``,
``missing_model_url``, ``model_urls_only``, ``expired_links``, ``truncated_glb``, ``not_a_glb``,
``broken_glb`` (an accessor reaches beyond its buffer).

About a webhook: ``webhook_twice``, ``webhook_after_the_next`` (out of order), ``webhook_old`` (its
timestamp), ``webhook_forged`` (its signature).

``WORDS`` are those that can be asked for in a prompt as well, with hyphens: ``an owl late-failed``,
``an owl fault-forgotten``.
"""

from collections.abc import Collection
from dataclasses import dataclass

from sandbox.vendors.tripo.refusals import Refusal, bad

REFUSALS = {
    "moderated": (400, 2008, "The prompt violates the content policy."),
    "out_of_credit": (403, 2010, "You don't have enough credit to create this task."),
    "unauthorised": (401, 2, "Authentication required."),
    "rate_limited": (429, 1007, "Too many requests."),
    "pool_full": (429, 2000, "You have exceeded the limit of generation."),
}
BREAKS = frozenset({"reject", "html_502", "html_page", "redirect", "cut_before_accept", "slow_answer"})
SPOILS = frozenset({"slow_body", "endless_body", "wrong_type"})
AROUND_THE_ANSWER = frozenset({"cut_after_accept", "html_502_after_accept", "missing_status"})
ABOUT_THE_TASK = frozenset(
    {
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
        "truncated_glb",
        "not_a_glb",
        "broken_glb",
    }
)
WEBHOOKS = frozenset({"webhook_twice", "webhook_after_the_next", "webhook_old", "webhook_forged"})
IN_PLACE_OF_AN_ANSWER = frozenset({"html_502", "html_page", "redirect", "cut_before_accept"})
WORDS = {
    name.replace("_", "-") if "_" in name else f"fault-{name}": name
    for name in (*REFUSALS, *IN_PLACE_OF_AN_ANSWER, *AROUND_THE_ANSWER, *ABOUT_THE_TASK, *WEBHOOKS)
}
"""What a prompt may hold for something to go wrong with it. "A forgotten temple" asks for nothing."""
CALLS = frozenset({"create", "read", "upload", "download"})


@dataclass(slots=True, kw_only=True)
class Fault:
    """One that is armed, and for how many more times."""

    name: str
    times: int = 1
    type: str | None = None
    on: str = "create"
    status: int = 400
    code: int | None = None
    seconds: float = 30.0

    def refusal(self) -> Refusal:
        """What is answered instead."""
        if self.name in REFUSALS:
            status, code, message = REFUSALS[self.name]
            return Refusal(status, code, message, retry_after=2 if status == 429 else None)
        return Refusal(self.status, self.code or 1004, "A fault was asked for.")


class Faults:
    """Those that are armed, the oldest first."""

    def __init__(self) -> None:
        self._armed: list[Fault] = []

    def arm(self, fault: Fault) -> None:
        """Add one; 400 / 1004 where there is none of that name."""
        if (
            fault.name
            not in REFUSALS.keys() | BREAKS | SPOILS | AROUND_THE_ANSWER | ABOUT_THE_TASK | WEBHOOKS
        ):
            raise bad(f"no fault is called {fault.name!r}")
        if fault.on not in CALLS:
            raise bad(f"no calls are called {fault.on!r}")
        self._armed.append(fault)

    def clear(self) -> None:
        """Nothing goes wrong any more."""
        self._armed.clear()

    def armed(self) -> list[Fault]:
        """What is still to go wrong."""
        return list(self._armed)

    def take(self, names: frozenset[str], *, on: str = "create", kind: str | None = None) -> Fault | None:
        """The next of these that is meant for this call, and one time less of it left."""
        for fault in self._armed:
            if fault.name in names and fault.on == on and fault.type in {None, kind}:
                fault.times -= 1
                if fault.times <= 0:
                    self._armed.remove(fault)
                return fault
        return None


def in_prompt(prompt: str, names: Collection[str]) -> Fault | None:
    """The first of these faults that a prompt asks for."""
    asked = (WORDS.get(word.strip(".,!")) for word in prompt.lower().split())
    name = next((name for name in asked if name in names), None)
    return None if name is None else Fault(name=name)
