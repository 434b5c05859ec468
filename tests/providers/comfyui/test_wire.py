"""Our ComfyUI against a server that says what it is told to; ``test_client`` has a whole one."""

import json
from collections.abc import AsyncIterator, Mapping
from typing import Any

import pytest
from aiohttp import web

from providers.base import (
    Absent,
    CannotTell,
    Found,
    GenerateRequest,
    Provider,
    RemoteFile,
    Running,
    Succeeded,
)
from providers.comfyui import ComfyUI
from providers.comfyui.requests import prompt_id_of
from providers.errors import (
    AnswerLost,
    ContractChanged,
    HostRefused,
    NotHandedOver,
    RateLimited,
    Rejected,
    TaskNotFound,
    Unauthorised,
    Unavailable,
)
from tests.providers.conftest import Reply, ScriptedVendor, StillClock, cut, json_reply
from tests.providers.uploads import upload_of

OWL = GenerateRequest(prompt="a brass owl")
SEED = 7
ID = prompt_id_of(SEED)
TASK = f"text_to_3d/{ID}"
GLB = {"filename": "owl_00001_.glb", "subfolder": "maquette", "type": "output"}
ENDED = {ID: {"outputs": {"save": {"3d": [GLB]}}, "status": {"status_str": "success", "messages": []}}}
IDLE: dict[str, Any] = {"queue_running": [], "queue_pending": []}


def waiting(prompt_id: str = ID) -> dict[str, Any]:
    return {**IDLE, "queue_pending": [[0, prompt_id, {}, {}, []]]}


def running(prompt_id: str = ID) -> dict[str, Any]:
    return {**IDLE, "queue_running": [[0, prompt_id, {}, {}, []]]}


def stats(version: str) -> dict[str, Any]:
    return {"system": {"comfyui_version": version, "argv": ["main.py"]}, "devices": []}


class Server(ScriptedVendor):
    """Answers by route: with a reply, with JSON, or with the next of a list of JSON."""

    def __init__(self) -> None:
        super().__init__()
        self.routes: dict[str, Any] = {"/queue": IDLE, f"/history/{ID}": {}}
        self.told: list[tuple[str, Any]] = []
        self.answers(self._routed)

    async def _routed(self, request: web.Request) -> web.StreamResponse:
        if request.path == "/ws":
            return web.Response(status=404)
        body = await request.read()
        if request.method == "POST":
            self.told.append((request.path, json.loads(body) if body.startswith(b"{") else body))
            if request.path not in {"/prompt", "/upload/image"}:
                return web.Response()
        answer = self.routes[request.path]
        if isinstance(answer, list):
            answer = answer.pop(0) if len(answer) > 1 else answer[0]
        if callable(answer):
            found: web.StreamResponse = await answer(request)
            return found
        return (answer if isinstance(answer, Reply) else json_reply(answer)).response()


@pytest.fixture
async def server() -> AsyncIterator[Server]:
    server = Server()
    async with server.server:
        yield server


@pytest.fixture
async def comfyui(server: Server, clock: StillClock) -> AsyncIterator[ComfyUI]:
    client = ComfyUI(api_url=f"{server.url}/", api_key="Bearer swordfish", now=clock.now, sleep=clock.sleep)
    yield client
    await client.aclose()


async def find(comfyui: ComfyUI, *, known: tuple[str, ...] = ()) -> Any:
    return await comfyui.find(OWL, seed=SEED, since=0, now=0, known=known)


def test_it_is_a_provider() -> None:
    _: type[Provider] = ComfyUI


async def test_a_job_is_queued_under_the_id_we_chose(server: Server, comfyui: ComfyUI) -> None:
    server.routes["/prompt"] = {"prompt_id": ID, "number": 3, "node_errors": {}}

    handle = await comfyui.submit(OWL, seed=SEED)

    [(path, body)] = server.told
    assert path == "/prompt"
    assert set(body) == {"prompt", "prompt_id", "client_id"}
    assert body["prompt_id"] == ID
    assert body["prompt"]["prompt"]["inputs"]["text"].startswith("a brass owl, ")
    assert handle.task_id == TASK
    assert "Origin" not in server.seen[0].headers


