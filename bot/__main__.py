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
    from bot.findings import Finding
    from storage.rotation import Tally

ENV_FILE = Path(".env")
A_DAY = 24

NOT_CONNECTED = """No Discord token is set, so there is nothing to connect to.
Put DISCORD_TOKEN=... into .env (the Bot page of your application on discord.com/developers/applications
shows it), or try everything without an account and without a network:  make demo"""


REFUSED = """Discord does not accept the token in DISCORD_TOKEN.
Reset it on the Bot page of your application on discord.com/developers/applications, and copy it anew."""


NO_CHANGE = """SECRET_KEY is set, and SECRET_KEY_PREVIOUS is not, so there is no key to change to.
Put the key used until now into SECRET_KEY_PREVIOUS and a new one into SECRET_KEY, then run this again."""


def main() -> int:
    """Run the verb that the command line names; gives the exit code."""
    parser = argparse.ArgumentParser(prog="python -m bot", description="A Discord bot that makes 3D models.")
    verbs = parser.add_subparsers(dest="verb", required=True)
    verbs.add_parser("run", help="run the bot until Ctrl-C or SIGTERM")
    verbs.add_parser("check", help="look over settings, token, key, database, files and address")
    verbs.add_parser("health", help="ask the bot that runs here how it is; the exit code says it too")
    verbs.add_parser("migrate", help="bring the database up to date")
    _add_unsure(verbs)
    keys = verbs.add_parser("keys", help="the secret key that protects what is stored")
    keys.add_subparsers(dest="way", required=True).add_parser(
        "rotate", help="change it; the bot has to be stopped meanwhile"
    )
    _add_storage(verbs)
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
    if said.verb == "storage":
        return _storage(settings, said)
    return _VERBS[said.verb](settings)


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


def _add_storage(verbs: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """What an owner can do about files."""
    storage = verbs.add_parser("storage", help="the store of the files")
    sweep = storage.add_subparsers(dest="way", required=True).add_parser(
        "sweep", help="tell objects without rows, rows without objects, uploads left open; a bot may run"
    )
    sweep.add_argument(
        "--remove", action="store_true", help="remove objects and uploads that are old enough; rows stay"
    )
    sweep.add_argument(
        "--older-than", type=_hours, default=A_DAY, metavar="HOURS", help="what is old enough: 24, or more"
    )


def _hours(text: str) -> int:
    """Under a day something may still be on its way."""
    hours = int(text)
    if hours < A_DAY:
        raise argparse.ArgumentTypeError(f"at least {A_DAY}")
    return hours


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
    from bot.check import Subject, findings
    from bot.jobs.clock import SystemClock
    from bot.parts import (
        DATABASE_FILE,
        filmer_of,
        hook_words,
        open_store,
        scanner_of,
        secrets_of,
        vendor_subjects,
        vendors_of,
    )
    from bot.web.viewer import missing

    clock, box = SystemClock(), secrets_of(settings)
    store = await open_store(settings, box, clock)
    words, token = hook_words(box), settings.discord_token
    kinds, owned = vendors_of(settings, clock, words)
    try:
        return await findings(
            Subject(
                discord_token=token.get_secret_value() if token else None,
                discord_api_url=settings.discord_api_url,
                vendors=vendor_subjects(settings, [kinds[name] for name in kinds if name in owned], words),
                database=settings.data_dir / DATABASE_FILE,
                secrets=box,
                store=store,
                public_url=settings.public_url,
                files_need_site=settings.s3_bucket is None,
                scanner=scanner_of(settings),
                films=settings.previews,
                filmer=filmer_of(settings),
                viewer_lacks=missing(),
            )
        )
    finally:
        await store.aclose()
        for provider in kinds.values():
            await provider.aclose()


async def _unsure(settings: Settings, said: argparse.Namespace) -> int:
    from bot.jobs.clock import MINUTE, RandomIds, SystemClock
    from bot.jobs.journal import Journal
    from bot.jobs.unsure import NotUnsure, Unsure
    from bot.parts import DATABASE_FILE, secrets_of
    from storage import Database

    async with Database.open(settings.data_dir / DATABASE_FILE, secrets_of(settings)) as db:
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


def _storage(settings: Settings, said: argparse.Namespace) -> int:
    from storage.errors import StorageError

    try:
        return 0 if asyncio.run(_sweep(settings, said)) else 1
    except StorageError as error:
        return _say(f"It could not be finished: {error}")


async def _sweep(settings: Settings, said: argparse.Namespace) -> bool:
    from bot.jobs.clock import HOUR, SystemClock
    from bot.jobs.sweep import Sweep
    from bot.parts import DATABASE_FILE, open_store, secrets_of
    from bot.sweep_command import SweepCommand
    from storage import Database

    clock, box = SystemClock(), secrets_of(settings)
    async with Database.open(settings.data_dir / DATABASE_FILE, box) as db:
        store = await open_store(settings, box, clock)
        sweep = Sweep(db=db, store=store, now=clock.now, safe_age=said.older_than * HOUR)
        try:
            return await SweepCommand(sweep=sweep, remove=said.remove, say=print).run()
        finally:
            await store.aclose()


def _health(settings: Settings) -> int:
    from bot.pulse import ask

    parts = asyncio.run(ask(settings.web_host, settings.web_port))
    if not parts:
        return _say(f"❌ no bot answers at port {settings.web_port} of {settings.web_host}")
    for part, well in parts.items():
        print("✅" if well else "❌", part)
    return 0 if all(parts.values()) else 1


def _migrate(settings: Settings) -> int:
    from bot.parts import DATABASE_FILE
    from storage import migrate

    settings.data_dir.mkdir(parents=True, exist_ok=True)
    migrate(settings.data_dir / DATABASE_FILE)
    print("The database is up to date.")
    return 0


def _keys(settings: Settings) -> int:
    from bot.parts import DATABASE_FILE, KEY_FILE, secrets_of
    from storage.errors import EngineRunning, StorageError
    from storage.rotation import rotate

    if settings.secret_key and not settings.secret_key_previous:
        return _say(NO_CHANGE)
    given = settings.secret_key or settings.secret_key_previous
    new_key_in = None if given else settings.data_dir / KEY_FILE
    changing = rotate(settings.data_dir / DATABASE_FILE, lambda: secrets_of(settings), new_key_in)
    try:
        found = asyncio.run(changing)
    except EngineRunning as running:
        return _say(f"The bot is running (process {running.pid or 'unknown'}). Stop it, and run this again.")
    except StorageError as error:
        return _say(f"It could not be finished: {error}", "Nothing is lost. Mend that, and run this again.")
    return _tell_rotated(found, new_key_in)


def _tell_rotated(found: "Tally", new_key_in: Path | None) -> int:
    """What was done, what is to be done, and whether a member's key is lost."""
    from storage.secrets import Seal

    for table, counts in found.items():
        print(f"{table}: {counts[Seal.EARLIER]} sealed anew, {counts[Seal.CURRENT]} were already")
    if new_key_in:
        print(f"The new key is in {new_key_in}; back it up. You can start the bot.")
    else:
        print("Remove SECRET_KEY_PREVIOUS from the settings. Then you can start the bot.")
    lost = found["vendor_keys"][Seal.UNKNOWN]
    if lost:
        return _say(
            f"{lost} of members' own keys open with neither key: python -m bot check says what to do."
        )
    return 0


def _say(*lines: str) -> int:
    print(*lines, sep="\n", file=sys.stderr)
    return 1


_VERBS = {"run": _run, "check": _check, "health": _health, "migrate": _migrate, "keys": _keys}


if __name__ == "__main__":
    sys.exit(main())
