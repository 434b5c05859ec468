"""``/admin quota``: what moderators do about members' credits. What they say of it is private."""

from typing import Any

import discord
from discord import app_commands

from bot.commands.quota import lines
from bot.commands.words import word
from bot.jobs.quota import ALLOWANCE_MAX, GRANT_HOURS
from bot.jobs.views import QuotaReport
from bot.ui.answering import asker, tell
from bot.ui.desk import Desk, Interaction
from bot.ui.panels import panel
from bot.ui.text import Voice, clip, plain
from storage.models import QuotaChange

ALLOWANCE = app_commands.Range[int, 0, ALLOWANCE_MAX]
GRANT = app_commands.Range[int, 1, ALLOWANCE_MAX]
HOURS = app_commands.Range[int, 1, 24 * 30]
REASON = app_commands.Range[str, 1, 200]
_REASON_SHOWN = 80


def group(desk: Desk) -> app_commands.Group:
    """The commands, at work at this desk; only for those who may manage the server."""
    admin = app_commands.Group(
        name="admin",
        description=word(desk.catalogue, "command.admin"),
        default_permissions=discord.Permissions(manage_guild=True),
        allowed_contexts=app_commands.AppCommandContext(guild=True),
        allowed_installs=app_commands.AppInstallationType(guild=True),
    )
    quota = app_commands.Group(
        name="quota", description=word(desk.catalogue, "command.admin_quota"), parent=admin
    )
    for make in (_show, _set, _grant, _reset):
        command = make(desk)
        command.add_check(_is_moderator)
        quota.add_command(command)
    return admin


def _is_moderator(interaction: Interaction) -> bool:
    """Asked again here, because a server may hand a command to whom it likes."""
    if not asker(interaction).moderator:
        raise app_commands.MissingPermissions(["manage_guild"])
    return True


def _show(desk: Desk) -> app_commands.Command[Any, ..., None]:
    @app_commands.command(name="show", description=word(desk.catalogue, "command.admin_show"))
    @app_commands.describe(member=word(desk.catalogue, "option.member"))
    async def show(interaction: Interaction, member: discord.User) -> None:
        voice = desk.voice(interaction)
        report = await desk.quotas.report(asker(interaction), member.id)
        told = panel("\n".join(_report(voice, member.id, report)))
        await interaction.response.send_message(view=told, ephemeral=True)

    return show


def _set(desk: Desk) -> app_commands.Command[Any, ..., None]:
    @app_commands.command(name="set", description=word(desk.catalogue, "command.admin_set"))
    @app_commands.describe(**_options(desk, "amount_set"))
    async def set_(
        interaction: Interaction, member: discord.User, amount: ALLOWANCE, reason: REASON | None = None
    ) -> None:
        change = await desk.quotas.set(asker(interaction), member.id, amount, reason)
        await _tell_change(desk, interaction, member, change)

    return set_


def _grant(desk: Desk) -> app_commands.Command[Any, ..., None]:
    @app_commands.command(name="grant", description=word(desk.catalogue, "command.admin_grant"))
    @app_commands.describe(**_options(desk, "amount_grant"), hours=word(desk.catalogue, "option.hours"))
    async def grant(
        interaction: Interaction,
        member: discord.User,
        amount: GRANT,
        hours: HOURS = GRANT_HOURS,
        reason: REASON | None = None,
    ) -> None:
        change = await desk.quotas.grant(asker(interaction), member.id, amount, reason, hours=hours)
        await _tell_change(desk, interaction, member, change, hours=hours)

    return grant


def _reset(desk: Desk) -> app_commands.Command[Any, ..., None]:
    @app_commands.command(name="reset", description=word(desk.catalogue, "command.admin_reset"))
    @app_commands.describe(**_options(desk, None))
    async def reset(interaction: Interaction, member: discord.User, reason: REASON | None = None) -> None:
        change = await desk.quotas.reset(asker(interaction), member.id, reason)
        await _tell_change(desk, interaction, member, change)

    return reset


def _options(desk: Desk, amount: str | None) -> dict[str, app_commands.locale_str]:
    words = {name: word(desk.catalogue, f"option.{name}") for name in ("member", "reason")}
    return words | ({"amount": word(desk.catalogue, f"option.{amount}")} if amount else {})


async def _tell_change(
    desk: Desk, interaction: Interaction, member: discord.User, change: QuotaChange, **facts: int
) -> None:
    told = {"user": member.id, "amount": change.amount, "before": change.before, "after": change.after}
    await tell(interaction, desk.voice(interaction).say(f"admin.{change.action}", **told, **facts))


def _report(voice: Voice, user_id: int, report: QuotaReport) -> list[str]:
    told = [voice.say("quota.title_member", user=user_id), *lines(voice, report.quota)]
    if not report.changes:
        return [*told, voice.say("admin.no_changes")]
    return [*told, voice.say("admin.changes"), *(f"- {_change(voice, change)}" for change in report.changes)]


def _change(voice: Voice, change: QuotaChange) -> str:
    what = voice.say(
        f"admin.change_{change.action}",
        at=change.created_at,
        actor=change.actor_id,
        amount=change.amount,
        before=change.before,
        after=change.after,
    )
    return f"{what}: {plain(clip(change.reason, _REASON_SHOWN))}" if change.reason else what
