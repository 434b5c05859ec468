"""Replicate's calls to our webhook: signed as Standard Webhooks say, and only a hint to look.

The account has one secret, which is asked for with its key. It may be changed at any time, so a
signature that does not fit is a reason to ask again, but not more often than once a minute.
"""

import json
from base64 import b64decode
from collections import OrderedDict
from collections.abc import Callable, Mapping

from pydantic import BaseModel

from providers.errors import ContractChanged, Forged
from providers.http import Api
from providers.replicate.problems import NAME, opened
from providers.shapes import shaped
from providers.signatures import is_fresh, is_signed

ASK_AGAIN = 60_000  # milliseconds
REMEMBERED = 1_000  # calls
PREFIX = "whsec_"


class Secret(BaseModel):
    """The answer of ``GET /webhooks/default/secret``."""

    key: str


class Ear:
    """Hears the calls for one key."""

    def __init__(self, api: Api, now: Callable[[], int]) -> None:
        self._api = api
        self._now = now
        self._secret: bytes | None = None
        self._asked_at: int | None = None
        self._heard: OrderedDict[str, None] = OrderedDict()

    async def hear(self, headers: Mapping[str, str], body: bytes) -> str | None:
        """The id of the prediction that a call is about; ``None`` for one that was heard before.

        Raises ``Forged``, and what goes wrong when the secret is asked for.
        """
        found = {name.lower(): value for name, value in headers.items()}
        call, stamp = found.get("webhook-id", ""), found.get("webhook-timestamp", "")
        if not call or not is_fresh(stamp, self._now()):
            raise Forged(NAME, "without an id, or too long ago")
        content = f"{call}.{stamp}.".encode() + body
        await self._prove(content, _signatures(found.get("webhook-signature", "")))
        return _prediction(body) if self._is_new(call) else None

    async def _prove(self, content: bytes, signatures: list[bytes]) -> None:
        if self._secret is not None and is_signed(self._secret, content, signatures):
            return
        if self._asked_at is None or self._now() - self._asked_at >= ASK_AGAIN:
            self._asked_at = self._now()
            self._secret = await self._ask()
            if is_signed(self._secret, content, signatures):
                return
        raise Forged(NAME, "the signature is not Replicate's")

    async def _ask(self) -> bytes:
        answer = shaped(NAME, Secret, opened(await self._api.get_json("/webhooks/default/secret")))
        try:
            return b64decode(answer.key.removeprefix(PREFIX), validate=True)
        except ValueError:
            raise ContractChanged(NAME, "the webhook's secret is not base64") from None

    def _is_new(self, call: str) -> bool:
        """A try that was answered too late for Replicate comes again under the same id."""
        if call in self._heard:
            return False
        self._heard[call] = None
        if len(self._heard) > REMEMBERED:
            self._heard.popitem(last=False)
        return True


def _signatures(header: str) -> list[bytes]:
    """Those of version 1, of which there are two while the secret is being changed."""
    values = [part.removeprefix("v1,") for part in header.split() if part.startswith("v1,")]
    return [_decoded(value) for value in values]


def _decoded(value: str) -> bytes:
    try:
        return b64decode(value, validate=True)
    except ValueError:
        return b""


def _prediction(body: bytes) -> str | None:
    try:
        found = json.loads(body)["id"]
    except (ValueError, LookupError, TypeError):
        return None
    return found if isinstance(found, str) else None
