"""Tripo's calls to our webhook: signed, and good for nothing but to look at the task now.

``Tripo-Webhook-Signature: t=<seconds>,v1=<hex>[,v1=<hex>]``, an HMAC-SHA256 of
``<t>.<body>`` with the whole secret, its ``whsec_`` included.
"""

import json
from collections.abc import Mapping

from providers.errors import Forged
from providers.signatures import is_fresh, is_signed
from providers.tripo.envelope import NAME

SIGNATURE = "Tripo-Webhook-Signature"


def heard(headers: Mapping[str, str], body: bytes, *, secret: str, now: int) -> str | None:
    """The id of the task that a call is about; ``None`` where it is about something else.

    ``headers`` by any case of their names, as a server gives them. Raises ``Forged``.
    """
    if not secret:
        raise Forged(NAME, "no webhook secret is set")
    parts = [part.partition("=") for part in headers.get(SIGNATURE, "").split(",")]
    stamp = next((value.strip() for name, _, value in parts if name.strip() == "t"), "")
    hexes = [value.strip() for name, _, value in parts if name.strip() == "v1"]
    if not is_fresh(stamp, now):
        raise Forged(NAME, "too long ago")
    if not is_signed(secret.encode(), stamp.encode() + b"." + body, map(_bytes, hexes)):
        raise Forged(NAME, "the signature is not Tripo's")
    return _task_id(body)


def _bytes(text: str) -> bytes:
    try:
        return bytes.fromhex(text)
    except ValueError:
        return b""


def _task_id(body: bytes) -> str | None:
    try:
        data = json.loads(body)["data"]["task_id"]
    except (ValueError, LookupError, TypeError):
        return None
    return data if isinstance(data, str) else None
