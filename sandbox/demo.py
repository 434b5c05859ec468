"""``python -m sandbox demo``: a chat page with the bot in it, for a person with a browser."""

import argparse
import asyncio
import sys
from pathlib import Path

from sandbox.playground import BotMissing, playground
from sandbox.suggestions import SUGGESTIONS

HELP = "A chat in the browser with the bot in it; no account and no network needed."
FOLDER = Path(".demo")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What can be said on the command line."""
    parser.add_argument("--speed", type=float, default=1.5, help="how many times as fast vendors work (1.5)")


async def run(arguments: argparse.Namespace) -> None:
    """Serve until cancelled, or until the bot ends."""
    try:
        settings = {"PREVIEWS": "true"}
        async with playground(FOLDER, log=sys.stderr, speed=arguments.speed, settings=settings) as ground:
            ground.discord.suggestions = SUGGESTIONS
            await ground.connected()
            for note in ground.notes:
                print(note)
            print(
                f"\n  Maquette is ready. Open  {ground.address}/  and type /generate\n  Ctrl-C ends it.\n",
                flush=True,
            )
            await asyncio.gather(ground.subscribe(), ground.bot.ended())
    except BotMissing as missing:
        sys.exit(f"The demo cannot go on: {missing}. What the bot said stands above.")
    except asyncio.CancelledError:
        print("\nEverything is stopped.")
        raise
