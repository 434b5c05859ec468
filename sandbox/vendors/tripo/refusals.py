"""How this vendor says no: an HTTP status, a code of its own, and a sentence."""

from typing import Any

from sandbox.vendors import refusals
from sandbox.vendors.wire import NoObject


class Refusal(refusals.Refusal):
    """An answer that is not a success; ``headers`` go with it."""

    def __init__(self, status: int, code: int, message: str, *, retry_after: int | None = None) -> None:
        super().__init__(status, message, retry_after=retry_after)
        self.code = code

    def body(self, request_id: str) -> dict[str, Any]:
        """The envelope of an error."""
        return {
            "code": self.code,
            "status": "error",
            "message": self.message,
            "suggestion": "See the list of error codes.",
            "request_id": request_id,
        }


def coded(refusal: refusals.Refusal) -> Refusal:
    """With this vendor's code: 1003 where a body cannot be read, 1004 where something in it is wrong."""
    if isinstance(refusal, Refusal):
        return refusal
    return Refusal(refusal.status, 1003 if isinstance(refusal, NoObject) else 1004, refusal.message)


def bad(message: str) -> Refusal:
    """400 / 1004: a parameter is missing or wrong."""
    return Refusal(400, 1004, message)


def no_such_task() -> Refusal:
    """404 / 2001: unknown, or another key's; the vendor does not tell which."""
    return Refusal(404, 2001, "The task was not found.")


def no_such_route() -> Refusal:
    """404 / 4001."""
    return Refusal(404, 4001, "The route was not found.")
