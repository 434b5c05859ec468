"""The server's strings: what a test, or a person with curl, can see and change from outside.

All under ``/sandbox/comfyui``, in JSON, without a key:

* ``GET tasks``: every accepted prompt, oldest first, also those that the server has forgotten: ``task_id``
  (its ``prompt_id``), ``key`` (the authorization it came with), ``type`` (``text_to_3d``, ``image_to_3d``,
  ``rig``, ``image``), ``status``, ``input`` (``text`` and ``prompt``), ``credits`` (always 0),
  ``created_at``, ``completed_at``.
* ``POST speed {"factor": 10}``: work ten times as fast from now on; 0 stands still.
* ``GET/POST/DELETE faults``: see ``faults``.
* ``POST keys {"key": "Bearer ..."}``: demand this ``Authorization``, as a gateway would; ``{"revoke": ...}``:
  demand none any more.
* ``POST restart {"seconds": 5}``: queue, history and cache are gone, and nobody is served for so long.
* ``POST sockets``: cut every websocket.
* ``POST files {"clear": "output"}``: the owner makes room in a folder.
* ``POST settings``: ``comfyui_version``, ``models`` (names by folder), ``custom_nodes`` (``ComfyUI-UniRig``,
  ``Sandbox-FBX2glTF``), ``disable_metadata``, ``previews``, ``canonical_ids``, ``queue_shows_sensitive``,
  ``cached_after_failure``.
"""

from typing import Any, Literal

from aiohttp import web
from pydantic import Field

from sandbox.vendors import control
from sandbox.vendors.comfyui.library import PACKS
from sandbox.vendors.comfyui.vendor import Vendor
from sandbox.vendors.control import Strict, change, wished
from sandbox.vendors.refusals import Refusal


class Restart(Strict):
    """How long to be away."""

    seconds: float = Field(0.0, ge=0)


class Clear(Strict):
    """Which folder to empty."""

    clear: Literal["input", "output", "temp"]


class Settings(Strict):
    """Which version is played, and what is installed."""

    comfyui_version: str | None = Field(None, pattern=r"^\d+(\.\d+)*$")
    models: dict[str, list[str]] = Field(default_factory=dict)
    custom_nodes: list[str] | None = None
    disable_metadata: bool | None = None
    previews: bool | None = None
    canonical_ids: bool | None = None
    queue_shows_sensitive: bool | None = None
    cached_after_failure: bool | None = None


class Control(control.Control):
    """Handlers of the strings, with this server's own."""

    def __init__(self, vendor: Vendor) -> None:
        super().__init__("comfyui", pace=vendor.pace, faults=vendor.faults)
        self._vendor = vendor

    def routes(self) -> list[web.RouteDef]:
        """What is served where."""
        return [
            *super().routes(),
            web.post(f"{self.root}/keys", self.keys),
            web.post(f"{self.root}/restart", self.restart),
            web.post(f"{self.root}/sockets", self.sockets),
            web.post(f"{self.root}/files", self.files),
            web.post(f"{self.root}/settings", self.settings),
        ]

    def books(self) -> list[dict[str, Any]]:
        """Every accepted prompt, oldest first."""
        return [
            {
                "task_id": prompt.prompt_id,
                "key": prompt.key,
                "type": prompt.kind,
                "status": prompt.status,
                "input": {"text": prompt.text, "prompt": prompt.graph},
                "credits": 0,
                "created_at": prompt.created_at,
                "completed_at": prompt.completed_at,
            }
            for prompt in self._vendor.queue.accepted
        ]

    async def keys(self, request: web.Request) -> web.Response:
        """Demand an authorization, or none."""
        wish = await wished(control.NewKey, request)
        if wish.revoke and wish.revoke != self._vendor.authorization:
            raise Refusal(400, "no such key")
        self._vendor.authorization = wish.key
        return web.json_response({"done": True})

    async def restart(self, request: web.Request) -> web.Response:
        """Go down, and come back."""
        wish = await wished(Restart, request)
        await self._vendor.restart(wish.seconds)
        return web.json_response({"seconds": wish.seconds})

    async def sockets(self, _: web.Request) -> web.Response:
        """Cut every websocket."""
        await self._vendor.sockets.cut()
        return web.json_response({"done": True})

    async def files(self, request: web.Request) -> web.Response:
        """Empty a folder."""
        wish = await wished(Clear, request)
        places = self._vendor.disk.places(wish.clear)
        self._vendor.disk.remove(places)
        return web.json_response({"removed": [place.path for place in places]})

    async def settings(self, request: web.Request) -> web.Response:
        """Change how the server is played."""
        wish = await wished(Settings, request)
        library, ways = self._vendor.library, self._vendor.ways
        if strange := set(wish.custom_nodes or ()) - PACKS:
            raise Refusal(400, f"not known: {', '.join(sorted(strange))}")
        change(library.models, wish.models)
        library.version = wish.comfyui_version or library.version
        if wish.custom_nodes is not None:
            library.packs = set(wish.custom_nodes)
        owners: dict[str, Any] = {
            "disable_metadata": self._vendor.saving,
            "previews": self._vendor.sockets,
            "canonical_ids": ways,
            "queue_shows_sensitive": ways,
            "cached_after_failure": self._vendor.queue,
        }
        for name, owner in owners.items():
            if (value := getattr(wish, name)) is not None:
                setattr(owner, name, value)
        return web.json_response(wish.model_dump(exclude_none=True))
