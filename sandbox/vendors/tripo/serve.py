"""``python -m sandbox tripo``: the vendor alone, for any client that can be pointed at an address."""

import argparse
import asyncio
from decimal import Decimal

from aiohttp import web

from sandbox.clock import SystemClock
from sandbox.vendors.tripo.accounts import KEY
from sandbox.vendors.tripo.server import TripoSandbox

HELP = "Tripo's API v3 on this machine: real GLBs, made-up credits, nothing leaves."


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What can be said on the command line."""
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (127.0.0.1)")
    parser.add_argument("--port", type=int, default=8802, help="port to listen on (8802); 0 takes any")
    parser.add_argument("--key", default=KEY, help="the API key that is good here")
    parser.add_argument("--credits", type=Decimal, default=Decimal(3000), help="credits to begin with (3000)")
    parser.add_argument("--speed", type=float, default=1.0, help="how many times as fast as usual (1)")


async def run(arguments: argparse.Namespace) -> None:
    """Serve until cancelled."""
    vendor = TripoSandbox(SystemClock(), key=arguments.key, balance=arguments.credits, speed=arguments.speed)
    runner = web.AppRunner(vendor.app(), access_log=None)
    await runner.setup()
    try:
        await web.TCPSite(runner, arguments.host, arguments.port).start()
        host, port = runner.addresses[0][:2]
        print(f"Tripo at http://{host}:{port}/v3  key {arguments.key}", flush=True)
        await asyncio.Event().wait()
    finally:
        await runner.cleanup()
