"""Asks the bot that runs on this machine how it is.

Docker does so twice a minute: nothing is imported here that this does not need.
"""

import aiohttp

PATIENCE = aiohttp.ClientTimeout(total=8)
"""The bot itself gives each of its parts some seconds."""
_ANYWHERE = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - what the site may listen on


async def ask(host: str, port: int) -> dict[str, bool] | None:
    """What works, by part; ``None`` where nobody, or somebody else, answers."""
    host = _ANYWHERE.get(host, host)
    address = f"http://[{host}]:{port}/health" if ":" in host else f"http://{host}:{port}/health"
    try:
        async with (
            aiohttp.ClientSession(timeout=PATIENCE) as http,
            http.get(address, allow_redirects=False) as answer,
        ):
            parts = (await answer.json())["parts"]
            return {str(part): well is True for part, well in parts.items()}
    except (aiohttp.ClientError, TimeoutError, ValueError, KeyError, TypeError, AttributeError):
        return None
