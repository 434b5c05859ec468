"""What can be asked for with the templates there are. Pure."""

from providers.capabilities import Capabilities
from providers.comfyui.templates import IMAGE, RIG, TEXT, Templates
from providers.styles import WORDS

PROMPT_MAX = 1_000  # characters; ours, as ComfyUI takes any number and its encoders forget the later ones
NEGATIVE_PROMPT_MAX = 500


def capabilities(templates: Templates) -> Capabilities:
    """Words, pictures and rigs, each if its template is there."""
    text = templates.by_name.get(TEXT)
    return Capabilities(
        styles=tuple(WORDS) if text else (),
        max_pictures=1 if IMAGE in templates.by_name else 0,
        polycount=_polycount(templates),
        prompt_max=PROMPT_MAX,
        negative_prompt_max=NEGATIVE_PROMPT_MAX if text and text.manifest.inputs.negative_prompt else 0,
        can_stop=True,
        words=text is not None,
        rig=RIG in templates.by_name,
        rig_files=RIG in templates.by_name,
        animate=False,
    )


def seconds(templates: Templates, step: str, *, pictures: int = 0) -> int:
    """What the template for a step usually takes; 0 where there is none."""
    names = {"generate": IMAGE if pictures else TEXT, "rig": RIG}
    template = templates.by_name.get(names.get(step, ""))
    return template.manifest.seconds if template else 0


def slowest(templates: Templates, step: str) -> int:
    """The same, whatever it starts from."""
    return max(seconds(templates, step, pictures=pictures) for pictures in (0, 1))


def _polycount(templates: Templates) -> range:
    """Face counts that every template with such an input takes; empty where none has one."""
    manifests = [templates.by_name[name].manifest for name in (TEXT, IMAGE) if name in templates.by_name]
    faces = [manifest.polycount for manifest in manifests if manifest.inputs.polycount]
    if not faces:
        return range(0)
    return range(max(one.least for one in faces), min(one.most for one in faces) + 1)
