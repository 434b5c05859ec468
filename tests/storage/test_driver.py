import asyncio
from pathlib import Path
from threading import Event

import pytest

from storage.driver import connect

PATIENCE = 10


async def test_a_connection_that_is_being_stopped_can_be_closed(tmp_path: Path) -> None:
    connection = await connect(tmp_path / "some.db")
    go_on = Event()
    connection._tx.put_nowait((None, go_on.wait))  # its thread is busy, and ends no sooner than we want

    connection.stop()
    asyncio.get_running_loop().call_soon(go_on.set)
    with pytest.raises(ValueError, match="closed"):
        await asyncio.wait_for(connection.close(), PATIENCE)
