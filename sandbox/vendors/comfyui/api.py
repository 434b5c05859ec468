"""The routes for prompts, the queue, the history and the socket, each also under ``/api``; and the jobs."""

import json
from collections.abc import Collection
from typing import Any
from uuid import UUID, uuid4

from aiohttp import web

from sandbox.vendors.comfyui import jobs
from sandbox.vendors.comfyui.faults import ABOUT_THE_PROMPT, AROUND_THE_ANSWER, AT_ONCE, REFUSALS, refused
from sandbox.vendors.comfyui.graph import Graph, words
from sandbox.vendors.comfyui.prompts import Prompt, kind_of
from sandbox.vendors.comfyui.refusals import Invalid, crash
from sandbox.vendors.comfyui.validation import Verdict, error, judged
from sandbox.vendors.comfyui.vendor import Vendor
from sandbox.vendors.comfyui.wire import sent, twice
from sandbox.vendors.faults import LATER, Fault
from sandbox.vendors.spoiling import bad_gateway, cut, instead_of_an_answer

TARGETED_INTERRUPT = (0, 3, 57)
JOBS = (0, 6)
CANCEL_JOBS = (0, 26)


class Api:
    """Handlers of what is queued, and of what became of it."""

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
            web.get("/ws", self.listen),
        ]
        return [
            *twice(both),
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
        prompt = Prompt(
            number=number,
            prompt_id=prompt_id,
            graph=graph,
            extra_data=_extra_data(body),
            outputs=verdict.outputs,
            key=request.headers.get("Authorization", ""),
            kind=kind_of(graph, verdict.outputs),
            text=words(graph, verdict.outputs),
        )
        if fault := self._fault(prompt, REFUSALS, spoken=AT_ONCE):
            return instead_of_an_answer(fault, request, refused)
        if verdict.error is not None:
            raise Invalid(verdict.error, verdict.node_errors)
        prompt.wrongs = await self._vendor.wrongs(graph, verdict.outputs)
        if fault := self._fault(prompt, LATER):
            self._vendor.background.begin(self._accepted_after(fault.seconds, prompt))
            return cut(request)
        self._accept(prompt)
        return self._answered(request, prompt, verdict)

    def _fault(
        self, prompt: Prompt, names: Collection[str], *, spoken: Collection[str] | None = None
    ) -> Fault | None:
        """One of these, armed or asked for in the text (there also ``spoken`` ones)."""
        return self._vendor.faults.asked(names, prompt.text, kind=prompt.kind, spoken=spoken)

    def _answered(self, request: web.Request, prompt: Prompt, verdict: Verdict) -> web.Response:
        fault = self._fault(prompt, AROUND_THE_ANSWER)
        if fault is not None:
            return cut(request) if fault.name == "cut_after_accept" else bad_gateway()
        told = {
            "prompt_id": prompt.prompt_id,
            "number": prompt.number,
            "node_errors": verdict.node_errors,
        }
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
        prompt.fault = self._fault(prompt, ABOUT_THE_PROMPT)
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
