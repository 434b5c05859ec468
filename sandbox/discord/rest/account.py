"""The bot itself: who it is, its application, and where the gateway is."""

from sandbox.discord.gateway import IDENTIFIES_PER_DAY, Gateway
from sandbox.discord.payloads import user
from sandbox.discord.refusals import Json, Refused
from sandbox.discord.rest.door import Call, Reply, Route, ok
from sandbox.discord.world import World

_DAY_MS = 24 * 60 * 60 * 1_000


class Account:
    """The routes that a client asks while it logs in."""

    def __init__(self, world: World, gateway: Gateway) -> None:
        self._world = world
        self._gateway = gateway

    def routes(self) -> list[Route]:
        """Where they are."""
        return [
            Route(method="GET", path="/users/@me", handler=self._me),
            Route(method="GET", path="/users/{user}", handler=self._user),
            Route(method="GET", path="/applications/@me", handler=self._application),
            Route(method="GET", path="/oauth2/applications/@me", handler=self._application),
            Route(method="GET", path="/gateway", handler=self._address, signed=False),
            Route(method="GET", path="/gateway/bot", handler=self._bot_address),
        ]

    async def _me(self, _call: Call) -> Reply:
        return ok(
            user(self._world.bot) | {"verified": True, "mfa_enabled": False, "email": None, "locale": "en-US"}
        )

    async def _user(self, call: Call) -> Reply:
        return ok(user(self._world.user(call.id("user"))))

    async def _application(self, _call: Call) -> Reply:
        bot = self._world.bot
        owner = next((one for one in self._world.users.values() if not one.bot), None)
        if owner is None:
            raise Refused(10013)
        return ok(_application(bot.id, bot.name, user(owner), len(self._world.guilds)) | {"bot": user(bot)})

    async def _address(self, _call: Call) -> Reply:
        return ok({"url": self._gateway.url})

    async def _bot_address(self, _call: Call) -> Reply:
        limit = {
            "total": IDENTIFIES_PER_DAY,
            "remaining": self._gateway.identifies_left,
            "reset_after": _DAY_MS,
            "max_concurrency": 1,
        }
        return ok({"url": self._gateway.url, "shards": 1, "session_start_limit": limit})


def _application(bot_id: int, name: str, owner: Json, guilds: int) -> Json:
    return {
        "id": str(bot_id),
        "name": name,
        "icon": None,
        "description": "",
        "summary": "",
        "type": None,
        "bot_public": True,
        "bot_require_code_grant": False,
        "verify_key": "0" * 64,
        "flags": 0,
        "owner": owner,
        "team": None,
        "approximate_guild_count": guilds,
        "approximate_user_install_count": 0,
        "redirect_uris": [],
        "interactions_endpoint_url": None,
        "role_connections_verification_url": None,
        "tags": [],
        "install_params": {"scopes": ["applications.commands", "bot"], "permissions": "0"},
        "integration_types_config": {"0": {}},
        "custom_install_url": None,
    }
