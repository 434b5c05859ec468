"""``python -m sandbox tour``: plays a member and a moderator through the main job, and prints what they saw.

Everything that is said with a ✓ was looked at from outside: in the chat, at the vendor's
books, in the downloaded files. The first thing that is not as it should be ends the tour.
"""

import argparse
import io
import json
import struct
import sys
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp
from PIL import Image, ImageDraw

from sandbox import transcript
from sandbox.discord.refusals import Json
from sandbox.player import NotAsItShouldBe, Player, expect
from sandbox.playground import BotMissing, Playground, playground

HELP = "The demo without a browser: plays the main job from end to end and prints what was typed and seen."
FOLDER = Path(".demo") / "tour"


@dataclass(frozen=True, slots=True)
class Cast:
    """Who plays, and where."""

    ground: Playground
    ada: Player
    mona: Player
    speed: float
    """How many times as fast as usual the vendor works."""


Chapter = Callable[[Cast], Awaitable[None]]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What can be said on the command line."""
    parser.add_argument("--speed", type=float, default=2.5, help="how many times as fast vendors work (2.5)")


async def run(arguments: argparse.Namespace) -> None:
    """Play all of it; exits non-zero where something is not as it should be."""
    began = time.monotonic()
    FOLDER.parent.mkdir(exist_ok=True)
    with (FOLDER.parent / "tour-bot.log").open("w", encoding="utf-8") as log:
        try:
            async with playground(FOLDER, log=log, speed=arguments.speed) as ground:
                await ground.connected()
                ada, mona = Player(ground=ground, name="Ada"), Player(ground=ground, name="Mona")
                cast = Cast(ground, ada, mona, arguments.speed)
                for chapter in CHAPTERS:
                    print(f"\n━━ {(chapter.__doc__ or '').strip()}")
                    await chapter(cast)
        except (NotAsItShouldBe, BotMissing) as wrong:
            sys.exit(f"\n✗ Not as it should be: {wrong}.\nWhat the bot said is in {log.name}.")
    print(f"\nThe tour is over: everything was as it should be ({time.monotonic() - began:.0f} seconds).")


async def make(cast: Cast) -> None:
    """A member makes a model from words."""
    card = await cast.ada.type("generate", prompt="a brass owl")
    card = await cast.ada.watch(card, lambda text: "Download" in text, "the card shows a download")
    expect("🖼" in _text(card), "there is a picture")
    glb = await _download(card)
    expect(glb["meshes"], "the downloaded GLB has a mesh")
    expect(_charged(cast.ground) == Counter({"text_to_model": 1}), "the vendor made one model")


async def rig(cast: Cast) -> None:
    """She presses Rig."""
    card = await cast.ada.press(_latest(cast.ada), "Rig")
    card = await cast.ada.watch(card, lambda text: "rigged.glb" in text, "the card shows the rigged file")
    expect((await _download(card))["skins"], "the downloaded GLB has a skeleton")
    expect(_charged(cast.ground)["animate_rig"] == 1, "the vendor rigged once")


async def animate(cast: Cast) -> None:
    """She presses Animate and chooses two clips."""
    menu = await cast.ada.press(_latest(cast.ada), "Animate")
    card = await cast.ada.choose(menu, "walk", "wave_goodbye_01")
    card = await cast.ada.watch(
        card, lambda text: "all-clips.glb" in text, "the card shows a file with all clips"
    )
    clips = {animation["name"] for animation in (await _download(card))["animations"]}
    expect(clips == {"walk", "wave_goodbye_01"}, "the downloaded GLB plays both clips")
    expect(len(transcript.links(card)) >= 3, "there is a file for each clip as well")
    expect(_charged(cast.ground)["animate_retarget"] == 2, "the vendor animated twice")


async def chain(cast: Cast) -> None:
    """She drops a picture and asks for model, rig and two clips at once."""
    picture = await cast.ada.attach("robot.png", _picture())
    card = await cast.ada.type("generate", image=picture, prompt="a tin robot", animate="walk, idle")
    card = await cast.ada.watch(card, lambda text: "all-clips.glb" in text, "the chained job is done")
    clips = {animation["name"] for animation in (await _download(card))["animations"]}
    expect(clips == {"walk", "idle"}, "the downloaded GLB plays both clips")
    expect(_charged(cast.ground)["image_to_model"] == 1, "the vendor made one model from the picture")


async def quota(cast: Cast) -> None:
    """Her credits are used up; a moderator grants more."""
    before = len(cast.ground.tripo.tasks.all())
    refusal = await cast.ada.type("generate", prompt="one more owl")
    expect("only you" in _text(refusal), "the refusal is private")
    expect(len(cast.ground.tripo.tasks.all()) == before, "the vendor was not asked")
    await cast.ada.type("quota")
    await cast.mona.type("admin quota grant", member=str(cast.ada.id), amount=20, reason="a good owl")
    await cast.mona.type("admin quota show", member=str(cast.ada.id))
    await cast.ada.type("quota")


async def moderation(cast: Cast) -> None:
    """A prompt that the vendor's content policy refuses, at once and late."""
    left = await _left(cast.ada)
    for prompt in ("a nude statue", "a bloody sword"):
        card = await cast.ada.type("generate", prompt=prompt)
        await cast.ada.watch(card, lambda text: "❌" in text, "the card says that it was refused")
    expect(await _left(cast.ada) == left, "nothing was charged")


