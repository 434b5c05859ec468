"""What falls upon the bot. Each blow waits for its moment, falls, and says whether it did.

Weather is armed at Discord or at a vendor and falls with the next request that meets it.
"""

import asyncio
import os
import resource
import signal
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from random import Random
from types import MappingProxyType
from typing import Any

from sandbox.chaos.witness import Phase, Witness
from sandbox.discord import faults as discord
from sandbox.discord.faults import Kind
from sandbox.playground import BotProcess, Playground
from sandbox.vendors.faults import Fault

PATIENCE = 20.0
"""Seconds that a blow waits for its moment."""
LOOK = 0.05
AT_ONCE = 0.0
SOON_AFTER = (AT_ONCE, AT_ONCE, 0.003, 0.02)
"""Seconds between a phase and the kill: mostly before the bot has read any answer."""
SMALL = 4096
"""Bytes that a file may have while the disk is full."""
OWNERS = ("tripo", "meshy", "replicate", "comfyui")
CALLING = ("tripo", "meshy", "replicate")
"""Vendors that send webhooks."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """What a blow needs."""

    ground: Playground
    witness: Witness
    folder: Path
    rng: Random
    again: Callable[[], Awaitable[None]]
    """Starts the bot anew, after it was killed."""


Blow = Callable[[Scene], Awaitable[bool]]


def kill(phase: Phase) -> Blow:
    """Kill -9 in this phase, and start anew."""

    async def fall(scene: Scene) -> bool:
        bot, soon = scene.ground.bot, scene.rng.choice(SOON_AFTER)
        loop = asyncio.get_running_loop()

        def strike() -> None:
            if soon:
                loop.call_later(soon, _send, bot, signal.SIGKILL)
            else:
                _send(bot, signal.SIGKILL)

        try:
            await asyncio.wait_for(scene.witness.when(phase, strike), PATIENCE)
        except TimeoutError:
            return False
        if bot.process:
            await bot.process.wait()
        await scene.again()
        return True

    return fall


async def freeze(scene: Scene) -> bool:
    """Stop the process in its tracks, longer than Discord waits for an answer, and let it go on."""
    process = scene.ground.bot.process
    _send(scene.ground.bot, signal.SIGSTOP)
    await asyncio.sleep(scene.rng.uniform(0.5, 4.0))
    if process is not scene.ground.bot.process:  # killed meanwhile, as a stopped process can be
        return True
    _send(scene.ground.bot, signal.SIGCONT)
    return True


async def cut_gateway(scene: Scene) -> bool:
    """The socket to Discord breaks; sometimes the session with it."""
    gateway = scene.ground.discord.gateway
    if scene.rng.random() < 0.3:
        gateway.invalidate(resumable=False)
    else:
        gateway.cut()
    return True


async def full_disk(scene: Scene) -> bool:
    """No file of the bot's can grow, neither the database nor a result."""
    process = scene.ground.bot.process
    if process is None or process.returncode is not None:
        return False
    with suppress(ProcessLookupError):
        _, hard = resource.prlimit(process.pid, resource.RLIMIT_FSIZE, (SMALL, resource.RLIM_INFINITY))
        await asyncio.sleep(scene.rng.uniform(0.5, 2.0))
        resource.prlimit(process.pid, resource.RLIMIT_FSIZE, (hard, hard))
    return True


async def store_refuses(scene: Scene) -> bool:
    """The folder with the files is gone for a while, like a disk that was not mounted."""
    files, away = scene.folder / "files", scene.folder / "files-away"
    if not files.is_dir():
        return False
    files.rename(away)
    files.touch()
    await asyncio.sleep(scene.rng.uniform(0.5, 2.0))
    files.unlink()
    away.rename(files)
    return True


def at_discord(kind: Kind, path: str, *, method: str = "*", **details: Any) -> Blow:
    """Discord fails for one or two requests."""

    async def fall(scene: Scene) -> bool:
        faults = scene.ground.discord.faults
        times = scene.rng.randint(1, 2)
        fault = faults.add(discord.Fault(kind=kind, path=path, method=method, times=times, **details))
        return await _gone(lambda: fault not in faults.all())

    return fall


def at_vendor(name: str, *, vendors: tuple[str, ...] = OWNERS, **details: Any) -> Blow:
    """Each of these vendors fails once, when it is asked; that one did is enough."""

    async def fall(scene: Scene) -> bool:
        armed = [(scene.ground.vendors[one].sandbox.faults, Fault(name=name, **details)) for one in vendors]
        for faults, fault in armed:
            faults.arm(fault)
        return await _gone(
            lambda: any(all(one is not fault for one in faults.armed()) for faults, fault in armed)
        )

    return fall


async def _gone(used_up: Callable[[], bool]) -> bool:
    for _ in range(int(PATIENCE / LOOK)):
        if used_up():
            return True
        await asyncio.sleep(LOOK)
    return False


def _send(bot: BotProcess, number: signal.Signals) -> None:
    if bot.process and bot.process.returncode is None:
        with suppress(ProcessLookupError):
            os.kill(bot.process.pid, number)


KILLS: Mapping[str, Blow] = MappingProxyType({f"kill-{phase.value}": kill(phase) for phase in Phase})
"""Each ends with the bot started anew."""
WEATHER: Mapping[str, Blow] = MappingProxyType(
    {
        "freeze": freeze,
        "gateway-cut": cut_gateway,
        "disk-full": full_disk,
        "store-refuses": store_refuses,
        "discord-5xx": at_discord(Kind.STATUS, "*/messages/*", status=502),
        "discord-slow": at_discord(Kind.LATENCY, "*", seconds=1.5),
        "discord-drops-answer": at_discord(Kind.CUT, "*"),
        "vendor-5xx-create": at_vendor("html_502"),
        "vendor-5xx-read": at_vendor("html_502", on="read"),
        "vendor-slow": at_vendor("slow_answer", seconds=2.0),
        "vendor-drops-answer": at_vendor("cut_after_accept"),
        "vendor-accepts-late": at_vendor("accepted_late", seconds=1.0),
        "vendor-fails-later": at_vendor("late_failed"),
        "download-5xx": at_vendor("html_502", on="download"),
        "webhook-twice": at_vendor("webhook_twice", vendors=CALLING),
        "webhook-late": at_vendor("webhook_after_the_next", vendors=CALLING),
    }
)
"""The rest; several at a time."""
BLOWS: Mapping[str, Blow] = MappingProxyType({**KILLS, **WEATHER})
