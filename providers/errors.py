"""One family of errors for everything a vendor can do to us.

They carry facts, never sentences for members. Which of them may be tried again is
said here once, because it follows from what the vendor can have done with the request:

    ProviderError
    |-- Rejected            the request is wrong; nothing was made or charged
    |   |-- Moderated       ... because of the vendor's content policy
    |   `-- SourceUnusable  ... because of the model it builds on (wrong kind, too complex)
    |       |-- NotRiggable ... because no skeleton fits it
    |       `-- NotHandedOver ... because the file could not reach the vendor
    |-- OutOfCredit         the owner's account is empty
    |-- Unauthorised        the key is wrong, or not allowed to do this
    |-- TaskNotFound        no such task for this key (any more)
    |-- RateLimited         too many requests; ``retry_after`` seconds
    |-- PoolFull            too many tasks under way; ``retry_after`` seconds
    |-- Unavailable         down or unreachable; the request was surely not accepted
    |-- AnswerLost          sent, and nobody knows whether it was accepted
    |-- ContractChanged     an answer we do not understand
    |-- Forged              a call to our webhook that the vendor did not make, or made long ago
    `-- DownloadFailed      a result could not be fetched
        |-- LinkExpired     ... ask for the task again, it signs a new link
        |-- HostRefused     ... it lies where we do not go
        `-- TooLarge        ... it is larger than the limit
"""


class ProviderError(Exception):
    """Root of the family. ``detail`` is for the log and may hold the vendor's words; never a key or link."""

    def __init__(
        self,
        provider: str,
        detail: str = "",
        *,
        code: str = "",
        status: int | None = None,
        reference: str = "",
    ) -> None:
        super().__init__(f"{provider}: {type(self).__name__} {status or ''} {code} {detail}".strip())
        self.provider = provider
        self.detail = detail
        self.code = code
        """The vendor's own error code, as text."""
        self.status = status
        self.reference = reference
        """The vendor's trace or request id, which its support asks for."""


class Rejected(ProviderError):
    """The request is wrong; nothing was made or charged."""


class Moderated(Rejected):
    """The vendor's content policy refused it."""


class SourceUnusable(Rejected):
    """What it builds on is of the wrong kind, unfinished or too complex."""


class NotRiggable(SourceUnusable):
    """No skeleton fits it: it is not a humanoid, say."""


class NotHandedOver(SourceUnusable):
    """The file is too large to go into the request, or the vendor cannot fetch it from our link."""


class OutOfCredit(ProviderError):
    """The owner's account at the vendor is empty."""


class Unauthorised(ProviderError):
    """The key is wrong, of another region, or not allowed to do this."""


class TaskNotFound(ProviderError):
    """No such task for this key; perhaps no longer."""


class Throttled(ProviderError):
    """Not now; again in ``retry_after`` seconds. Surely not accepted."""

    def __init__(self, provider: str, detail: str = "", *, retry_after: float = 5.0, **facts: object) -> None:
        super().__init__(provider, detail, **facts)  # type: ignore[arg-type] # the same keywords, passed on
        self.retry_after = retry_after


class RateLimited(Throttled):
    """Too many requests per time."""


class PoolFull(Throttled):
    """Too many tasks under way."""


class Unavailable(ProviderError):
    """Down or unreachable; what we sent was surely not accepted."""


class AnswerLost(ProviderError):
    """The request was sent and the answer did not come: it may have been accepted."""


class ContractChanged(ProviderError):
    """An answer we do not understand."""


class Forged(ProviderError):
    """A call to our webhook that the vendor did not make, or made too long ago."""


class DownloadFailed(ProviderError):
    """A result could not be fetched."""


class LinkExpired(DownloadFailed):
    """The signed link has died; a fresh look at the task gives a new one."""


class HostRefused(DownloadFailed):
    """The result lies on a host that is neither the vendor's nor named in settings."""


class TooLarge(DownloadFailed):
    """The result is larger than the limit."""
