"""What can go wrong on request, whoever the vendor is.

``POST /sandbox/<vendor>/faults`` arms one: ``{"fault": "html_502"}``, with

* ``times``: for how many requests or tasks (1),
* ``type``: only for tasks of this type (any),
* ``on``: for faults of one call also other calls than ``create``: ``read``, ``upload``, ``download``,
* ``status``, ``code``, ``seconds``: details where a fault has them.

Of one call, which then does nothing: ``reject`` (400 unless said), ``html_502``, ``html_page`` (with
200), ``redirect`` (to a host that is not the vendor's), ``cut_before_accept``.
Of one call that is answered all the same: ``slow_answer`` (30 s before it), ``slow_body`` (30 s in its
middle), ``endless_body``, ``wrong_type`` (it says it is HTML).
Around the answer: ``cut_after_accept``, ``html_502_after_accept``.
Of time: ``accepted_late`` (the connection is cut, and the task accepted 30 s after), ``listed_late``
(accepted and answered, but for 30 s in no list).
Of a finished file: ``truncated_glb``, ``not_a_glb``, ``broken_glb`` (an accessor reaches beyond its buffer).
About a webhook: ``webhook_twice``, ``webhook_after_the_next`` (out of order), ``webhook_old`` (its
timestamp), ``webhook_forged`` (its signature).

A vendor says which of these it plays, and has refusals and faults of its own. Those that may be asked for in
a prompt are spelled with hyphens there: ``an owl late-failed``, ``an owl fault-forgotten``.
"""

from collections.abc import Collection
from dataclasses import dataclass

from sandbox.vendors.refusals import Refusal

IN_PLACE_OF_AN_ANSWER = frozenset({"html_502", "html_page", "redirect", "cut_before_accept"})
BREAKS = IN_PLACE_OF_AN_ANSWER | {"reject", "slow_answer"}
SPOILS = frozenset({"slow_body", "endless_body", "wrong_type"})
AROUND_THE_ANSWER = frozenset({"cut_after_accept", "html_502_after_accept", "listed_late"})
LATER = frozenset({"accepted_late"})
FILES = frozenset({"truncated_glb", "not_a_glb", "broken_glb"})
WEBHOOKS = frozenset({"webhook_twice", "webhook_after_the_next", "webhook_old", "webhook_forged"})
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


class Faults:
    """Those that are armed, the oldest first; a vendor says which names and calls there are."""

    def __init__(self, names: Collection[str], *, calls: Collection[str] = CALLS) -> None:
        self._names = frozenset(names)
        self._calls = frozenset(calls)
        self._armed: list[Fault] = []

    def arm(self, fault: Fault) -> None:
        """Add one; a ``Refusal`` (400) where there is none of that name."""
        if fault.name not in self._names:
            raise Refusal(400, f"no fault is called {fault.name!r}")
        if fault.on not in self._calls:
            raise Refusal(400, f"no calls are called {fault.on!r}")
        self._armed.append(fault)

    def clear(self) -> None:
        """Nothing goes wrong any more."""
        self._armed.clear()

    def armed(self) -> list[Fault]:
        """What is still to go wrong."""
        return list(self._armed)

    def take(self, names: Collection[str], *, on: str = "create", kind: str | None = None) -> Fault | None:
        """The next of these that is meant for this call, and one time less of it left."""
        for fault in self._armed:
            if fault.name in names and fault.on == on and fault.type in {None, kind}:
                fault.times -= 1
                if fault.times <= 0:
                    self._armed.remove(fault)
                return fault
        return None

    def asked(
        self, names: Collection[str], prompt: str, *, kind: str | None, spoken: Collection[str] | None = None
    ) -> Fault | None:
        """One of these for a task of this type: armed, else asked for in its prompt.

        ``spoken`` are those that a prompt may ask for, where it is not the same ones.
        """
        return self.take(names, kind=kind) or in_prompt(prompt, names if spoken is None else spoken)


def spelled(name: str) -> str:
    """A fault's name as a prompt holds it. "A forgotten temple" asks for nothing."""
    return name.replace("_", "-") if "_" in name else f"fault-{name}"


def in_prompt(prompt: str, names: Collection[str]) -> Fault | None:
    """The first of these faults that a prompt asks for."""
    words = {spelled(name): name for name in names}
    asked = (words.get(word.strip(".,!")) for word in prompt.lower().split())
    name = next(filter(None, asked), None)
    return None if name is None else Fault(name=name)
