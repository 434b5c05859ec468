"""Several vendors behind one face: each of them, the cheapest of them, one after another, and in trouble."""

from collections import Counter

from sandbox.chapters.cast import SLOW, Cast, accepted, begun, download, left, paid, text, work
from sandbox.marketplace import KINDS, MEMBER, MEMBER_KEYS
from sandbox.player import expect

WAITING = ("a wooden ball", "a wooden cone", "a wooden bell")
"""What Ada, Ben and Mona ask of a machine that is off."""


async def told(cast: Cast) -> None:
    """The owner runs the bot's check, and tells the vendors' consoles where it listens."""
    addresses = await cast.ground.subscribe()
    print("\n".join(f"    │ {address}" for address in addresses))
    expect(addresses, "there are addresses for webhooks")


async def each(cast: Cast) -> None:
    """Every vendor is offered, with its price and its usual time; two people take three of them at once."""
    offers = await cast.ada.offered("generate", "provider", prompt="a brass owl")
    expect(set(offers) == {"auto", *KINDS}, "each vendor is offered, and auto")
    before = await left(cast.ada)
    at_meshy = await cast.ada.type("generate", prompt="a clay owl", provider="meshy")
    at_home = await cast.ada.type("generate", prompt="a wooden chair", provider="comfyui")
    at_replicate = await cast.ben.type("generate", prompt="a wooden knight", provider="replicate")
    await begun(cast.ground, "meshy", "text-to-3d-refine")
    work(cast, "meshy", SLOW)
    draft = await cast.ada.watch(at_meshy, lambda told: "🖼" in told, "the draft has a picture")
    expect("Download" not in text(draft), "the draft is seen before the model is there")
    work(cast, "meshy")
    for player, card in ((cast.ada, at_meshy), (cast.ada, at_home), (cast.ben, at_replicate)):
        done = await player.watch(card, lambda told: "Download" in told, "the model is there")
        expect((await download(done))["meshes"], "the downloaded GLB has a mesh")
    meshy = Counter({"text-to-3d-preview": 1, "text-to-3d-refine": 1})
    expect(await paid(cast.ground, "meshy") == meshy, "Meshy was paid for one draft and one texture")
    expect((await paid(cast.ground, "replicate")).total() == 1, "Replicate was paid once")
    expect((await accepted(cast.ground, "comfyui")).total() == 1, "ComfyUI worked once, for nothing")
    expect(await left(cast.ada) == before - 4, "two models were charged to Ada")


async def cheapest(cast: Cast) -> None:
    """With auto, the cheapest that can do it takes it: here the owner's own machine."""
    books = await _books(cast)
    card = await cast.ada.type("generate", prompt="a stone lantern", provider="auto")
    await cast.ada.watch(card, lambda told: "Download" in told, "the model is there")
    expect(await _since(cast, books) == {"comfyui": 1}, "ComfyUI alone was asked, once")


async def elsewhere(cast: Cast) -> None:
    """Replicate's knight gets its skeleton at Meshy, and moves there."""
    before = await left(cast.ben)
    card = await cast.ben.type("rig", model="a wooden knight", provider="meshy")
    card = await cast.ben.watch(card, lambda told: "joints" in told, "the knight has a skeleton")
    expect((await download(card))["skins"], "the downloaded GLB has it too")
    card = await cast.ben.type(
        "animate", model="a wooden knight", clip="walk", clip2="jump", clip3="dance_01"
    )
    card = await cast.ben.watch(card, lambda told: "plays" in told, "the knight moves")
    clips = {animation["name"] for animation in (await download(card))["animations"]}
    expect(clips == {"jump", "dance_01"}, "the downloaded GLB plays what Meshy made for it")
    books = await paid(cast.ground, "meshy")
    expect((books["rig"], books["animate"]) == (1, 1), "Meshy was paid for one rig, and once for both clips")
    expect(
        await left(cast.ben) == before - 3, "one rig and two clips were charged: walking came with the rig"
    )


