"""What is worth trying on the demo's chat page: sections of words, and lines to type."""

from collections.abc import Collection, Mapping
from types import MappingProxyType

from sandbox.discord.refusals import Json
from sandbox.marketplace import MEMBER_KEYS
from sandbox.vendors.comfyui import faults as comfyui
from sandbox.vendors.faults import BREAKS, IN_PLACE_OF_AN_ANSWER, SPOILS, spelled
from sandbox.vendors.meshy import faults as meshy
from sandbox.vendors.replicate import faults as replicate
from sandbox.vendors.tripo import faults as tripo

NOT_SPOKEN = SPOILS | (BREAKS - IN_PLACE_OF_AN_ANSWER)
"""Faults that the vendors' controls alone arm."""


def spoken(names: Collection[str]) -> frozenset[str]:
    """Those of a vendor's faults that a prompt may ask for, as it holds them."""
    return frozenset(spelled(name) for name in set(names) - NOT_SPOKEN)


WORDS: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "Tripo": spoken(tripo.NAMES),
        "Meshy": spoken(meshy.NAMES),
        "Replicate": spoken(replicate.NAMES),
        "ComfyUI": spoken(comfyui.NAMES),
    }
)
"""Words for trouble, by the vendor that knows them."""


def _trouble() -> list[Json]:
    """All of them, a section for each vendor; those that every vendor knows come first."""
    shared = frozenset.intersection(*WORDS.values())
    told = {"every vendor": shared} | {title: words - shared for title, words in WORDS.items()}
    return [{"title": f"Words for trouble: {who}", "text": ", ".join(sorted(w))} for who, w in told.items()]


SUGGESTIONS: list[Json] = [
    {
        "title": "Make something",
        "text": "Type / for the commands, or pick one of these.",
        "examples": [
            "/generate prompt: a brass owl",
            "/generate prompt: a wooden knight rig: true animate: walk, wave_goodbye_01",
            "/generate prompt: a red dragon style: low_poly",
            "/models",
            "/quota",
        ],
    },
    {
        "title": "Choose who makes it",
        "text": "The option provider offers each with its price and its usual time; here all are quicker. "
        "Meshy shows a draft first, ComfyUI stands for the owner's own machine, and auto takes the cheapest.",
        "examples": [
            "/generate prompt: a brass owl provider: meshy",
            "/generate prompt: a tin robot provider: replicate",
            "/generate prompt: a wooden chair provider: comfyui",
            "/generate prompt: a paper lantern provider: auto",
        ],
    },
    {
        "title": "From one vendor to another",
        "text": "Replicate makes no movements: hand its model to Meshy. Walk and run come with the rig.",
        "examples": [
            "/generate prompt: a wooden cowboy provider: replicate",
            "/rig model: a wooden cowboy provider: meshy",
            "/animate model: a wooden cowboy clip: walk clip2: jump clip3: dance_01",
        ],
    },
    {
        "title": "Bring a key of your own",
        "text": "What you make with it costs no credits here. These are good, copy one into the form:",
        "copies": list(MEMBER_KEYS.values()),
        "examples": [*(f"/key set provider: {name}" for name in MEMBER_KEYS), "/key show"],
    },
    {
        "title": "Be somebody else",
        "text": "Switch people at the lower left. Carmen reads Spanish; Mona is a moderator and may do this:",
        "examples": ["/admin quota show member: Ada", "/admin quota grant member: Ada amount: 20"],
    },
    {
        "title": "Let it go wrong",
        "text": "Some words make a vendor refuse or fail; all are below. What a failure costs: nothing.",
        "examples": [
            "/generate prompt: a nude statue",
            "/generate prompt: a teapot late-failed",
            "/generate prompt: a clock not-a-glb",
            "/generate prompt: a snake not-a-humanoid rig: true provider: meshy",
            "/generate prompt: a castle too-many-faces rig: true provider: meshy",
            "/generate prompt: a kettle low-credit-throttled provider: replicate",
            "/generate prompt: a bell out-of-memory provider: comfyui",
            "/generate prompt: a lamp fault-restarts provider: comfyui",
            "/generate prompt: a coin out-of-credit provider: replicate",
        ],
    },
    *_trouble(),
]
