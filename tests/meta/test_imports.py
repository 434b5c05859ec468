"""Importing is not doing: no file written, no socket opened, no thread started, no setting needed."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.meta.sources import PACKAGES, ROOT

IMPORT_ALL = """
import importlib, os, pkgutil, sys, threading

done = []

def watch(event, arguments):
    if event in {"socket.connect", "subprocess.Popen", "os.mkdir", "os.remove", "os.rename"}:
        done.append((event, str(arguments)))
    if event == "open" and isinstance(arguments[2], int) and arguments[2] & (os.O_WRONLY | os.O_RDWR):
        done.append((event, str(arguments[0])))

sys.addaudithook(watch)
package = importlib.import_module(sys.argv[1])
names = [found.name for found in pkgutil.walk_packages(package.__path__, package.__name__ + ".")]
for name in names:
    if not name.startswith("storage.migrations."):  # Alembic runs these, in a context of its own
        importlib.import_module(name)
others = [thread.name for thread in threading.enumerate() if thread is not threading.main_thread()]
sys.exit(str(done + others) if done or others else 0)
"""


@pytest.mark.parametrize("package", PACKAGES)
def test_a_package_can_be_imported_with_nothing_set_and_nothing_happens(package: str, tmp_path: Path) -> None:
    command = [sys.executable, "-B", "-c", IMPORT_ALL, package]

    ended = subprocess.run(
        command,
        cwd=tmp_path,
        env={"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )

    assert (ended.returncode, ended.stdout, ended.stderr) == (0, "", "")
    assert list(tmp_path.iterdir()) == []
