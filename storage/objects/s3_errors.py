"""What an S3 client says, as errors of ours.

Its messages stay out of them: they may hold addresses with signatures.
"""

from collections.abc import Iterator
from contextlib import contextmanager

import aiohttp
from botocore.exceptions import BotoCoreError, ClientError, NoCredentialsError

from storage.errors import (
    ObjectNotFound,
    StoreError,
    StoreForbidden,
    StoreFull,
    StoreMissing,
    StoreUnavailable,
)

_FORBIDDEN = {"AccessDenied", "InvalidAccessKeyId", "SignatureDoesNotMatch", "401", "403"}
_NOT_FOUND = {"NoSuchKey", "NoSuchUpload", "404", "NotFound"}
_FULL = {"QuotaExceeded", "InsufficientStorage", "XMinioStorageFull", "507"}


@contextmanager
def translated(bucket: str, key: str = "") -> Iterator[None]:
    """Raise what goes wrong inside as a ``StoreError``."""
    try:
        yield
    except ClientError as error:
        raise _refusal(bucket, key, error) from error
    except NoCredentialsError as error:
        raise StoreForbidden(bucket, "no keys") from error
    except (BotoCoreError, aiohttp.ClientError, TimeoutError) as error:
        raise StoreUnavailable(bucket, type(error).__name__) from error


def _refusal(bucket: str, key: str, error: ClientError) -> StoreError:
    code = error.response.get("Error", {}).get("Code", "")
    detail = f"{error.operation_name}: {code}"
    if code == "NoSuchBucket" or (error.operation_name == "HeadBucket" and code in _NOT_FOUND):
        return StoreMissing(bucket, detail)
    if code in _NOT_FOUND:
        return ObjectNotFound(bucket, key)
    if code in _FORBIDDEN:
        return StoreForbidden(bucket, detail)
    if code in _FULL:
        return StoreFull(bucket, detail)
    return StoreUnavailable(bucket, detail)
