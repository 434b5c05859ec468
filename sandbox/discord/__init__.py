"""A Discord in a box: REST v10, a gateway, a content network, and a chat page with people to play.

`server.DiscordSandbox` is all of it; ``python -m sandbox discord`` starts it alone.
"""

from sandbox.discord.server import DiscordSandbox

__all__ = ["DiscordSandbox"]
