"""Objects in S3, or in a store that speaks like it.

A small file is one request; a larger one goes up in parts as it comes in, some ten
megabytes of memory for each stream under way. Whatever stops it, no part stays behind.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable
from contextlib import AbstractContextManager, asynccontextmanager, suppress
from datetime import datetime
from typing import TYPE_CHECKING, Literal, Self, TypeVar
from urllib.parse import quote

import aiohttp
from aiobotocore.config import AioConfig
from aiobotocore.session import get_session
from botocore.exceptions import BotoCoreError

from storage.errors import ObjectNotFound, StoreError, StoreForbidden, StoreUnavailable
from storage.objects.base import (
    PROBE_KEY,
    Aspect,
    Finding,
    Listed,
    Meter,
    Stored,
    Unfinished,
    probe_stream,
    require_plain,
)
from storage.objects.s3_errors import translated

if TYPE_CHECKING:
    from types_aiobotocore_s3 import S3Client
    from types_aiobotocore_s3.type_defs import CompletedPartTypeDef, CreateMultipartUploadOutputTypeDef

PART = 5 * 1024 * 1024
"""The least that S3 takes, and at most 10,000 of them: enough for 50 GB. Each is hashed once more
by the client, on the event loop: about 4 ms for this size."""
BLOCK = 256 * 1024
CONNECT_SECONDS = 10
READ_SECONDS = 60
ATTEMPTS = 3

Checksums = Literal["when_required", "when_supported"]
"""Whether to send checksums that Amazon likes and many other stores do not know."""

T = TypeVar("T")

_REFUSALS = range(400, 500)
"""To somebody without a key: stores differ in how they say no."""


class S3Store:
    """A bucket that is the bot's alone. To be had by ``connect``."""

    def __init__(self, bucket: str, client: "S3Client") -> None:
        self._bucket = bucket
        self._client = client

    @classmethod
    async def connect(
        cls,
        *,
        bucket: str,
        endpoint_url: str | None = None,
        region: str = "us-east-1",
        key_id: str | None = None,
        secret: str | None = None,
        checksums: Checksums = "when_required",
    ) -> Self:
        """Make ready to talk; nothing is sent yet. Without keys, those of the machine are used.

        Raises ``StoreUnavailable`` for an address or region that can be none.
        """
        config = AioConfig(
            signature_version="s3v4",
            # A store of one's own seldom has a host name for every bucket.
            s3={"addressing_style": "path" if endpoint_url else "auto"},
            connect_timeout=CONNECT_SECONDS,
            read_timeout=READ_SECONDS,
            retries={"total_max_attempts": ATTEMPTS, "mode": "standard"},
            request_checksum_calculation=checksums,
            response_checksum_validation=checksums,
        )
        connection = get_session().create_client(
            "s3",
            endpoint_url=endpoint_url,
            region_name=region,
            aws_access_key_id=key_id,
            aws_secret_access_key=secret,
            config=config,
        )
        try:
            return cls(bucket, await connection.__aenter__())
        except (BotoCoreError, ValueError) as error:
            raise StoreUnavailable(bucket, "its address or region can be none") from error

    async def put(self, key: str, stream: AsyncIterator[bytes], *, content_type: str, limit: int) -> Stored:
        """Keep a stream; over ``limit`` bytes, on any error and when cancelled, nothing of it stays."""
        require_plain(self._bucket, key)
        meter = Meter(self._bucket, key, limit)
        blocks = meter.blocks(stream, PART)
        held = [await anext(blocks)]
        if len(held[0]) < PART:
            whole = self._client.put_object(
                Bucket=self._bucket, Key=key, Body=held[0], ContentType=content_type
            )
            await self._ask(whole, key)
        else:
            await self._put_parts(key, content_type, _all(held, blocks))
        return meter.stored()

    @asynccontextmanager
    async def open(self, key: str) -> AsyncIterator[AsyncIterator[bytes]]:
        """A context in which the bytes can be read in order, once."""
        require_plain(self._bucket, key)
        answer = await self._ask(self._client.get_object(Bucket=self._bucket, Key=key), key)
        async with answer["Body"] as body:
            yield self._read(body.iter_chunks(BLOCK), key)

    async def link(self, key: str, *, ttl_seconds: int, filename: str, content_type: str) -> str | None:
        """A signed address of the store's own. Made here, without asking the store."""
        require_plain(self._bucket, key)
        wanted = {
            "Bucket": self._bucket,
            "Key": key,
            "ResponseContentDisposition": f"attachment; filename*=UTF-8''{quote(filename, safe='')}",
            "ResponseContentType": content_type,
        }
        return await self._ask(
            self._client.generate_presigned_url("get_object", Params=wanted, ExpiresIn=ttl_seconds), key
        )

    async def size(self, key: str) -> int | None:
        """Bytes of an object; ``None`` where there is none."""
        require_plain(self._bucket, key)
        try:
            answer = await self._ask(self._client.head_object(Bucket=self._bucket, Key=key), key)
        except ObjectNotFound:
            return None
        return answer["ContentLength"]

    async def delete(self, key: str) -> None:
        """Remove an object; one that is not there is no error."""
        require_plain(self._bucket, key)
        with suppress(ObjectNotFound):  # Amazon does not mind, some others do
            await self._ask(self._client.delete_object(Bucket=self._bucket, Key=key), key)

    async def keys(self, prefix: str = "") -> AsyncIterator[str]:
        """All keys that begin so, in order; with ``""`` every one."""
        async for listed in self.listing(prefix):
            yield listed.key

    async def listing(self, prefix: str = "") -> AsyncIterator[Listed]:
        """All objects whose keys begin so, in the order of their keys; a page of them is in memory."""
        pages = self._client.get_paginator("list_objects_v2").paginate(Bucket=self._bucket, Prefix=prefix)
        with self._translated():
            async for page in pages:
                for item in page.get("Contents", []):
                    yield Listed(key=item["Key"], size=item["Size"], stored_at=_ms(item["LastModified"]))

    async def unfinished(self) -> AsyncIterator[Unfinished]:
        """Uploads in parts that are under way, or were left."""
        pages = self._client.get_paginator("list_multipart_uploads").paginate(Bucket=self._bucket)
        with suppress(ObjectNotFound), self._translated():  # how some stores say that there are none
            async for page in pages:
                for upload in page.get("Uploads", []):
                    key, token = upload["Key"], upload["UploadId"]
                    size, begun_at = await self._so_far(key, token), _ms(upload["Initiated"])
                    yield Unfinished(name=key, token=token, size=size, begun_at=begun_at)

    async def give_up(self, upload: Unfinished) -> None:
        """End an upload and free its parts; one that is no more is no error."""
        with suppress(ObjectNotFound):
            await self._give_up(upload.name, upload.token)

    async def abort_stale_uploads(self) -> int:
        """Give up all uploads under way: when this is called, they are of a life that ended."""
        stale = [upload async for upload in self.unfinished()]
        for upload in stale:
            await self.give_up(upload)
        return len(stale)

    async def probe(self) -> list[Finding]:
        """Is the bucket there, can we write, and does it refuse who shows no key?"""
        steps = {
            Aspect.EXISTS: self._look,
            Aspect.WRITABLE: self._write_probe,
            Aspect.PRIVATE: self._read_as_stranger,
        }
        findings: list[Finding] = []
        for aspect, step in steps.items():
            try:
                await step()
            except StoreError as error:
                findings.append(Finding(aspect=aspect, ok=False, detail=error.detail))
                break
            findings.append(Finding(aspect=aspect, ok=True))
        with suppress(StoreError):  # if this fails, more has been said already
            await self.delete(PROBE_KEY)
        return findings

    async def aclose(self) -> None:
        """Let go of connections."""
        await self._client.__aexit__(None, None, None)

    async def _look(self) -> None:
        await self._ask(self._client.head_bucket(Bucket=self._bucket))

    async def _write_probe(self) -> None:
        await self.put(PROBE_KEY, probe_stream(), content_type="text/plain", limit=1000)

    async def _read_as_stranger(self) -> None:
        link = await self.link(PROBE_KEY, ttl_seconds=60, filename="probe.txt", content_type="text/plain")
        unsigned = str(link).partition("?")[0]
        patience = aiohttp.ClientTimeout(total=READ_SECONDS)
        with self._translated(PROBE_KEY):
            async with aiohttp.ClientSession(timeout=patience) as session, session.get(unsigned) as answer:
                status = answer.status
        if status not in _REFUSALS:
            raise StoreError(self._bucket, f"a stranger is answered with {status}")

    async def _put_parts(self, key: str, content_type: str, blocks: AsyncIterator[bytes]) -> None:
        # A task of its own, so that an upload which is opened while we are cancelled can be given up.
        opening = asyncio.ensure_future(
            self._client.create_multipart_upload(Bucket=self._bucket, Key=key, ContentType=content_type)
        )
        try:
            upload_id = (await self._ask(asyncio.shield(opening), key))["UploadId"]
            parts: list[CompletedPartTypeDef] = []
            async for block in blocks:
                parts.append(await self._put_part(key, upload_id, len(parts) + 1, block))
                del block  # before the next is gathered: each is some megabytes of every stream's memory
            complete = self._client.complete_multipart_upload(
                Bucket=self._bucket, Key=key, UploadId=upload_id, MultipartUpload={"Parts": parts}
            )
            await self._ask(complete, key)
        except BaseException:  # whatever it is, the parts would stay and cost
            await asyncio.shield(self._abort(key, opening))
            raise

    async def _put_part(self, key: str, upload_id: str, number: int, block: bytes) -> "CompletedPartTypeDef":
        part = self._client.upload_part(
            Bucket=self._bucket, Key=key, UploadId=upload_id, PartNumber=number, Body=block
        )
        return {"PartNumber": number, "ETag": (await self._ask(part, key))["ETag"]}

    async def _abort(self, key: str, opening: "asyncio.Future[CreateMultipartUploadOutputTypeDef]") -> None:
        with suppress(StoreError):  # the next start gives it up
            await self._give_up(key, (await self._ask(opening, key))["UploadId"])

    async def _give_up(self, key: str, upload_id: str) -> None:
        gone = self._client.abort_multipart_upload(Bucket=self._bucket, Key=key, UploadId=upload_id)
        await self._ask(gone, key)

    async def _so_far(self, key: str, upload_id: str) -> int | None:
        """Bytes of the parts that are there; ``None`` where we may not ask, or the upload just ended."""
        pages = self._client.get_paginator("list_parts").paginate(
            Bucket=self._bucket, Key=key, UploadId=upload_id
        )
        try:
            with self._translated(key):
                parts = [part async for page in pages for part in page.get("Parts", [])]
        except (StoreForbidden, ObjectNotFound):
            return None
        return sum(int(part["Size"]) for part in parts)

    async def _read(self, chunks: AsyncIterator[bytes], key: str) -> AsyncIterator[bytes]:
        with self._translated(key):
            async for chunk in chunks:
                yield chunk

    async def _ask(self, answer: Awaitable[T], key: str = "") -> T:
        with self._translated(key):
            return await answer

    def _translated(self, key: str = "") -> AbstractContextManager[None]:
        return translated(self._bucket, key)


def _ms(moment: datetime) -> int:
    return int(moment.timestamp() * 1000)


async def _all(held: list[bytes], rest: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    """The block in ``held``, then the rest; none is kept here while the next is gathered."""
    yield held.pop()
    async for block in rest:
        yield block
        del block
