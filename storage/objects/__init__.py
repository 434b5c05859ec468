"""Stores for files: the protocol, a local folder, and S3 with everything that speaks like it."""

from storage.objects.base import Aspect, Finding, Listed, ObjectStore, Stored, Unfinished
from storage.objects.local import LocalStore
from storage.objects.s3 import S3Store
from storage.objects.tickets import Ticket

__all__ = [
    "Aspect",
    "Finding",
    "Listed",
    "LocalStore",
    "ObjectStore",
    "S3Store",
    "Stored",
    "Ticket",
    "Unfinished",
]