async def own_key(cast: Cast) -> None:
    """Ben brings a key of his own at Meshy: he pays there, and nothing here."""
    before, owners = await left(cast.ben), await _owners(cast)
    answer = await cast.ben.fill("key set", MEMBER_KEYS["meshy"], provider="meshy")
    await cast.ben.watch(answer, lambda told: "accepts your key" in told, "the key is good")
    card = await cast.ben.type("generate", prompt="a silver fish", provider="meshy")
    card = await cast.ben.watch(card, lambda told: "Download" in told, "the model is there")
    own = await paid(cast.ground, "meshy", key=MEMBER_KEYS["meshy"])
    expect(own.total() == 2, f"the account “{MEMBER}” paid for the draft and the texture, once each")
    expect(await _owners(cast) == owners, "the owner's account paid nothing")
    expect(await left(cast.ben) == before, "no credits were charged")
    await cast.ben.type("key show")
    await cast.ben.type("key remove", provider="meshy")
    seen = "\n".join(text(message) for message in cast.ben.messages())
    expect(MEMBER_KEYS["meshy"] not in seen, "the key stands nowhere in the chat")


async def down(cast: Cast) -> None:
    """The owner's machine is switched off: what was meant for it waits, auto goes elsewhere."""
    books = await _books(cast)
    print("\n    ⚡ the owner's machine is switched off")
    await cast.ground.vendors["comfyui"].switch_off()
    for player, prompt in zip((cast.ada, cast.ben, cast.mona), WAITING, strict=True):
        card = await player.type("generate", prompt=prompt, provider="comfyui")
    await cast.mona.watch(card, lambda told: "is well again" in told, "the jobs wait for better times")
    await cast.ada.offered("generate", "provider", prompt="a wooden ring")
    refusal = await cast.ada.type("generate", prompt="a wooden ring", provider="comfyui")
    expect("only you" in text(refusal) and "trouble" in text(refusal), "who names it is told, in private")
    card = await cast.ada.type("generate", prompt="a wooden ring", provider="auto")
    await cast.ada.watch(card, lambda told: "Download" in told, "another vendor has made it")
    print("\n    ☀  the owner's machine is switched on")
    await cast.ground.vendors["comfyui"].switch_on()
    since = await _since(cast, books)
    expect(since.total() == 1 and not since["comfyui"], "it was made once, and not there")


async def empty(cast: Cast) -> None:
    """The owner's account at Meshy is empty."""
    before, books = await left(cast.ada), await accepted(cast.ground, "meshy")
    print("\n    ⚡ the account at Meshy is emptied")
    await cast.ground.vendors["meshy"].tell("credits", balance=0)
    card = await cast.ada.type("generate", prompt="a golden coin", provider="meshy")
    await cast.ada.watch(card, lambda told: "is empty" in told, "the card says so")
    refusal = await cast.ada.type("generate", prompt="a silver coin", provider="meshy")
    await cast.ada.watch(refusal, lambda told: "is empty" in told, "the next one is refused at once")
    expect(await accepted(cast.ground, "meshy") == books, "Meshy made nothing")
    expect(await left(cast.ada) == before, "nothing was charged")
    await cast.ground.vendors["meshy"].tell("credits", balance=1000)


async def well_again(cast: Cast) -> None:
    """The owner's machine is back: what waited for it is made."""
    card = next(one for one in cast.ada.messages() if WAITING[0] in text(one))
    await cast.ada.watch(card, lambda told: "Download" in told, "what waited longest is there")
    made = [task for task in await cast.ground.vendors["comfyui"].books() if WAITING[0] in str(task["input"])]
    expect(len(made) == 1, "ComfyUI was asked for it once")


async def _books(cast: Cast) -> Counter[str]:
    """How many tasks each vendor has accepted so far."""
    return Counter({name: (await accepted(cast.ground, name)).total() for name in KINDS})


async def _since(cast: Cast, books: Counter[str]) -> Counter[str]:
    return await _books(cast) - books


async def _owners(cast: Cast) -> int:
    """How many of Meshy's tasks the owner has paid for."""
    everybody, own = await paid(cast.ground, "meshy"), MEMBER_KEYS["meshy"]
    return (everybody - await paid(cast.ground, "meshy", key=own)).total()
