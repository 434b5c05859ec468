"""The README's table of commands, made from the commands themselves.

``python -m tests.meta.command_table`` writes it between its markers; a test demands that it is up to date.
"""

from collections.abc import Iterator
from typing import Any

from discord import app_commands

from bot.commands import commands
from tests.bot.desk import a_desk
from tests.meta.sources import ROOT

README = ROOT / "README.md"
START, END = "<!-- commands -->", "<!-- end of commands -->"

Member = app_commands.Command[Any, ..., None]


def table() -> str:
    """A row for each command: how it is typed, what it does."""
    rows = [f"| `{_typed(command)}` | {command.description} |" for command in _all()]
    return "\n".join(["| Command | What it does |", "|---|---|", *rows])


def written(readme: str) -> str:
    """The README with the table as it should be."""
    before, _, rest = readme.partition(START)
    _, end, after = rest.partition(END)
    if not end:
        raise ValueError(f"README.md has lost its markers, {START} and {END}")
    return f"{before}{START}\n\n{table()}\n\n{END}{after}"


def _all() -> Iterator[Member]:
    for command in commands(a_desk()):
        if isinstance(command, app_commands.Group):
            yield from (one for one in command.walk_commands() if isinstance(one, app_commands.Command))
        else:
            yield command


def _typed(command: Member) -> str:
    """The command with its options; what may be left out stands in brackets."""
    options = [option.name if option.required else f"[{option.name}]" for option in command.parameters]
    return " ".join([f"/{command.qualified_name}", *options])


if __name__ == "__main__":
    README.write_text(written(README.read_text("utf-8")), "utf-8")
