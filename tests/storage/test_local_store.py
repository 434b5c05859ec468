import errno
import os
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from storage.errors import StoreForbidden, StoreFull, StoreUnavailable
from storage.objects import Aspect, LocalStore, Ticket

KEY = "models/model/run/model.glb"
GLB = "model/gltf-binary"
SITE = "https://maquette.example"


def store_in(
    folder: Path, *, now: int = 1_000, public_url: str | None = SITE, key: bytes = b"k" * 32
) -> LocalStore:
    return LocalStore(folder, signing_key=key, now=lambda: now, public_url=public_url)


async def some(data: bytes = b"glTF") -> AsyncIterator[bytes]:
    yield data


def files_in(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


async def token(store: LocalStore, ttl_seconds: int = 60) -> str:
    link = await store.link(KEY, ttl_seconds=ttl_seconds, filename="Búho 1.glb", content_type=GLB)
    return str(link).removeprefix(f"{SITE}/files/").partition("/")[0]


async def test_a_link_says_which_file_under_which_name_and_until_when(tmp_path: Path) -> None:
    store = store_in(tmp_path)

    ticket = store.verify(await token(store), now=60_999)

    assert ticket == Ticket(key=KEY, filename="Búho 1.glb", content_type=GLB, expires_at=61_000)
    assert store.verify(await token(store), now=61_000) is None


async def test_a_link_fits_into_a_path(tmp_path: Path) -> None:
    text = await token(store_in(tmp_path))

    assert all(sign.isalnum() or sign in "-_." for sign in text)


async def test_every_changed_letter_of_a_link_makes_it_worthless(tmp_path: Path) -> None:
    store = store_in(tmp_path)
    text = await token(store)

    # The last sign of each part carries spare bits, which say nothing: those are left out.
    places = [place for place in range(len(text) - 1) if text[place] != "." and text[place + 1] != "."]
    changed = [text[:place] + ("A" if text[place] != "A" else "B") + text[place + 1 :] for place in places]

    assert [one for one in changed if store.verify(one, now=0)] == []


@pytest.mark.parametrize("made_up", ["", ".", "a.b", "a.b.c", "ñ.ñ", "e30.", "x" * 10_000])
async def test_a_link_that_was_made_up_is_none(tmp_path: Path, made_up: str) -> None:
    assert store_in(tmp_path).verify(made_up, now=0) is None


async def test_a_link_of_another_key_is_none(tmp_path: Path) -> None:
    text = await token(store_in(tmp_path, key=b"o" * 32))

    assert store_in(tmp_path).verify(text, now=0) is None


async def test_without_a_public_address_there_are_no_links(tmp_path: Path) -> None:
    store = store_in(tmp_path, public_url=None)

    assert await store.link(KEY, ttl_seconds=60, filename="owl.glb", content_type=GLB) is None


async def test_a_slash_at_the_end_of_the_public_address_does_not_matter(tmp_path: Path) -> None:
    link = await store_in(tmp_path, public_url=SITE + "/").link(
        KEY, ttl_seconds=60, filename="owl.glb", content_type=GLB
    )

    assert str(link).startswith(f"{SITE}/files/")


async def test_a_link_ends_as_the_file_does(tmp_path: Path) -> None:
    link = await store_in(tmp_path).link(KEY, ttl_seconds=60, filename="Búho 1.glb", content_type=GLB)

    assert str(link).endswith("/B%C3%BAho%201.glb")


async def test_drafts_of_an_earlier_life_are_removed_and_counted(tmp_path: Path) -> None:
    drafts = tmp_path / ".drafts"
    drafts.mkdir()
    (drafts / "left").write_bytes(b"half a file")
    store = store_in(tmp_path)

    assert [key async for key in store.keys("")] == []
    assert await store.abort_stale_uploads() == 1
    assert list(drafts.iterdir()) == []


async def test_deleting_the_last_file_takes_its_folders_along(tmp_path: Path) -> None:
    store = store_in(tmp_path)
    await store.put(KEY, some(), content_type=GLB, limit=100)
    await store.put("models/other.glb", some(), content_type=GLB, limit=100)

    await store.delete(KEY)

    assert sorted(path.name for path in (tmp_path / "models").iterdir()) == ["other.glb"]


@pytest.mark.parametrize(
    ("code", "error"),
    [
        (errno.ENOSPC, StoreFull),
        (errno.EDQUOT, StoreFull),
        (errno.EROFS, StoreForbidden),
        (errno.EACCES, StoreForbidden),
        (errno.EIO, StoreUnavailable),
    ],
)
async def test_what_the_disk_says_becomes_an_error_of_ours_and_nothing_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: int, error: type[Exception]
) -> None:
    def refuse(_handle: int) -> None:
        raise OSError(code, os.strerror(code))

    store = store_in(tmp_path)
    monkeypatch.setattr(os, "fsync", refuse)

    with pytest.raises(error):
        await store.put(KEY, some(), content_type=GLB, limit=100)

    assert files_in(tmp_path) == []
    findings = await store.probe()
    assert [(finding.aspect, finding.ok) for finding in findings] == [(Aspect.WRITABLE, False)]
    assert findings[0].detail == os.strerror(code)


async def test_a_folder_that_is_a_file_is_no_store(tmp_path: Path) -> None:
    (tmp_path / "objects").write_bytes(b"")

    findings = await store_in(tmp_path / "objects").probe()

    assert [finding.ok for finding in findings] == [False]