async def test_a_server_too_old_to_take_ids_is_followed_by_its_own(server: Server, comfyui: ComfyUI) -> None:
    server.routes |= {"/prompt": {"prompt_id": "its-own", "number": 3}, "/queue": running("its-own")}

    handle = await comfyui.submit(OWL, seed=SEED)

    assert handle.task_id == "text_to_3d/its-own"
    assert await comfyui.check(handle.task_id) == Running(progress=0)


@pytest.mark.parametrize("answer", [cut, {"number": 3}, [[]], Reply(status=502), Reply(body=b"<html>")])
async def test_a_submit_without_a_clear_answer_is_lost_and_sent_once(
    server: Server, comfyui: ComfyUI, answer: Any
) -> None:
    server.routes["/prompt"] = answer

    with pytest.raises(AnswerLost):
        await comfyui.submit(OWL, seed=SEED)

    assert [seen.path for seen in server.seen] == ["/prompt"]


async def test_a_job_whose_wanted_output_was_left_out_is_refused_and_taken_back(
    server: Server, comfyui: ComfyUI
) -> None:
    error = {
        "class_type": "UNETLoader",
        "dependent_outputs": ["save"],
        "errors": [{"type": "value_not_in_list"}],
    }
    server.routes["/prompt"] = {"prompt_id": ID, "number": 3, "node_errors": {"trellis": error}}
    server.routes["/queue"] = [waiting(), IDLE]

    with pytest.raises(Rejected) as caught:
        await comfyui.submit(OWL, seed=SEED)

    assert "node trellis (UNETLoader): value_not_in_list" in caught.value.detail
    assert server.told[1:] == [("/queue", {"delete": [ID]})]


async def test_errors_beside_the_wanted_output_are_no_concern(server: Server, comfyui: ComfyUI) -> None:
    error = {"dependent_outputs": ["save_concept"], "errors": []}
    server.routes["/prompt"] = {"prompt_id": ID, "node_errors": {"save_concept": error}}

    assert (await comfyui.submit(OWL, seed=SEED)).task_id == TASK


async def test_a_lost_submit_is_found_by_its_id_wherever_it_is(server: Server, comfyui: ComfyUI) -> None:
    for queue, history in ((waiting(), {}), (running(), {}), (IDLE, ENDED)):
        server.routes |= {"/queue": queue, f"/history/{ID}": history}
        answer = await find(comfyui)
        assert isinstance(answer, Found)
        assert answer.handle.task_id == TASK


async def test_what_is_neither_queued_nor_in_the_history_was_never_accepted(
    server: Server, comfyui: ComfyUI
) -> None:
    server.routes["/queue"] = waiting("another")

    assert await find(comfyui) == Absent()
    assert [seen.path for seen in server.seen] == ["/queue", f"/history/{ID}"]


async def test_an_id_that_another_run_has_is_not_adopted(server: Server, comfyui: ComfyUI) -> None:
    server.routes["/queue"] = running()

    assert await find(comfyui, known=(TASK,)) == CannotTell()


async def test_a_queue_too_long_to_be_read_leaves_the_history_to_decide(
    server: Server, comfyui: ComfyUI
) -> None:
    graph = "x" * 100_000
    server.routes["/queue"] = {**IDLE, "queue_pending": [[n, str(n), graph, {}, []] for n in range(30)]}

    assert await comfyui.check(TASK) == Running(progress=0)
    assert await find(comfyui) == CannotTell()
    assert await comfyui.cancel(TASK) is False
    server.routes[f"/history/{ID}"] = ENDED
    assert isinstance(await comfyui.check(TASK), Succeeded)
    assert isinstance(await find(comfyui), Found)


async def test_a_server_that_has_forgotten_everything_knows_no_such_task(comfyui: ComfyUI) -> None:
    with pytest.raises(TaskNotFound):
        await comfyui.check(TASK)


