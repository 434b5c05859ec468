"""The five verbs that every resource has: create, list, get, delete; ``stream`` has the fifth."""

import contextlib
from collections.abc import Mapping
from typing import Any

from aiohttp import web

from sandbox.vendors.faults import (
    AROUND_THE_ANSWER,
    IN_PLACE_OF_AN_ANSWER,
    LATER,
    Fault,
)
from sandbox.vendors.meshy.accounts import Key
from sandbox.vendors.meshy.faults import ABOUT_THE_TASK, REFUSALS, refusals_of, refused
from sandbox.vendors.meshy.plan import Plan
from sandbox.vendors.meshy.refusals import bad
from sandbox.vendors.meshy.tasks import Task
from sandbox.vendors.meshy.vendor import Vendor
from sandbox.vendors.meshy.wire import OPENED, RESOURCES
from sandbox.vendors.refusals import Refusal
from sandbox.vendors.spoiling import bad_gateway, cut, instead_of_an_answer
from sandbox.vendors.wire import origin, read_object

WORDS = ("prompt", "texture_prompt", "text_style_prompt")
"""Fields in which a fault can be asked for."""
ORDERS = {"-created_at": True, "+created_at": False}


class Api:
    """Handlers of the resources."""

    def __init__(self, vendor: Vendor) -> None:
        self._vendor = vendor

    def routes(self) -> list[web.RouteDef]:
        """What is served where."""
        return [
            route
            for path in RESOURCES
            for route in (
                web.post(path, self.create),
                web.get(path, self.list),
                web.get(f"{path}/{{task_id}}", self.get),
                web.delete(f"{path}/{{task_id}}", self.delete),
            )
        ]

    async def create(self, request: web.Request) -> web.Response:
        """Take a task on."""
        key, resource = request[OPENED], RESOURCES[request.path]
        body = await read_object(request)
        kind = kind_of(resource, body)
        faults, words = self._vendor.faults, _words(body)
        spoken = REFUSALS.keys() | IN_PLACE_OF_AN_ANSWER
        if fault := faults.asked(refusals_of(kind), words, kind=kind, spoken=spoken):
            return instead_of_an_answer(fault, request, refused)
        plan = await self._vendor.operations[resource](key, body)
        if fault := faults.asked(LATER, words, kind=kind):
            self._vendor.background.begin(self._accepted_after(fault.seconds, key, plan))
            return cut(request)
        return self._answered(request, self._accepted(key, plan))

    async def _accepted_after(self, seconds: float, key: Key, plan: Plan) -> None:
        """Nobody hears any more whether there was room and credit for it."""
        await self._vendor.clock.sleep(seconds)
        with contextlib.suppress(Refusal):
            self._accepted(key, plan)

    def _accepted(self, key: Key, plan: Plan) -> Task:
        task = self._vendor.tasks.accept(plan, key)
        screened = Fault(name="late_moderated") if plan.screened else None
        task.fault = self._vendor.faults.asked(ABOUT_THE_TASK, _words(plan.body), kind=plan.type) or screened
        return task

    def _answered(self, request: web.Request, task: Task) -> web.Response:
        fault = self._vendor.faults.asked(AROUND_THE_ANSWER, _words(task.plan.body), kind=task.plan.type)
        if fault and fault.name == "listed_late":
            task.listed_at = self._vendor.clock.now() + round(fault.seconds * 1000)
        if fault is None or fault.name == "listed_late":
            return web.json_response({"result": task.task_id}, status=202)
        return cut(request) if fault.name == "cut_after_accept" else bad_gateway()

    async def get(self, request: web.Request) -> web.Response:
        """One task, found on its own resource alone."""
        return web.json_response(self._vendor.shown(found(self._vendor, request), origin(request)))

    async def list(self, request: web.Request) -> web.Response:
        """A page of the account's tasks, bare, the newest first unless asked otherwise."""
        order = request.query.get("sort_by", "-created_at")
        if order not in ORDERS:
            raise bad("sort_by: must be +created_at or -created_at")
        size = _number(request, "page_size", 10, most=self._vendor.ways.page_most)
        start = size * (_number(request, "page_num", 1) - 1)
        tasks = self._vendor.tasks.of(request[OPENED], RESOURCES[request.path])
        status = request.query.get("status")
        if status and self._vendor.ways.list_filters:
            tasks = [task for task in tasks if task.status == status]
        page = (tasks[::-1] if ORDERS[order] else tasks)[start : start + size]
        return web.json_response([self._vendor.shown(task, origin(request)) for task in page])

    async def delete(self, request: web.Request) -> web.Response:
        """Forget a task, which is all the cancelling there is."""
        self._vendor.tasks.delete(found(self._vendor, request))
        return web.Response()


def found(vendor: Vendor, request: web.Request) -> Task:
    """The task that a path names; 400 and 404 as ``TaskBook.get``."""
    resource = RESOURCES[request.path.partition(f"/{request.match_info['task_id']}")[0]]
    return vendor.tasks.get(request[OPENED], request.match_info["task_id"], resource=resource)


def kind_of(resource: str, body: Mapping[str, Any]) -> str:
    """The type of the task that a request would make."""
    match resource:
        case "text-to-3d":
            return f"text-to-3d-{body.get('mode')}"
        case "rigging":
            return "rig"
        case "animations":
            return "animate"
        case _:
            return resource


def _words(body: Mapping[str, Any]) -> str:
    return " ".join(str(body.get(name, "")) for name in WORDS)


def _number(request: web.Request, name: str, default: int, *, most: int | None = None) -> int:
    try:
        number = int(request.query.get(name, default))
    except ValueError as error:
        raise bad(f"{name}: must be a number") from error
    if number < 1 or (most is not None and number > most):
        raise bad(f"{name}: must be at least 1" + (f" and at most {most}" if most else ""))
    return number
