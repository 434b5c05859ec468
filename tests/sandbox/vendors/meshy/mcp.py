"""The vendor's own MCP server as a process, spoken to over its standard input and output."""

import asyncio
import json
import os
import shutil
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from tests.meta.sources import ROOT

SCRIPT = ROOT / "node_modules" / "@meshy-ai" / "meshy-mcp-server" / "dist" / "index.js"
MOST = 16 * 1024 * 1024
"""Bytes of one message: the list of tools is long."""
SECONDS = 60.0
PROTOCOL = "2025-06-18"


class McpServer:
    """One session."""

    def __init__(self, process: Process) -> None:
        self._process = process
        self._last = 0

    async def ask(self, method: str, **params: Any) -> dict[str, Any]:
        """A request's result; what the server says besides is passed over."""
        self._last += 1
        await self._say({"id": self._last, "method": method, "params": params})
        assert self._process.stdout is not None
        while line := await asyncio.wait_for(self._process.stdout.readline(), SECONDS):
            message = json.loads(line)
            if message.get("id") == self._last:
                assert "error" not in message, message["error"]
                return message["result"]
        raise AssertionError("the server ended")

    async def begin(self) -> dict[str, Any]:
        """The handshake; what the server says of itself."""
        client = {"name": "tests", "version": "1"}
        said = await self.ask("initialize", protocolVersion=PROTOCOL, capabilities={}, clientInfo=client)
        await self._say({"method": "notifications/initialized"})
        return said

    async def use(self, tool: str, **arguments: Any) -> dict[str, Any]:
        """A tool's structured answer."""
        result = await self.ask("tools/call", name=tool, arguments=arguments)
        assert not result.get("isError"), result
        return result["structuredContent"]

    async def refusal(self, tool: str, **arguments: Any) -> str:
        """The words of a tool that could not do it."""
        result = await self.ask("tools/call", name=tool, arguments=arguments)
        assert result["isError"], result
        return result["content"][0]["text"]

    async def _say(self, message: dict[str, Any]) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps({"jsonrpc": "2.0"} | message).encode() + b"\n")
        await self._process.stdin.drain()


def missing() -> str:
    """What is not here that it takes to run it; nothing, if all is."""
    if shutil.which("node") is None:
        return "Node is missing"
    return "" if SCRIPT.is_file() else "node_modules/@meshy-ai/meshy-mcp-server is missing: run npm ci"


@asynccontextmanager
async def running(address: str, key: str, folder: Path) -> AsyncIterator[McpServer]:
    """Start it against a vendor at this address; what it downloads comes into the folder."""
    environment = {"PATH": os.environ["PATH"], "MESHY_API_HOST": address, "MESHY_API_KEY": key}
    with (folder / "mcp.log").open("wb") as log:
        process = await asyncio.create_subprocess_exec(
            "node", str(SCRIPT), env=environment, cwd=folder, stdin=PIPE, stdout=PIPE, stderr=log, limit=MOST
        )
        try:
            yield McpServer(process)
        finally:
            if process.returncode is None:
                process.terminate()
            await process.wait()
