"""The bodies of requests that create tasks: what they may hold, as the vendor checks it.

Fields that nobody knows, and those that have no effect any more, pass. Whatever is wrong is 400.
"""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

Text = Annotated[str, Field(min_length=1)]
Faces = Annotated[int, Field(ge=100, le=300_000)]
Formats = Annotated[list[Literal["glb", "obj", "fbx", "stl", "usdz", "3mf"]], Field(min_length=1)]
MoreFormats = Annotated[
    list[Literal["glb", "obj", "fbx", "stl", "usdz", "3mf", "blend"]], Field(min_length=1)
]
UNASKED: tuple[str, ...] = ("glb", "obj", "fbx", "stl", "usdz")
"""The formats of a model for which none were named."""
DEFAULT_FACES = 30_000
DEFAULT_SMART_FACES = 4_000
DECIMATED = {1: 200_000, 2: 60_000, 3: 20_000, 4: 5_000}
"""How many faces each ``decimation_mode`` leaves; the vendor does not say."""


class Body(BaseModel):
    """What all of them share: strict about types, lenient about names."""

    model_config = ConfigDict(extra="allow", strict=True, protected_namespaces=())


class Finish(Body):
    """How a model is handed over, and whether what was asked for is looked at first."""

    target_formats: Formats | None = None
    alpha_thumbnail: bool = False
    auto_size: bool = False
    origin_at: Literal["bottom", "center"] = "bottom"
    moderation: bool = False


class Shape(Finish):
    """How a mesh is made."""

    ai_model: str | None = None
    model_type: Literal["standard", "smart-topology", "lowpoly"] = "standard"
    geometry_resolution: Literal["standard", "2k", "4k"] = "standard"
    ultra_mode: bool = False
    should_remesh: bool | None = None
    topology: Literal["quad", "triangle"] = "triangle"
    target_polycount: Faces | None = None
    decimation_mode: Annotated[int, Field(ge=1, le=4)] | None = None
    pose_mode: Literal["", "a-pose", "t-pose"] = ""
    seed: int | None = None

    def geometry(self) -> str:
        """How fine the mesh is; ``ultra_mode`` is an older word for 2k."""
        return (
            "2k" if self.ultra_mode and self.geometry_resolution == "standard" else self.geometry_resolution
        )

    def faces(self, *, smart: bool) -> int | None:
        """How many faces are wanted; ``None`` where the mesh stays as it came."""
        if smart:
            return self.target_polycount or DEFAULT_SMART_FACES
        if not self.should_remesh:
            return None
        if self.decimation_mode is not None:
            return DECIMATED[self.decimation_mode]
        return self.target_polycount or DEFAULT_FACES


class Paint(Body):
    """How a surface is painted."""

    enable_pbr: bool = False
    texture_resolution: Literal["2k", "4k", "8k"] | None = None
    hd_texture: bool = False
    texture_prompt: str = ""
    texture_image_url: str = ""
    remove_lighting: bool = True

    def resolution(self) -> str:
        """How fine; ``hd_texture`` is an older word for 4k."""
        return self.texture_resolution or ("4k" if self.hd_texture else "2k")


class Preview(Shape):
    """A mesh from words."""

    prompt: Text


class Refine(Finish, Paint):
    """Paint for a preview."""

    preview_task_id: Text
    ai_model: str | None = None


class FromPictures(Shape, Paint):
    """A model from pictures, in one go."""

    input_task_id: str | None = None
    should_texture: bool = True
    image_enhancement: bool = True
    save_pre_remeshed_model: bool = False
    multi_view_thumbnails: bool = False

    @model_validator(mode="after")
    def _light_needs_paint(self) -> "FromPictures":
        if self.enable_pbr and not self.should_texture:
            raise ValueError("enable_pbr requires should_texture")
        return self


class FromPicture(FromPictures):
    """From one."""

    image_url: str = ""

    @model_validator(mode="after")
    def _has_a_source(self) -> "FromPicture":
        if not (self.image_url or self.input_task_id):
            raise ValueError("either image_url or input_task_id is required")
        return self


class FromViews(FromPictures):
    """From up to four of one thing, the front first."""

    image_urls: Annotated[list[str], Field(max_length=4)] = Field(default_factory=list)
    model_type: Literal["standard", "lowpoly"] = "standard"
    geometry_resolution: Literal["standard", "2k"] = "standard"

    @model_validator(mode="after")
    def _has_a_source(self) -> "FromViews":
        if not (self.image_urls or self.input_task_id):
            raise ValueError("either image_urls or input_task_id is required")
        return self


