"""``python -m sandbox chaos``: break everything at the worst moment, then read the books."""

import argparse
import logging
import os
import random
import shutil
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from threading import Thread
from types import MappingProxyType
from typing import TextIO

from sandbox.chaos.blows import BLOWS
from sandbox.chaos.crowd import Crowd
from sandbox.chaos.rounds import Rounds
from sandbox.chaos.tally import Tally
from sandbox.chaos.witness import Witness
from sandbox.playground import BotMissing, playground

HELP = "Kills, cuts, freezes and starves the bot while members work with it, and audits the books afterwards."
FOLDER = Path(".demo") / "chaos"
HURRIED, UNGUARDED = "-m tests.hurried", "-m tests.unguarded"
"""The real bot, with the pauses of hours and minutes cut short; and the same without its submit guard."""
ALLOWANCE = 10
SPEED = 30.0
SETTINGS: Mapping[str, str] = MappingProxyType({"QUOTA_ALLOWANCE": str(ALLOWANCE), "COMFYUI_SLOTS": "2"})


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What can be said on the command line."""
    parser.add_argument("--rounds", type=int, default=50, help="how many (50)")
    parser.add_argument("--seed", type=int, help="replays what falls when; a new one each time")
    parser.add_argument(
        "--only", default=",".join(BLOWS), metavar="NAMES", help=f"of these blows: {', '.join(BLOWS)}"
    )
    parser.add_argument("--folder", type=Path, default=FOLDER, help=f"for the bot's data and log ({FOLDER})")
    parser.add_argument("--pause", type=float, default=0.7, help="seconds between a visitor's acts (0.7)")
    parser.add_argument(
        "--without-guard",
        action="store_true",
        help="switch the bot's submit guard off: paid_twice has to grow, or this finds nothing",
    )


async def run(arguments: argparse.Namespace) -> None:
    """Play the rounds; exits non-zero where something is wrong or never fell."""
    seed = random.SystemRandom().randrange(10**6) if arguments.seed is None else arguments.seed
    tally, began, folder = Tally(expected=_chosen(arguments.only)), time.monotonic(), arguments.folder
    print(f"seed={seed}", flush=True)
    folder.mkdir(parents=True, exist_ok=True)
    logging.basicConfig(filename=folder / "sandbox.log", filemode="w")  # of clients that die
    with _log(folder / "bot.log") as log:
        try:
            await _play(arguments, random.Random(seed), tally, log)
        except BotMissing as missing:
            sys.exit(f"✗ {missing}\nWhat it said is in {folder / 'bot.log'}.")
    _tell(tally, f"{time.monotonic() - began:.0f} s; the bot's log is {folder / 'bot.log'}")


async def _play(arguments: argparse.Namespace, rng: random.Random, tally: Tally, log: TextIO) -> None:
    data = arguments.folder / "data"
    witness = Witness(folder=data)
    async with playground(
        data,
        log=log,
        speed=SPEED,
        settings=SETTINGS,
        observer=witness.at_vendor,
        overhearer=witness.at_discord,
        program=UNGUARDED if arguments.without_guard else HURRIED,
    ) as ground:
        rounds = Rounds(
            ground=ground,
            witness=witness,
            crowd=Crowd(discord=ground.discord, rng=rng, pause=arguments.pause),
            folder=data,
            allowance=ALLOWANCE,
            rng=rng,
            tally=tally,
            count=arguments.rounds,
        )
        await rounds.play()


def _tell(tally: Tally, told: str) -> None:
    for finding in tally.findings:
        print(f"✗ {finding.wrong.value}: {finding.detail}")
    print(told)
    print("\n".join(tally.lines()), flush=True)
    if not tally.well:
        sys.exit(1)


def _chosen(names: str) -> tuple[str, ...]:
    chosen = tuple(names.split(","))
    if unknown := set(chosen) - BLOWS.keys():
        sys.exit(f"There is no {', '.join(sorted(unknown))}.")
    return chosen


@contextmanager
def _log(path: Path) -> Iterator[TextIO]:
    """Where the bot's log goes: through a pipe, as in a container, so that it has no part in a full disk."""
    source, into = os.pipe()
    with os.fdopen(source, "rb", buffering=0) as lines, path.open("wb", buffering=0) as file:
        copier = Thread(target=shutil.copyfileobj, args=(lines, file))
        copier.start()
        with os.fdopen(into, "w", encoding="utf-8") as pipe:
            yield pipe
        copier.join()
