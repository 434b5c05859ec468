"""Our requests in Meshy's words: which route, which body, and what its task will echo.

Pure. Four fields that Meshy knows are left out on purpose:

* ``art_style`` and ``negative_prompt`` have no effect any more.
* ``seed`` stands in no document, and no task echoes it; every call makes something new.
* ``pose_mode`` would put owls and chairs into a T as well: whether a rig will follow is not
  known when the shape is made. A prompt can ask for the pose in words.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from providers.base import (
    AnimateRequest,
    ConvertRequest,
    DraftRequest,
    FileRef,
    GenerateRequest,
    RemeshRequest,
    Request,
    RetextureRequest,
    RigRequest,
    Source,
    TaskRef,
)
from providers.errors import Rejected, SourceUnusable
from providers.inline import address
from providers.meshy.clips import ACTIONS
from providers.meshy.models import remeshed, shape, styled, surface
from providers.meshy.resources import (
    ANIMATE,
    CONVERT,
    IMAGE,
    IMAGES,
    NAME,
    PREVIEW,
    REFINE,
    REMESH,
    RETEXTURE,
    RIG,
    TEXT,
    their_id,
)

_ACTED = (f"{RIG}/", f"{ANIMATE}/")

# Making fewer kinds of file is quicker, and we keep this one alone.
_GLB = {"target_formats": ["glb"]}
# Screens what a member wrote or drew before anything is made of it.
_SCREENED = {"moderation": True}


@dataclass(frozen=True, slots=True, kw_only=True)
class Submission:
    """One creation call, and how its task looks in the route's list."""

    resource: str
    body: Mapping[str, Any]
    prompt: str | None = None
    """What the task echoes of it; most echo nothing."""
    twin: str | None = None
    """A type in the same list that ours is surely not."""


def submission(request: Request, *, model: str) -> Submission:
    """What to send. Raises ``Rejected`` for what Meshy does not have."""
    match request:
        case DraftRequest():
            return _preview(request, model)
        case GenerateRequest():
            return _generate(request, model)
        case AnimateRequest():
            return _animate(request)
    return _on_a_model(request)


def _on_a_model(request: Request) -> Submission:
    match request:
        case RemeshRequest():
            body = {**_source(request.source), **_GLB, "target_polycount": remeshed(request.polycount)}
            return Submission(resource=REMESH, body=body)
        case RetextureRequest():
            return _retexture(request)
        case ConvertRequest():
            body = {**_source(request.source), "target_formats": [request.format]}
            return Submission(resource=CONVERT, body=body)
        case RigRequest():
            return Submission(resource=RIG, body=_source(request.source))
    raise Rejected(NAME, f"no step for {type(request).__name__}", code="step")


def _preview(request: DraftRequest, model: str) -> Submission:
    prompt = styled(request.prompt, request.style)
    body = {
        "mode": "preview",
        "prompt": prompt,
        **shape(request.style, model, request.polycount),
        **_SCREENED,
        **_GLB,
    }
    return Submission(resource=TEXT, body=body, prompt=prompt, twin=REFINE)


def _generate(request: GenerateRequest, model: str) -> Submission:
    if request.draft:
        return _refine(request.draft, request.style, model)
    pictures = [address(picture) for picture in request.pictures if picture]
    if not pictures:
        raise Rejected(NAME, "words become a preview first", code="step")
    single = len(pictures) == 1
    body = {
        **({"image_url": pictures[0]} if single else {"image_urls": pictures}),
        **shape(request.style, model, request.polycount, smart=single),
        **_textured(request, model),
        **_SCREENED,
        **_GLB,
    }
    return Submission(resource=IMAGE if single else IMAGES, body=body)


def _textured(request: GenerateRequest, model: str) -> dict[str, Any]:
    """Words that came with the pictures tell the colours: a draft's picture has none."""
    fields = {"should_texture": True, **surface(request.style, model)}
    words = styled(request.prompt, request.style)
    return fields | {"texture_prompt": words} if request.prompt else fields


def _refine(draft: TaskRef, style: str | None, model: str) -> Submission:
    """Textures for a preview, by its prompt and by the model that made it."""
    body = {
        "mode": "refine",
        "preview_task_id": their_id(draft.task_id),
        **surface(style, model),
        **_SCREENED,
        **_GLB,
    }
    return Submission(resource=TEXT, body=body, twin=PREVIEW)


def _retexture(request: RetextureRequest) -> Submission:
    """Meshy's own models are laid out well for it; whether a file is, nobody knows.

    Its documents name both as the default, so it is said aloud. This route screens no words.
    """
    body = {
        **_source(request.source),
        "text_style_prompt": request.prompt,
        "enable_original_uv": isinstance(request.source, TaskRef),
        "enable_pbr": True,
        **_GLB,
    }
    return Submission(resource=RETEXTURE, body=body, prompt=request.prompt)


def _animate(request: AnimateRequest) -> Submission:
    if isinstance(request.source, FileRef):
        raise SourceUnusable(NAME, "clips are played by the rig's own task", code="source")
    unknown = [clip for clip in request.clips if clip not in ACTIONS]
    if unknown or not request.clips:
        raise Rejected(NAME, f"no clip {', '.join(unknown)}", code="clip")
    actions = [ACTIONS[clip] for clip in request.clips]
    # Several at once are newer than the rest; one goes the way that has always been there.
    which = {"action_ids": actions} if len(actions) > 1 else {"action_id": actions[0]}
    return Submission(resource=ANIMATE, body={"rig_task_id": their_id(request.source.task_id), **which})


def _source(source: Source) -> dict[str, str]:
    if isinstance(source, FileRef):
        return {"model_url": address(source)}
    if source.task_id.startswith(_ACTED):
        raise SourceUnusable(NAME, "a rig's task is no model here; its file is", code="source")
    return {"input_task_id": their_id(source.task_id)}
