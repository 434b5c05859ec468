"""From a request's body to an order: checked as the vendor checks it, and handed to the model."""

import base64
from collections.abc import Mapping, Sequence
from typing import Any

from aiohttp import web
from yarl import URL

from sandbox.clock import Clock
from sandbox.vendors.fetching import LOOPBACK
from sandbox.vendors.replicate import headers
from sandbox.vendors.replicate.accounts import Key
from sandbox.vendors.replicate.book import new_id
from sandbox.vendors.replicate.hub import Hub, Version
from sandbox.vendors.replicate.inputs import ModelDied, Read, reader, unfolded
from sandbox.vendors.replicate.predictions import Hook, Order
from sandbox.vendors.replicate.refusals import Refusal, invalid
from sandbox.vendors.replicate.results import BUCKET, Results
from sandbox.vendors.replicate.uploads import Upload, Uploads
from sandbox.vendors.replicate.validation import Complaint, Schema, complaints
from sandbox.vendors.replicate.ways import Ways
from sandbox.vendors.replicate.wire import OPENED
from sandbox.vendors.wire import origin

EVENTS = ("start", "output", "logs", "completed")
UNASKED_EVENTS = ("output", "completed")
"""What is told where nobody said what should be."""
BY_NAME: Schema = {
    "type": "object",
    "required": ["input"],
    "additionalProperties": False,
    "properties": {
        "input": {"type": "object"},
        "webhook": {"type": "string"},
        "webhook_events_filter": {"type": "array", "items": {"type": "string", "enum": EVENTS}},
        "stream": {"type": "boolean"},
    },
}
BY_VERSION: Schema = {
    **BY_NAME,
    "required": ["version", "input"],
    "properties": {"version": {"type": "string"}, **BY_NAME["properties"]},
}


def checked(body: Mapping[str, Any], schema: Schema, *, field: str = "", parts: Schema | None = None) -> None:
    """422 with all that is wrong."""
    if found := list(complaints(schema, body, field=field, parts=parts or {})):
        raise invalid(found)


class Orders:
    """Makes orders of requests."""

    def __init__(self, clock: Clock, ways: Ways, hub: Hub, uploads: Uploads, results: Results) -> None:
        self._clock = clock
        self._ways = ways
        self._hub = hub
        self._uploads = uploads
        self._results = results

    async def order(self, request: web.Request, body: Mapping[str, Any], version: Version) -> Order:
        """What was asked for; 422 for whatever is wrong before the model sees it."""
        self._admit(body["input"], version)
        hook = _hook(body)
        key, base = request[OPENED], origin(request)
        cancel_after = headers.cancel_after(request.headers.get("Cancel-After"))
        product, error = None, None
        try:
            product = await version.recipe.run(version.given(body["input"]), self._reader(base))
        except ModelDied as death:
            error = str(death)
        model = self._hub.named(version)
        return Order(
            model=model.full_name,
            shown_version="hidden" if model.official else version.id,
            version=version,
            key=key,
            input=self._echo(key, body["input"], base),
            product=product,
            error=error,
            hook=hook,
            base=base,
            cancel_after=cancel_after,
        )

    def _admit(self, given: Mapping[str, Any], version: Version) -> None:
        parts = version.schema["components"]["schemas"]
        closed = {"additionalProperties": False} if self._ways.unknown_inputs == "refused" else {}
        checked(given, {**parts["Input"], **closed}, field="input", parts=parts)

    def _reader(self, base: str) -> Read:
        async def own(url: URL) -> bytes | None:
            if str(url.origin()) not in {base, self._ways.delivery_origin}:
                return None
            try:
                match url.path.split("/")[1:]:
                    case ["v1", "files", file_id] | ["v1", "files", file_id, "download"]:
                        return self._uploads.any(file_id).data
                    case ["delivery", bucket, token, name] if bucket == BUCKET:
                        return (await self._results.file(token, name))[0]
            except Refusal as refusal:
                raise ModelDied(f"Failed to download input file: {refusal.status}") from refusal
            return None

        return reader(own)

    def _echo(self, key: Key, given: Mapping[str, Any], base: str) -> Mapping[str, Any]:
        if self._ways.data_uris == "echoed":
            return dict(given)
        return {name: self._linked(key, value, base) for name, value in given.items()}

    def _linked(self, key: Key, value: Any, base: str) -> Any:
        """With files of the vendor's in the place of data URIs."""
        if isinstance(value, list):
            return [self._linked(key, one, base) for one in value]
        if not isinstance(value, str) or not value.startswith("data:"):
            return value
        kind = value.removeprefix("data:").partition(";")[0]
        try:
            data = unfolded(value).data
        except ModelDied:
            return value
        upload = Upload(
            id=new_id(),
            account=key.account,
            name="file",
            content_type=kind,
            data=data,
            created_at=self._clock.now(),
        )
        return self._uploads.add(upload).shown(base)["urls"]["get"]


def _hook(body: Mapping[str, Any]) -> Hook | None:
    """Whom to call; 422 for an address that is not HTTPS. This machine's own may be plain HTTP here."""
    if not body.get("webhook"):
        return None
    if not _may_be_called(body["webhook"]):
        raise invalid([Complaint(type="format", field="webhook", description="Must be an HTTPS URL")])
    events: Sequence[str] = body.get("webhook_events_filter") or UNASKED_EVENTS
    return Hook(url=body["webhook"], events=tuple(events))


def _may_be_called(address: str) -> bool:
    try:
        url = URL(address)
    except ValueError:
        return False
    return bool(url.host) and (url.scheme == "https" or (url.scheme == "http" and url.host in LOOPBACK))


def data_uri(data: bytes, kind: str) -> str:
    """A file in place of a link."""
    return f"data:{kind};base64,{base64.b64encode(data).decode()}"