async def test_many_jobs_are_looked_at_with_one_look_at_the_queue(server: Server, comfyui: ComfyUI) -> None:
    server.routes["/queue"] = {"queue_running": [[1, "a"]], "queue_pending": [[2, "b"]]}
    server.routes |= {"/history/c": {}, f"/history/{ID}": ENDED, "/history/d": Reply(status=500, body=b"oh")}

    found = await comfyui.check_many(["rig/a", "rig/b", "rig/c", "rig/d", TASK])

    assert found["rig/a"] == Running(progress=0)
    assert found["rig/b"] == Running(progress=0, started=False)
    assert isinstance(found["rig/c"], TaskNotFound)
    assert isinstance(found["rig/d"], Unavailable)
    assert isinstance(found[TASK], Succeeded)
    assert [seen.path for seen in server.seen].count("/queue") == 1


async def test_a_job_that_ends_between_two_looks_is_not_taken_for_lost(
    server: Server, comfyui: ComfyUI
) -> None:
    async def ends(_: web.Request) -> web.Response:
        server.routes[f"/history/{ID}"] = ENDED
        return json_reply(running()).response()

    server.routes["/queue"] = ends

    assert await comfyui.check(TASK) == Running(progress=0)
    server.routes["/queue"] = IDLE
    assert isinstance(await comfyui.check(TASK), Succeeded)


async def test_a_waiting_job_is_taken_out_of_the_queue(server: Server, comfyui: ComfyUI) -> None:
    server.routes["/queue"] = [waiting(), IDLE]

    assert await comfyui.cancel(TASK) is True
    assert server.told == [("/queue", {"delete": [ID]})]


async def test_a_running_job_is_interrupted_by_name(server: Server, comfyui: ComfyUI) -> None:
    server.routes |= {"/queue": running(), "/system_stats": stats("0.3.57")}

    assert await comfyui.cancel(TASK) is True
    assert server.told == [("/interrupt", {"prompt_id": ID})]


async def test_a_job_that_began_while_it_was_being_deleted_is_interrupted(
    server: Server, comfyui: ComfyUI
) -> None:
    server.routes |= {"/queue": [waiting(), running()], "/system_stats": stats("0.34.0")}

    assert await comfyui.cancel(TASK) is True
    assert [path for path, _ in server.told] == ["/queue", "/interrupt"]


@pytest.mark.parametrize("version", ["0.3.56", "", "unknown"])
async def test_a_server_whose_interrupt_could_hit_anothers_job_is_not_asked_to(
    server: Server, comfyui: ComfyUI, version: str
) -> None:
    server.routes |= {"/queue": running(), "/system_stats": stats(version)}

    assert await comfyui.cancel(TASK) is False
    assert server.told == []


async def test_a_job_that_has_ended_cannot_be_stopped(server: Server, comfyui: ComfyUI) -> None:
    server.routes["/queue"] = running("another")

    assert await comfyui.cancel(TASK) is False
    assert server.told == []


async def test_a_proxy_in_front_is_shown_the_key_everywhere(server: Server, comfyui: ComfyUI) -> None:
    async def view(request: web.Request) -> web.Response:
        known = request.headers.get("Authorization") == "Bearer swordfish"
        return web.Response(body=b"glTF", status=200 if known else 401)

    server.routes |= {
        "/system_stats": stats("0.34.0"),
        "/prompt": {"prompt_id": ID},
        f"/history/{ID}": ENDED,
        "/view": view,
        "/upload/image": {"name": "owl.png", "subfolder": "maquette", "type": "input"},
    }
    await comfyui.balance()
    await comfyui.upload(upload_of(b"a picture"))
    await comfyui.submit(OWL, seed=SEED)
    outcome = await comfyui.check(TASK)
    assert isinstance(outcome, Succeeded)
    async with comfyui.fetch(outcome.files[0], limit=100) as pieces:
        assert b"".join([piece async for piece in pieces]) == b"glTF"

    unasked = [seen for seen in server.seen if seen.headers.get("Authorization") != "Bearer swordfish"]
    assert [seen.path.partition("?")[0] for seen in unasked] == ["/view"]  # shown there once it is asked for


async def test_another_value_for_the_proxy_is_shown_instead(server: Server, comfyui: ComfyUI) -> None:
    server.routes["/system_stats"] = stats("0.34.0")

    await comfyui.behind("Basic b3ds").balance()
    await comfyui.balance()

    assert [seen.headers["Authorization"] for seen in server.seen] == ["Basic b3ds", "Bearer swordfish"]


