"""The routes of models and their versions, of the account, of machines, and of the key for webhooks."""

from typing import Any

from aiohttp import web

from sandbox.vendors.replicate import lists
from sandbox.vendors.replicate.hub import COG_VERSION, SITE, Model, Version
from sandbox.vendors.replicate.orders import checked
from sandbox.vendors.replicate.refusals import Refusal, not_found
from sandbox.vendors.replicate.validation import Schema
from sandbox.vendors.replicate.vendor import Vendor
from sandbox.vendors.replicate.wire import OPENED, answer, body_of, moment

HARDWARE = {
    "cpu": "CPU",
    "gpu-t4": "Nvidia T4 GPU",
    "gpu-l40s": "Nvidia L40S GPU",
    "gpu-a100-large": "Nvidia A100 (80GB) GPU",
    "gpu-h100": "Nvidia H100 GPU",
}
MODEL = "/v1/models/{owner}/{name}"


FACTS = ("github_url", "paper_url", "license_url", "cover_image_url")
NEW_MODEL: Schema = {
    "type": "object",
    "required": ["owner", "name", "visibility", "hardware"],
    "additionalProperties": False,
    "properties": {
        "visibility": {"type": "string", "enum": ["public", "private"]},
        **{name: {"type": "string"} for name in ("owner", "name", "hardware", "description", *FACTS)},
    },
}


class Library:
    """Handlers of everything that is read about models and accounts."""

    def __init__(self, vendor: Vendor) -> None:
        self._vendor = vendor

    def routes(self) -> list[web.RouteDef]:
        """What is served where."""
        return [
            web.get("/v1/account", self.account),
            web.get("/v1/hardware", self.hardware),
            web.get("/v1/webhooks/default/secret", self.secret),
            web.get("/v1/models", self.models),
            web.post("/v1/models", self.create),
            web.get(MODEL, self.model),
            web.delete(MODEL, self.remove),
            web.get(f"{MODEL}/versions", self.versions),
            web.get(f"{MODEL}/versions/{{version}}", self.version),
            web.delete(f"{MODEL}/versions/{{version}}", self.remove_version),
        ]

    async def account(self, request: web.Request) -> web.Response:
        """Whose key this is."""
        name = request[OPENED].account.name
        return answer(
            {
                "type": "user",
                "username": name,
                "name": name.title(),
                "github_url": f"https://github.com/{name}",
                "avatar_url": f"https://github.com/{name}.png",
            }
        )

    async def hardware(self, _: web.Request) -> web.Response:
        """What models run on."""
        return answer([{"sku": sku, "name": name} for sku, name in HARDWARE.items()])

    async def secret(self, request: web.Request) -> web.Response:
        """What this account's webhooks are signed with."""
        return answer({"key": request[OPENED].account.webhook_secret})

    async def models(self, request: web.Request) -> web.Response:
        """Those that this account sees."""
        found = list(self._vendor.hub.all(request[OPENED].account))
        return answer(lists.page(request, found, key=lambda model: model.full_name, show=_model))

    async def create(self, request: web.Request) -> web.Response:
        """A model of one's own, without versions."""
        wish = await body_of(request)
        checked(wish, NEW_MODEL)
        if wish["owner"] != request[OPENED].account.name:
            raise Refusal(403, "You do not have permission to create a model for this owner")
        if wish["hardware"] not in HARDWARE:
            raise Refusal(422, "The specified hardware does not exist")
        model = Model(
            owner=wish["owner"],
            name=wish["name"],
            visibility=wish["visibility"],
            description=wish.get("description"),
            created_at=self._vendor.clock.now(),
            facts={name: wish.get(name) for name in FACTS},
        )
        return answer(_model(self._vendor.hub.add(model)), 201)

    async def model(self, request: web.Request) -> web.Response:
        """One model."""
        return answer(_model(self._model(request)))

    async def remove(self, request: web.Request) -> web.Response:
        """A private model of one's own that has no versions."""
        model = self._own(request)
        if model.versions:
            raise Refusal(400, "You can only delete models that have no versions")
        self._vendor.hub.remove(model)
        return web.Response(status=204)

    async def versions(self, request: web.Request) -> web.Response:
        """A model's versions, the newest first."""
        found = self._model(request).versions
        return answer(lists.page(request, found, key=lambda version: version.id, show=_version))

    async def version(self, request: web.Request) -> web.Response:
        """One version."""
        return answer(_version(self._version(request)))

    async def remove_version(self, request: web.Request) -> web.Response:
        """A version of a private model of one's own; it goes a little later."""
        self._own(request)
        self._vendor.hub.withdraw(self._version(request))
        return web.Response(status=202)

    def _model(self, request: web.Request) -> Model:
        name = "{owner}/{name}".format(**request.match_info)
        return self._vendor.hub.model(name, request[OPENED].account)

    def _own(self, request: web.Request) -> Model:
        model = self._model(request)
        if model.owner != request[OPENED].account.name or model.visibility != "private":
            raise Refusal(403, "You can only delete private models that you own")
        return model

    def _version(self, request: web.Request) -> Version:
        wanted = request.match_info["version"]
        found = (version for version in self._model(request).versions if version.id == wanted)
        if version := next(found, None):
            return version
        raise not_found()


def _model(model: Model) -> dict[str, Any]:
    return {
        "url": f"{SITE}/{model.full_name}",
        "owner": model.owner,
        "name": model.name,
        "description": model.description,
        "visibility": model.visibility,
        **dict.fromkeys(FACTS),
        **model.facts,
        "run_count": model.runs,
        "is_official": model.official,
        "default_example": None,
        "latest_version": _version(model.versions[0]) if model.versions else None,
    }


def _version(version: Version) -> dict[str, Any]:
    return {
        "id": version.id,
        "created_at": moment(version.created_at),
        "cog_version": COG_VERSION,
        "openapi_schema": version.schema,
    }
