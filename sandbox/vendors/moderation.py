"""Words that no vendor works with: some are refused at once, some only when the result has been looked at."""

from sandbox.shapes.palette import words_of

AT_ONCE = frozenset(["nsfw", "nude", "naked", "porn", "hentai", "gore", "desnudo", "desnuda", "porno"])
LATER = frozenset(["gruesome", "bloody", "beheaded", "sangriento", "sangrienta", "decapitado"])


def fails_at_once(prompt: str) -> bool:
    """Whether nothing will be made of it."""
    return bool(AT_ONCE.intersection(words_of(prompt)))


def fails_later(prompt: str) -> bool:
    """Whether the finished task will be refused."""
    return bool(LATER.intersection(words_of(prompt)))
