"""The slash commands, one file each: read what was typed, ask the core, show the answer."""

from typing import Any

from discord import app_commands

from bot.commands import (
    admin,
    animate,
    batch,
    cancel,
    convert,
    gallery,
    generate,
    key,
    make_3d,
    models,
    notify,
    optimise,
    quota,
    remesh,
    retexture,
    rig,
    status,
)
from bot.commands import help as help_
from bot.ui.desk import Desk

EVERYWHERE = app_commands.AppCommandContext(guild=True, dm_channel=True, private_channel=True)
FOR_ALL = app_commands.AppInstallationType(guild=True, user=True)


def commands(desk: Desk) -> list[app_commands.Command[Any, ..., None] | app_commands.Group]:
    """All commands, ready to be put into a tree.

    Where each may be used is set here and not on the tree, which would add its own
    places to those of the moderators' commands.
    """
    modules = (
        generate,
        batch,
        rig,
        animate,
        retexture,
        remesh,
        convert,
        optimise,
        models,
        gallery,
        status,
        cancel,
        quota,
        notify,
        help_,
    )
    for_members = [*(module.command(desk) for module in modules), key.group(desk)]
    for command in for_members:
        command.allowed_contexts = EVERYWHERE
        command.allowed_installs = FOR_ALL
    return [*for_members, admin.group(desk)]


def menus(desk: Desk) -> list[app_commands.ContextMenu]:
    """What is offered on a person or a message, everywhere as well."""
    found = [models.menu(desk), make_3d.menu(desk)]
    for menu in found:
        menu.allowed_contexts = EVERYWHERE
        menu.allowed_installs = FOR_ALL
    return found
