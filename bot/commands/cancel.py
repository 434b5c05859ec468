"""``/cancel``: stop a job, after saying what comes back."""

from typing import Any

from discord import app_commands

from bot.commands.offers import OFFERS
from bot.commands.words import word
from bot.jobs.errors import NothingToCancel
from bot.jobs.views import JobView
from bot.ui.answering import asker
from bot.ui.batch_items import ask_to_cancel_rest
from bot.ui.buttons import ask_to_cancel
from bot.ui.desk import Desk, Interaction
from bot.ui.text import Voice, clip
from storage.models import Job

_NAME_LENGTH = 60


def command(desk: Desk) -> app_commands.Command[Any, ..., None]:
    """The command, at work at this desk."""

    @app_commands.command(name="cancel", description=word(desk.catalogue, "command.cancel"))
    @app_commands.describe(job=word(desk.catalogue, "option.job"))
    async def cancel(interaction: Interaction, job: str | None = None) -> None:
        if job:
            await ask_to_cancel(desk, interaction, job)
            return
        newest = await _newest(desk, interaction)
        if newest.batch_id:
            await ask_to_cancel_rest(desk, interaction, newest.batch_id)
        else:
            await ask_to_cancel(desk, interaction, newest.id)

    @cancel.autocomplete("job")
    async def offer(interaction: Interaction, current: str) -> list[app_commands.Choice[str]]:
        voice = desk.voice(interaction)
        offers = [
            app_commands.Choice(name=_name(voice, view), value=view.job.id)
            for view in await desk.shelf.live_jobs(asker(interaction))
        ]
        return [offer for offer in offers if current.casefold() in offer.name.casefold()][:OFFERS]

    return cancel


def _name(voice: Voice, view: JobView) -> str:
    return f"{clip(view.model.name, _NAME_LENGTH)} · {voice.label(f'state.{view.state}')}"


async def _newest(desk: Desk, interaction: Interaction) -> Job:
    live = await desk.shelf.live_jobs(asker(interaction))
    if not live:
        raise NothingToCancel
    return max(live, key=lambda view: view.job.created_at).job
