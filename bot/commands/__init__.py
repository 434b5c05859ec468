"""The slash commands, one file each: read what was typed, ask the core, show the answer."""

from typing import Any

from discord import app_commands

from bot.commands import admin, animate, cancel, generate, models, quota, rig, status
from bot.ui.desk import Desk

AnyCommand = app_commands.Command[Any, ..., None] | app_commands.Group


def commands(desk: Desk) -> list[AnyCommand]:
    """All commands, ready to be put into a tree."""
    return [
        generate.command(desk),
        rig.command(desk),
        animate.command(desk),
        models.command(desk),
        status.command(desk),
        cancel.command(desk),
        quota.command(desk),
        admin.group(desk),
    ]
