"""``python -m bot``: run the bot, check its surroundings, ask how it is, bring its database up to date."""

import argparse
import asyncio
import os
import signal
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from bot import log
from bot.settings import Settings, UnusableSettings, strangers

if TYPE_CHECKING:
    from bot.check import Finding

ENV_FILE = Path(".env")

NOT_CONNECTED = """No Discord token is set, so there is nothing to connect to.
Put DISCORD_TOKEN=... into .env (the Bot page of your application on discord.com/developers/applications
shows it), or try everything without an account and without a network:  make demo"""


REFUSED = """Discord does not accept the token in DISCORD_TOKEN.
Reset it on the Bot page of your application on discord.com/developers/applications, and copy it anew."""


def main() -> int:
    """Run the verb that the command line names; gives the exit code."""
    parser = argparse.ArgumentParser(prog="python -m bot", description="A Discord bot that makes 3D models.")
    verbs = parser.add_subparsers(dest="verb", required=True)
    verbs.add_parser("run", help="run the bot until Ctrl-C or SIGTERM")
    verbs.add_parser("check", help="look over settings, token, key, database, files and address")
    verbs.add_parser("health", help="ask the bot that runs here how it is; the exit code says it too")
    verbs.add_parser("migrate", help="bring the database up to date")
    _add_unsure(verbs)
    said = parser.parse_args()
    try:
        settings = Settings.from_env(os.environ, ENV_FILE)
    except UnusableSettings as unusable:
        return _say("Some settings cannot be used:", *(f"  {problem}" for problem in unusable.problems))
    log.set_up(
        form=settings.log_format,
        level=settings.log_level,
        stream=sys.stderr,
        secrets=settings.secret_values(),
    )
    if said.verb == "unsure":
        return asyncio.run(_unsure(settings, said))
    return {"run": _run, "check": _check, "health": _health, "migrate": _migrate}[said.verb](settings)


def _add_unsure(verbs: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """What an owner decides about runs that may or may not be at the vendor."""
    unsure = verbs.add_parser("unsure", help="runs of which nobody knows whether the vendor accepted them")
    ways = unsure.add_subparsers(dest="way", required=True)
    ways.add_parser("list", help="show them, with what to look for at the vendor")
    adopt = ways.add_parser(
        "adopt", help="the vendor has it: wait for its task and deliver it, free of charge"
    )
    adopt.add_argument("run")
    adopt.add_argument("task")
    ways.add_parser("close", help="the vendor does not have it").add_argument("run")


def _run(settings: Settings) -> int:
    from discord import ConnectionClosed, LoginFailure

    from storage.errors import StorageError

    if not settings.discord_token:
        return _say(NOT_CONNECTED)
    for stranger in strangers(ENV_FILE):
        hint = f"; perhaps {stranger.meant} was meant" if stranger.meant else ""
        print(f"Nothing reads {stranger.variable} in .env{hint}.", file=sys.stderr)
    try:
        asyncio.run(_serve(settings))
    except LoginFailure:
        return _say(REFUSED)
    except ConnectionClosed as error:
        return _say(f"Discord ended the connection for good (close code {error.code}).", REFUSED)
    except StorageError as error:
        return _say(f"The bot cannot start. {error}")
    return 0


async def _serve(settings: Settings) -> None:
    from bot.app import build
    from bot.jobs.clock import RandomIds, SystemClock

    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    async with build(settings, SystemClock(), RandomIds()) as app:
        await app.run(stop)


def _check(settings: Settings) -> int:
    found = asyncio.run(_look_over(settings))
    for finding in found:
        print(finding)
    return 0 if all(finding.ok for finding in found) else 1


async def _look_over(settings: Settings) -> "list[Finding]":
    from bot.app import open_store, secrets_of, vendors_of
    from bot.check import Subject, findings
    from bot.jobs.clock import SystemClock
    from providers.registry import KEY_SHAPES

    clock, box = SystemClock(), secrets_of(settings)
    store = await open_store(settings, box, clock)
    vendor = vendors_of(settings, clock).get("tripo")
    key, token = settings.tripo_api_key, settings.discord_token
    try:
        return await findings(
            Subject(
                discord_token=token.get_secret_value() if token else None,
                discord_api_url=settings.discord_api_url,
                vendor=vendor,
                vendor_key_variable="TRIPO_API_KEY",
                vendor_key_fault=KEY_SHAPES["tripo"](key.get_secret_value()) if key else None,
                database=settings.data_dir / "maquette.db",
                secrets=box,
                store=store,
                public_url=settings.public_url,
                files_need_site=settings.s3_bucket is None,
            )
        )
    finally:
        await store.aclose()
        if vendor:
            await vendor.aclose()


async def _unsure(settings: Settings, said: argparse.Namespace) -> int:
    from bot.app import secrets_of
    from bot.jobs.clock import MINUTE, RandomIds, SystemClock
    from bot.jobs.journal import Journal
    from bot.jobs.unsure import NotUnsure, Unsure
    from storage import Database

    async with Database.open(settings.data_dir / "maquette.db", secrets_of(settings)) as db:
        unsure = Unsure(journal=Journal(db=db, clock=SystemClock(), ids=RandomIds()))
        try:
            if said.way == "adopt":
                await unsure.adopt(said.run, said.task, deadline=30 * MINUTE)
            elif said.way == "close":
                await unsure.close(said.run)
        except NotUnsure:
            return _say(f"There is no unsure run {said.run}.")
        for run in await unsure.all():
            when = datetime.fromtimestamp((run.submitted_at or run.created_at) / 1000, UTC)
            sent = f"sent {when:%Y-%m-%d %H:%M:%S} UTC with seed {run.submit_seed}"
            print(f"{run.id}  {run.provider}  {run.stage}  {sent}")
    return 0


def _health(settings: Settings) -> int:
    from bot.pulse import ask

    parts = asyncio.run(ask(settings.web_host, settings.web_port))
    if not parts:
        return _say(f"❌ no bot answers at port {settings.web_port} of {settings.web_host}")
    for part, well in parts.items():
        print("✅" if well else "❌", part)
    return 0 if all(parts.values()) else 1


def _migrate(settings: Settings) -> int:
    from storage import migrate

    settings.data_dir.mkdir(parents=True, exist_ok=True)
    migrate(settings.data_dir / "maquette.db")
    print("The database is up to date.")
    return 0


def _say(*lines: str) -> int:
    print(*lines, sep="\n", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
