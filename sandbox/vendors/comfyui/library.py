"""What is installed: model files by folder, extensions, and hence which node classes there are."""

from collections.abc import Callable, Iterable

from sandbox.vendors.comfyui.classes import Files, Input, NodeClass
from sandbox.vendors.comfyui.core_nodes import CORE
from sandbox.vendors.comfyui.shape_nodes import SHAPES
from sandbox.vendors.comfyui.unirig_nodes import CONVERSION, CONVERTER, PACK, UNIRIG

CLASSES = (*CORE, *SHAPES, *UNIRIG, *CONVERSION)
PACKS = frozenset({PACK, CONVERTER})
MODELS = {
    "checkpoints": (
        "sd_xl_base_1.0.safetensors",
        "sd_xl_turbo_1.0_fp16.safetensors",
        "v1-5-pruned-emaonly-fp16.safetensors",
        "flux1-schnell-fp8.safetensors",
        "hunyuan3d-dit-v2_fp16.safetensors",
    ),
    "diffusion_models": (
        "trellis_2_bf16.safetensors",
        "trellis_2_int8_convrot.safetensors",
        "z_image_turbo_bf16.safetensors",
    ),
    "vae": (
        "ae.safetensors",
        "trellis_2_shape_vae_bf16.safetensors",
        "trellis_2_texture_vae_bf16.safetensors",
    ),
    "clip_vision": ("dino_v3_L_naf_fp32.safetensors", "dino_v3_vit_l.safetensors"),
    "background_removal": ("birefnet.safetensors",),
    "text_encoders": ("clip_l.safetensors", "qwen_3_4b.safetensors", "t5xxl_fp16.safetensors"),
    "loras": (),
}
"""The files that an owner has who followed the usual guides."""


def numbers(version: str) -> tuple[int, ...]:
    """A version to compare: ``0.3.57`` is older than ``0.34``."""
    return tuple(int(part) for part in version.split(".") if part.isdigit())


class Library:
    """Node classes and model files. ``uploads`` lists files that were handed over, by folder."""

    def __init__(self, uploads: Files, *, version: str, packs: Iterable[str] = ()) -> None:
        self._uploads = uploads
        self.version = version
        self.packs = set(packs)
        self.models = {folder: list(names) for folder, names in MODELS.items()}

    def at_least(self, *version: int) -> bool:
        """Whether the server is of this version, or later."""
        return numbers(self.version) >= version

    def classes(self) -> dict[str, NodeClass]:
        """Every class there is, by name."""
        return {
            one.name: one
            for one in CLASSES
            if self.at_least(*one.since) and (not one.pack or one.pack in self.packs)
        }

    def files(self, folder: str) -> list[str]:
        """What a combo of a folder's files offers."""
        return self.models[folder] if folder in self.models else self._uploads(folder)

    def told(self, one: NodeClass) -> dict[str, object]:
        """A class as ``/object_info`` shows it."""
        return one.told(self.files)

    def input_told(self, owner: NodeClass, one: Input) -> list[object]:
        """An input as errors show it."""
        return one.told(self.files, modern=owner.modern)


Exists = Callable[[str], bool]
"""Whether a file that a graph names is there."""
