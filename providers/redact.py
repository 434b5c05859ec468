"""Takes links and keys out of what a vendor said, before anyone keeps or logs it.

A signed link opens a file to whoever reads it, and vendors do repeat keys in their
error messages. What comes out of here may be stored.
"""

import re
from collections.abc import Mapping
from typing import Any

_SECRET = re.compile(
    r"\w+://\S+|\bdata:\S+|\bBearer\s+\S+|\b(?:tsk|tcli|msy|r8|whsec|sk)[_-]\w+", re.IGNORECASE
)


def redacted(text: str, limit: int = 300) -> str:
    """A vendor's words, shortened, with ``[secret]`` where a link or key stood."""
    return _SECRET.sub("[secret]", text)[:limit]


def without_secrets(value: Any) -> Any:
    """A copy of JSON data without any entry that is, or is named as, a link or key."""
    if isinstance(value, Mapping):
        return {key: without_secrets(item) for key, item in value.items() if _may_stay(key, item)}
    if isinstance(value, list):
        return [without_secrets(item) for item in value if _may_stay("", item)]
    return value


def _may_stay(name: str, item: Any) -> bool:
    named_as_link = name.lower().endswith(("url", "urls"))
    return not named_as_link and not (isinstance(item, str) and _SECRET.search(item))
