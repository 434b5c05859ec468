"""The routes that create and show tasks, and those that show the account."""

import contextlib
from collections.abc import Mapping
from typing import Any

from aiohttp import web

from sandbox.vendors.faults import IN_PLACE_OF_AN_ANSWER, LATER, Fault
from sandbox.vendors.moderation import fails_later
from sandbox.vendors.spoiling import bad_gateway, cut, instead_of_an_answer
from sandbox.vendors.tripo.accounts import Key
from sandbox.vendors.tripo.bodies import modern
from sandbox.vendors.tripo.faults import (
    ABOUT_THE_TASK,
    AROUND_THE_ANSWER,
    REFUSALS,
    refused,
)
from sandbox.vendors.tripo.operations import ROUTES
from sandbox.vendors.tripo.plan import Plan
from sandbox.vendors.tripo.refusals import Refusal, bad
from sandbox.vendors.tripo.tasks import Task, is_uuid, iso
from sandbox.vendors.tripo.vendor import Vendor
from sandbox.vendors.tripo.wire import OPENED, success
from sandbox.vendors.wire import origin, read_object

RETIRED = ("/v3/models/refine", "/v3/models/stylize")
MOST_IDS = 100
MOST_ROWS = 200


class Api:
    """Handlers of everything under ``/v3`` but the files."""

    def __init__(self, vendor: Vendor) -> None:
        self._vendor = vendor

    def routes(self) -> list[web.RouteDef]:
        """What is served where."""
        return [
            *(web.post(path, self.create) for path in ROUTES),
            *(web.post(path, self.retired) for path in RETIRED),
            web.get("/v3/tasks/{task_id}", self.task),
            web.post("/v3/tasks/list", self.several_tasks),
            web.get("/v3/account/balance", self.balance),
            web.get("/v3/account/usage", self.usage),
        ]

    async def create(self, request: web.Request) -> web.Response:
        """Take a task on."""
        key = request[OPENED]
        headers = self._vendor.keys.count(key, "create")
        kind = ROUTES[request.path]
        body = modern(await read_object(request))
        faults, prompt = self._vendor.faults, _prompt(body)
        spoken = REFUSALS.keys() | IN_PLACE_OF_AN_ANSWER
        if fault := faults.asked(REFUSALS, prompt, kind=kind, spoken=spoken):
            return instead_of_an_answer(fault, request, refused)
        plan = await self._vendor.operations.by_type[kind](key, body)
        if fault := faults.asked(LATER, prompt, kind=kind):
            self._vendor.background.begin(self._accepted_after(fault.seconds, key, plan))
            return cut(request)
        task = self._accepted(key, plan)
        return self._answered(request, task, headers)

    async def _accepted_after(self, seconds: float, key: Key, plan: Plan) -> None:
        """Nobody hears any more whether there was room and credit for it."""
        await self._vendor.clock.sleep(seconds)
        with contextlib.suppress(Refusal):
            self._accepted(key, plan)

    def _accepted(self, key: Key, plan: Plan) -> Task:
        task = self._vendor.tasks.accept(plan.type, key, plan.echo, plan.make, facts=plan.facts)
        prompt = _prompt(plan.echo)
        moderated = Fault(name="late_moderated") if fails_later(prompt) else None
        task.fault = self._vendor.faults.asked(ABOUT_THE_TASK, prompt, kind=plan.type) or moderated
        return task

    def _answered(self, request: web.Request, task: Task, headers: dict[str, str]) -> web.Response:
        fault = self._vendor.faults.asked(AROUND_THE_ANSWER, _prompt(task.input), kind=task.type)
        data = {"task_id": task.task_id, "type": task.type, "status": "queued"}
        if fault and fault.name == "listed_late":
            task.listed_at = self._vendor.clock.now() + round(fault.seconds * 1000)
        if fault is None or fault.name == "listed_late":
            return success(data, headers)
        if fault.name == "missing_status":
            return web.json_response({"code": 0, "data": {"task_id": task.task_id}}, headers=headers)
        return cut(request) if fault.name == "cut_after_accept" else bad_gateway()

    async def retired(self, _: web.Request) -> web.Response:
        """Operations that were there once."""
        raise Refusal(400, 2016, "This task type is retired.")

    async def task(self, request: web.Request) -> web.Response:
        """One task of this key."""
        task = self._vendor.tasks.get(request[OPENED], request.match_info["task_id"])
        data = await self._vendor.shown(task, origin(request))
        if request.query.get("step") == "1":
            data["pipeline_step"] = "finished" if not task.live else "geometry"
        return success(data)

    async def several_tasks(self, request: web.Request) -> web.Response:
        """Up to a hundred known ones in one call; those that are not there, or another key's, as missed."""
        ids = (await read_object(request)).get("task_ids")
        if not isinstance(ids, list) or not 1 <= len(ids) <= MOST_IDS or not all(map(_is_id, ids)):
            raise bad(f"task_ids must be a list of 1 to {MOST_IDS} task ids")
        found: dict[str, Any] = {}
        missed: list[str] = []
        for task_id in ids:
            try:
                found[task_id] = await self._vendor.shown(
                    self._vendor.tasks.get(request[OPENED], task_id), origin(request)
                )
            except Refusal:
                missed.append(task_id)
        return success({"tasks": found, "missed": missed})

    async def balance(self, request: web.Request) -> web.Response:
        """What the account has left, and what is set aside for tasks under way."""
        account = request[OPENED].account
        return success({"balance": float(account.balance), "frozen": float(account.frozen)})

    async def usage(self, request: web.Request) -> web.Response:
        """The account's tasks, newest first, with what they cost."""
        limit, offset = _number(request, "limit", 50), _number(request, "offset", 0)
        if not 1 <= limit <= MOST_ROWS or offset < 0:
            raise bad(f"limit must be from 1 to {MOST_ROWS}, and offset not negative")
        account, ways = request[OPENED].account, self._vendor.ways
        mine = [task for task in self._vendor.tasks.all() if task.key.account is account]
        known = [task for task in mine if task.listed_at <= self._vendor.clock.now()]
        shown = [task for task in known if ways.usage_shows_unfinished or not task.live]
        rows = [_row(task) for task in shown[offset : offset + limit]]
        return success({"items": rows} if ways.usage_shape == "items" else rows)


def _prompt(body: Mapping[str, Any]) -> str:
    return str(body.get("prompt", ""))


def _is_id(text: Any) -> bool:
    return isinstance(text, str) and is_uuid(text)


def _row(task: Task) -> dict[str, Any]:
    return {
        "task_id": task.task_id,
        "type": task.type,
        "status": task.status,
        "created_at": iso(task.created_at),
        "credits_consumed": float(task.charged),
    }


def _number(request: web.Request, name: str, default: int) -> int:
    try:
        return int(request.query.get(name, default))
    except ValueError as error:
        raise bad(f"{name} must be a number") from error
