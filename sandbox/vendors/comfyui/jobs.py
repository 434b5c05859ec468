"""``/api/jobs``: queue and history in one list, as later versions show them beside the older routes."""

from collections.abc import Mapping
from typing import Any

from aiohttp import web

from sandbox.vendors.comfyui.prompts import Prompt
from sandbox.vendors.comfyui.queue import PromptQueue

STATES = ("pending", "in_progress", "completed", "failed", "cancelled")
SHAPES = (".glb", ".gltf", ".obj", ".fbx", ".stl")


class Wrong(ValueError):
    """A query that makes no sense."""


def listed(queue: PromptQueue, query: Mapping[str, str]) -> dict[str, Any]:
    """One page of the list; ``Wrong`` says what the query should have been."""
    wanted = [state.strip().lower() for state in query.get("status", "").split(",") if state.strip()]
    if strange := [state for state in wanted if state not in STATES]:
        raise Wrong(f"Invalid status value(s): {', '.join(strange)}. Valid values: {', '.join(STATES)}")
    limit, offset = _number(query, "limit"), _number(query, "offset") or 0
    if limit is not None and limit <= 0:
        raise Wrong("limit must be a positive integer")
    jobs = [job for job in _all(queue) if not wanted or job["status"] in wanted]
    jobs.sort(key=_key(query), reverse=_descending(query))
    page = jobs[max(0, offset) :][:limit]
    more = offset + len(page) < len(jobs)
    pagination = {"offset": max(0, offset), "limit": limit, "total": len(jobs), "has_more": more}
    return {"jobs": page, "pagination": pagination}


def one(queue: PromptQueue, job_id: str) -> dict[str, Any] | None:
    """A job with all that is known of it; ``None`` for an unknown one."""
    if job_id in queue.history:
        entry = queue.history[job_id]
        more = {"outputs": entry["outputs"], "execution_status": entry["status"]}
        return _ended(entry) | more | _workflow(entry["prompt"])
    for prompt in (*queue.running(), *queue.pending()):
        if prompt.prompt_id == job_id:
            return _live(prompt) | _workflow(prompt.row())
    return None


def cancel(queue: PromptQueue, job_id: str) -> bool:
    """Stop or dequeue it; whether there was anything to be done."""
    if any(prompt.prompt_id == job_id for prompt in queue.running()):
        queue.interrupt()
        return True
    return queue.delete(job_id)


def _all(queue: PromptQueue) -> list[dict[str, Any]]:
    live = [_live(prompt) for prompt in (*queue.running(), *queue.pending())]
    return live + [_ended(entry) for entry in queue.history.values()]


def _live(prompt: Prompt) -> dict[str, Any]:
    return {
        "id": prompt.prompt_id,
        "status": prompt.status,
        "priority": prompt.number,
        "create_time": prompt.extra_data["create_time"],
        "outputs_count": 0,
    }


def _ended(entry: Mapping[str, Any]) -> dict[str, Any]:
    number, prompt_id, _, extra, _ = entry["prompt"]
    messages = dict(entry["status"]["messages"])
    last = entry["status"]["messages"][-1][1]
    files = [file for shown in entry["outputs"].values() for file in _files(shown)]
    told = {
        "id": prompt_id,
        "status": _state(entry["status"]["status_str"], messages),
        "priority": number,
        "create_time": extra["create_time"],
        "execution_start_time": messages["execution_start"]["timestamp"],
        "execution_end_time": last["timestamp"],
        "execution_error": messages.get("execution_error"),
        "outputs_count": len(files),
        "preview_output": next(iter(files), None),
    }
    return {name: value for name, value in told.items() if value is not None}


def _state(status: str, messages: Mapping[str, Any]) -> str:
    if status != "error":
        return "completed"
    return "cancelled" if "execution_interrupted" in messages else "failed"


def _files(shown: Mapping[str, Any]) -> list[dict[str, Any]]:
    found = [item for items in shown.values() for item in items]
    return [
        item if isinstance(item, dict) else {"filename": item, "subfolder": "", "type": "output"}
        for item in found
        if isinstance(item, dict) or (isinstance(item, str) and item.endswith(SHAPES))
    ]


def _workflow(row: list[Any]) -> dict[str, Any]:
    return {"workflow": {"prompt": row[2], "extra_data": row[3]}}


def _number(query: Mapping[str, str], name: str) -> int | None:
    try:
        return int(query[name]) if name in query else None
    except ValueError as error:
        raise Wrong(f"{name} must be an integer") from error


def _key(query: Mapping[str, str]) -> Any:
    by = query.get("sort_by", "created_at").lower()
    if by in {"created_at", "create_time"}:
        return lambda job: job["create_time"]
    if by in {"execution_duration", "execution_time"}:
        return lambda job: job.get("execution_end_time", 0) - job.get("execution_start_time", 0)
    raise Wrong("sort_by must be 'created_at' or 'execution_duration'")


def _descending(query: Mapping[str, str]) -> bool:
    order = query.get("sort_order", "desc").lower()
    if order not in {"asc", "desc"}:
        raise Wrong("sort_order must be 'asc' or 'desc'")
    return order == "desc"


def refused(wrong: Wrong) -> web.Response:
    """What is answered to a query that makes no sense."""
    return web.json_response({"error": str(wrong)}, status=400)
