"""Rate limits, faults, links that die, and the record of it all."""

import asyncio
import json
import sys
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from sandbox.discord import DiscordSandbox
from sandbox.discord.faults import Fault, Kind
from tests.clock import StillClock
from tests.sandbox.discord.wire import COMMANDS, Wire, form


@pytest.fixture
def path(general: int) -> str:
    return f"/channels/{general}/messages"


async def test_five_edits_in_five_seconds_and_no_more(wire: Wire, path: str) -> None:
    _status, made = await wire.rest("POST", path, {"content": "0"})
    one = f"{path}/{made['id']}"

    left = []
    for number in range(5):
        status, _answer, headers = await wire.rest_with_headers("PATCH", one, {"content": str(number)})
        left.append((status, headers["X-RateLimit-Remaining"]))
    status, answer, headers = await wire.rest_with_headers("PATCH", one, {"content": "5"})

    assert left == [(200, "4"), (200, "3"), (200, "2"), (200, "1"), (200, "0")]
    assert (status, answer["global"], headers["X-RateLimit-Scope"]) == (429, False, "user")
    assert 0 < answer["retry_after"] <= 5
    assert headers["Via"]
    assert int(headers["Retry-After"]) >= answer["retry_after"]
    wire.sandbox.advance(5)
    assert (await wire.rest("PATCH", one, {"content": "6"}))[0] == 200


async def test_channels_have_buckets_of_their_own(wire: Wire, sandbox: DiscordSandbox, path: str) -> None:
    for _ in range(5):
        await wire.rest("POST", path, {"content": "x"})
    other = sandbox.world.channel_named("Workshop", "showcase").id

    assert (await wire.rest("POST", path, {"content": "x"}))[0] == 429
    assert (await wire.rest("POST", f"/channels/{other}/messages", {"content": "x"}))[0] == 200


async def test_fifty_a_second_is_the_limit_for_all_together(wire: Wire, sandbox: DiscordSandbox) -> None:
    users = list(sandbox.world.users)
    paths = [f"/users/{user}" for user in users] + ["/users/@me", "/gateway/bot", "/users/@me/guilds"]
    paths += [f"/channels/{channel}" for channel in list(sandbox.world.channels)[:4]]

    answers = [await wire.rest_with_headers("GET", paths[number % len(paths)]) for number in range(51)]

    limited = [(answer, headers) for status, answer, headers in answers if status == 429]
    assert any(answer["global"] and headers["X-RateLimit-Global"] == "true" for answer, headers in limited)


async def test_invalid_requests_are_counted_but_shared_limits_are_free(
    wire: Wire, sandbox: DiscordSandbox
) -> None:
    sandbox.faults.add(Fault(kind=Kind.SHARED, path="/users/@me"))

    assert (await wire.rest("GET", "/users/@me"))[0] == 429
    await wire.rest("GET", "/users/@me", signed=False)

    assert (sandbox.door.traffic.invalid, sandbox.door.traffic.rate_limited) == (1, 1)


@pytest.mark.parametrize(
    ("fault", "status", "via", "answer"),
    [
        (Fault(kind=Kind.STATUS, status=502), 502, False, None),
        (Fault(kind=Kind.CLOUDFLARE, seconds=60), 429, False, None),
        (Fault(kind=Kind.GLOBAL, seconds=2), 429, True, {"global": True, "retry_after": 2}),
        (Fault(kind=Kind.USER, seconds=2), 429, True, {"global": False, "retry_after": 2}),
        (Fault(kind=Kind.LATENCY, seconds=0.01), 200, True, {"username": "maquette"}),
    ],
)
async def test_a_fault_answers_in_the_route_s_place(
    wire: Wire, sandbox: DiscordSandbox, fault: Fault, status: int, via: Any, answer: Any
) -> None:
    sandbox.faults.add(fault)

    found, body, headers = await wire.rest_with_headers("GET", "/users/@me")

    assert found == status
    assert ("Via" in headers) is via
    assert answer is None or body | answer == body
    assert sandbox.faults.all() == []


async def test_a_fault_meets_only_what_it_is_set_for(wire: Wire, sandbox: DiscordSandbox, path: str) -> None:
    sandbox.faults.add(Fault(kind=Kind.STATUS, method="POST", path="/channels/*", times=None))

    assert (await wire.rest("GET", path))[0] == 200
    assert [(await wire.rest("POST", path, {"content": "x"}))[0] for _ in range(2)] == [500, 500]