async def test_a_result_lies_at_the_servers_address_and_nowhere_else(
    server: Server, comfyui: ComfyUI, vendor: ScriptedVendor
) -> None:
    vendor.answers(Reply(body=b"glTF"))
    for url in (f"{vendor.url}/view", "https://example.org/view", "file:///etc/passwd"):
        with pytest.raises(HostRefused):
            async with comfyui.fetch(RemoteFile(url=url, kind="model", extension=".glb"), limit=100):
                pass
    server.routes["/view"] = Reply(status=302, headers={"Location": f"{vendor.url}/view"})
    with pytest.raises(HostRefused):
        async with comfyui.fetch(
            RemoteFile(url=f"{server.url}/view", kind="model", extension=".glb"), limit=100
        ):
            pass
    assert vendor.seen == []


@pytest.mark.parametrize(
    ("url", "file", "there"),
    [
        ("http://gpu.lan", "http://gpu.lan/view", True),
        ("http://gpu.lan:80/comfy", "http://gpu.lan/comfy/view", True),
        ("https://GPU.lan:8443", "https://gpu.lan:8443/view", True),
        ("https://gpu.lan:443", "https://gpu.lan/view", True),
        ("http://[::1]:8188", "http://[::1]:8188/view", True),
        ("http://gpu.lan:8188", "http://gpu.lan/view", False),
        ("http://gpu.lan", "http://gpu.lan:8188/view", False),
    ],
)
def test_the_address_may_be_written_in_several_ways(
    url: str,
    file: str,
    there: bool,  # noqa: FBT001 # a column of the table
    clock: StillClock,
) -> None:
    client = ComfyUI(api_url=url, now=clock.now, sleep=clock.sleep)
    target = client._files._address(file)

    assert client._files._hosts.allow(target.scheme, target.host, target.port) is there


async def test_uploads_have_names_of_their_own_and_meshes_a_folder(server: Server, comfyui: ComfyUI) -> None:
    async def stored(request: web.Request) -> web.Response:
        body = (await request.read()).decode()
        name = body.split('filename="')[1].split('"')[0]
        folder = body.split('name="subfolder"\r\n\r\n')[1].split("\r\n")[0]
        return json_reply({"name": name, "subfolder": folder, "type": "input"}).response()

    server.routes["/upload/image"] = stored
    files = [await comfyui.upload(upload_of(b"owl", name=name)) for name in ("a.PNG", "a.PNG", "owl.glb")]

    assert len({file.token for file in files}) == 3
    assert [file.token.split("/")[0] for file in files] == ["maquette", "maquette", "3d"]
    assert [file.token[-4:] for file in files] == [".png", ".png", ".glb"]
    assert all(b'name="overwrite"\r\n\r\ntrue' in body for _, body in server.told)


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (Reply(status=413, body=b"<html>"), NotHandedOver),
        (Reply(status=401, body=b"<html>"), Unauthorised),
        (json_reply({}, status=400), Rejected),
        (json_reply({}), ContractChanged),
    ],
)
async def test_an_upload_that_is_not_taken_is_told(
    server: Server, comfyui: ComfyUI, answer: Reply, error: type[Exception]
) -> None:
    server.routes["/upload/image"] = answer

    with pytest.raises(error):
        await comfyui.upload(upload_of(b"a picture"))


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (Reply(status=401, body=b"<html>"), Unauthorised),
        (Reply(status=429, body=b"<html>", headers={"Retry-After": "60"}), RateLimited),
        (Reply(status=502, body=b"<html>"), Unavailable),
        (Reply(body=b"<html>"), ContractChanged),
        (json_reply({"hello": "world"}), ContractChanged),
    ],
)
async def test_asking_for_the_balance_tells_whether_the_server_lets_us_in(
    server: Server, comfyui: ComfyUI, answer: Reply, error: type[Exception]
) -> None:
    server.routes["/system_stats"] = answer

    with pytest.raises(error):
        await comfyui.balance()


async def test_a_call_to_our_site_is_not_from_comfyui(comfyui: ComfyUI) -> None:
    headers: Mapping[str, str] = {}

    assert await comfyui.heard(headers, b"{}") is None
