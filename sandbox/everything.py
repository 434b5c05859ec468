"""``python -m sandbox all``: every part of the outside world in one process."""

import argparse
import asyncio
from types import ModuleType

from sandbox.discord import serve as discord
from sandbox.vendors.tripo import serve as tripo

HELP = "Discord and the vendors together, each at a port of its own."


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What can be said on the command line."""
    parser.add_argument("--discord-port", type=int, default=8090, help="port of the Discord (8090)")
    parser.add_argument("--tripo-port", type=int, default=8802, help="port of Tripo (8802)")
    parser.add_argument("--speed", default="1", help="how many times as fast as usual vendors work (1)")


async def run(arguments: argparse.Namespace) -> None:
    """Serve until cancelled; when one part cannot start, none runs."""
    async with asyncio.TaskGroup() as parts:
        parts.create_task(discord.run(_said(discord, "--port", arguments.discord_port)))
        parts.create_task(tripo.run(_said(tripo, "--port", arguments.tripo_port, "--speed", arguments.speed)))


def _said(part: ModuleType, *words: object) -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    part.add_arguments(parser)
    return parser.parse_args([str(word) for word in words])
