"""How a vendor says no, as far as that is the same for all of them."""

from typing import Any


class Refusal(Exception):
    """An answer that is not a success; ``headers`` go with it. A vendor's own says more in its body."""

    def __init__(self, status: int, message: str, *, retry_after: int | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.headers = {} if retry_after is None else {"Retry-After": str(retry_after)}

    def body(self, _request_id: str) -> Any:
        """What is said, as JSON."""
        return {"message": self.message}
