"""Our requests as predictions to ask for: which model, which input.

Pure. Files stand apart from the rest of the input: the address of a task's output has to be
asked for, and what Replicate later tells of a file is not always what was sent.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from providers.base import DraftRequest, FileRef, GenerateRequest, Request, RigRequest, Source
from providers.errors import NotHandedOver, Rejected
from providers.replicate.models import FLUX, UNIRIG, Record
from providers.replicate.problems import NAME
from providers.styles import WORDS

INLINE_MAX = 10 * 1024 * 1024  # bytes of all files in one request, as in Replicate's JavaScript client
EVENTS = ("start", "completed")
"""Of a prediction, those that our webhook hears."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """One prediction to ask for."""

    record: Record
    input: Mapping[str, Any]
    """All of it but the files."""
    files: tuple[Source, ...] = ()

    @property
    def file_field(self) -> str | None:
        """Where the files go; ``None`` where there are none."""
        return (self.record.mesh or self.record.picture) if self.files else None


def order(request: Request, *, generator: Record, seed: int) -> Order:
    """What to ask for. Raises ``Rejected`` where no model of ours does that."""
    match request:
        case DraftRequest():
            return Order(record=FLUX, input=_input(FLUX, request, seed))
        case GenerateRequest():
            return _generate(request, generator, seed)
        case RigRequest():
            return _holding(Order(record=UNIRIG, input=dict(UNIRIG.fixed), files=(request.source,)))
        case _:
            raise Rejected(NAME, f"no model for {type(request).__name__}", code="step")


def submission(sent: Order, addresses: Sequence[str], webhook: str | None) -> tuple[str, dict[str, Any]]:
    """Path and body of the call that asks for it; ``addresses`` are those of its files."""
    content = dict(sent.input)
    if sent.file_field:
        content[sent.file_field] = list(addresses) if sent.record.pictures > 1 else addresses[0]
    body: dict[str, Any] = {"input": content}
    if webhook:
        body |= {"webhook": webhook, "webhook_events_filter": list(EVENTS)}
    if sent.record.version is None:
        return f"/models/{sent.record.name}/predictions", body
    return "/predictions", {"version": sent.record.version, **body}


def is_reachable(url: str, *, api_url: str) -> bool:
    """Whether Replicate takes this address of ours: https, or plain where its API is, too (a sandbox)."""
    return urlsplit(url).scheme in {"https", urlsplit(api_url).scheme}


def _generate(request: GenerateRequest, generator: Record, seed: int) -> Order:
    files: tuple[Source, ...] = tuple(picture for picture in request.pictures if picture)
    if request.draft and not files:
        files = (request.draft,)
    if not files and not generator.prompt:
        raise Rejected(NAME, f"{generator.name} makes nothing of words alone", code="step")
    content = _input(generator, request, seed)
    if files and generator.either and generator.prompt:
        del content[generator.prompt]
    return _holding(Order(record=generator, input=content, files=files))


def _holding(sent: Order) -> Order:
    """The same, if its files are not too much for one request."""
    inline = sum(len(file.inline or b"") for file in sent.files if isinstance(file, FileRef))
    if inline > INLINE_MAX:
        raise NotHandedOver(NAME, f"{inline} bytes are too many for one request", code="too_large")
    return sent


def _input(record: Record, request: DraftRequest | GenerateRequest, seed: int) -> dict[str, Any]:
    """What the request says, in the fields that the model has for it."""
    content = dict(record.fixed)
    if record.prompt:
        content[record.prompt] = _prompt(record, request)
    if record.seed:
        content[record.seed] = (seed if request.seed is None else request.seed) % record.seeds
    if record.polycount and request.polycount is not None:
        content[record.polycount] = min(max(request.polycount, record.faces.start), record.faces.stop - 1)
    return content


def _prompt(record: Record, request: DraftRequest | GenerateRequest) -> str:
    if request.style is not None and request.style not in WORDS:
        raise Rejected(NAME, f"no style {request.style}", code="style")
    style = WORDS[request.style] if request.style else ""
    return ", ".join(filter(None, (request.prompt or record.stand_in, style, record.words)))
