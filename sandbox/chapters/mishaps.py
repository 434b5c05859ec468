"""What goes wrong on the way: refusals, a change of mind, failures, and a bot that dies."""

from sandbox import transcript
from sandbox.chapters.cast import SLOW, Cast, accepted, arm, kill_and_restart, left, paid, work
from sandbox.player import expect


async def moderation(cast: Cast) -> None:
    """A prompt that the vendor's content policy refuses, at once and late."""
    before = await left(cast.ada)
    for prompt in ("a nude statue", "a bloody sword"):
        card = await cast.ada.type("generate", prompt=prompt)
        await cast.ada.watch(card, lambda told: "❌" in told, "the card says that it was refused")
    expect(await left(cast.ada) == before, "nothing was charged")


async def cancel(cast: Cast) -> None:
    """She cancels a chain while its first stage runs."""
    before = await left(cast.ada)
    work(cast, "tripo", SLOW)
    card = await cast.ada.type("generate", prompt="a paper lantern", rig=True)
    card = await cast.ada.watch(card, lambda told: "%" in told, "the first stage runs")
    question = await cast.ada.press(card, "Cancel")
    await cast.ada.press(question, "Yes, stop it")
    work(cast, "tripo")
    card = await cast.ada.watch(card, lambda told: "Download" in told, "what ran already is delivered")
    expect(await left(cast.ada) == before - 2, "the rig came back, the model was charged")


async def retry(cast: Cast) -> None:
    """A stage fails at the vendor, and she tries it again."""
    before, books = await left(cast.ada), await paid(cast.ground, "tripo")
    await arm(cast.ground, "tripo", fault="late_failed", type="animate_rig")
    card = await cast.ada.type("generate", prompt="a wooden knight", rig=True)
    card = await cast.ada.watch(card, lambda told: "❌" in told, "the rig fails")
    expect(await left(cast.ada) == before - 2, "the failed rig came back")
    card = await cast.ada.press(card, "Retry")
    await cast.ada.watch(card, lambda told: "rigged.glb" in told, "the rig is there now")
    since = await paid(cast.ground, "tripo") - books
    expect(since["animate_rig"] == 1, "one rig was paid for")
    expect(since["text_to_model"] == 1, "the model was not made again")


async def killed_generating(cast: Cast) -> None:
    """The bot is killed with -9 while a model is being made."""
    before, made = await left(cast.ada), await accepted(cast.ground, "tripo")
    work(cast, "tripo", SLOW)
    card = await cast.ada.type("generate", prompt="a copper kettle")
    card = await cast.ada.watch(card, lambda told: "%" in told, "the model is being made")
    await kill_and_restart(cast.ground)
    work(cast, "tripo")
    await cast.ada.watch(card, lambda told: "Download" in told, "the same message carries on")
    since = await accepted(cast.ground, "tripo") - made
    expect(since.total() == 1, "submitted once")
    expect(await left(cast.ada) == before - 2, "charged once")


async def killed_animating(cast: Cast) -> None:
    """The bot is killed with -9 while a clip is being made."""
    knight = next(one for one in reversed(cast.ada.messages()) if transcript.button(one, "Animate"))
    before, made = await left(cast.ada), await accepted(cast.ground, "tripo")
    work(cast, "tripo", SLOW)
    card = await cast.ada.choose(await cast.ada.press(knight, "Animate"), "jump")
    card = await cast.ada.watch(card, lambda told: "%" in told, "the clip is being made")
    await kill_and_restart(cast.ground)
    work(cast, "tripo")
    await cast.ada.watch(card, lambda told: "jump.glb" in told, "the same message carries on")
    since = await accepted(cast.ground, "tripo") - made
    expect(since.total() == 1, "submitted once")
    expect(await left(cast.ada) == before - 1, "charged once")
