"""A record of what bot and Discord said to each other: one JSON line per REST exchange and gateway frame.

``{"t", "kind": "rest"|"gateway", "direction", "method", "path", "status", "headers", "body"}``. A REST
line is the bot's request, with ``status`` and ``response`` of our answer; ``direction`` is ``from_bot`` or
``to_bot``. Files are kept as names and sizes. The bot's token is not written.
"""

import json
from pathlib import Path
from typing import Any, TextIO

from sandbox.clock import Clock
from sandbox.discord.refusals import Json

_HIDDEN = "***"


class Record:
    """Writes lines to a file, or nothing at all when there is no file."""

    def __init__(self, clock: Clock, path: Path | None) -> None:
        self._clock = clock
        self._file: TextIO | None = path.open("a", encoding="utf-8", buffering=1) if path else None

    def rest(
        self, *, method: str, path: str, status: int, headers: dict[str, str], body: Any, response: Any
    ) -> None:
        """Write one exchange."""
        headers = {name: _without_token(name, value) for name, value in headers.items()}
        line = {"method": method, "path": path, "status": status, "headers": headers, "body": body}
        self._write("rest", "from_bot", line | {"response": response})

    def gateway(self, direction: str, frame: Any) -> None:
        """Write one frame."""
        if isinstance(frame, dict) and isinstance(frame.get("d"), dict) and "token" in frame["d"]:
            hidden = frame["op"] in (2, 6)  # IDENTIFY and RESUME; an interaction's token is part of the story
            frame = frame | {"d": frame["d"] | {"token": _HIDDEN}} if hidden else frame
        line = {"method": None, "path": "/gateway", "status": None, "headers": {}, "body": frame}
        self._write("gateway", direction, line)

    def close(self) -> None:
        """Finish the file."""
        if self._file:
            self._file.close()
            self._file = None

    def _write(self, kind: str, direction: str, line: Json) -> None:
        if self._file:
            head = {"t": self._clock.now(), "kind": kind, "direction": direction}
            self._file.write(json.dumps(head | line, ensure_ascii=False) + "\n")


def _without_token(name: str, value: str) -> str:
    return f"{value.partition(' ')[0]} {_HIDDEN}" if name.lower() == "authorization" else value
