"""The content network: attachments behind links that are signed and die after a day.

A link carries when it ends (``ex``), when it was made (``is``) and a signature (``hm``), all in hex. A link
that is over or whose file is gone answers 404, a forged one 403.
"""

import hashlib
import hmac
import secrets
from urllib.parse import quote

from aiohttp import web

from sandbox.discord.nouns import Attachment
from sandbox.discord.world import World

LIFETIME_SECONDS = 24 * 60 * 60
_SAME_SECONDS = 10 * 60
_GONE = "This content is no longer available."
_SHOWN_INLINE = ("image/", "video/", "audio/")


class Cdn:
    """Makes links and serves what is behind them."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._secret = secrets.token_bytes(32)
        self.base = ""  # known once the server listens

    def link(self, attachment: Attachment) -> str:
        """A link to a file that works for about a day; for some minutes it is the same one."""
        now = self._world.clock.now() // 1_000
        issued = now - now % _SAME_SECONDS  # who has loaded it need not load it again
        path = f"/attachments/{attachment.channel_id}/{attachment.id}/{quote(attachment.filename)}"
        expires, made = f"{issued + LIFETIME_SECONDS:x}", f"{issued:x}"
        return f"{self.base}{path}?ex={expires}&is={made}&hm={self._signature(path, expires, made)}&"

    def routes(self) -> list[web.RouteDef]:
        """Where the files are."""
        return [web.get("/attachments/{channel}/{attachment}/{name}", self._serve)]

    async def _serve(self, request: web.Request) -> web.Response:
        query = request.query
        expires, made, given = query.get("ex", ""), query.get("is", ""), query.get("hm", "")
        signature = self._signature(request.rel_url.raw_path, expires, made)
        if not hmac.compare_digest(signature.encode(), given.encode()):
            return web.Response(status=403, text="Forbidden")
        if int(expires, 16) * 1_000 <= self._world.clock.now():
            return web.Response(status=404, text=_GONE)
        attachment = self._find(request.match_info)
        if attachment is None:
            return web.Response(status=404, text=_GONE)
        return _file(attachment)

    def _find(self, place: dict[str, str]) -> Attachment | None:
        attachment = self._world.find_attachment(int(place["channel"]), int(place["attachment"]))
        return attachment if attachment and attachment.filename == place["name"] else None

    def _signature(self, path: str, expires: str, made: str) -> str:
        words = f"{path}\n{expires}\n{made}".encode()
        return hmac.new(self._secret, words, hashlib.sha256).hexdigest()


def _file(attachment: Attachment) -> web.Response:
    content_type = attachment.content_type or "application/octet-stream"
    place = "inline" if content_type.startswith(_SHOWN_INLINE) and "svg" not in content_type else "attachment"
    return web.Response(
        body=attachment.content,
        headers={
            "Content-Type": content_type,
            "Content-Disposition": f'{place}; filename="{attachment.filename}"',
            "Cache-Control": f"private, max-age={LIFETIME_SECONDS}",
            "X-Content-Type-Options": "nosniff",
        },
    )