class OnModel(Body):
    """Work on a model that is there: a task's or a file's."""

    input_task_id: str | None = None
    model_url: str | None = None


class Retexture(OnModel, Finish, Paint):
    """Paint it anew, after exactly one model of style."""

    text_style_prompt: str = ""
    image_style_url: str = ""
    multiview_image_urls: Annotated[list[str], Field(max_length=4)] = Field(default_factory=list)
    enable_original_uv: bool = True
    ai_model: str | None = None

    @model_validator(mode="after")
    def _one_style(self) -> "Retexture":
        given = (self.text_style_prompt, self.image_style_url, self.multiview_image_urls)
        if sum(map(bool, given)) != 1:
            raise ValueError(
                "exactly one of text_style_prompt, image_style_url and multiview_image_urls is required"
            )
        return self


class Remesh(OnModel):
    """Other faces."""

    target_formats: MoreFormats = ["glb"]
    topology: Literal["quad", "triangle"] = "triangle"
    target_polycount: Faces = DEFAULT_FACES
    decimation_mode: Annotated[int, Field(ge=1, le=4)] | None = None
    convert_format_only: bool = False
    resize_height: Annotated[float, Field(ge=0)] = 0
    resize_longest_side: Annotated[float, Field(ge=0)] = 0
    auto_size: bool = False
    origin_at: Literal["bottom", "center", ""] = ""


class Convert(OnModel):
    """Other formats."""

    target_formats: MoreFormats


class Resize(OnModel):
    """Another size, given in exactly one way."""

    resize_height: Annotated[float, Field(gt=0)] | None = None
    resize_longest_side: Annotated[float, Field(gt=0)] | None = None
    auto_size: bool = False
    origin_at: Literal["bottom", "center"] = "bottom"

    @model_validator(mode="after")
    def _one_way(self) -> "Resize":
        if sum((self.resize_height is not None, self.resize_longest_side is not None, self.auto_size)) != 1:
            raise ValueError("exactly one of resize_height, resize_longest_side and auto_size is required")
        return self


class Rig(OnModel):
    """A skeleton for it."""

    height_meters: Annotated[float, Field(gt=0)] = 1.7
    texture_image_url: str = ""


class PostProcess(Body):
    """What is done with an animation in the end."""

    operation_type: Literal["change_fps", "fbx2usdz", "extract_armature"]
    fps: Literal[24, 25, 30, 60] = 30


class Animate(Body):
    """Let a rig act: one action or several, or a motion of one's own."""

    rig_task_id: Text
    action_id: int | None = None
    action_ids: Annotated[list[int], Field(min_length=1, max_length=10)] | None = None
    motion_task_id: str | None = None
    post_process: PostProcess | None = None

    @model_validator(mode="after")
    def _one_way(self) -> "Animate":
        ways = (self.action_id, self.action_ids, self.motion_task_id)
        if sum(way is not None for way in ways) != 1:
            raise ValueError("exactly one of action_id, action_ids and motion_task_id is required")
        if len(self.actions()) != len(set(self.actions())):
            raise ValueError("action_ids must be distinct")
        return self

    def actions(self) -> list[int]:
        """What is to be acted."""
        return self.action_ids or ([] if self.action_id is None else [self.action_id])


class Picture(Body):
    """A picture to be painted."""

    ai_model: Text
    prompt: Text
    aspect_ratio: Literal["1:1", "16:9", "9:16", "4:3", "3:4", "3:2", "2:3"] | None = None
    generate_multi_view: bool = False
    pose_mode: Literal["", "a-pose", "t-pose"] = ""
    remove_background: bool = False
    moderation: bool = False

    @model_validator(mode="after")
    def _views_have_their_own_format(self) -> "Picture":
        if self.generate_multi_view and self.aspect_ratio:
            raise ValueError("aspect_ratio cannot be combined with generate_multi_view")
        return self


class PictureFromPictures(Picture):
    """A picture to be painted after others."""

    reference_image_urls: Annotated[list[str], Field(max_length=5)] = Field(default_factory=list)
    input_task_id: str | None = None

    @model_validator(mode="after")
    def _has_a_source(self) -> "PictureFromPictures":
        if not (self.reference_image_urls or self.input_task_id):
            raise ValueError("either reference_image_urls or input_task_id is required")
        return self
