from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from aiohttp import ClientSession, web
from aiohttp.test_utils import TestClient, TestServer

from bot.web import serving, site
from storage.errors import StoreUnavailable
from storage.models import Artifact, ArtifactKind, Model, Visibility
from storage.objects import LocalStore

LINK = "A" * 22
Client = TestClient[web.Request, web.Application]


def artifact(name: str = "owl.glb", kind: ArtifactKind = ArtifactKind.MODEL, made: int = 1) -> Artifact:
    return Artifact(
        id=f"a{made}",
        model_id="m1",
        run_id=f"r{made}",
        kind=kind,
        key=f"models/m1/r{made}/{name}",
        name=name,
        content_type="model/gltf-binary",
        size=10,
        sha256="",
        facts={},
        created_at=made,
    )


MODEL = Model(
    id="m1",
    label="abc234",
    name="owl",
    account_id="1",
    guild_id=None,
    prompt="",
    provider="tripo",
    parent_id=None,
    visibility=Visibility.PRIVATE,
    link_id=LINK,
    created_at=0,
)


class Shelf:
    """A library of one model, over a real folder."""

    def __init__(self, store: LocalStore) -> None:
        self.store = store
        self.files: list[Artifact] = []
        self.broken = False

    async def model_files(self, link_id: str) -> tuple[Model, Sequence[Artifact]] | None:
        if self.broken:
            raise StoreUnavailable("folder", "the disk is gone")
        return (MODEL, self.files) if link_id == LINK else None

    async def link(self, artifact: Artifact) -> str | None:
        return await self.store.link(
            artifact.key, ttl_seconds=60, filename=artifact.name, content_type=artifact.content_type
        )

    async def keep(self, artifact: Artifact, data: bytes) -> None:
        async def stream() -> AsyncIterator[bytes]:
            yield data

        await self.store.put(artifact.key, stream(), content_type=artifact.content_type, limit=10**6)
        self.files.insert(0, artifact)


class Hands:
    """A clock and a state of health that a test sets."""

    def __init__(self) -> None:
        self.time = 1_000_000
        self.parts: dict[str, bool] = {"database": True, "engine": True}

    def now(self) -> int:
        return self.time

    async def health(self) -> Mapping[str, bool]:
        return self.parts


@pytest.fixture
def hands() -> Hands:
    return Hands()


@pytest.fixture
def shelf(tmp_path: Path, hands: Hands) -> Shelf:
    return Shelf(LocalStore(tmp_path, signing_key=b"k" * 32, now=hands.now, public_url="http://ours.test"))


@pytest.fixture
async def client(shelf: Shelf, hands: Hands) -> AsyncIterator[Client]:
    app = site(library=shelf, health=hands.health, now=hands.now, local=shelf.store)
    async with TestClient(TestServer(app)) as client:
        yield client


async def target(client: Client, path: str) -> str:
    answer = await client.get(path, allow_redirects=False)
    assert answer.status == 302
    return answer.headers["Location"].removeprefix("http://ours.test")


async def test_a_lasting_address_leads_to_the_best_file(client: Client, shelf: Shelf) -> None:
    await shelf.keep(artifact(), b"plain")
    await shelf.keep(artifact("owl-rigged.glb", made=2), b"rigged")

    answer = await client.get(await target(client, f"/m/{LINK}"))

    assert await answer.read() == b"rigged"
    assert answer.headers["Content-Type"] == "model/gltf-binary"
    assert 'filename="owl-rigged.glb"' in answer.headers["Content-Disposition"]


async def test_each_visit_gets_a_fresh_link(client: Client, shelf: Shelf, hands: Hands) -> None:
    await shelf.keep(artifact(), b"plain")
    first = await target(client, f"/m/{LINK}")
    hands.time += 61_000

    assert (await client.get(first)).status == 404
    assert (await client.get(await target(client, f"/m/{LINK}"))).status == 200


async def test_a_picture_is_not_taken_for_the_model(client: Client, shelf: Shelf) -> None:
    await shelf.keep(artifact("owl.webp", ArtifactKind.PREVIEW), b"picture")

    assert (await client.get(f"/m/{LINK}", allow_redirects=False)).status == 404
    assert await target(client, f"/m/{LINK}/owl.webp")


async def test_of_files_with_one_name_the_newest_is_given(client: Client, shelf: Shelf) -> None:
    await shelf.keep(artifact(made=2), b"new")
    await shelf.keep(artifact(made=1), b"old")

    answer = await client.get(await target(client, f"/m/{LINK}/owl.glb"))

    assert await answer.read() == b"new"


async def test_a_part_of_a_file_can_be_asked_for(client: Client, shelf: Shelf) -> None:
    await shelf.keep(artifact(), b"0123456789")

    answer = await client.get(await target(client, f"/m/{LINK}"), headers={"Range": "bytes=2-4"})

    assert (answer.status, await answer.read()) == (206, b"234")
    assert answer.headers["Content-Range"] == "bytes 2-4/10"


