"""Looks over the vendors: is the key taken, is there credit, does what they say still fit us?"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from bot.findings import Finding
from providers.base import Provider
from providers.errors import ProviderError, Unauthorised


@dataclass(frozen=True, slots=True, kw_only=True)
class VendorSubject:
    """A vendor that the owner set up."""

    provider: Provider
    variable: str
    """The setting with its key, or with its address where it has none."""
    fault: str | None
    """What is wrong with the look of the key."""
    webhook: str | None = None
    """The address to be told in the vendor's console, for vendors that are told it there."""


async def vendor_findings(subjects: Sequence[VendorSubject]) -> list[Finding]:
    """Everything there is to say of them."""
    if not subjects:
        mend = "Set TRIPO_API_KEY, MESHY_API_KEY, REPLICATE_API_KEY or COMFYUI_API_URL; until then "
        return [
            Finding(ok=False, what="No vendor is set up", mend=f"{mend}/generate says that it is missing.")
        ]
    found = await asyncio.gather(*(_vendor(subject) for subject in subjects))
    return [finding for part in found for finding in part]


async def _vendor(subject: VendorSubject) -> list[Finding]:
    if subject.fault:
        wrong = f"{subject.variable}: {subject.fault}"
        return [Finding(ok=False, what=wrong, mend="Copy the API key itself.")]
    account = await _account(subject)
    if not account.ok:
        return [account]
    return [account, *await _fit(subject), *_webhook(subject)]


async def _account(subject: VendorSubject) -> Finding:
    """Is the key good, and is there anything left on the account?"""
    title = subject.provider.title
    try:
        balance = await subject.provider.balance()
    except Unauthorised:
        what = f"{title} does not accept {subject.variable}"
        return Finding(ok=False, what=what, mend="Make a new key there.")
    except ProviderError as error:
        what = f"{title} cannot be reached or asked ({type(error).__name__})"
        return Finding(ok=False, what=what, mend="Try again in some minutes, and look at its address.")
    if balance is None:
        return Finding(ok=True, what=f"{title} answers; it tells no balance")
    left = balance.available > 0
    what = f"{title} accepts the key; {balance.available:g} {balance.unit}s are left"
    return Finding(ok=left, what=what, mend="" if left else "Buy some.")


async def _fit(subject: VendorSubject) -> list[Finding]:
    """What has changed there, or is missing."""
    title = subject.provider.title
    try:
        said = await subject.provider.inspect()
    except ProviderError as error:
        what = f"{title} cannot be looked over ({type(error).__name__})"
        return [Finding(ok=False, what=what, mend="Try again in some minutes.")]
    return [Finding(ok=False, what=f"{title}: {one.rstrip('.')}", mend="") for one in said]


def _webhook(subject: VendorSubject) -> list[Finding]:
    if subject.webhook is None:
        return []
    mend = "It makes results come a second or two sooner."
    what = f"{subject.provider.title}'s console may be told the webhook address {subject.webhook}"
    return [Finding(ok=True, what=what, mend=mend)]
