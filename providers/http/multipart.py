"""A file as ``multipart/form-data`` (RFC 7578) without holding it in memory.

httpx builds such bodies from files on disk only, and reads those on the event loop;
ours come from an object store, piece by piece.
"""

import secrets
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from urllib.parse import quote

from providers.base import Upload


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """What goes before and after the file's bytes."""

    head: bytes
    tail: bytes
    content_type: str
    size: int
    """Bytes of the whole body."""

    async def around(self, pieces: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
        """The whole body."""
        yield self.head
        async for piece in pieces:
            yield piece
        yield self.tail


def frame(file: Upload, field: str, fields: Mapping[str, str]) -> Frame:
    """The frame of a form: the plain ``fields``, then the file. Names and values are ours, in ASCII."""
    boundary = secrets.token_hex(16)
    name = quote(file.name, safe=" ")  # a quote or line break in a name must not end the header
    plain = "".join(
        f'--{boundary}\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{value}\r\n'
        for key, value in fields.items()
    )
    head = (
        f"{plain}--{boundary}\r\n"
        f'Content-Disposition: form-data; name="{field}"; filename="{name}"\r\n'
        f"Content-Type: {file.content_type}\r\n\r\n"
    ).encode("ascii")
    tail = f"\r\n--{boundary}--\r\n".encode("ascii")
    return Frame(
        head=head,
        tail=tail,
        content_type=f"multipart/form-data; boundary={boundary}",
        size=len(head) + file.size + len(tail),
    )
