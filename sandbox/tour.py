"""``python -m sandbox tour``: plays members and a moderator through the main job, and prints what they saw.

Everything that is said with a ✓ was looked at from outside: in the chat, at the vendors'
books, in the downloaded files. The first thing that is not as it should be ends the tour.
"""

import argparse
import sys
import time
from pathlib import Path

from sandbox.chapters import main_job, mishaps, vendors
from sandbox.chapters.cast import Cast, Chapter
from sandbox.player import NotAsItShouldBe, Player
from sandbox.playground import BotMissing, playground

HELP = "The demo without a browser: plays the main job from end to end and prints what was typed and seen."
FOLDER = Path(".demo") / "tour"

CHAPTERS: tuple[Chapter, ...] = (
    vendors.told,
    main_job.make,
    main_job.rig,
    main_job.animate,
    main_job.chain,
    main_job.quota,
    mishaps.moderation,
    mishaps.cancel,
    mishaps.retry,
    mishaps.killed_generating,
    mishaps.killed_animating,
    vendors.each,
    vendors.cheapest,
    vendors.elsewhere,
    vendors.down,
    vendors.own_key,
    vendors.empty,
    vendors.well_again,
    main_job.look_back,
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What can be said on the command line."""
    parser.add_argument("--speed", type=float, default=5.0, help="how many times as fast vendors work (5)")


async def run(arguments: argparse.Namespace) -> None:
    """Play all of it; exits non-zero where something is not as it should be."""
    began = time.monotonic()
    FOLDER.parent.mkdir(exist_ok=True)
    with (FOLDER.parent / "tour-bot.log").open("w", encoding="utf-8") as log:
        try:
            async with playground(FOLDER, log=log, speed=arguments.speed) as ground:
                await ground.connected()
                ada, ben, mona = (Player(ground=ground, name=name) for name in ("Ada", "Ben", "Mona"))
                cast = Cast(ground, ada, ben, mona, arguments.speed)
                for chapter in CHAPTERS:
                    print(f"\n━━ {(chapter.__doc__ or '').strip()}")
                    await chapter(cast)
        except (NotAsItShouldBe, BotMissing) as wrong:
            sys.exit(f"\n✗ Not as it should be: {wrong}.\nWhat the bot said is in {log.name}.")
    print(f"\nThe tour is over: everything was as it should be ({time.monotonic() - began:.0f} seconds).")
