"""The vendors by name, in the order in which they are offered.

A new one is a package, a line in ``FACTORIES`` (and in ``KEY_SHAPES`` where it has keys),
its settings and a page in the docs.
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from providers import comfyui, meshy, replicate, tripo
from providers.base import Provider

FACTORIES: Mapping[str, Callable[..., Provider]] = MappingProxyType(
    {
        "tripo": tripo.Tripo,
        "meshy": meshy.Meshy,
        "replicate": replicate.Replicate,
        "comfyui": comfyui.ComfyUI,
    }
)
"""Each takes plain keyword values: ``api_key``, ``api_url``, ``file_hosts``, ``webhook_url``, ``now``,
``sleep``, and its own: what the settings call ``<NAME>_<KEYWORD>``."""

KEY_SHAPES: Mapping[str, Callable[[str], str | None]] = MappingProxyType(
    {
        "tripo": tripo.verify_key_shape,
        "meshy": meshy.verify_key_shape,
        "replicate": replicate.verify_key_shape,
    }
)
"""What is wrong with the look of a key, in words for the owner; ``None`` where nothing is.

Vendors that are not here have no keys, and are there when their address is set."""
