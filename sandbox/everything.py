"""``python -m sandbox all``: every part of the outside world in one process."""

import argparse
import asyncio
from collections.abc import Mapping
from types import MappingProxyType, ModuleType

from sandbox.discord import serve as discord
from sandbox.vendors.comfyui import serve as comfyui
from sandbox.vendors.meshy import serve as meshy
from sandbox.vendors.replicate import serve as replicate
from sandbox.vendors.tripo import serve as tripo

HELP = "Discord and the vendors together, each at a port of its own."
VENDORS: Mapping[str, ModuleType] = MappingProxyType(
    {"tripo": tripo, "meshy": meshy, "replicate": replicate, "comfyui": comfyui}
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What can be said on the command line."""
    for name, part in {"discord": discord, **VENDORS}.items():
        port = _said(part).port
        parser.add_argument(f"--{name}-port", type=int, default=port, help=f"port of {name} ({port})")
    parser.add_argument("--speed", default="1", help="how many times as fast as usual vendors work (1)")


async def run(arguments: argparse.Namespace) -> None:
    """Serve until cancelled; when one part cannot start, none runs."""
    async with asyncio.TaskGroup() as parts:
        parts.create_task(discord.run(_said(discord, "--port", arguments.discord_port)))
        for name, part in VENDORS.items():
            port = getattr(arguments, f"{name}_port")
            parts.create_task(part.run(_said(part, "--port", port, "--speed", arguments.speed)))


def _said(part: ModuleType, *words: object) -> argparse.Namespace:
    """A part's arguments, as its own command line would give them."""
    parser = argparse.ArgumentParser()
    part.add_arguments(parser)
    return parser.parse_args([str(word) for word in words])
