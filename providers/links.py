"""What a vendor's link says of the file behind it."""

from pathlib import PurePosixPath
from urllib.parse import urlsplit


def extension(url: str) -> str:
    """The ending of its path, lower case, with the dot; empty where it has none, or is no link at all."""
    try:
        return PurePosixPath(urlsplit(url).path).suffix.lower()
    except ValueError:
        return ""
