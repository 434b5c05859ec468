"""Replicate: a place where many people's models run, by its HTTP API v1."""

from providers.replicate.client import BASE_URL, Replicate, verify_key_shape
from providers.replicate.models import DEFAULT_MODEL, GENERATORS

__all__ = ["BASE_URL", "DEFAULT_MODEL", "GENERATORS", "Replicate", "verify_key_shape"]
