"""The S3 store of the compose file, started by its own script."""

import asyncio
import os
import subprocess
import sysconfig
from pathlib import Path

import pytest

from sandbox.object_server import KEY_ID, SECRET, free_port, wait_for_server
from storage.objects.s3 import S3Store
from tests.meta.sources import ROOT

pytestmark = pytest.mark.process

SCRIPT = str(ROOT / "docker" / "store.sh")
PATH = f"{sysconfig.get_path('scripts')}{os.pathsep}{os.environ['PATH']}"


async def test_the_store_has_the_bucket_takes_files_and_is_closed_to_strangers(tmp_path: Path) -> None:
    port = free_port()
    given = {"S3_BUCKET": "maquette", "S3_ACCESS_KEY_ID": KEY_ID, "S3_SECRET_ACCESS_KEY": SECRET}
    server = await asyncio.create_subprocess_exec(
        *("sh", SCRIPT, str(tmp_path), f"127.0.0.1:{port}"),
        env=given | {"PATH": PATH},
        stderr=subprocess.DEVNULL,
    )
    try:
        await asyncio.to_thread(wait_for_server, port)
        store = await S3Store.connect(
            bucket="maquette", endpoint_url=f"http://127.0.0.1:{port}", key_id=KEY_ID, secret=SECRET
        )
        found = await store.probe()
        await store.aclose()
    finally:
        server.terminate()
        await server.wait()

    assert [finding.ok for finding in found] == [True, True, True]


def test_a_store_without_its_settings_says_which_one_is_missing(tmp_path: Path) -> None:
    said = subprocess.run(
        ["sh", SCRIPT, str(tmp_path), "127.0.0.1:0"],
        env={"PATH": PATH},
        capture_output=True,
        text=True,
        check=False,
    )

    assert said.returncode != 0
    assert "S3_BUCKET: is not set" in said.stderr
