"""The routes that tell what the server is: its machine, its node classes, its model files."""

from aiohttp import web

from sandbox.vendors.comfyui.sockets import FEATURES
from sandbox.vendors.comfyui.vendor import Vendor
from sandbox.vendors.comfyui.wire import sent, twice

GIB = 1024**3


class About:
    """Handlers of what does not change from prompt to prompt."""

    def __init__(self, vendor: Vendor) -> None:
        self._vendor = vendor

    def routes(self) -> list[web.RouteDef]:
        """What is served where."""
        return twice(
            [
                web.get("/object_info", self.object_info),
                web.get("/object_info/{name}", self.object_info_of),
                web.get("/system_stats", self.system_stats),
                web.get("/features", self.features),
                web.get("/embeddings", self.embeddings),
                web.get("/models", self.model_folders),
                web.get("/models/{folder}", self.models),
                web.post("/free", self.free),
            ]
        )

    async def free(self, request: web.Request) -> web.Response:
        """Unload models; here there are none."""
        await sent(request)
        return web.Response()

    async def object_info(self, _: web.Request) -> web.Response:
        """Every node class."""
        library = self._vendor.library
        return web.json_response({name: library.told(one) for name, one in library.classes().items()})

    async def object_info_of(self, request: web.Request) -> web.Response:
        """One node class; empty where it is not installed."""
        name, library = request.match_info["name"], self._vendor.library
        found = library.classes().get(name)
        return web.json_response({} if found is None else {name: library.told(found)})

    async def system_stats(self, _: web.Request) -> web.Response:
        """The machine and the version."""
        system = {
            "os": "linux",
            "ram_total": 64 * GIB,
            "ram_free": 48 * GIB,
            "comfyui_version": self._vendor.library.version,
            "python_version": "3.12.3 (main)",
            "pytorch_version": "2.9.1+cu130",
            "embedded_python": False,
            "argv": ["/srv/ComfyUI/main.py", "--listen"],
        }
        device = {
            "name": "cuda:0 Sandbox GPU : cudaMallocAsync",
            "type": "cuda",
            "index": 0,
            "vram_total": 24 * GIB,
            "vram_free": 20 * GIB,
            "torch_vram_total": GIB,
            "torch_vram_free": GIB // 2,
        }
        return web.json_response({"system": system, "devices": [device]})

    async def features(self, _: web.Request) -> web.Response:
        """What the server can do that not all can."""
        return web.json_response(
            FEATURES | {"max_upload_size": self._vendor.ways.max_upload_mb * 1024 * 1024}
        )

    async def embeddings(self, _: web.Request) -> web.Response:
        """There are none."""
        return web.json_response([])

    async def model_folders(self, _: web.Request) -> web.Response:
        """The folders of models."""
        return web.json_response(list(self._vendor.library.models))

    async def models(self, request: web.Request) -> web.Response:
        """The files in one of them."""
        found = self._vendor.library.models.get(request.match_info["folder"])
        return web.Response(status=404) if found is None else web.json_response(found)
