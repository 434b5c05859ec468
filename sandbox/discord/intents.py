"""What a gateway session may ask to hear of, by bit."""


class Intent:
    """What a session may ask to hear of."""

    GUILDS = 1 << 0
    MEMBERS = 1 << 1
    PRESENCES = 1 << 8
    GUILD_MESSAGES = 1 << 9
    GUILD_TYPING = 1 << 11
    DIRECT_MESSAGES = 1 << 12
    DIRECT_TYPING = 1 << 14
    MESSAGE_CONTENT = 1 << 15
    KNOWN = (1 << 26) - 1
    PRIVILEGED = MEMBERS | PRESENCES | MESSAGE_CONTENT


_LIMITED_FLAGS = {Intent.PRESENCES: 1 << 13, Intent.MEMBERS: 1 << 15, Intent.MESSAGE_CONTENT: 1 << 19}


def application_flags(granted: int) -> int:
    """An application's flags, which tell what privileged intents it was granted."""
    return sum(flag for intent, flag in _LIMITED_FLAGS.items() if granted & intent)
