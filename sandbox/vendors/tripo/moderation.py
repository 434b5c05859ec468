"""What this vendor refuses before it makes anything."""

import unicodedata

from sandbox.vendors.moderation import fails_at_once
from sandbox.vendors.tripo.refusals import Refusal


def admit(prompt: str) -> None:
    """400 / 2008 for what is refused at once, 400 / 2009 for signs that are no text."""
    if any(unicodedata.category(sign) in {"Cc", "Co", "Cn", "Cs"} and sign not in "\n\t" for sign in prompt):
        raise Refusal(400, 2009, "The prompt contains illegal characters.")
    if fails_at_once(prompt):
        raise Refusal(400, 2008, "The prompt violates the content policy.")
