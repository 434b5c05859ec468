import base64
import io
import logging
import sys
from collections.abc import Iterator

import pytest
import structlog

from bot import log
from sandbox.vendors.tripo.accounts import KEY

SECRETS = (KEY, "Signature=", base64.b64encode(b"interaction:").decode())
"""The vendor's key, a link that opens a file, and how every token of an interaction begins."""


@pytest.fixture(autouse=True)
def _log_without_secrets() -> Iterator[None]:
    """Whatever goes wrong, the log as an owner has it tells no secrets; a failing test shows all of it."""
    root, out = logging.getLogger(), io.StringIO()
    handlers, level = root.handlers[:], root.level
    log.set_up(form="console", level="info", stream=out)
    yield
    structlog.reset_defaults()
    root.handlers[:] = handlers
    root.setLevel(level)
    told = out.getvalue()
    sys.stdout.write(told)
    assert [secret for secret in SECRETS if secret in told] == []
