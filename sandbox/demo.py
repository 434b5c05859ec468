"""``python -m sandbox demo``: a chat page with the bot in it, for a person with a browser."""

import argparse
import asyncio
import sys
from pathlib import Path

from sandbox.discord.refusals import Json
from sandbox.playground import BotMissing, playground
from sandbox.vendors.tripo.faults import WORDS

HELP = "A chat in the browser with the bot in it; no account and no network needed."
FOLDER = Path(".demo")

SUGGESTIONS: list[Json] = [
    {
        "title": "Make something",
        "text": "Type / for the commands, or pick one of these.",
        "examples": [
            "/generate prompt: a brass owl",
            "/generate prompt: a wooden knight rig: true animate: walk, wave_goodbye_01",
            "/generate prompt: a red dragon style: low_poly",
            "/models",
            "/quota",
        ],
    },
    {
        "title": "Be somebody else",
        "text": "Switch people at the lower left. Carmen reads Spanish; Mona is a moderator and may do this:",
        "examples": ["/admin quota show member: Ada", "/admin quota grant member: Ada amount: 5"],
    },
    {
        "title": "Let it go wrong",
        "text": "These words make the vendor refuse or fail. What a failure costs: nothing.",
        "examples": [
            "/generate prompt: a nude statue",
            "/generate prompt: a bloody sword",
            "/generate prompt: a teapot late-failed",
            "/generate prompt: a clock not-a-glb",
            "/generate prompt: a lamp expired-links",
        ],
    },
    {
        "title": "Every word for trouble",
        "text": "Any of these in a prompt: " + ", ".join(sorted(WORDS)) + ".",
        "examples": ["/generate prompt: a kettle cut-after-accept", "/generate prompt: a chair html-502"],
    },
]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What can be said on the command line."""
    parser.add_argument("--speed", type=float, default=1.5, help="how many times as fast vendors work (1.5)")


async def run(arguments: argparse.Namespace) -> None:
    """Serve until cancelled, or until the bot ends."""
    try:
        async with playground(FOLDER, log=sys.stderr, speed=arguments.speed) as ground:
            ground.discord.suggestions = SUGGESTIONS
            await ground.connected()
            for note in ground.notes:
                print(note)
            print(
                f"\n  Maquette is ready. Open  {ground.address}/  and type /generate\n  Ctrl-C ends it.\n",
                flush=True,
            )
            await ground.bot.ended()
    except BotMissing as missing:
        sys.exit(f"The demo cannot go on: {missing}. What the bot said stands above.")
    except asyncio.CancelledError:
        print("\nEverything is stopped.")
        raise
