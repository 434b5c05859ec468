"""One vendor alone: ``python -m sandbox <vendor>``, for any client that can be pointed at an address."""

import argparse
import asyncio
from collections.abc import Callable

from aiohttp import web


def add_arguments(parser: argparse.ArgumentParser, *, port: int) -> None:
    """What can be said of every vendor on the command line: ``host``, ``port`` and ``speed``."""
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (127.0.0.1)")
    parser.add_argument("--port", type=int, default=port, help=f"port to listen on ({port}); 0 takes any")
    parser.add_argument("--speed", type=float, default=1.0, help="how many times as fast as usual (1)")


async def serve(app: web.Application, host: str, port: int, said: Callable[[str], str]) -> None:
    """Serve until cancelled; ``said`` makes of ``http://host:port`` the line that is printed."""
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    try:
        await web.TCPSite(runner, host, port).start()
        bound = runner.addresses[0]
        print(said(f"http://{bound[0]}:{bound[1]}"), flush=True)
        await asyncio.Event().wait()
    finally:
        await runner.cleanup()
