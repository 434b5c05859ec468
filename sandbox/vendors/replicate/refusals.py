"""How this vendor says no: problem JSON with a sentence in ``detail``."""

from collections.abc import Sequence
from typing import Any, Literal

from sandbox.vendors import refusals
from sandbox.vendors.replicate.validation import Complaint

Throttling = Literal["retry_after", "resets", "available"]
LOW_CREDIT = (
    " Your rate limit for creating predictions is reduced to 6 requests per minute with a burst of 1 requests"
    " while you have less than $5.0 in credit."
)


class Refusal(refusals.Refusal):
    """An answer that is not a success; ``facts`` stand in its body beside the usual ones."""

    def __init__(self, status: int, detail: str, *, title: str = "", **facts: Any) -> None:
        super().__init__(status, detail)
        self._title = title
        self._facts = facts

    def body(self, _request_id: str) -> dict[str, Any]:
        """The problem, with a title where it has one."""
        titled = {"title": self._title} if self._title else {}
        return {**titled, "detail": self.message, "status": self.status, **self._facts}


class Throttled(Refusal):
    """429. Three bodies were seen at the vendor; two of them say nothing but the sentence."""

    def __init__(
        self,
        seconds: int,
        *,
        low_credit: bool = False,
        form: Throttling = "retry_after",
        header: bool = False,
    ) -> None:
        told = f"Your rate limit resets in ~{seconds}s."
        if form == "available":
            told = f"Expected available in {seconds} second{'' if seconds == 1 else 's'}."
        low = LOW_CREDIT if low_credit else ""
        super().__init__(429, f"Request was throttled.{low} {told}", retry_after=seconds)
        self._form = form
        if header:
            self.headers["Retry-After"] = str(seconds)

    def body(self, request_id: str) -> dict[str, Any]:
        """As the vendor's settings have it."""
        return super().body(request_id) if self._form == "retry_after" else {"detail": self.message}


def unauthenticated() -> Refusal:
    """401: no key, or none of ours."""
    return Refusal(401, "You did not pass a valid authentication token", title="Unauthenticated")


def out_of_credit() -> Refusal:
    """402: nothing is left to pay with."""
    return Refusal(
        402,
        "You have insufficient credit to run this model."
        " Go to https://replicate.com/account/billing#billing to purchase credit."
        " Once you purchase credit, please wait a few minutes before trying again.",
        title="Insufficient credit",
    )


def not_found() -> Refusal:
    """404: unknown, or somebody else's; the vendor does not tell which."""
    return Refusal(404, "The requested resource could not be found.")


def no_such_version() -> Refusal:
    """422: the version was never there, is gone, or is somebody else's."""
    return Refusal(
        422,
        "The specified version does not exist (or perhaps you don't have permission to use it?)",
        title="Invalid version or not permitted",
    )


def invalid(complaints: Sequence[Complaint]) -> Refusal:
    """422: everything that is wrong with a body, a line each."""
    return Refusal(
        422,
        "".join(f"- {complaint}\n" for complaint in complaints),
        title="Input validation failed",
        invalid_fields=[complaint.shown() for complaint in complaints],
    )
