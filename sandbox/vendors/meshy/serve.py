"""``python -m sandbox meshy``: the vendor alone, for any client that can be pointed at an address."""

import argparse

from sandbox.clock import SystemClock
from sandbox.vendors import serving
from sandbox.vendors.meshy.accounts import KEY
from sandbox.vendors.meshy.server import MeshySandbox

HELP = "Meshy's API on this machine: real GLBs, made-up credits, nothing leaves."


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What can be said on the command line."""
    serving.add_arguments(parser, port=8803)
    parser.add_argument("--key", default=KEY, help="the API key that is good here")
    parser.add_argument("--credits", type=int, default=1000, help="credits to begin with (1000)")


async def run(arguments: argparse.Namespace) -> None:
    """Serve until cancelled."""
    vendor = MeshySandbox(SystemClock(), key=arguments.key, balance=arguments.credits, speed=arguments.speed)
    await serving.serve(
        vendor.app(),
        arguments.host,
        arguments.port,
        lambda address: f"Meshy at {address}  key {arguments.key}",
    )
