import io
import json
import logging
from collections.abc import Iterator
from typing import Literal
from urllib.parse import quote

import pytest
import structlog

from bot import log
from bot.log import HIDDEN, SIGNS

DISCORD_TOKEN = "MTA1NTUwMDAwMDAwMDAwMDAw.GaBcDe.aBcDeFgHiJkLmNoPqRsTuVwXyZ0123456789ab"


@pytest.fixture(autouse=True)
def as_before() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    structlog.reset_defaults()
    root.handlers[:] = handlers
    root.setLevel(level)


def listen(
    form: Literal["console", "json"] = "console", *, level: str = "info", secrets: tuple[str, ...] = ()
) -> io.StringIO:
    out = io.StringIO()
    log.set_up(form=form, level=level, stream=out, secrets=secrets)
    return out


@pytest.mark.parametrize(("event", "sign"), SIGNS.items())
def test_each_step_of_a_job_is_one_short_line_with_its_sign(event: str, sign: str) -> None:
    out = listen()

    structlog.get_logger().info(event, job="01JD0000000000000000ABCDEF", stage="rig", note="two\nlines")

    (line,) = out.getvalue().splitlines()
    assert line[8:] == f" {sign} {event} job=ABCDEF stage=rig note=two lines"


def test_json_has_everything_in_fields() -> None:
    out = listen("json")

    structlog.get_logger().warning("poll_failed", run="01JD0000000000000000ABCDEF", reason="Unavailable")

    event = json.loads(out.getvalue())
    assert event.pop("timestamp").endswith("Z")
    assert event == {
        "event": "poll_failed",
        "level": "warning",
        "run": "01JD0000000000000000ABCDEF",
        "reason": "Unavailable",
    }


def test_what_is_below_the_level_is_left_out() -> None:
    out = listen(level="warning")

    structlog.get_logger().info("done")

    assert out.getvalue() == ""


@pytest.mark.parametrize("form", ["console", "json"])
@pytest.mark.parametrize(
    ("text", "secret"),
    [
        ("asked https://store.test/models/m/r/owl.glb?X-Amz-Signature=abc123&X=1 for it", "abc123"),
        (
            "PATCH https://discord.com/api/v10/webhooks/123/aW50ZXJhY3Rpb246/messages/@original",
            "aW50ZXJhY3Rpb246",
        ),
        ("POST /interactions/123/aW50ZXJhY3Rpb246/callback", "aW50ZXJhY3Rpb246"),
        ("GET /files/eyJrZXkiOiJtb2RlbHMifQ.c2lnbmF0dXJl", "eyJrZXkiOiJtb2RlbHMifQ"),
        ("at https://ours.test/m/AAAAAAAAAAAAAAAAAAAAAA/owl.glb", "AAAAAAAAAAAAAAAAAAAAAA"),
        ("key tsk_0123456789abcdef refused", "0123456789abcdef"),
        ("key msy_0123456789abcdef refused", "0123456789abcdef"),
        ("key msy-0123456789abcdef refused", "0123456789abcdef"),
        ("key r8_0123456789abcdef refused", "0123456789abcdef"),
        ("{'Authorization': 'Bearer abcdefgh12345678ijkl'}", "abcdefgh12345678ijkl"),
        (f"logging in with {DISCORD_TOKEN}", DISCORD_TOKEN),
        ("id AKIAIOSFODNN7EXAMPLE", "AKIAIOSFODNN7EXAMPLE"),
        ("http://me:hunter2@host.test/x", "hunter2"),
    ],
)
def test_what_looks_like_a_secret_is_hidden(form: Literal["console", "json"], text: str, secret: str) -> None:
    out = listen(form)

    structlog.get_logger().info(text, field=text, nested={"deep": [text]})

    assert secret not in out.getvalue()
    assert out.getvalue().count(HIDDEN) == 3


def test_a_secret_of_the_settings_is_hidden_whatever_it_looks_like() -> None:
    out = listen("json", secrets=("plain words", ""))

    structlog.get_logger().info("told", why="the plain words of the key", api_key="x", discord_token="y")

    event = json.loads(out.getvalue())
    assert event["why"] == f"the {HIDDEN} of the key"
    assert (event["api_key"], event["discord_token"]) == (HIDDEN, HIDDEN)


def _ask(address: str) -> None:
    raise ValueError(f"no answer from {address}")


@pytest.mark.parametrize("form", ["console", "json"])
def test_a_traceback_is_shown_without_secrets(form: Literal["console", "json"]) -> None:
    out = listen(form)

    try:
        _ask("https://host.test/a?key=abc123")
    except ValueError:
        structlog.get_logger().exception("step_broke")

    assert "Traceback" in out.getvalue()
    assert "no answer from https://host.test/a" in out.getvalue()
    assert "abc123" not in out.getvalue()


def test_other_libraries_are_heard_from_warnings_on() -> None:
    out = listen()

    logging.getLogger("discord.http").info("quiet")
    logging.getLogger("discord.http").warning("rate limited on /webhooks/1/%s", "c2VjcmV0LXRva2Vu")

    (line,) = out.getvalue().splitlines()
    assert line[8:] == f" ⚠️ rate limited on /webhooks/1/{HIDDEN} logger=discord.http"


def test_an_old_terminal_does_not_end_the_program() -> None:
    raw = io.BytesIO()
    out = io.TextIOWrapper(raw, encoding="ascii")
    log.set_up(form="console", level="info", stream=out)

    structlog.get_logger().info("start")
    out.flush()

    assert b"start" in raw.getvalue()


FORGED = "owl\n12:00:00 ✅ done job=ABCDEF\r\n{}\x1b[2J\x1b]0;title\x07\x9b31m\x85\u2028\u2029\u202e\ud800\0"


@pytest.mark.parametrize("form", ["console", "json"])
def test_what_strangers_write_begins_no_line_and_moves_no_cursor(form: Literal["console", "json"]) -> None:
    out = listen(form)

    structlog.get_logger().warning("refused", prompt=FORGED, nested={"deep": [FORGED]}, run=FORGED)
    structlog.get_logger().warning(FORGED)
    logging.getLogger("aiohttp.server").warning("bad request %s", FORGED)

    lines = out.getvalue().split("\n")
    assert len(lines) == 4
    assert lines[-1] == ""
    assert all(sign.isprintable() for line in lines for sign in line)
    if form == "json":
        assert [json.loads(line)["level"] for line in lines[:-1]] == ["warning"] * 3


def test_a_forged_line_in_a_traceback_stands_under_its_event() -> None:
    out = listen()

    try:
        _ask(f"nobody{FORGED}")
    except ValueError:
        structlog.get_logger().exception("step_broke")

    first, *under = out.getvalue().removesuffix("\n").split("\n")
    assert "step broke" in first
    assert all(line.startswith("    ") for line in under)
    assert any("✅ done job=ABCDEF" in line for line in under)
    assert "\x1b" not in out.getvalue()


@pytest.mark.parametrize("form", ["console", "json"])
@pytest.mark.parametrize("secret", ['quo"ted', "back\\slash", "pass word/+", "schlüssel"])
def test_a_secret_is_hidden_however_it_is_spelled(form: Literal["console", "json"], secret: str) -> None:
    out = listen(form, secrets=(secret,))

    structlog.get_logger().info("told", plain=secret, nested={"deep": [secret]}, url=quote(secret, safe=""))

    told = out.getvalue()
    assert told.count(HIDDEN) == 3
    assert secret not in told