async def cancel(cast: Cast) -> None:
    """She cancels a chain while its first stage runs."""
    left = await _left(cast.ada)
    card = await cast.ada.type("generate", prompt="a paper lantern", rig=True)
    card = await cast.ada.watch(card, lambda text: "%" in text, "the first stage runs")
    question = await cast.ada.press(card, "Cancel")
    await cast.ada.press(question, "Yes, stop it")
    card = await cast.ada.watch(card, lambda text: "Download" in text, "what ran already is delivered")
    expect(await _left(cast.ada) == left - 2, "the rig came back, the model was charged")


async def retry(cast: Cast) -> None:
    """A stage fails at the vendor, and she tries it again."""
    rigs = _charged(cast.ground)["animate_rig"]
    models = _charged(cast.ground)["text_to_model"]
    left = await _left(cast.ada)
    await _arm(cast.ground, fault="late_failed", type="animate_rig")
    card = await cast.ada.type("generate", prompt="a wooden knight", rig=True)
    card = await cast.ada.watch(card, lambda text: "❌" in text, "the rig fails")
    expect(await _left(cast.ada) == left - 2, "the failed rig came back")
    card = await cast.ada.press(card, "Retry")
    await cast.ada.watch(card, lambda text: "rigged.glb" in text, "the rig is there now")
    expect(_charged(cast.ground)["animate_rig"] == rigs + 1, "one rig was paid for")
    expect(_charged(cast.ground)["text_to_model"] == models + 1, "the model was not made again")


async def killed_generating(cast: Cast) -> None:
    """The bot is killed with -9 while a model is being made."""
    left, made = await _left(cast.ada), len(_tasks(cast.ground, "text_to_model"))
    card = await cast.ada.type("generate", prompt="a copper kettle")
    card = await cast.ada.watch(card, lambda text: "%" in text, "the model is being made")
    await _kill_and_restart(cast.ground)
    await cast.ada.watch(card, lambda text: "Download" in text, "the same message carries on")
    expect(len(_tasks(cast.ground, "text_to_model")) == made + 1, "submitted once")
    expect(await _left(cast.ada) == left - 2, "charged once")


