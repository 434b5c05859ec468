"""The bodies of requests that create tasks: what they may hold, as the vendor checks it.

Unknown fields pass and are echoed, as the vendor does; names of the older API are read
as their successors'. Whatever is wrong is 400 / 1004, except for models (2015, 2017).
"""

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from sandbox.vendors.tripo.refusals import Refusal, bad

FACES = {
    "v3.1-20260211": 1_500_000,
    "v3.0-20250812": 1_000_000,
    "v2.5-20250123": 500_000,
    "P1-20260311": 20_000,
    "P2-20260801": 50_000,
}
"""The models there are, and the most faces each makes."""
RETIRED = frozenset({"v1.4-20240625", "v1.4", "v2.0-20240919", "Turbo-v1.0-20250506"})
NOT_WITH_P1 = ("quad", "smart_low_poly", "generate_parts", "geometry_quality")
SPECS = {"tripo", "mixamo", "actorcore"}
RIG_MODELS = {
    "v1.0-20240301": SPECS,
    "v2.5-20260210": SPECS | {"unity", "unreal", "vrm"},
    "v3.0-20260909": SPECS | {"unity", "unreal", "vrm"},
}

Seed = Annotated[int, Field(ge=0, lt=2**63)]


class Body(BaseModel):
    """What all of them share: strict about types, lenient about names."""

    model_config = ConfigDict(extra="allow", strict=True, protected_namespaces=())


class Generation(Body):
    """A new model. ``pbr`` needs a texture: geometry alone is both of them false."""

    model: str
    model_seed: Seed | None = None
    texture_seed: Seed | None = None
    texture: bool = True
    pbr: bool = True
    texture_quality: Literal["standard", "detailed", "extreme"] = "standard"
    geometry_quality: Literal["standard", "detailed"] = "standard"
    face_limit: Annotated[int, Field(ge=1)] | None = None
    quad: bool = False
    smart_low_poly: bool = False
    generate_parts: bool = False
    compress: Literal["geometry", ""] | None = None
    export_orientation: Literal["+x", "-x", "+y", "-y"] = "+x"

    @model_validator(mode="after")
    def _texture_goes_with_pbr(self) -> "Generation":
        self.texture = self.texture or self.pbr
        if self.generate_parts and (self.texture or self.quad or self.smart_low_poly):
            raise ValueError("generate_parts needs texture and pbr false, and no quad or smart_low_poly")
        most = FACES.get(self.model, 0) * (2 if self.geometry_quality == "detailed" else 1)
        least = 1
        if self.model.startswith("P"):
            least, most = 48, most // (2 if self.quad else 1)
        elif self.quad:
            most = 150_000
        if self.smart_low_poly:
            least, most = 500, 10_000 if self.quad else 20_000
        if self.face_limit is not None and not least <= self.face_limit <= most:
            raise ValueError(f"face_limit must be from {least} to {most}")
        return self


class TextToModel(Generation):
    """From words."""

    prompt: Annotated[str, Field(min_length=1, max_length=1024)]
    negative_prompt: Annotated[str, Field(max_length=255)] = ""
    image_seed: Seed | None = None


class ImageToModel(Generation):
    """From one picture."""

    input: Annotated[str, Field(min_length=1)]
    texture_alignment: Literal["original_image", "geometry"] = "original_image"
    orientation: Literal["default", "align_image"] = "default"


class MultiviewToModel(Generation):
    """From two to four pictures, front, left, back, right."""

    inputs: list[Any]


class OnModel(Body):
    """Work on a model that is there: rig-check and import."""

    input: Annotated[str, Field(min_length=1)]


class Rig(OnModel):
    """Put a skeleton in."""

    model: Literal["v1.0-20240301", "v2.5-20260210", "v3.0-20260909"] = "v1.0-20240301"
    rig_type: Literal[
        "biped", "quadruped", "hexapod", "octopod", "avian", "serpentine", "aquatic", "others"
    ] = "biped"
    spec: str = "tripo"
    out_format: Literal["glb", "fbx"] = "glb"

    @model_validator(mode="after")
    def _fits_the_model(self) -> "Rig":
        if self.model == "v1.0-20240301" and self.rig_type != "biped":
            raise ValueError("this rig model takes bipeds alone")
        if self.spec not in RIG_MODELS[self.model]:
            raise ValueError("this rig model does not take this spec")
        return self


class Retarget(OnModel):
    """Play presets: ``animation`` or ``animations``, never both."""

    animation: str | None = None
    animations: Annotated[list[str], Field(min_length=1, max_length=5)] | None = None
    out_format: Literal["glb", "fbx"] = "glb"
    animate_in_place: bool = False
    export_with_geometry: bool = True

    @model_validator(mode="after")
    def _one_way(self) -> "Retarget":
        if (self.animation is None) == (self.animations is None):
            raise ValueError("give either animation or animations")
        return self

    def presets(self) -> list[str]:
        """What is to be played."""
        return self.animations or [str(self.animation)]


def modern(body: Mapping[str, Any]) -> dict[str, Any]:
    """The body with the older API's names replaced by today's."""
    new = dict(body)
    if "model_version" in new:
        new.setdefault("model", new.pop("model_version"))
    if "original_model_task_id" in new:
        new.setdefault("input", new.pop("original_model_task_id"))
    if "file" in new:
        new.setdefault("input", _old_file(new.pop("file")))
    if "files" in new and isinstance(new["files"], list):
        new.setdefault("inputs", [_old_file(file) for file in new.pop("files")])
    return new


def _old_file(file: Any) -> Any:
    if isinstance(file, dict):
        return file.get("file_token") or file.get("url") or ""
    return file


def admit_model(body: Mapping[str, Any]) -> None:
    """Refuse a missing (1004), retired (2015) or unknown (2017) model, and what P1 does not take (1004)."""
    model = body.get("model")
    if not isinstance(model, str) or not model:
        raise bad("model is required")
    if model in RETIRED:
        raise Refusal(400, 2015, "This model version is retired.")
    if model not in FACES:
        raise Refusal(400, 2017, "This model version is invalid.")
    refused = NOT_WITH_P1 if model.startswith("P1") else NOT_WITH_P1[1:] if model.startswith("P2") else ()
    for name in refused:
        if name in body:
            raise bad(f"{name} is not supported by this model")


def views(inputs: list[Any]) -> list[str | None]:
    """The pictures of a multiview request as front, left, back, right; 400 / 1004 where it is none."""
    sides = ("front", "left", "back", "right")
    if all(isinstance(view, dict) and len(view) == 1 and next(iter(view)) in sides for view in inputs):
        named = {name: _old_file(value) for view in inputs for name, value in view.items()}
        ordered = [named.get(side) or None for side in sides]
    elif len(inputs) == 4 and all(view is None or isinstance(view, str) for view in inputs):
        ordered = [view or None for view in inputs]
    else:
        raise bad("inputs must be four strings, or objects by the name of the view")
    if ordered[0] is None:
        raise bad("the front view is required")
    if sum(view is not None for view in ordered) < 2:
        raise bad("at least two views are required")
    return ordered
