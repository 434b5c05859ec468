"""What Discord refuses, with its own status, code and words.

The codes are those of Discord's public list of JSON error codes; the statuses are what clients see with them.
"""

from typing import Any

Json = dict[str, Any]

_KNOWN: dict[int, tuple[int, str]] = {
    10003: (404, "Unknown Channel"),
    10004: (404, "Unknown Guild"),
    10007: (404, "Unknown Member"),
    10008: (404, "Unknown Message"),
    10011: (404, "Unknown Role"),
    10013: (404, "Unknown User"),
    10015: (404, "Unknown Webhook"),
    10062: (404, "Unknown interaction"),
    10063: (404, "Unknown application command"),
    20012: (403, "You are not authorized to perform this action on this application"),
    30032: (400, "Maximum number of application commands reached"),
    30034: (400, "Max number of daily application command creates has been reached"),
    30046: (429, "Maximum number of edits to messages older than 1 hour reached. Try again later."),
    40005: (413, "Request entity too large"),
    40060: (400, "Interaction has already been acknowledged."),
    40094: (400, "This interaction has reached the maximum number of follow up messages"),
    50001: (403, "Missing Access"),
    50003: (403, "Cannot execute action on a DM channel"),
    50005: (403, "Cannot edit a message authored by another user"),
    50006: (400, "Cannot send an empty message"),
    50007: (403, "Cannot send messages to this user"),
    50008: (400, "Cannot send messages in a non-text channel"),
    50013: (403, "Missing Permissions"),
    50027: (401, "Invalid Webhook Token"),
    50028: (400, "Invalid role"),
    50033: (400, "Invalid Recipient(s)"),
    50024: (400, "Cannot execute action on this channel type"),
    50035: (400, "Invalid Form Body"),
    50041: (400, "Invalid API version provided"),
    50045: (400, "File uploaded exceeds the maximum size"),
    160004: (400, "A thread has already been created for this message"),
    50109: (400, "The request body contains invalid JSON."),
}


class Refused(Exception):
    """A request that is answered with an error.

    ``code`` is Discord's (0 where it has none), ``status`` the HTTP status, ``errors`` the nested
    details that come with code 50035.
    """

    def __init__(self, code: int, message: str = "", *, status: int = 0, errors: Json | None = None) -> None:
        known_status, known_message = _KNOWN.get(code, (400, ""))
        self.code = code
        self.status = status or known_status
        self.message = message or known_message
        self.errors = errors
        super().__init__(f"{self.status} {self.code} {self.message}")

    def body(self) -> Json:
        """The JSON that the client reads."""
        body: Json = {"message": self.message, "code": self.code}
        if self.errors:
            body["errors"] = self.errors
        return body


def http_refusal(status: int, words: str) -> Refused:
    """A plain HTTP error as Discord words it: code 0 and ``"404: Not Found"``."""
    return Refused(0, f"{status}: {words}", status=status)
