"""Meshy, by its OpenAPI (text-to-3d of version 2, the rest of version 1)."""

from providers.meshy.client import BASE_URL, Meshy, verify_key_shape
from providers.meshy.models import DEFAULT_MODEL

__all__ = ["BASE_URL", "DEFAULT_MODEL", "Meshy", "verify_key_shape"]
