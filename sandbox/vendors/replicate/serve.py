"""``python -m sandbox replicate``: the vendor alone, for any client that can be pointed at an address."""

import argparse
from decimal import Decimal

from sandbox.clock import SystemClock
from sandbox.vendors import serving
from sandbox.vendors.replicate.accounts import KEY
from sandbox.vendors.replicate.server import ReplicateSandbox

HELP = "Replicate's API on this machine: real GLBs and pictures, made-up dollars, nothing leaves."


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What can be said on the command line."""
    serving.add_arguments(parser, port=8804)
    parser.add_argument("--key", default=KEY, help="the API token that is good here")
    parser.add_argument(
        "--credits", type=Decimal, default=Decimal(100), help="US dollars to begin with (100)"
    )


async def run(arguments: argparse.Namespace) -> None:
    """Serve until cancelled."""
    vendor = ReplicateSandbox(
        SystemClock(), key=arguments.key, balance=arguments.credits, speed=arguments.speed
    )
    await serving.serve(
        vendor.app(),
        arguments.host,
        arguments.port,
        lambda address: f"Replicate at {address}/v1  key {arguments.key}",
    )
