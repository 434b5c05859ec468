"""Progress as it happens, by ComfyUI's websocket.

Only a comfort: what it does not hear is not told again, and nothing depends on it. It
listens while jobs run, comes back by itself when it is cut off, and keeps what it heard
in memory.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping

from websockets.asyncio.client import ClientConnection, connect

from providers.comfyui.answers import frame_of
from providers.comfyui.progress import Tally

FRAME = 8 * 1024 * 1024  # bytes; previews come along as pictures
FIRST_PAUSE, LONGEST_PAUSE = 1.0, 60.0  # seconds before another try, doubled each time
GOODBYE = 1.0  # seconds that the other side has to say it too
MOST = 100  # jobs at once; one that nobody asks about any more makes room

log = logging.getLogger(__name__)


class Feed:
    """One connection for all jobs of a client. ``sleep`` takes seconds."""

    def __init__(self, url: str, *, authorization: str, sleep: Callable[[float], Awaitable[None]]) -> None:
        # At debug level it would log the headers.
        logging.getLogger("websockets.client").setLevel(logging.INFO)
        self._url = url
        self._headers = {"Authorization": authorization} if authorization else {}
        self._sleep = sleep
        self._tallies: dict[str, Tally] = {}
        self._listener: asyncio.Task[None] | None = None
        self._ending: set[asyncio.Task[None]] = set()

    def watch(self, prompt_id: str, weights: Mapping[str, int]) -> None:
        """Begin to listen for a job."""
        self._tallies[prompt_id] = Tally(weights)
        if len(self._tallies) > MOST:
            del self._tallies[next(iter(self._tallies))]
        if self._listener is None:
            self._listener = asyncio.create_task(self._listen(), name="comfyui progress")

    def percent(self, prompt_id: str) -> int:
        """How far a job is, 0 to 99; 0 where nothing was heard."""
        tally = self._tallies.get(prompt_id)
        return tally.percent if tally else 0

    def forget(self, prompt_id: str) -> None:
        """The job has ended; after the last one the connection goes."""
        self._tallies.pop(prompt_id, None)
        if not self._tallies:
            self._hang_up()

    async def aclose(self) -> None:
        """Stop listening."""
        self._tallies.clear()
        self._hang_up()
        await asyncio.gather(*self._ending, return_exceptions=True)

    def _hang_up(self) -> None:
        if self._listener is None:
            return
        self._ending.add(self._listener)
        self._listener.add_done_callback(self._ending.discard)
        self._listener.cancel()
        self._listener = None

    async def _listen(self) -> None:
        pause = FIRST_PAUSE
        while True:
            try:
                async with connect(
                    self._url, additional_headers=self._headers, max_size=FRAME, close_timeout=GOODBYE
                ) as socket:
                    pause = FIRST_PAUSE
                    await self._hear(socket)
            except Exception as error:  # noqa: BLE001 # whatever it is, jobs go on without
                log.debug("no progress from ComfyUI: %s", type(error).__name__)
            await self._sleep(pause)
            pause = min(2 * pause, LONGEST_PAUSE)

    async def _hear(self, socket: ClientConnection) -> None:
        async for frame in socket:
            if isinstance(frame, bytes):
                continue  # a picture
            event, data = frame_of(frame)
            tally = self._tallies.get(str(data.get("prompt_id")))
            if tally:
                tally.hear(event, data)
