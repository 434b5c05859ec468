"""A bucket with moods: as much of S3 as the bot uses, from memory, over a real socket."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from tests.clock import HandClock

NAME = "maquette"
_NOTHING = "<?xml version='1.0'?><ListBucketResult><IsTruncated>false</IsTruncated></ListBucketResult>"


@dataclass(slots=True, kw_only=True)
class Bucket:
    """``refusal`` answers every write: an HTTP status and S3's code. ``pause`` is in seconds of the clock."""

    address: str = ""
    objects: dict[str, bytes] = field(default_factory=dict)
    refusal: tuple[int, str] | None = None
    pause: float = 0
    clock: HandClock | None = None

    @property
    def settings(self) -> dict[str, Any]:
        """What the bot has to know of it."""
        return {
            "s3_bucket": NAME,
            "s3_endpoint_url": self.address,
            "s3_access_key_id": "key",
            "s3_secret_access_key": "secret",
        }

    async def answer(self, request: web.Request) -> web.Response:
        """One request of S3."""
        key = request.match_info["key"]
        if self.pause and self.clock:
            await self.clock.sleep(self.pause)
        if request.method == "PUT":
            return await self._put(request, key)
        if not key:
            return web.Response(text=_NOTHING, content_type="application/xml")
        if request.method == "DELETE":
            self.objects.pop(key, None)
            return web.Response(status=204)
        found = self.objects.get(key)
        return web.Response(status=404) if found is None else web.Response(body=found)

    async def _put(self, request: web.Request, key: str) -> web.Response:
        data = await request.read()
        if self.refusal:
            status, code = self.refusal
            text = f"<?xml version='1.0'?><Error><Code>{code}</Code></Error>"
            return web.Response(status=status, text=text, content_type="application/xml")
        self.objects[key] = data
        return web.Response(headers={"ETag": '"0"'})


@asynccontextmanager
async def open_bucket() -> AsyncIterator[Bucket]:
    """Serve a bucket on a free port."""
    bucket = Bucket()
    app = web.Application(client_max_size=64 * 1024 * 1024)
    app.router.add_route("*", f"/{NAME}{{slash:/?}}{{key:.*}}", bucket.answer)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=1)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        bucket.address = f"http://127.0.0.1:{runner.addresses[0][1]}"
        yield bucket
    finally:
        await runner.cleanup()
