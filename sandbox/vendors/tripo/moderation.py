"""What this vendor refuses to make: some words at once, some only after it has looked at the result."""

import unicodedata

from sandbox.shapes.palette import words_of
from sandbox.vendors.tripo.refusals import Refusal

AT_ONCE = frozenset(["nsfw", "nude", "naked", "porn", "hentai", "gore", "desnudo", "desnuda", "porno"])
LATER = frozenset(["gruesome", "bloody", "beheaded", "sangriento", "sangrienta", "decapitado"])


def admit(prompt: str) -> None:
    """400 / 2008 for what is refused at once, 400 / 2009 for signs that are no text."""
    if any(unicodedata.category(sign) in {"Cc", "Co", "Cn", "Cs"} and sign not in "\n\t" for sign in prompt):
        raise Refusal(400, 2009, "The prompt contains illegal characters.")
    if AT_ONCE.intersection(words_of(prompt)):
        raise Refusal(400, 2008, "The prompt violates the content policy.")


def fails_later(prompt: str) -> bool:
    """Whether the finished task will be refused."""
    return bool(LATER.intersection(words_of(prompt)))
