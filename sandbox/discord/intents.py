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
