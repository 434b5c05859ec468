"""``python -m sandbox <part> --port N``: start a part of the outside world and print where it listens.

Each part is a module with ``HELP``, ``add_arguments(parser)`` and ``async run(arguments)``,
which serves until it is cancelled. A part is loaded when it is asked for, so that one
of them runs without the packages of another.
"""

import argparse
import asyncio
import contextlib
import importlib
import signal
import sys
from typing import Any

PARTS = {
    "tripo": "sandbox.vendors.tripo.serve",
    "meshy": "sandbox.vendors.meshy.serve",
    "replicate": "sandbox.vendors.replicate.serve",
    "comfyui": "sandbox.vendors.comfyui.serve",
    "discord": "sandbox.discord.serve",
    "all": "sandbox.everything",
    "demo": "sandbox.demo",
    "tour": "sandbox.tour",
    "chaos": "sandbox.chaos.serve",
    "bench": "sandbox.bench.serve",
}


def main() -> None:
    """Run the part that the command line names, until Ctrl-C or SIGTERM."""
    chooser = argparse.ArgumentParser(prog="python -m sandbox", description=(__doc__ or "").splitlines()[0])
    chooser.add_argument("part", choices=PARTS)
    chosen = chooser.parse_args(sys.argv[1:2])
    part: Any = importlib.import_module(PARTS[chosen.part])
    parser = argparse.ArgumentParser(prog=f"python -m sandbox {chosen.part}", description=part.HELP)
    part.add_arguments(parser)
    arguments = parser.parse_args(sys.argv[2:])
    with contextlib.suppress(asyncio.CancelledError):
        asyncio.run(_run(part, arguments))


async def _run(part: Any, arguments: argparse.Namespace) -> None:
    """Whoever asks it to end, by either signal, gets the same: nothing is left running.

    Said for both: a shell starts what is in its background with Ctrl-C switched off.
    """
    this: Any = asyncio.current_task()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, this.cancel)
    await part.run(arguments)


if __name__ == "__main__":
    main()