async def killed_animating(cast: Cast) -> None:
    """The bot is killed with -9 while a clip is being made."""
    knight = next(one for one in reversed(cast.ada.messages()) if transcript.button(one, "Animate"))
    left, made = await _left(cast.ada), len(_tasks(cast.ground, "animate_retarget"))
    cast.ground.tripo.pace.set(0.8)
    card = await cast.ada.choose(await cast.ada.press(knight, "Animate"), "jump")
    card = await cast.ada.watch(card, lambda text: "%" in text, "the clip is being made")
    await _kill_and_restart(cast.ground)
    cast.ground.tripo.pace.set(cast.speed)
    await cast.ada.watch(card, lambda text: "jump.glb" in text, "the same message carries on")
    expect(len(_tasks(cast.ground, "animate_retarget")) == made + 1, "submitted once")
    expect(await _left(cast.ada) == left - 1, "charged once")


async def look_back(cast: Cast) -> None:
    """She looks at what she has."""
    models = await cast.ada.type("models")
    expect("a brass owl" in _text(models), "the first model is still hers")
    card = await cast.ada.type("status", model="a brass owl")
    await cast.ada.watch(card, lambda text: "plays walk" in text, "a fresh card shows the owl")
    traffic = cast.ground.discord.door.traffic
    expect(traffic.rate_limited == 0, "Discord never had to slow the bot down")


CHAPTERS: tuple[Chapter, ...] = (
    make,
    rig,
    animate,
    chain,
    quota,
    moderation,
    cancel,
    retry,
    killed_generating,
    killed_animating,
    look_back,
)


async def _kill_and_restart(ground: Playground) -> None:
    await ground.bot.kill()
    print("\n    ☠  the bot is killed with -9, and started again")
    await ground.restart_bot()


async def _arm(ground: Playground, **fault: str) -> None:
    print(f"\n    ⚡ the vendor is told to fail: {json.dumps(fault)}")
    address = ground.bot.environment["TRIPO_API_URL"].removesuffix("/v3") + "/sandbox/tripo/faults"
    async with aiohttp.ClientSession() as session, session.post(address, json=fault) as answer:
        answer.raise_for_status()


async def _left(player: Player) -> int:
    """What the person is told to have left, read from the bot's own answer."""
    outcome = await player.ground.discord.people.invoke(player.id, player.place, "quota")
    text = _text(outcome.message or {})
    return int(next(word for word in text.replace("*", " ").split() if word.isdigit()))


async def _download(card: Json) -> dict[str, Any]:
    """Fetch the file behind the first link, as a member would, and read what is in it."""
    async with aiohttp.ClientSession() as session, session.get(transcript.links(card)[0]) as answer:
        data = await answer.read()
    magic, version, length, size, kind = struct.unpack_from("<4sIII4s", data)
    whole = (magic, version, length, kind) == (b"glTF", 2, len(data), b"JSON")
    expect(whole, f"the link gives a whole GLB of {len(data):,} bytes")
    document: dict[str, Any] = json.loads(data[20 : 20 + size])
    return {"meshes": [], "skins": [], "animations": [], **document}


def _tasks(ground: Playground, kind: str) -> list[Any]:
    return [task for task in ground.tripo.tasks.all() if task.type == kind]


def _charged(ground: Playground) -> Counter[str]:
    """Paid tasks by type, from the vendor's books."""
    return Counter(task.type for task in ground.tripo.tasks.all() if task.charged)


def _latest(player: Player) -> Json:
    return player.messages()[-1]


def _text(message: Json) -> str:
    return "\n".join(transcript.lines(message, {}))


def _picture() -> bytes:
    """A robot, drawn by hand."""
    picture = Image.new("RGB", (512, 512), "#dfe7ee")
    draw = ImageDraw.Draw(picture)
    for box, colour in (
        ((176, 90, 336, 210), "#8fa3b0"),
        ((156, 220, 356, 400), "#6f8797"),
        ((100, 230, 146, 370), "#8fa3b0"),
        ((366, 230, 412, 370), "#8fa3b0"),
        ((186, 410, 246, 490), "#4d616e"),
        ((266, 410, 326, 490), "#4d616e"),
        ((206, 130, 236, 160), "#f2c14e"),
        ((276, 130, 306, 160), "#f2c14e"),
    ):
        draw.rounded_rectangle(box, 16, fill=colour)
    out = io.BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()
