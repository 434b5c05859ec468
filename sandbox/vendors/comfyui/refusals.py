"""How the server says no: JSON with an error and the errors of nodes, plain text, or a gateway's page."""

from typing import Any

from aiohttp import web

from sandbox.vendors import refusals


class Refusal(refusals.Refusal):
    """A gateway's refusal, which knows nothing of the server's own words."""

    def answer(self) -> web.Response:
        """Its page."""
        page = f"<html><head><title>{self.message}</title></head><body>{self.message}</body></html>"
        return web.Response(status=self.status, text=page, content_type="text/html", headers=self.headers)


class Invalid(refusals.Refusal):
    """A prompt that is not queued."""

    def __init__(self, error: dict[str, Any], node_errors: dict[str, Any] | None = None) -> None:
        super().__init__(400, error["message"])
        self.error = error
        self.node_errors = node_errors or {}

    def body(self, _request_id: str) -> dict[str, Any]:
        """What is wrong as a whole, and at which nodes."""
        return {"error": self.error, "node_errors": self.node_errors}


def crash() -> web.HTTPInternalServerError:
    """What comes of anything that the server did not expect."""
    return web.HTTPInternalServerError(text="500 Internal Server Error\n\nServer got itself in trouble")
