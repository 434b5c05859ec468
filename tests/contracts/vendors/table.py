"""The vendors that the suite is held over. A new one is one more ``Row``."""

import shutil
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any

from providers.base import Provider
from providers.comfyui import ComfyUI
from providers.comfyui.templates import OURS
from providers.meshy import Meshy
from providers.replicate import Replicate
from providers.tripo import Tripo
from sandbox.vendors.comfyui import faults as comfyui_faults
from sandbox.vendors.comfyui.server import ComfyUISandbox
from sandbox.vendors.comfyui.unirig_nodes import PACK
from sandbox.vendors.meshy import accounts as meshy
from sandbox.vendors.meshy import faults as meshy_faults
from sandbox.vendors.meshy.server import MeshySandbox
from sandbox.vendors.replicate import accounts as replicate
from sandbox.vendors.replicate import faults as replicate_faults
from sandbox.vendors.replicate.server import ReplicateSandbox
from sandbox.vendors.tripo import accounts as tripo
from sandbox.vendors.tripo import faults as tripo_faults
from sandbox.vendors.tripo.server import TripoSandbox
from tests.clock import HandClock
from tests.providers.comfyui.building import write
from tests.providers.comfyui.conftest import RIG, RIG_MANIFEST

WEBHOOK_SECRET = "whsec_of_the_suite"


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A vendor, how to play it, and how to speak to it."""

    name: str
    vendor: str
    """As in settings, and in the sandbox's own addresses."""
    sandbox: Callable[[HandClock], Any]
    client: Callable[..., Provider]
    options: Mapping[str, Any] = field(default_factory=dict)
    """What this client is told besides address, key and clock."""
    api: str = "http://{host}"
    key: str = ""
    another_key: str = ""
    """Of an account of its own; as the vendor writes keys."""
    types: Mapping[str, str]
    """What the vendor calls the task of each of our steps, in order; a generation is one from words."""
    faults: Collection[str]
    """What its sandbox lets go wrong."""
    calls_back: str = ""
    """Who says where to: the account's ``console``, or the ``request``; empty: nobody is called."""
    signs: bool = True
    """What it says there is signed."""
    drift: tuple[str, Mapping[str, Any]] | None = None
    """The sandbox's string, and what to say to it, after which the vendor no longer fits our client;
    ``None`` where the vendor says too little of itself for that to be seen."""

    def __str__(self) -> str:
        return self.name


def _workflows(folder: Path) -> Path:
    """Our templates, and one for rigs, which is up to the owner."""
    shutil.copytree(OURS, folder / "workflows")
    return write(folder / "workflows", "rig", RIG, RIG_MANIFEST)


def _comfyui(*, folder: Path, **parts: Any) -> ComfyUI:
    return ComfyUI(workflows=_workflows(folder), **parts)


def _replicate(name: str, field: str, types: Mapping[str, str]) -> Row:
    """``field``: one of its inputs. UniRig rigs for all of them; its rows stand with the first."""
    return Row(
        name=f"replicate-{name.partition('/')[2]}",
        vendor="replicate",
        sandbox=ReplicateSandbox,
        client=_elsewhere(Replicate),
        options=MappingProxyType({"model": name}),
        api="http://{host}/v1",
        key=replicate.KEY,
        another_key="r8_AnotherKeyOfTheSuite0000000000000000",
        types=MappingProxyType(types),
        faults=replicate_faults.NAMES,
        calls_back="request",
        drift=("models", {"model": name, "renames": {field: "another"}, "retire": True}),
    )


def _elsewhere(client: Callable[..., Provider]) -> Callable[..., Provider]:
    """Clients that keep nothing on this machine."""

    def made(*, folder: Path, **parts: Any) -> Provider:
        del folder
        return client(**parts)

    return made


TRIPO = Row(
    name="tripo",
    vendor="tripo",
    sandbox=TripoSandbox,
    client=_elsewhere(Tripo),
    options=MappingProxyType({"webhook_secret": WEBHOOK_SECRET}),
    api="http://{host}/v3",
    key=tripo.KEY,
    another_key="tsk_another_key_of_the_suite",
    types=MappingProxyType(
        {
            "generate": "text_to_model",
            "rig_check": "animate_prerigcheck",
            "rig": "animate_rig",
            "animate": "animate_retarget",
        }
    ),
    faults=tripo_faults.NAMES,
    calls_back="console",
)
MESHY = Row(
    name="meshy",
    vendor="meshy",
    sandbox=MeshySandbox,
    client=_elsewhere(Meshy),
    key=meshy.KEY,
    another_key="msy_another_key_of_the_suite",
    types=MappingProxyType(
        {
            "draft": "text-to-3d-preview",
            "generate": "text-to-3d-refine",
            "rig": "rig",
            "animate": "animate",
        }
    ),
    faults=meshy_faults.NAMES,
    calls_back="console",
    signs=False,
)
HUNYUAN = _replicate(
    "tencent/hunyuan-3d-3.1",
    "prompt",
    {"generate": "tencent/hunyuan-3d-3.1", "rig": "aaronjmars/unirig-ai"},
)
RODIN = _replicate("hyper3d/rodin", "prompt", {"generate": "hyper3d/rodin"})
TRELLIS = _replicate(
    "firtoz/trellis", "images", {"draft": "black-forest-labs/flux-schnell", "generate": "firtoz/trellis"}
)
COMFYUI = Row(
    name="comfyui",
    vendor="comfyui",
    sandbox=lambda clock: ComfyUISandbox(clock, custom_nodes=[PACK]),
    client=_comfyui,
    types=MappingProxyType({"generate": "text_to_3d", "rig": "rig"}),
    faults=comfyui_faults.NAMES,
    drift=("settings", {"models": {"checkpoints": []}}),
)

ROWS = (TRIPO, MESHY, HUNYUAN, RODIN, TRELLIS, COMFYUI)
KEYED = tuple(row for row in ROWS if row.key)
"""Those that have keys, and so members of their own."""
