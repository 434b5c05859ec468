"""Stores for files: the protocol and a local folder. ``s3`` is for whoever has a bucket: it is large."""

from storage.objects.base import Aspect, Finding, Listed, ObjectStore, Stored, Unfinished
from storage.objects.local import LocalStore
from storage.objects.tickets import Ticket

__all__ = [
    "Aspect",
    "Finding",
    "Listed",
    "LocalStore",
    "ObjectStore",
    "Stored",
    "Ticket",
    "Unfinished",
]
