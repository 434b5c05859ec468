"""What we keep: the nouns, the database that holds them, and the store for their files.

Nothing in here knows Discord or a vendor.
"""

from storage.database import Database, Transaction
from storage.errors import StorageError
from storage.lock import lock_engine
from storage.schema import migrate, schema_is_current
from storage.secrets import SecretBox

__all__ = [
    "Database",
    "SecretBox",
    "StorageError",
    "Transaction",
    "lock_engine",
    "migrate",
    "schema_is_current",
]
