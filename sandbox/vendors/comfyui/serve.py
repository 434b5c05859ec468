"""``python -m sandbox comfyui``: the server alone, for any client that can be pointed at an address."""

import argparse

from sandbox.clock import SystemClock
from sandbox.vendors import serving
from sandbox.vendors.comfyui.server import ComfyUISandbox
from sandbox.vendors.comfyui.vendor import VERSION

HELP = "ComfyUI's own API on this machine: real GLBs without a graphics card, nothing leaves."


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What can be said on the command line."""
    serving.add_arguments(parser, port=8805)
    parser.add_argument("--key", default="", help="the Authorization that a gateway demands (none)")
    parser.add_argument("--comfyui-version", default=VERSION, help=f"the version that is played ({VERSION})")
    parser.add_argument(
        "--custom-nodes",
        nargs="*",
        default=[],
        help="extensions that are installed: ComfyUI-UniRig, Sandbox-FBX2glTF",
    )


async def run(arguments: argparse.Namespace) -> None:
    """Serve until cancelled."""
    vendor = ComfyUISandbox(
        SystemClock(),
        authorization=arguments.key,
        version=arguments.comfyui_version,
        custom_nodes=arguments.custom_nodes,
        speed=arguments.speed,
    )
    key = f"  key {arguments.key}" if arguments.key else ""
    await serving.serve(
        vendor.app(), arguments.host, arguments.port, lambda address: f"ComfyUI at {address}{key}"
    )
