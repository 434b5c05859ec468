"""Files that go into a request itself, for vendors that take no uploads.

A link of ours is the better way and used where there is one: a data URI is held in
memory as a whole, a third larger than the file.
"""

from base64 import b64encode
from hashlib import sha256

from providers.base import FileRef, Upload
from providers.errors import NotHandedOver

INLINE_MAX = 20 * 1024 * 1024  # bytes of a file that we hold in memory for a request


async def handed_over(provider: str, file: Upload, *, most: int = INLINE_MAX) -> FileRef:
    """The file as a vendor can read it: its link, else its bytes. Raises ``NotHandedOver`` for too many."""
    if file.link:
        return FileRef(token=file.link, content_type=file.content_type)
    if file.size > most:
        raise NotHandedOver(provider, f"{file.size} bytes are too many for a request", code="too_large")
    async with file.open() as pieces:
        data = b"".join([piece async for piece in pieces])
    return FileRef(token=sha256(data).hexdigest(), inline=data, content_type=file.content_type)


def address(file: FileRef) -> str:
    """What stands in the request: the link, or a data URI (RFC 2397)."""
    if file.inline is None:
        return file.token
    return f"data:{file.content_type};base64,{b64encode(file.inline).decode('ascii')}"
