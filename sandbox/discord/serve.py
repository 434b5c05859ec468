"""``python -m sandbox discord --port N``: the Discord in a box alone, for any bot."""

import argparse
import asyncio
import os
from pathlib import Path

from sandbox.clock import SystemClock
from sandbox.discord.server import TOKEN, DiscordSandbox

HELP = "A Discord in a box: REST v10, gateway, CDN, and a chat page."


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command line's options."""
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8090)
    parser.add_argument("--token", default=TOKEN, help="the bot's token")


async def run(arguments: argparse.Namespace) -> None:
    """Serve until cancelled. ``SANDBOX_RECORD`` names a file to record to."""
    record = os.environ.get("SANDBOX_RECORD")
    sandbox = DiscordSandbox(SystemClock(), record=Path(record) if record else None, token=arguments.token)
    address = await sandbox.start(arguments.host, arguments.port)
    print(f"chat page  {address}/")
    print(f"REST       {sandbox.rest_url}")
    print(f"gateway    {sandbox.gateway.url}")
    print(f"token      {sandbox.token}", flush=True)
    try:
        await asyncio.Event().wait()
    finally:
        await sandbox.stop()
