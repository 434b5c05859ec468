"""A real Chromium, driven over its DevTools protocol: looks at pages and uses them as people do.

Whoever drives it says what they wait for, and goes on as soon as the page shows it. ``Page.problems`` holds
every error that the page reported, refused requests included, so that a test can end with
``assert not page.problems``.
"""

import asyncio
import base64
import itertools
import json
import shutil
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, cast

import aiohttp

FLAGS = (
    "--headless",
    "--no-sandbox",  # the tests run as root in a container, where Chromium cannot build its own
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--hide-scrollbars",
    "--remote-debugging-port=0",
    # Loopback alone: any other name does not resolve.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
)
KEYS = {
    "Enter": {"code": "Enter", "windowsVirtualKeyCode": 13, "text": "\r"},
    "Tab": {"code": "Tab", "windowsVirtualKeyCode": 9},
    "Escape": {"code": "Escape", "windowsVirtualKeyCode": 27},
    "Backspace": {"code": "Backspace", "windowsVirtualKeyCode": 8},
    "ArrowUp": {"code": "ArrowUp", "windowsVirtualKeyCode": 38},
    "ArrowDown": {"code": "ArrowDown", "windowsVirtualKeyCode": 40},
}
WAIT = """new Promise((resolve, reject) => {
  const end = performance.now() + %d;
  const look = () => {
    const found = (() => { try { return %s } catch { return null } })();
    if (found) resolve(true);
    else if (performance.now() > end) reject(new Error('waited in vain'));
    else setTimeout(look, 20);
  };
  look();
})"""


class PageError(AssertionError):
    """What was asked of the page did not happen."""


class Page:
    """One tab. Selectors are CSS; expressions are JavaScript and may be promises."""

    def __init__(self, link: "_Link", session: str) -> None:
        self._link = link
        self._session = session
        self.problems: list[str] = link.problems_of(session)

    async def goto(self, url: str) -> None:
        """Opens an address and waits until the document is there."""
        await self.call("Page.navigate", url=url)
        await self.wait_for("document.readyState === 'complete' && location.href !== 'about:blank'")

    async def evaluate(self, expression: str) -> Any:
        """The value of an expression, as JSON would carry it."""
        answer = await self.call(
            "Runtime.evaluate", expression=expression, awaitPromise=True, returnByValue=True, userGesture=True
        )
        if "exceptionDetails" in answer:
            details = answer["exceptionDetails"]
            raise PageError(
                f"{expression}: {details.get('exception', {}).get('description', details['text'])}"
            )
        return answer["result"].get("value")

    async def wait_for(self, condition: str, *, seconds: float = 10) -> None:
        """Returns as soon as the condition holds."""
        try:
            await self.evaluate(WAIT % (seconds * 1000, condition))
        except PageError as error:
            text = await self.evaluate("document.body?.innerText ?? ''")
            raise PageError(
                f"never true: {condition}\nproblems: {self.problems}\nthe page says:\n{text}"
            ) from error

    async def wait_for_text(self, text: str, *, seconds: float = 10) -> None:
        """Returns as soon as the page shows the text."""
        await self.wait_for(f"document.body.innerText.includes({json.dumps(text)})", seconds=seconds)

    async def text(self, selector: str = "body") -> str:
        """The text that a reader sees in the first such element."""
        return str(await self.evaluate(f"document.querySelector({json.dumps(selector)}).innerText"))

    async def click(self, selector: str) -> None:
        """Clicks in the middle of the first such element, once it is there."""
        found = f"document.querySelector({json.dumps(selector)})"
        await self.wait_for(f"{found}?.getClientRects().length")
        await self.evaluate(f"{found}.scrollIntoView({{block: 'nearest'}})")
        box = await self.evaluate(f"{found}.getBoundingClientRect().toJSON()")
        middle = {"x": box["x"] + box["width"] / 2, "y": box["y"] + box["height"] / 2}
        for kind in ("mousePressed", "mouseReleased"):
            await self.call("Input.dispatchMouseEvent", type=kind, button="left", clickCount=1, **middle)

    async def type(self, text: str) -> None:
        """Types into whatever has the focus."""
        await self.call("Input.insertText", text=text)

    async def press(self, *keys: str) -> None:
        """Presses named keys, one after another."""
        for key in keys:
            facts = KEYS[key]
            await self.call("Input.dispatchKeyEvent", type="keyDown", key=key, **facts)
            await self.call("Input.dispatchKeyEvent", type="keyUp", key=key, **{**facts, "text": ""})

    async def choose_file(self, selector: str, path: Path) -> None:
        """Puts a file into a file input."""
        document = await self.call("DOM.getDocument")
        found = await self.call("DOM.querySelector", nodeId=document["root"]["nodeId"], selector=selector)
        await self.call("DOM.setFileInputFiles", nodeId=found["nodeId"], files=[str(path)])

    async def screenshot(self, path: Path) -> None:
        """Writes what the window shows as a PNG."""
        answer = await self.call("Page.captureScreenshot", format="png")
        await asyncio.to_thread(path.write_bytes, base64.b64decode(answer["data"]))

    async def close(self) -> None:
        """Closes the tab, which may keep the machine busy otherwise."""
        await self.call("Page.close")

    async def call(self, method: str, **params: Any) -> Any:
        """What the protocol's method gives."""
        return await self._link.call(method, params, self._session)


