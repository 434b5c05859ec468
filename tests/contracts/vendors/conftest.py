"""Playhouses for every vendor, and models that are built once for the same words."""

import functools
import shutil
import ssl
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any, Protocol

import pytest

from sandbox import models
from sandbox.vendors.replicate import formats
from storage.schema import migrate
from tests.contracts.vendors.alone import Alone
from tests.contracts.vendors.stage import Playhouse, playhouse
from tests.contracts.vendors.table import Row


class Open(Protocol):
    """Opens a playhouse with these vendors; ``options`` as ``playhouse`` has them."""

    async def __call__(self, *rows: Row, **options: Any) -> Playhouse: ...


@pytest.fixture(scope="session")
def empty_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("database") / "maquette.db"
    migrate(path)
    return path


@pytest.fixture(scope="package", autouse=True)
def _built_once() -> Iterator[None]:
    """What is always the same, and takes most of the time there is: models, and the system's certificates."""
    with pytest.MonkeyPatch.context() as patch:
        for name in ("build", "picture", "rig", "topology"):
            patch.setattr(models, name, functools.lru_cache(maxsize=256)(getattr(models, name)))
        patch.setattr(formats, "painted", functools.lru_cache(maxsize=64)(formats.painted))
        patch.setattr(ssl, "create_default_context", functools.cache(ssl.create_default_context))
        yield


@pytest.fixture
async def open_house(tmp_path: Path, empty_database: Path) -> AsyncIterator[Open]:
    async with AsyncExitStack() as stack:

        async def opened(*rows: Row, **options: Any) -> Playhouse:
            database = tmp_path / "maquette.db"
            shutil.copyfile(empty_database, database)
            return await stack.enter_async_context(playhouse(tmp_path, database, rows, **options))

        yield opened


@pytest.fixture
async def alone(open_house: Open, row: Row) -> Alone:
    vendor = (await open_house(row)).vendor
    return Alone(vendor=vendor, provider=vendor.client(sleep=vendor.hurry))
