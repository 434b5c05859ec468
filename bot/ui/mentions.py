"""Commands' names that can be clicked, as far as Discord has told us their ids."""

from collections.abc import Iterable

from discord import app_commands


class Mentions:
    """Empty until the commands are put up."""

    def __init__(self) -> None:
        self._ids: dict[str, int] = {}

    def learn(self, commands: Iterable[app_commands.AppCommand]) -> None:
        """What Discord calls the commands that it has taken."""
        self._ids = {one.name: one.id for one in commands}

    def of(self, command: str) -> str:
        """A command with its sub-commands, as one types it: to be clicked, or else to be read."""
        found = self._ids.get(command.partition(" ")[0])
        return f"</{command}:{found}>" if found else f"`/{command}`"
