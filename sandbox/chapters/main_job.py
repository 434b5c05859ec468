"""The main job: a model from words or a picture, its skeleton, its movements, and what they cost."""

import io
from collections import Counter

from PIL import Image, ImageDraw

from sandbox import transcript
from sandbox.chapters.cast import Cast, accepted, download, latest, paid, text
from sandbox.player import expect


async def make(cast: Cast) -> None:
    """A member makes a model from words."""
    card = await cast.ada.type("generate", prompt="a brass owl")
    card = await cast.ada.watch(card, lambda told: "Download" in told, "the card shows a download")
    expect("🖼" in text(card), "there is a picture")
    glb = await download(card)
    expect(glb["meshes"], "the downloaded GLB has a mesh")
    expect(await paid(cast.ground, "tripo") == Counter({"text_to_model": 1}), "Tripo made one model")


async def rig(cast: Cast) -> None:
    """She presses Rig."""
    card = await cast.ada.press(latest(cast.ada), "Rig")
    card = await cast.ada.watch(card, lambda told: "rigged.glb" in told, "the card shows the rigged file")
    expect((await download(card))["skins"], "the downloaded GLB has a skeleton")
    expect((await paid(cast.ground, "tripo"))["animate_rig"] == 1, "Tripo rigged once")


async def animate(cast: Cast) -> None:
    """She presses Animate and chooses two clips."""
    menu = await cast.ada.press(latest(cast.ada), "Animate")
    card = await cast.ada.choose(menu, "walk", "wave_goodbye_01")
    card = await cast.ada.watch(
        card, lambda told: "all-clips.glb" in told, "the card shows a file with all clips"
    )
    clips = {animation["name"] for animation in (await download(card))["animations"]}
    expect(clips == {"walk", "wave_goodbye_01"}, "the downloaded GLB plays both clips")
    expect(len(transcript.links(card)) >= 3, "there is a file for each clip as well")
    expect((await paid(cast.ground, "tripo"))["animate_retarget"] == 2, "Tripo animated twice")


async def chain(cast: Cast) -> None:
    """She drops a picture and asks for model, rig and two clips at once."""
    picture = await cast.ada.attach("robot.png", _picture())
    card = await cast.ada.type("generate", image=picture, prompt="a tin robot", animate="walk, idle")
    card = await cast.ada.watch(card, lambda told: "all-clips.glb" in told, "the chained job is done")
    clips = {animation["name"] for animation in (await download(card))["animations"]}
    expect(clips == {"walk", "idle"}, "the downloaded GLB plays both clips")
    expect((await paid(cast.ground, "tripo"))["image_to_model"] == 1, "one model was made from the picture")


async def quota(cast: Cast) -> None:
    """Her credits are used up; a moderator grants more."""
    before = await accepted(cast.ground, "tripo")
    refusal = await cast.ada.type("generate", prompt="one more owl")
    expect("only you" in text(refusal), "the refusal is private")
    expect(await accepted(cast.ground, "tripo") == before, "Tripo was not asked")
    await cast.ada.type("quota")
    await cast.mona.type("admin quota grant", member=str(cast.ada.id), amount=30, reason="a good owl")
    await cast.mona.type("admin quota show", member=str(cast.ada.id))
    await cast.ada.type("quota")


async def look_back(cast: Cast) -> None:
    """She looks at what she has."""
    models = await cast.ada.type("models")
    expect("a wooden knight" in text(models), "her models are listed")
    card = await cast.ada.type("status", model="a brass owl")
    await cast.ada.watch(card, lambda told: "plays walk" in told, "a fresh card shows the owl")
    traffic = cast.ground.discord.door.traffic
    expect(traffic.rate_limited == 0, "Discord never had to slow the bot down")


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
