"""A prediction as its reader sees it."""

from typing import Any

from sandbox.vendors.replicate.book import Book
from sandbox.vendors.replicate.logs import printed
from sandbox.vendors.replicate.predictions import Prediction
from sandbox.vendors.replicate.products import linked
from sandbox.vendors.replicate.results import Results
from sandbox.vendors.replicate.ways import Ways
from sandbox.vendors.replicate.wire import moment, nanoseconds


class Views:
    """Makes of a prediction what goes over the wire."""

    def __init__(self, book: Book, results: Results, ways: Ways) -> None:
        self._book = book
        self._results = results
        self._ways = ways

    def shown(self, one: Prediction, base: str) -> dict[str, Any]:
        """As JSON; ``base`` is where links are to lead. After an hour little of it is left."""
        removed = self._book.removed(one)
        data: dict[str, Any] = {
            "id": one.id,
            "model": one.order.model,
            "version": one.order.shown_version,
            "input": self._nothing() if removed else dict(one.order.input),
            "logs": "" if removed else self.logs(one),
            "output": None if removed else self._output(one, base),
            "data_removed": removed,
            "error": one.error,
            "source": "api",
            "status": "hibernating" if one.has_fault("unknown_status") and one.live else one.status,
            "created_at": moment(one.created_at),
            "urls": urls(one, base),
        }
        if one.order.training:
            data["urls"] = urls(one, base, kind="trainings")
        if one.deadline is not None:
            data["deadline"] = moment(one.deadline)
        return data | _times(one)

    def row(self, one: Prediction, base: str) -> dict[str, Any]:
        """As a list shows it: without its log."""
        data = self.shown(one, base)
        del data["logs"]
        return data

    def _output(self, one: Prediction, base: str) -> Any:
        product = one.order.product
        if product is None or one.status != "succeeded" or one.has_fault("missing_model_url"):
            return None
        origin = self._ways.delivery_origin or base
        links = {name: self._results.link(one, name, origin) for name in product.files}
        return linked(one.order.version.renamed(product.output), links)

    def logs(self, one: Prediction) -> str:
        """What its model has printed so far."""
        if one.started_at is None:
            return ""
        return printed(
            steps=one.order.version.recipe.steps,
            share=self._book.share(one),
            seed=one.order.input.get("seed"),
            backwards=one.has_fault("goes_backwards") and one.live,
        )

    def _nothing(self) -> dict[str, Any] | None:
        return {} if self._ways.removed_input == "object" else None


def urls(one: Prediction, base: str, *, kind: str = "predictions") -> dict[str, str]:
    """Where it can be read and stopped."""
    own = f"{base}/v1/{kind}/{one.id}"
    return {"web": f"https://replicate.com/p/{one.id}", "get": own, "cancel": f"{own}/cancel"}


def _times(one: Prediction) -> dict[str, Any]:
    """Those that there are."""
    data: dict[str, Any] = {}
    if one.started_at is not None:
        data["started_at"] = nanoseconds(one.started_at)
    if one.completed_at is None:
        return data
    data["completed_at"] = nanoseconds(one.completed_at)
    data["metrics"] = {"total_time": (one.completed_at - one.created_at) / 1000}
    if one.started_at is not None:
        data["metrics"]["predict_time"] = (one.completed_at - one.started_at) / 1000
    return data
