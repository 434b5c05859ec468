"""A bot reduced to its sockets, for asking Discord what a library would never ask."""

import io
import json
import sys
import zlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp

from sandbox.discord import DiscordSandbox
from sandbox.discord.scene import BOT_ID

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

COMMANDS = f"/applications/{BOT_ID}/commands"


class Socket:
    """A raw gateway connection."""

    def __init__(self, ws: aiohttp.ClientWebSocketResponse) -> None:
        self.ws = ws
        zstandard = "zstd-stream" in ws._response.url.query_string
        self._inflate = zstd.ZstdDecompressor() if zstandard else zlib.decompressobj()

    async def send(self, op: int, data: Any) -> None:
        await self.ws.send_json({"op": op, "d": data})

    async def receive(self) -> dict[str, Any]:
        message = await self.ws.receive(timeout=5)
        if message.type is aiohttp.WSMsgType.BINARY:
            return dict(json.loads(self._inflate.decompress(message.data)))
        assert message.type is aiohttp.WSMsgType.TEXT, message
        return dict(json.loads(message.data))

    async def event(self, name: str) -> dict[str, Any]:
        """The next event of this name; others are passed over."""
        while (frame := await self.receive())["t"] != name:
            pass
        return dict(frame["d"])

    async def identify(self, token: str, **changes: Any) -> dict[str, Any]:
        """Say who we are, and read on to READY."""
        await self.send(2, {"token": token, "intents": 1, "properties": {}} | changes)
        return await self.event("READY")

    async def close_code(self) -> int | None:
        """Read on until the other side closes."""
        while (await self.ws.receive(timeout=5)).type not in (
            aiohttp.WSMsgType.CLOSE,
            aiohttp.WSMsgType.CLOSED,
            aiohttp.WSMsgType.CLOSING,
        ):
            pass
        return self.ws.close_code


class Wire:
    """REST and gateway of one sandbox, by hand."""

    def __init__(self, session: aiohttp.ClientSession, sandbox: DiscordSandbox) -> None:
        self.session = session
        self.sandbox = sandbox

    async def rest(
        self, method: str, path: str, body: Any = None, *, signed: bool = True, **more: Any
    ) -> Any:
        """Ask; gives the status and the JSON."""
        status, answer, _headers = await self.rest_with_headers(method, path, body, signed=signed, **more)
        return status, answer

    async def rest_with_headers(
        self, method: str, path: str, body: Any = None, *, signed: bool = True, **more: Any
    ) -> Any:
        headers = {"Authorization": f"Bot {self.sandbox.token}"} if signed else {}
        async with self.session.request(
            method, self.sandbox.rest_url + path, json=body, headers=headers, **more
        ) as response:
            is_json = response.headers.get("Content-Type") == "application/json"
            return response.status, await response.json() if is_json else None, response.headers

    async def control(self, method: str, path: str, body: Any = None) -> Any:
        """Ask the control API."""
        async with self.session.request(
            method, f"{self.sandbox.address}/sandbox/{path}", json=body
        ) as response:
            return response.status, None if response.status == 204 else await response.json()

    @asynccontextmanager
    async def socket(self, query: str = "?v=10&encoding=json") -> AsyncIterator[Socket]:
        """A connection that has heard HELLO."""
        async with self.session.ws_connect(self.sandbox.gateway.url + query) as ws:
            socket = Socket(ws)
            assert (await socket.receive())["op"] == 10
            yield socket

    @asynccontextmanager
    async def listening(self) -> AsyncIterator[Socket]:
        """A connection that is ready."""
        async with self.socket() as socket:
            await socket.identify(self.sandbox.token)
            yield socket


def form(payload: Any, *files: tuple[str, bytes]) -> aiohttp.FormData:
    """A request with files, as clients make it."""
    data = aiohttp.FormData(quote_fields=False)  # as libraries do
    data.add_field("payload_json", json.dumps(payload), content_type="application/json")
    for number, (name, content) in enumerate(files):
        data.add_field(
            f"files[{number}]", io.BytesIO(content), filename=name, content_type="application/octet-stream"
        )
    return data


def faults(answer: dict[str, Any]) -> dict[str, str]:
    """The nested errors of a 50035, by dotted place."""
    found: dict[str, str] = {}

    def collect(node: dict[str, Any], path: tuple[str, ...]) -> None:
        for key, value in node.items():
            if key == "_errors":
                found[".".join(path)] = value[0]["code"]
            else:
                collect(value, (*path, key))

    collect(answer["errors"], ())
    return found
