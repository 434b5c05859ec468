"""``Prefer: wait``: the answer to a creation is held back until the prediction has ended, or for so long."""

from typing import Any

from sandbox.clock import Clock
from sandbox.vendors.replicate.book import Book
from sandbox.vendors.replicate.orders import data_uri
from sandbox.vendors.replicate.predictions import Prediction
from sandbox.vendors.replicate.products import linked
from sandbox.vendors.replicate.results import Results
from sandbox.vendors.replicate.views import Views
from sandbox.vendors.replicate.ways import Ways

STEP = 0.5
SMALL = 256 * 1024
"""Bytes of a file that may come in place of its link."""


class Waiting:
    """Holds an answer back."""

    def __init__(self, clock: Clock, book: Book, views: Views, results: Results, ways: Ways) -> None:
        self._clock = clock
        self._book = book
        self._views = views
        self._results = results
        self._ways = ways

    async def until_done(self, one: Prediction, seconds: float) -> None:
        """Until it has ended, but not longer than that."""
        end = self._clock.now() + 1000 * seconds
        while one.live and (left := (end - self._clock.now()) / 1000) > 0:
            await self._clock.sleep(min(STEP, left))
            self._book.advance()

    async def shown(self, one: Prediction, base: str) -> dict[str, Any]:
        """As the answer to a creation that was waited for has it."""
        data = self._views.shown(one, base)
        if one.status != "succeeded" or data["output"] is None:
            return data
        if self._ways.wait_inlines:
            data["output"] = await self._inlined(one, data["output"], self._ways.delivery_origin or base)
        if self._ways.wait_says_processing:
            data["status"] = "processing"
        return data

    async def _inlined(self, one: Prediction, output: Any, origin: str) -> Any:
        inlined: dict[str, str] = {}
        for name in one.order.product.files if one.order.product else ():
            file, kind = await self._results.file(one.token, name)
            if len(file) <= SMALL:
                inlined[self._results.link(one, name, origin)] = data_uri(file, kind)
        return linked(output, inlined)
