"""``python -m sandbox tripo``: the vendor alone, for any client that can be pointed at an address."""

import argparse
from decimal import Decimal

from sandbox.clock import SystemClock
from sandbox.vendors import serving
from sandbox.vendors.tripo.accounts import KEY
from sandbox.vendors.tripo.server import TripoSandbox

HELP = "Tripo's API v3 on this machine: real GLBs, made-up credits, nothing leaves."


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What can be said on the command line."""
    serving.add_arguments(parser, port=8802)
    parser.add_argument("--key", default=KEY, help="the API key that is good here")
    parser.add_argument("--credits", type=Decimal, default=Decimal(3000), help="credits to begin with (3000)")


async def run(arguments: argparse.Namespace) -> None:
    """Serve until cancelled."""
    vendor = TripoSandbox(SystemClock(), key=arguments.key, balance=arguments.credits, speed=arguments.speed)
    await serving.serve(
        vendor.app(),
        arguments.host,
        arguments.port,
        lambda address: f"Tripo at {address}/v3  key {arguments.key}",
    )
