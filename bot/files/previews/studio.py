"""f3d at work: a GLB on a stage, lit as in a photographer's studio, seen from where we say.

Only ever loaded in the child process: this is a large library in another language, which
unchecked files have crashed, kept busy for ever, or made eat all memory.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from PIL import Image

from bot.files.previews.film import BACKDROP
from bot.files.previews.framing import ANGLE, Look, Outline, Pose

SMALL = 96
"""Side of a silhouette in pixels."""
_LOOK = {
    "render.effect.antialiasing.mode": "fxaa",
    "render.effect.blending.mode": "ddp",
    "render.background.color": [part / 255 for part in BACKDROP],
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """A point in a clip; of a model that does not move there is just one."""

    clip: int = 0
    seconds: float = 0.0


class Studio:
    """A stage for one model.

    ``lights`` is a folder for tables of light: who comes first computes them, for 6 to 15
    seconds, and they take 50 MB. Without it the light is plain. Raises ``RuntimeError`` where
    this machine cannot draw.
    """

    def __init__(self, lights: Path | None) -> None:
        import f3d  # not everywhere to be had, and in no process but the child

        f3d.Log.set_verbose_level(f3d.Log.VerboseLevel.ERROR)
        f3d.Engine.autoload_plugins()  # Draco
        self._engine = f3d.Engine.create_egl()
        self._engine.options.update(_LOOK | {"render.hdri.ambient": lights is not None})
        if lights:
            self._engine.cache_path = lights
        self._at: Moment | None = None

    def show(self, model: Path) -> None:
        """Put a model on the stage. Raises ``RuntimeError`` where f3d cannot read it."""
        self._engine.scene.add(model)

    @property
    def lengths(self) -> list[float]:
        """How long each of its clips is, in seconds."""
        found = []
        for clip in range(self._engine.scene.animation.count()):
            self._engine.options["scene.animation.indices"] = [clip]
            found.append(self._engine.scene.animation.get_time_range()[1])
        return found

    def guess(self) -> Pose:
        """Where the model is by what f3d thinks, which is wrong for some that have a skeleton."""
        camera = self._engine.window.camera
        camera.reset_to_bounds()
        centre, position = camera.focal_point, camera.position
        away = sum((one - other) ** 2 for one, other in zip(centre, position, strict=True)) ** 0.5
        return Pose(centre=centre, distance=away)

    def outline(self, moments: Sequence[Moment]) -> Look:
        """A look at silhouettes, over all these moments."""

        def look(pose: Pose) -> Outline | None:
            whole = None
            for moment in moments:
                seen = _outline(self._render(pose, moment, SMALL, bare=True))
                whole = whole.with_(seen) if whole and seen else seen or whole
            return whole

        return look

    def picture(self, pose: Pose, moment: Moment, side: int) -> Image.Image:
        """What the camera sees, before the backdrop."""
        return self._render(pose, moment, side, bare=False).convert("RGB")

    def _render(self, pose: Pose, moment: Moment, side: int, *, bare: bool) -> Image.Image:
        window = self._engine.window
        window.size = (side, side)
        self._turn_to(moment)
        camera = window.camera
        camera.view_angle = ANGLE
        camera.focal_point, camera.position, camera.view_up = pose.centre, pose.position, (0.0, 1.0, 0.0)
        drawn = window.render_to_image(no_background=bare)
        mode = {3: "RGB", 4: "RGBA"}[drawn.channel_count]
        upside_down = Image.frombytes(mode, (drawn.width, drawn.height), drawn.content)
        return upside_down.transpose(Image.Transpose.FLIP_TOP_BOTTOM)

    def _turn_to(self, moment: Moment) -> None:
        if moment == self._at or not self._engine.scene.animation.count():
            return
        if self._at is None or moment.clip != self._at.clip:
            self._engine.options["scene.animation.indices"] = [moment.clip]
        self._engine.scene.animation.load_time(moment.seconds)
        self._at = moment


def _outline(drawn: Image.Image) -> Outline | None:
    box = drawn.getchannel("A").getbbox()
    if box is None:
        return None
    left, top, right, bottom = (2 * edge / SMALL - 1 for edge in box)
    return Outline(left=left, right=right, low=-bottom, high=-top)
