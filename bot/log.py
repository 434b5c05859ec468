"""The log: events with fields, as JSON for machines or as one short line each for people.

Nothing that looks like a key, a token or a signed link leaves here, whoever logged it;
that is the last line of defence, not the first. Nor does anything that strangers wrote
begin a line of its own, or move a terminal's cursor. Other libraries' warnings come
through the same door.
"""

import io
import json
import logging
import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any, Literal, TextIO
from urllib.parse import quote

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

SIGNS: Mapping[str, str] = {"start": "🎨", "submit": "📤", "poll": "📊", "done": "✅", "failed": "❌"}
"""Signs of the events that tell a job's story, by name."""
_LEVEL_SIGNS: Mapping[str, str] = {"warning": "⚠️", "error": "❗", "critical": "❗"}
_PLAIN_SIGN = "·"

_EVENT_NAME = re.compile(r"[a-z_]+")
_IDS = frozenset({"job", "run", "model", "account"})
_ID_TAIL = 6
"""The last signs of a ULID are the random ones, and enough to follow one by eye."""

HIDDEN = "[hidden]"
_SECRET_NAME = re.compile(r"token$|secret|password|authorization|api_?key|credential_value", re.IGNORECASE)
_SECRET_SHAPES: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern), put)
    for pattern, put in (
        (r"(https?://)[^\s/@\"'\\]+@", rf"\1{HIDDEN}@"),
        (r"(https?://[^\s?\"'\\<>]+)\?[^\s\"'\\<>]+", rf"\1?{HIDDEN}"),
        (r"(/(?:webhooks|interactions)/\d+/)[\w.%-]+", rf"\1{HIDDEN}"),
        (r"(/(?:files|m)/)[\w.-]{16,}", rf"\1{HIDDEN}"),
        (r"\b(tsk_|tcli_|msy[_-]|r8_)[\w-]{6,}", rf"\1{HIDDEN}"),
        (r"\b(Bearer|Bot|Basic)\s+[\w.+/=-]{16,}", rf"\1 {HIDDEN}"),
        (r"\b[\w-]{23,28}\.[\w-]{6,7}\.[\w-]{27,}", HIDDEN),
        (r"\b(?:AKIA|ASIA)[A-Z0-9]{16}\b", HIDDEN),
    )
)


_UNSEEN = re.compile(
    "[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ud800-\udfff]"
)
"""Control codes, among them a terminal's, and what turns or hides the text around it."""
_UNDER = "\n    "
"""What begins a line under an event; the event's own begins with the time."""


def set_up(
    *, form: Literal["console", "json"], level: str, stream: TextIO, secrets: Iterable[str] = ()
) -> None:
    """Send the log of this process to ``stream``; ``secrets`` are never shown, wherever they turn up."""
    if isinstance(stream, io.TextIOWrapper):
        stream.reconfigure(errors="backslashreplace")  # a sign must not end the program on an old terminal
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
        hide_by_name,
    ]
    render: Processor = structlog.processors.JSONRenderer(ensure_ascii=False) if form == "json" else one_line
    last: list[Processor] = [render, _hide_by_shape(secrets), _spell_out]
    structlog.configure(
        processors=[*shared, *last],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(stream),
        cache_logger_on_first_use=False,
    )
    _route_libraries(stream, shared, last)


def hide_by_name(logger: WrappedLogger, method: str, event: EventDict) -> EventDict:
    """A field that is called a token is one."""
    del logger, method
    return {name: HIDDEN if _SECRET_NAME.search(name) else value for name, value in event.items()}


def one_line(logger: WrappedLogger, method: str, event: EventDict) -> str:
    """An event for people: time, sign, name, fields; a traceback under it."""
    del logger, method
    fields = dict(event)
    name, level = str(fields.pop("event", "")), str(fields.pop("level", "info"))
    at = datetime.fromisoformat(fields.pop("timestamp")).replace(tzinfo=UTC)
    trace = fields.pop("exception", None)
    sign = SIGNS.get(name) or _LEVEL_SIGNS.get(level, _PLAIN_SIGN)
    told = [f"{field}={_short(field, value)}" for field, value in fields.items() if value is not None]
    line = " ".join([f"{at:%H:%M:%S}", sign, _in_words(name), *told])
    return _UNDER.join([line, *trace.splitlines()]) if trace else line


def _in_words(name: str) -> str:
    """Our own names read better so; what a library says stays as it is, on one line."""
    return name.replace("_", " ") if _EVENT_NAME.fullmatch(name) else " ".join(name.split())


def _short(field: str, value: object) -> str:
    text = " ".join(str(value).split())
    return text[-_ID_TAIL:] if field in _IDS else text


def _spell_out(logger: WrappedLogger, method: str, line: Any) -> str:
    """What cannot be seen is written as its number, which JSON understands, too."""
    del logger, method
    return _UNSEEN.sub(lambda sign: f"\\u{ord(sign[0]):04x}", str(line))


def _hide_by_shape(secrets: Iterable[str]) -> Processor:
    """Works on the finished line, so that it does not matter where in it something hides."""
    spelled = {spelling for secret in secrets if secret for spelling in _spellings(secret)}
    known = sorted(spelled, key=len, reverse=True)

    def hide(logger: WrappedLogger, method: str, line: Any) -> str:
        del logger, method
        text = str(line)
        for secret in known:
            text = text.replace(secret, HIDDEN)
        for pattern, put in _SECRET_SHAPES:
            text = pattern.sub(put, text)
        return text

    return hide


def _spellings(secret: str) -> Iterable[str]:
    """A secret as it is, and as JSON, Python and addresses would write it."""
    return secret, json.dumps(secret, ensure_ascii=False)[1:-1], repr(secret)[1:-1], quote(secret, safe="")


def _route_libraries(stream: TextIO, shared: list[Processor], last: list[Processor]) -> None:
    """discord.py, aiohttp and the others log by the standard library; from warnings on we want to know."""
    handler = logging.StreamHandler(stream)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[structlog.stdlib.add_logger_name, *shared],
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *last],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
