"""Our requests in Tripo's words: which route, which body, and how to know them again.

Pure. A body holds only what is set: Tripo passes unknown fields on in silence, and its
P models refuse some fields even when they are false.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from providers.base import (
    AnimateRequest,
    ConvertRequest,
    FileRef,
    GenerateRequest,
    RemeshRequest,
    Request,
    RetextureRequest,
    RigCheckRequest,
    RigRequest,
    Source,
)
from providers.errors import Rejected
from providers.tripo.clips import HUMANOID, presets, rig_model
from providers.tripo.models import DECIMATOR, STYLES, Style, face_limit, style_fields

SIDES = ("front", "left", "back", "right")


@dataclass(frozen=True, slots=True, kw_only=True)
class Submission:
    """One creation call, and what its task will echo."""

    path: str
    type: str
    """As Tripo's task lists name it."""
    body: Mapping[str, Any]
    marks: tuple[str, ...]
    """Fields of the body that tell our task from every other one."""
    details: tuple[str, ...] = ()
    """Fields that have to agree as well where a mark is not unique: a member may choose any seed."""


def submission(request: Request, *, model: str, seed: int) -> Submission:
    """What to send. Raises ``Rejected`` for a style or clip that Tripo does not have."""
    match request:
        case GenerateRequest():
            return _generate(request, model, seed)
        case RigCheckRequest():
            return _work("/animations/rig-check", "animate_prerigcheck", {"input": _input(request.source)})
        case RigRequest():
            return _rig(request)
        case AnimateRequest():
            return _retarget(request)
    return _remake(request, seed)


def _remake(request: Request, seed: int) -> Submission:
    """Another surface, fewer faces, another format."""
    match request:
        case RetextureRequest():
            return _texture(request, seed)
        case RemeshRequest():
            body = {"input": _input(request.source), "model": DECIMATOR, "face_limit": request.polycount}
            return _work("/mesh/decimate", "highpoly_to_lowpoly", body, "face_limit")
        case ConvertRequest():
            body = {"input": _input(request.source), "format": request.format.upper()}
            return _work("/models/convert", "convert_model", body, "format")
    raise Rejected("tripo", f"no step for {type(request).__name__}", code="step")


def is_ours(sent: Submission, echo: Mapping[str, Any]) -> bool | None:
    """Whether a task with this echo is the one we sent; ``None`` where the echo does not say."""
    if any(name in echo and str(echo[name]) != str(sent.body[name]) for name in sent.marks):
        return False
    seen = all(name in echo for name in sent.marks)
    return True if seen and all(echo.get(name) == sent.body[name] for name in sent.details) else None


def _generate(request: GenerateRequest, model: str, seed: int) -> Submission:
    style = _style(request.style)
    number = seed if request.seed is None else request.seed
    common = {"model": model, "texture": True, "pbr": True, "model_seed": number, "texture_seed": number}
    if style:
        common |= style_fields(style, model)
    if request.polycount is not None:
        common["face_limit"] = face_limit(request.polycount, model, style)
    path, kind, content = _content(request, style, number)
    return Submission(
        path=path,
        type=kind,
        body=content | common,
        marks=("model_seed",),
        details=() if request.seed is None else tuple(content),
    )


def _style(name: str | None) -> Style | None:
    if name is not None and name not in STYLES:
        raise Rejected("tripo", f"no style {name}", code="style")
    return STYLES[name] if name else None


def _content(request: GenerateRequest, style: Style | None, number: int) -> tuple[str, str, dict[str, Any]]:
    """Route, task type, and the part of the body that says what the model shows."""
    pictures = {side: file.token for side, file in zip(SIDES, request.pictures, strict=False) if file}
    if not pictures:
        return "/generation/text-to-model", "text_to_model", _words(request, style, number)
    if len(pictures) == 1:
        return "/generation/image-to-model", "image_to_model", {"input": next(iter(pictures.values()))}
    views = [{side: token} for side, token in pictures.items()]
    return "/generation/multiview-to-model", "multiview_to_model", {"inputs": views}


def _words(request: GenerateRequest, style: Style | None, number: int) -> dict[str, Any]:
    words = {"prompt": f"{request.prompt}, {style.words}" if style else request.prompt}
    if request.negative_prompt:
        words["negative_prompt"] = request.negative_prompt
    return {**words, "image_seed": number}


def _rig(request: RigRequest) -> Submission:
    rig_type = request.rig_type or HUMANOID
    body = {
        "input": _input(request.source),
        "model": rig_model(rig_type),
        "rig_type": rig_type,
        "out_format": "glb",
    }
    return _work("/animations/rig", "animate_rig", body)


def _texture(request: RetextureRequest, seed: int) -> Submission:
    body = {
        "input": _input(request.source),
        "texture_prompt": {"text": request.prompt},
        "texture_seed": seed,
        "pbr": True,
    }
    return Submission(path="/models/texture", type="texture_model", body=body, marks=("texture_seed",))


def _retarget(request: AnimateRequest) -> Submission:
    [clip] = request.clips
    preset = presets(request.rig).get(clip)
    if preset is None:
        raise Rejected("tripo", f"this rig does not play {clip}", code="clip")
    # One clip a call: calls with several are refused for some accounts. Two defaults are
    # documented one way and coded another, so they are said aloud.
    body = {
        "input": _input(request.source),
        "animation": preset,
        "out_format": "glb",
        "export_with_geometry": True,
        "bake_animation": True,
    }
    return _work("/animations/retarget", "animate_retarget", body, "animation")


def _work(path: str, kind: str, body: Mapping[str, Any], *marks: str) -> Submission:
    return Submission(path=path, type=kind, body=body, marks=("input", *marks))


def _input(source: Source) -> str:
    return source.token if isinstance(source, FileRef) else source.task_id
