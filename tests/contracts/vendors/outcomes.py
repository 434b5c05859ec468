"""What is to come of a run when something goes wrong: by the fault's name, with few exceptions by vendor.

A fault strikes a call (``create``, ``read``, ``download``), or the task that a creation makes.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from bot.jobs.failures import Failure
from sandbox.vendors.faults import BREAKS, FILES, SPOILS, WEBHOOKS
from tests.contracts.vendors.table import ROWS, Row

REFUSED: Mapping[str, Failure] = MappingProxyType(
    {
        "reject": Failure.REJECTED,
        "version_gone": Failure.REJECTED,
        "moderated": Failure.MODERATED,
        "out_of_credit": Failure.OUT_OF_CREDIT,
        "unauthorised": Failure.UNAUTHORISED,
        "no_plan": Failure.UNAUTHORISED,
        "not_a_humanoid": Failure.NOT_RIGGABLE,
        "too_many_faces": Failure.REJECTED,
    }
)
"""A creation that the vendor does not take on."""
LOST: Mapping[str, Failure] = MappingProxyType(
    {
        **dict.fromkeys(("late_failed", "late_timeout", "late_invalid"), Failure.VENDOR_FAILED),
        "out_of_memory": Failure.VENDOR_FAILED,
        "late_moderated": Failure.MODERATED,
        "late_cancelled": Failure.VENDOR_CANCELLED,
        "late_expired": Failure.VENDOR_EXPIRED,
        "late_aborted": Failure.VENDOR_EXPIRED,
        "unknown_status": Failure.CONTRACT_CHANGED,
        "never_finishes": Failure.DEADLINE,
        "forgotten": Failure.TASK_FORGOTTEN,
        "restarts": Failure.TASK_FORGOTTEN,
        "missing_model_url": Failure.NO_FILE,
        "expired_links": Failure.DOWNLOAD,
        **dict.fromkeys(FILES, Failure.BAD_FILE),
    }
)
"""A task that the vendor takes on, and of which nothing comes."""
PASSING = frozenset(
    {
        # In the place of an answer: asked again once the vendor's records say that nothing arrived.
        *("html_502", "html_page", "redirect", "cut_before_accept"),
        # The answer comes oddly, late or not at all: what was accepted is found.
        *("slow_answer", "slow_body", "endless_body", "wrong_type", "missing_status"),
        *("cut_after_accept", "html_502_after_accept", "accepted_late", "listed_late"),
        # Not now, says the vendor.
        *("rate_limited", "pool_full", "low_credit_throttled"),
        # Odd, and good all the same.
        *("goes_backwards", "model_urls_only", "start_after_completed"),
    }
)
"""A creation, or its task, of which the model comes all the same."""
DOWNLOAD: Mapping[str, Failure] = MappingProxyType(
    {"html_page": Failure.BAD_FILE, "redirect": Failure.DOWNLOAD, "endless_body": Failure.TOO_LARGE}
)
"""A fetching that is no good; all others are done again. A look that is struck is always done again."""

WITHOUT_FILES = frozenset({"draft", "rig_check"})
"""Steps of which nothing is kept, but for a draft's picture, which nothing fails without."""
OF_FILES = FILES | {"missing_model_url", "expired_links"}

EXCEPTIONS: Mapping[tuple[str, str], Failure | None] = MappingProxyType(
    {
        # Its code for it also says that a mesh is too heavy, which is likelier where there is a mesh.
        **{
            ("tripo", f"{step} late_expired"): Failure.TOO_COMPLEX for step in ("rig_check", "rig", "animate")
        },
        # What comes as HTML was said by a gateway, which does not know what became of the request.
        ("comfyui", "reject"): None,
        # Whatever it calls the end, the file is there.
        ("comfyui", "unknown_status"): None,
        # Asked once more with our own file, which is not as heavy.
        ("meshy", "too_many_faces"): None,
        # Nothing refuses a mesh that has its rig.
        ("meshy", "animate not_a_humanoid"): None,
        # The picture of the draft is all that the model could be made of.
        ("replicate", "draft missing_model_url"): Failure.SOURCE_LOST,
        ("replicate", "draft expired_links"): Failure.VENDOR_FAILED,
    }
)
"""By vendor and fault, or step and fault; ``None``: it passes."""
TAKEN_ON = frozenset({("replicate", "moderated")})
"""Refused by the task alone: this vendor takes every prompt on."""
FELT_AT: Mapping[tuple[str, str], str] = MappingProxyType(
    {
        # What is wrong with a mesh is found out by who is to rig it.
        ("meshy", "draft not_a_humanoid"): "rig",
        ("meshy", "generate not_a_humanoid"): "rig",
        ("replicate", "draft missing_model_url"): "generate",
        ("replicate", "draft expired_links"): "generate",
    }
)
"""Where another step's run fails than the one that is struck."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Blow:
    """A fault that strikes at a step of a vendor's."""

    row: Row
    step: str
    on: str
    fault: str

    def __str__(self) -> str:
        return f"{self.row}-{self.step}-{self.on}-{self.fault}"

    @property
    def failure(self) -> Failure | None:
        """How the step's run ends; ``None``: it is done."""
        if self.on == "read":
            return None
        if self.on == "download":
            return None if self.step in WITHOUT_FILES else DOWNLOAD.get(self.fault)
        for name in (f"{self.step} {self.fault}", self.fault):
            if (self.row.vendor, name) in EXCEPTIONS:
                return EXCEPTIONS[self.row.vendor, name]
        passes = self.fault in PASSING or (self.step in WITHOUT_FILES and self.fault in OF_FILES)
        return None if passes else (REFUSED | LOST)[self.fault]

    @property
    def felt_at(self) -> str:
        """The step whose run tells."""
        return FELT_AT.get((self.row.vendor, f"{self.step} {self.fault}"), self.step)

    @property
    def accepted(self) -> int:
        """How many tasks of the struck step the vendor takes on."""
        if self.on != "create" or self.felt_at != self.step or (self.row.vendor, self.fault) in TAKEN_ON:
            return 1
        return int(self.fault not in REFUSED)

    @property
    def times(self) -> int:
        """How often it strikes, to be felt: a read is tried three times before anybody hears of it."""
        return 3 if self.on == "read" else 1


def blows() -> Iterator[Blow]:
    """Every fault that a vendor plays, at every step that it has."""
    for row in ROWS:
        for step in row.types:
            kinds = {"create": set(row.faults) - WEBHOOKS, "read": BREAKS | SPOILS}
            if step != "rig_check":  # which gives no file
                kinds["download"] = BREAKS | SPOILS
            for on, faults in kinds.items():
                for fault in sorted(faults):
                    yield Blow(row=row, step=step, on=on, fault=fault)