async def test_a_cut_answer_was_still_done(wire: Wire, sandbox: DiscordSandbox, path: str) -> None:
    sandbox.faults.add(Fault(kind=Kind.CUT, path=path))

    with pytest.raises(aiohttp.ClientError):
        await wire.rest("POST", path, {"content": "arrived"})

    assert [message["content"] for message in (await wire.rest("GET", path))[1]] == ["arrived"]


async def test_a_link_lives_a_day_and_cannot_be_forged(
    wire: Wire, sandbox: DiscordSandbox, path: str
) -> None:
    _status, made = await wire.rest("POST", path, data=form({}, ("owl.png", b"x")))
    link = made["attachments"][0]["url"]

    async def fetched(url: str) -> int:
        async with wire.session.get(url) as response:
            return response.status

    assert await fetched(link) == 200
    assert await fetched(link.replace("owl.png", "cat.png")) == 403
    assert await fetched(link.replace("ex=", "ex=f")) == 403
    assert await fetched(link.partition("?")[0]) == 403
    sandbox.advance(24 * 60 * 60)
    assert await fetched(link) == 404
    _status, again = await wire.rest("GET", f"{path}/{made['id']}")
    assert await fetched(again["attachments"][0]["url"]) == 200
    asked = {"attachment_urls": [link, "https://example.org/attachments/1/2/owl.png"]}
    _status, answer = await wire.rest("POST", "/attachments/refresh-urls", asked)
    ours, other = answer["refreshed_urls"]
    assert (ours["original"], await fetched(ours["refreshed"])) == (link, 200)
    assert other["refreshed"] == other["original"]
    await wire.rest("DELETE", f"{path}/{made['id']}")
    assert await fetched(again["attachments"][0]["url"]) == 404


async def test_the_record_has_a_line_for_everything_and_no_token(tmp_path: Path) -> None:
    file = tmp_path / "record.jsonl"
    async with (
        DiscordSandbox(StillClock(), record=file) as sandbox,
        aiohttp.ClientSession() as session,
    ):
        wire = Wire(session, sandbox)
        channel = sandbox.world.channel_named("Workshop", "general").id
        async with wire.listening():
            await wire.rest(
                "POST", f"/channels/{channel}/messages", data=form({"content": "x"}, ("owl.glb", b"glTF"))
            )

    lines = [json.loads(line) for line in file.read_text().splitlines()]
    rest = next(line for line in lines if line["kind"] == "rest")
    frames = [(line["direction"], line["body"]["op"]) for line in lines if line["kind"] == "gateway"]
    assert (rest["method"], rest["status"], rest["path"]) == (
        "POST",
        200,
        f"/api/v10/channels/{channel}/messages",
    )
    assert rest["body"] == {"payload_json": {"content": "x"}, "files": [{"name": "owl.glb", "bytes": 4}]}
    assert rest["headers"]["Authorization"] == "Bot ***"
    assert frames[:3] == [("to_bot", 10), ("from_bot", 2), ("to_bot", 0)]
    assert sandbox.token not in file.read_text()


async def test_who_falls_too_far_behind_is_let_go(sandbox: DiscordSandbox, ada: int, general: int) -> None:
    watcher = sandbox.broadcast.join(ada)

    for _ in range(1001):
        sandbox.broadcast.world_changed()

    events = [watcher.waiting.get_nowait() for _ in range(watcher.waiting.qsize())]
    assert events[-1] is None
    assert len(events) == 1000


async def test_a_deadline_passes_whoever_moves_the_clock(wire: Wire, ada: int, general: int) -> None:
    await wire.rest("PUT", COMMANDS, [{"name": "run", "description": "x"}])
    using = asyncio.create_task(wire.sandbox.people.invoke(ada, general, "run"))
    await asyncio.sleep(0)

    await wire.control("POST", "advance", {"seconds": 4})

    assert (await asyncio.wait_for(using, 5)).error == "The application did not respond"


async def test_the_command_line_serves_until_it_is_told_to_stop() -> None:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "sandbox", "discord", "--port", "0", stdout=asyncio.subprocess.PIPE
    )
    assert process.stdout is not None
    try:
        address = (await asyncio.wait_for(process.stdout.readline(), 20)).decode().split()[-1]
        async with aiohttp.ClientSession() as session, session.get(address) as page:
            assert page.status == 200
    finally:
        process.terminate()
        await process.communicate()
