"""Tripo, by its v3 API (the v2 API was shut down on 2026-10-31)."""

from providers.tripo.client import BASE_URL, Tripo, verify_key_shape
from providers.tripo.models import DEFAULT_MODEL

__all__ = ["BASE_URL", "DEFAULT_MODEL", "Tripo", "verify_key_shape"]
