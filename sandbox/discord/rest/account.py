"""The bot itself: who it is, its application, and where the gateway is."""

from sandbox.discord.facets import user
from sandbox.discord.gateway import IDENTIFIES_PER_DAY, Gateway
from sandbox.discord.intents import application_flags
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
        facts: Json = {
            "bot": user(bot),
            "flags": application_flags(self._gateway.privileged),
            "approximate_guild_count": sum(bot.id in one.members for one in self._world.guilds.values()),
            "approximate_user_install_count": sum(one.installed for one in self._world.users.values()),
        }
        return ok(_application(bot.id, bot.name, user(owner)) | facts)

    async def _address(self, _call: Call) -> Reply:
        return ok({"url": self._gateway.url})

    async def _bot_address(self, _call: Call) -> Reply:
        limit = {
            "total": IDENTIFIES_PER_DAY,
            "remaining": self._gateway.identifies_left,
            "reset_after": _DAY_MS,
            "max_concurrency": self._gateway.sharding.max_concurrency,
        }
        shards = self._gateway.sharding.shards
        return ok({"url": self._gateway.url, "shards": shards, "session_start_limit": limit})


def _application(bot_id: int, name: str, owner: Json) -> Json:
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
        "owner": owner,
        "team": None,
        "redirect_uris": [],
        "interactions_endpoint_url": None,
        "role_connections_verification_url": None,
        "tags": [],
        "install_params": {"scopes": ["applications.commands", "bot"], "permissions": "0"},
        "integration_types_config": {"0": {}, "1": {}},
        "custom_install_url": None,
    }
