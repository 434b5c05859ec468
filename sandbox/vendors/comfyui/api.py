"""The routes for prompts, the queue, the history and what is installed; each also under ``/api``."""

import json
from typing import Any
from uuid import UUID, uuid4

from aiohttp import web

from sandbox.vendors.comfyui import jobs
from sandbox.vendors.comfyui.faults import ABOUT_THE_PROMPT, AROUND_THE_ANSWER, AT_ONCE, REFUSALS, refused
from sandbox.vendors.comfyui.graph import Graph, words
from sandbox.vendors.comfyui.prompts import Prompt, kind_of
from sandbox.vendors.comfyui.refusals import Invalid, crash
from sandbox.vendors.comfyui.sockets import FEATURES
from sandbox.vendors.comfyui.validation import Verdict, error, judged
from sandbox.vendors.comfyui.vendor import Vendor
from sandbox.vendors.faults import LATER, in_prompt
from sandbox.vendors.spoiling import bad_gateway, cut, instead_of_an_answer

GIB = 1024**3
TARGETED_INTERRUPT = (0, 3, 57)
JOBS = (0, 6)
CANCEL_JOBS = (0, 26)


class Api:
    """Handlers of everything but the files and the controls."""

    def __init__(self, vendor: Vendor) -> None:
        self._vendor = vendor

    def routes(self) -> list[web.RouteDef]:
        """What is served where; the jobs under ``/api`` alone."""
        both = [
            web.get("/prompt", self.remaining),
            web.post("/prompt", self.create),
            web.get("/queue", self.show_queue),
            web.post("/queue", self.change_queue),
            web.get("/history", self.show_history),
            web.post("/history", self.change_history),
            web.get("/history/{prompt_id}", self.history_of),
            web.post("/interrupt", self.interrupt),
            web.post("/free", self.free),
            web.get("/object_info", self.object_info),
            web.get("/object_info/{name}", self.object_info_of),
            web.get("/system_stats", self.system_stats),
            web.get("/features", self.features),
            web.get("/embeddings", self.embeddings),
            web.get("/models", self.model_folders),
            web.get("/models/{folder}", self.models),
            web.get("/ws", self.listen),
        ]
        return [
            *both,
            *(web.route(route.method, f"/api{route.path}", route.handler) for route in both),
            web.get("/api/jobs", self.show_jobs),
            web.post("/api/jobs/cancel", self.cancel_jobs),
            web.get("/api/jobs/{job_id}", self.show_job),
            web.post("/api/jobs/{job_id}/cancel", self.cancel_job),
        ]

    async def create(self, request: web.Request) -> web.Response:
        """Queue a graph."""
        body = await sent(request)
        number = self._number(body)
        if "prompt" not in body:
            raise Invalid(error("no_prompt", "No prompt provided", "No prompt provided"))
        prompt_id = self._prompt_id(body)
        graph, verdict = self._judged(body)
        text, kind = words(graph, verdict.outputs), kind_of(graph, verdict.outputs)
        faults = self._vendor.faults
        if fault := faults.take(REFUSALS, kind=kind) or in_prompt(text, AT_ONCE):
            return instead_of_an_answer(fault, request, refused)
        if verdict.error is not None:
            raise Invalid(verdict.error, verdict.node_errors)
        prompt = Prompt(
            number=number,
            prompt_id=prompt_id,
            graph=graph,
            extra_data=_extra_data(body),
            outputs=verdict.outputs,
            key=request.headers.get("Authorization", ""),
            kind=kind,
            text=text,
            created_at=0,
            put_at=0,
            wrongs=await self._vendor.wrongs(graph, verdict.outputs),
        )
        if fault := faults.take(LATER, kind=kind) or in_prompt(text, LATER):
            self._vendor.background.begin(self._accepted_after(fault.seconds, prompt))
            return cut(request)
        self._accept(prompt)
        if fault := faults.take(AROUND_THE_ANSWER, kind=kind) or in_prompt(text, AROUND_THE_ANSWER):
            return cut(request) if fault.name == "cut_after_accept" else bad_gateway()
        told = {"prompt_id": prompt_id, "number": number, "node_errors": verdict.node_errors}
        return web.json_response(told)

    def _number(self, body: dict[str, Any]) -> float:
        if "number" in body:
            try:
                return float(body["number"])
            except (TypeError, ValueError) as fault:
                raise crash() from fault
        number = -self._vendor.number if body.get("front") else self._vendor.number
        self._vendor.number += 1
        return number

    def _prompt_id(self, body: dict[str, Any]) -> str:
        given = body.get("prompt_id")
        if given is None:
            return str(uuid4())
        if self._vendor.ways.canonical_ids and not _is_uuid(given):
            details = (
                "prompt_id must be a UUID string in lower case with hyphens; without one the server makes it"
            )
            raise Invalid(error("invalid_prompt_id", "prompt_id must be a valid UUID", details))
        return str(given)

    def _judged(self, body: dict[str, Any]) -> tuple[Graph, Verdict]:
        graph, targets = body["prompt"], body.get("partial_execution_targets")
        try:
            return graph, judged(graph, self._vendor.library, self._vendor.exists, targets)
        except (TypeError, AttributeError, KeyError) as fault:
            raise crash() from fault

    async def _accepted_after(self, seconds: float, prompt: Prompt) -> None:
        await self._vendor.clock.sleep(seconds)
        self._accept(prompt)
        self._vendor.stirred.set()

    def _accept(self, prompt: Prompt) -> None:
        vendor = self._vendor
        vendor.queue.advance()
        prompt.created_at, prompt.put_at = vendor.clock.now(), vendor.pace.now()
        prompt.extra_data["create_time"] = prompt.created_at
        armed = vendor.faults.take(ABOUT_THE_PROMPT, kind=prompt.kind)
        prompt.fault = armed or in_prompt(prompt.text, ABOUT_THE_PROMPT)
        vendor.queue.put(prompt)

    async def remaining(self, _: web.Request) -> web.Response:
        """How many wait or run."""
        return web.json_response({"exec_info": {"queue_remaining": self._vendor.queue.remaining()}})

    async def show_queue(self, _: web.Request) -> web.Response:
        """What runs, and what waits."""
        queue = self._vendor.queue
        return web.json_response(
            {
                "queue_running": [self._row(prompt) for prompt in queue.running() if _known(prompt)],
                "queue_pending": [self._row(prompt) for prompt in queue.pending() if _known(prompt)],
            }
        )

    def _row(self, prompt: Prompt) -> list[Any]:
        return [*prompt.row(), {}] if self._vendor.ways.queue_shows_sensitive else prompt.row()

    async def change_queue(self, request: web.Request) -> web.Response:
        """Take out those that wait; nobody is told whether they were there."""
        body = await sent(request)
        if body.get("clear"):
            self._vendor.queue.clear()
        for prompt_id in _ids(body):
            self._vendor.queue.delete(prompt_id)
        return web.Response()

    async def show_history(self, request: web.Request) -> web.Response:
        """What ended, the oldest first; with ``max_items`` alone the newest of it."""
        history = list(self._vendor.queue.history.items())
        try:
            most = int(request.query.get("max_items", len(history)))
            offset = int(request.query.get("offset", -1))
        except ValueError as fault:
            raise crash() from fault
        start = offset if offset >= 0 else max(0, len(history) - most)
        return web.json_response(dict(history[start : start + most]))

    async def history_of(self, request: web.Request) -> web.Response:
        """One that ended; empty for all others."""
        prompt_id = request.match_info["prompt_id"]
        history = self._vendor.queue.history
        return web.json_response({prompt_id: history[prompt_id]} if prompt_id in history else {})

    async def change_history(self, request: web.Request) -> web.Response:
        """Forget what ended."""
        body = await sent(request)
        for prompt_id in list(self._vendor.queue.history) if body.get("clear") else _ids(body):
            self._vendor.queue.forget(prompt_id)
        return web.Response()

    async def interrupt(self, request: web.Request) -> web.Response:
        """Stop what runs; later versions only if it is the one that is named, if one is."""
        try:
            body = json.loads(await request.text() or "{}")
        except json.JSONDecodeError:
            body = {}
        wanted = body.get("prompt_id") if isinstance(body, dict) else None
        queue = self._vendor.queue
        named = wanted and self._vendor.library.at_least(*TARGETED_INTERRUPT)
        if not named or any(prompt.prompt_id == wanted for prompt in queue.running()):
            queue.interrupt()
        return web.Response()

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
            "argv": ["/opt/ComfyUI/main.py", "--listen"],
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

    async def listen(self, request: web.Request) -> web.StreamResponse:
        """Hear what happens."""
        queue, heard = self._vendor.queue, self._vendor.stirred.set
        return await self._vendor.sockets.listen(
            request, remaining=queue.remaining(), at_work=queue.at_work(), heard=heard
        )

    async def show_jobs(self, request: web.Request) -> web.Response:
        """A page of all jobs."""
        self._since(JOBS)
        try:
            return web.json_response(jobs.listed(self._vendor.queue, request.query))
        except jobs.Wrong as wrong:
            return jobs.refused(wrong)

    async def show_job(self, request: web.Request) -> web.Response:
        """One job."""
        self._since(JOBS)
        job = jobs.one(self._vendor.queue, request.match_info["job_id"])
        if job is None:
            return web.json_response({"error": "Job not found"}, status=404)
        return web.json_response(job)

    async def cancel_job(self, request: web.Request) -> web.Response:
        """Stop one, wherever it is."""
        self._since(CANCEL_JOBS)
        done = jobs.cancel(self._vendor.queue, request.match_info["job_id"])
        return web.json_response({"cancelled": done})

    async def cancel_jobs(self, request: web.Request) -> web.Response:
        """Stop several."""
        self._since(CANCEL_JOBS)
        ids = (await sent(request)).get("job_ids")
        if not isinstance(ids, list):
            return jobs.refused(jobs.Wrong("job_ids must be a list"))
        if strange := [str(one) for one in ids if not _is_uuid(one)]:
            told = {"error": "job_ids contains invalid id(s)", "invalid_ids": strange}
            return web.json_response(told, status=400)
        done = [jobs.cancel(self._vendor.queue, one) for one in ids]
        return web.json_response({"cancelled": any(done)})

    def _since(self, version: tuple[int, ...]) -> None:
        if not self._vendor.library.at_least(*version):
            raise web.HTTPNotFound


async def sent(request: web.Request) -> dict[str, Any]:
    """The JSON object in a request, whatever its content type; the server expects nothing else."""
    try:
        body = json.loads(await request.text())
    except (ValueError, RecursionError) as fault:
        raise crash() from fault
    if not isinstance(body, dict):
        raise crash()
    return body


def _known(prompt: Prompt) -> bool:
    return not prompt.has_fault("forgotten")


def _ids(body: dict[str, Any]) -> list[str]:
    ids = body.get("delete", [])
    if not isinstance(ids, list):
        raise crash()
    return [one for one in ids if isinstance(one, str)]


def _extra_data(body: dict[str, Any]) -> dict[str, Any]:
    extra = body.get("extra_data", {})
    if not isinstance(extra, dict):
        raise crash()
    return extra | ({"client_id": body["client_id"]} if "client_id" in body else {})


def _is_uuid(text: Any) -> bool:
    try:
        return isinstance(text, str) and str(UUID(text)) == text
    except ValueError:
        return False
