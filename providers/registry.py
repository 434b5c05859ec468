"""The vendors by name. A new one is a package, a line in each table, and a page in the docs."""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from providers import tripo
from providers.base import Provider

FACTORIES: Mapping[str, Callable[..., Provider]] = MappingProxyType({"tripo": tripo.Tripo})
"""Each takes plain keyword values: ``api_key``, ``api_url``, ``now``, ``sleep`` and its own."""

KEY_SHAPES: Mapping[str, Callable[[str], str | None]] = MappingProxyType({"tripo": tripo.verify_key_shape})
"""What is wrong with the look of a key, in words for the owner; ``None`` where nothing is."""
