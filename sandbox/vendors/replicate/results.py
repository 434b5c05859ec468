"""What a prediction gave: files that are made when first asked for, behind links that die with it."""

from aiohttp import web

from sandbox.vendors.making import Shelf, spoilt
from sandbox.vendors.replicate.book import Book
from sandbox.vendors.replicate.predictions import Prediction
from sandbox.vendors.replicate.products import Made
from sandbox.vendors.replicate.refusals import not_found

BUCKET = "xezq"


class Results:
    """Files by the token in their link."""

    def __init__(self, book: Book) -> None:
        self._book = book
        self._shelf = Shelf()

    def link(self, prediction: Prediction, name: str, base: str) -> str:
        """Where a file is, as long as it is there."""
        return f"{base}/delivery/{BUCKET}/{prediction.token}/{name}"

    async def file(self, token: str, name: str) -> tuple[bytes, str]:
        """What lies behind a link, and its content type; 404 where nothing does any more."""
        prediction = self._book.by_token(token)
        made = self._made(prediction, name)
        data = await self._shelf.file(prediction.id, name, made.make)
        if name.endswith(".glb") and prediction.fault is not None:
            data = await spoilt(data, prediction.fault.name)
        return data, made.content_type

    def _made(self, prediction: Prediction, name: str) -> Made:
        product = prediction.order.product
        gone = self._book.removed(prediction) or prediction.has_fault("expired_links")
        if product is None or prediction.status != "succeeded" or gone or name not in product.files:
            raise not_found()
        return product.files[name]


class Delivery:
    """The route to the files; at the vendor it is on a host of its own."""

    def __init__(self, results: Results) -> None:
        self._results = results

    def routes(self) -> list[web.RouteDef]:
        """What is served where."""
        return [web.get(f"/delivery/{BUCKET}/{{token}}/{{name}}", self.file)]

    async def file(self, request: web.Request) -> web.Response:
        """A file."""
        data, kind = await self._results.file(request.match_info["token"], request.match_info["name"])
        return web.Response(body=data, content_type=kind)