async def test_names_cannot_break_out_of_their_header(client: Client, shelf: Shelf) -> None:
    await shelf.keep(replace(artifact(), name='o"w\r\nX: l ü.glb'), b"x")

    answer = await client.get(await target(client, f"/m/{LINK}"))

    assert "X" not in answer.headers
    assert "filename*=UTF-8''o%22w%0D%0AX%3A%20l%20%C3%BC.glb" in answer.headers["Content-Disposition"]


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/m/",
        "/m/" + "B" * 22,
        "/m/short",
        f"/m/{LINK}/other.glb",
        f"/m/{LINK}/..%2F..%2Fetc%2Fpasswd",
        "/m/../../etc/passwd",
        "/files/",
        "/files/nonsense/owl.glb",
        "/files/bm9uc2Vuc2U.bm9uc2Vuc2U/owl.glb",
        "/files/..%2Fdatabase.sqlite",
        "/files/%2e%2e/%2e%2e/etc/passwd",
        "/favicon.ico",
    ],
)
async def test_everything_else_is_nothing(client: Client, shelf: Shelf, path: str) -> None:
    await shelf.keep(artifact(), b"plain")

    answer = await client.get(path, allow_redirects=False)

    assert answer.status == 404
    assert await answer.text() == "There is nothing here.\n"
    assert answer.headers["Content-Type"].startswith("text/plain")


async def test_a_signed_link_to_a_file_that_is_gone_is_nothing(client: Client, shelf: Shelf) -> None:
    await shelf.keep(artifact(), b"plain")
    link = await target(client, f"/m/{LINK}")
    await shelf.store.delete(artifact().key)

    assert (await client.get(link)).status == 404


async def test_a_changed_link_is_refused(client: Client, shelf: Shelf) -> None:
    await shelf.keep(artifact(), b"plain")
    link = await target(client, f"/m/{LINK}")

    assert (await client.get(f"/files/x{link.removeprefix('/files/')}")).status == 404


async def test_with_a_store_elsewhere_no_files_are_served(shelf: Shelf, hands: Hands) -> None:
    await shelf.keep(artifact(), b"plain")
    app = site(library=shelf, health=hands.health, now=hands.now)
    async with TestClient(TestServer(app)) as client:
        link = await target(client, f"/m/{LINK}")

        assert (await client.get(link)).status == 404


async def test_without_any_way_to_a_link_there_is_nothing(tmp_path: Path, hands: Hands) -> None:
    shelf = Shelf(LocalStore(tmp_path, signing_key=b"k" * 32, now=hands.now))
    await shelf.keep(artifact(), b"plain")
    app = site(library=shelf, health=hands.health, now=hands.now, local=shelf.store)
    async with TestClient(TestServer(app)) as client:
        assert (await client.get(f"/m/{LINK}", allow_redirects=False)).status == 404


@pytest.mark.parametrize("path", ["/m/" + LINK, "/files/x/y", "/health", "/nothing"])
async def test_every_answer_is_guarded(client: Client, shelf: Shelf, path: str) -> None:
    await shelf.keep(artifact(), b"plain")

    headers = (await client.get(path, allow_redirects=False)).headers

    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["Access-Control-Allow-Origin"] == "*"
    assert "sandbox" in headers["Content-Security-Policy"]
    assert headers["Server"] == "Maquette"


async def test_other_methods_are_refused(client: Client) -> None:
    assert (await client.post(f"/m/{LINK}")).status == 405
    assert (await client.delete("/files/x/y")).status == 405


async def test_trouble_with_the_store_is_told_without_details(client: Client, shelf: Shelf) -> None:
    shelf.broken = True

    answer = await client.get(f"/m/{LINK}")

    assert answer.status == 503
    assert "disk" not in await answer.text()


async def test_health_is_the_health_of_all_parts(client: Client, hands: Hands) -> None:
    well = await client.get("/health")
    assert (well.status, await well.json()) == (
        200,
        {"ok": True, "parts": {"database": True, "engine": True}, "lag_ms": 0.0},
    )

    hands.parts["engine"] = False

    ill = await client.get("/health")
    assert (ill.status, (await ill.json())["ok"]) == (503, False)


async def test_where_a_port_is_in_use_the_next_one_is_taken(shelf: Shelf, hands: Hands) -> None:
    def build() -> web.Application:
        return site(library=shelf, health=hands.health, now=hands.now)

    async with (
        serving(build(), host="127.0.0.1", port=0) as first,
        serving(build(), host="127.0.0.1", port=first) as second,
        ClientSession() as http,
    ):
        assert second != first
        for port in (first, second):
            async with http.get(f"http://127.0.0.1:{port}/health") as answer:
                assert answer.status == 200


async def test_a_host_of_another_machine_is_an_error(shelf: Shelf, hands: Hands) -> None:
    app = site(library=shelf, health=hands.health, now=hands.now)

    with pytest.raises(OSError, match=r"[Cc]annot assign|not available"):
        async with serving(app, host="203.0.113.7", port=0):
            pass