class Browser:
    """A running Chromium with a profile of its own."""

    def __init__(self, link: "_Link") -> None:
        self._link = link

    async def page(
        self, url: str, *, width: int = 1280, height: int = 800, dark: bool = False, phone: bool = False
    ) -> Page:
        """A new tab of that size at that address."""
        context = await self._link.call("Target.createBrowserContext", {})
        target = await self._link.call(
            "Target.createTarget", {"url": "about:blank", "browserContextId": context["browserContextId"]}
        )
        attached = await self._link.call(
            "Target.attachToTarget", {"targetId": target["targetId"], "flatten": True}
        )
        page = Page(self._link, attached["sessionId"])
        await page.call(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=height,
            deviceScaleFactor=2 if phone else 1,
            mobile=phone,
        )
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        await page.call("Emulation.setEmulatedMedia", features=[scheme])
        for domain in ("Page", "Runtime", "Log", "DOM"):
            await page.call(f"{domain}.enable")
        await page.goto(url)
        return page


class _Link:
    """The socket to the browser: numbered calls, their answers, and what pages complain of."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self._socket = socket
        self._numbers = itertools.count(1)
        self._waiting: dict[int, asyncio.Future[Any]] = {}
        self._problems: dict[str, list[str]] = {}

    def problems_of(self, session: str) -> list[str]:
        return self._problems.setdefault(session, [])

    async def call(self, method: str, params: dict[str, Any], session: str | None = None) -> Any:
        number = next(self._numbers)
        waiting = self._waiting[number] = asyncio.get_running_loop().create_future()
        frame = {"id": number, "method": method, "params": params}
        await self._socket.send_json(frame | ({"sessionId": session} if session else {}))
        answer = await waiting
        if "error" in answer:
            raise PageError(f"{method}: {answer['error']['message']}")
        return answer["result"]

    async def read(self) -> None:
        async for frame in self._socket:
            message = json.loads(frame.data)
            if "id" in message:
                self._waiting.pop(message["id"]).set_result(message)
            elif complaint := _complaint(message):
                self.problems_of(message.get("sessionId", "")).append(complaint)


def _complaint(message: dict[str, Any]) -> str | None:
    """An uncaught error or an error in the browser's log, as a line; anything else is no complaint."""
    params = message["params"]
    if message["method"] == "Runtime.exceptionThrown":
        details = params["exceptionDetails"]
        return str(details.get("exception", {}).get("description", details["text"]))
    if message["method"] == "Log.entryAdded" and params["entry"]["level"] == "error":
        return f"{params['entry']['text']} ({params['entry'].get('url', '')})"
    return None


@asynccontextmanager
async def browser() -> AsyncIterator[Browser]:
    """Starts Chromium and ends it. ``FileNotFoundError`` where none is installed."""
    program = shutil.which("chromium")
    if program is None:
        raise FileNotFoundError("chromium")
    with tempfile.TemporaryDirectory(prefix="chromium-", ignore_cleanup_errors=True) as profile:
        process = await asyncio.create_subprocess_exec(
            program, *FLAGS, f"--user-data-dir={profile}", stderr=asyncio.subprocess.PIPE
        )
        said = cast("asyncio.StreamReader", process.stderr)
        try:
            async with aiohttp.ClientSession() as session:
                address = await _address(said)
                async with session.ws_connect(address, max_msg_size=0) as socket:
                    link = _Link(socket)
                    readers = [asyncio.create_task(link.read()), asyncio.create_task(_drain(said))]
                    try:
                        yield Browser(link)
                    finally:
                        for reader in readers:
                            reader.cancel()
                        await asyncio.gather(*readers, return_exceptions=True)
        finally:
            process.terminate()
            await process.communicate()


async def _address(said: asyncio.StreamReader) -> str:
    """Where the browser listens: it says so on its error output when it is ready."""
    async for line in said:
        words = line.decode(errors="replace").split()
        if words[:2] == ["DevTools", "listening"]:
            return words[-1]
    raise PageError("the browser ended before it listened")


async def _drain(said: asyncio.StreamReader) -> None:
    """Reads on, so that a talkative browser does not stand still before a full pipe."""
    while await said.read(65536):
        pass
