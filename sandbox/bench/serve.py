"""``python -m sandbox bench``: measures, and prints a table and JSON."""

import argparse
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import TextIO

from sandbox.bench import acknowledge, charges, edits, finish, idle, page, relay, scale
from sandbox.bench.figures import Figure, as_json, table

HELP = "Measures the bot on this machine, with everything around it simulated."
MEASURES: Mapping[str, Callable[[TextIO], Awaitable[list[Figure]]]] = MappingProxyType(
    {
        "acknowledge": acknowledge.figures,
        "edits": edits.figures,
        "charges": charges.figures,
        "finish": finish.figures,
        "page": page.figures,
        "relay": relay.figures,
        "scale": scale.figures,
        "idle": idle.figures,
    }
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What can be said on the command line."""
    parser.add_argument("only", nargs="*", choices=[[], *MEASURES], help="which of them; all unless said")
    parser.add_argument(
        "--json", type=Path, default=Path("bench.json"), help="where the JSON goes (bench.json)"
    )


async def run(arguments: argparse.Namespace) -> None:
    """Measure one after the other; nothing else should run on the machine."""
    figures: list[Figure] = []
    with Path("bench.log").open("w") as log:  # noqa: ASYNC230 - once, before it begins
        for name in arguments.only or MEASURES:
            figures += await MEASURES[name](log)
    print(table(figures))
    arguments.json.write_text(as_json(figures))
