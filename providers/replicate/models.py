"""The models that we run on Replicate, as data: what each takes, what it gives, what it costs.

A further model is a further record, and no code. Names and limits of fields are those of the
models' own schemas, which ``schemas`` compares with these records; prices and times are what
their pages and users told in 2026, and change without notice.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

PROMPT_MAX = 1024
"""Characters; Hunyuan's limit, and enough for the others, which name none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One model. The fields named here are those of its input; ``None``: it has none for that."""

    name: str
    """``owner/name``."""
    version: str | None = None
    """Of a model that somebody published; ``None``: an official one, which is run by its name."""

    prompt: str | None = None
    picture: str | None = None
    pictures: int = 0
    """The most it takes; its field is a list where that is more than one."""
    mesh: str | None = None
    seed: str | None = None
    seeds: int = 2**31
    """How many different ones there are, from 0."""
    polycount: str | None = None
    faces: range = range(0)
    """Face counts that it takes."""

    words: str = ""
    """Appended to every prompt."""
    either: bool = False
    """Takes a prompt or a picture, never both."""
    stand_in: str = ""
    """Its prompt where there are only pictures and it wants one all the same."""
    fixed: Mapping[str, Any] = field(default_factory=dict)
    """What is said in every request."""

    makes: str = "model"
    """``model`` or ``preview``, as files are called in ``providers.base``."""
    output: str = "string"
    """The shape of its output in JSON's words: one link, an ``array`` or an ``object`` of links."""
    seconds: int
    """It usually takes, on a machine that is awake."""
    usd_micros: int
    """It costs about."""
    deadline: int = 25 * 60_000
    """Milliseconds. A machine that has to wake first was seen to take a quarter of an hour."""


HUNYUAN = Record(
    name="tencent/hunyuan-3d-3.1",
    prompt="prompt",
    picture="image",
    pictures=1,
    either=True,
    polycount="face_count",
    faces=range(40_000, 1_500_001),
    fixed=MappingProxyType({"enable_pbr": True, "generate_type": "Normal"}),
    seconds=180,
    usd_micros=500_000,
)
RODIN = Record(
    name="hyper3d/rodin",
    prompt="prompt",
    picture="images",
    pictures=4,  # it takes five; nobody hands over more than four
    stand_in="the object in the pictures",
    seed="seed",
    seeds=2**16,
    polycount="quality_override",
    faces=range(500, 1_000_001),  # of the mesh mode Raw, whose faces are triangles as in every GLB
    fixed=MappingProxyType(
        {"tier": "Gen-2", "geometry_file_format": "glb", "material": "PBR", "mesh_mode": "Raw"}
    ),
    seconds=120,
    usd_micros=400_000,
)
TRELLIS = Record(
    name="firtoz/trellis",
    version="e8f6c45206993f297372f5436b90350817bd9b4a0d52d2a76df50c1c8afa2b3c",
    picture="images",
    pictures=4,
    seed="seed",
    # By default it makes films of the model, and no model.
    fixed=MappingProxyType({"generate_model": True, "generate_color": False, "randomize_seed": False}),
    output="object",
    seconds=60,
    usd_micros=60_000,
)
FLUX = Record(
    name="black-forest-labs/flux-schnell",
    prompt="prompt",
    words="a single object, seen whole from slightly above, plain white background",
    seed="seed",
    # Some 3D models refuse WebP, which is its default.
    fixed=MappingProxyType({"aspect_ratio": "1:1", "num_outputs": 1, "output_format": "png"}),
    makes="preview",
    output="array",
    seconds=5,
    usd_micros=3_000,
    deadline=10 * 60_000,
)
UNIRIG = Record(
    name="aaronjmars/unirig-ai",
    version="9ee496eafcc6ab9789a110a6357e43e5ee8b93cee9ab653bdc6f06a29341ee86",
    mesh="input_mesh",
    seconds=60,
    usd_micros=70_000,
)

GENERATORS: Mapping[str, Record] = MappingProxyType({one.name: one for one in (HUNYUAN, RODIN, TRELLIS)})
"""Those that an owner can choose between."""
DEFAULT_MODEL = HUNYUAN.name
RECORDS: Mapping[str, Record] = MappingProxyType({**GENERATORS, FLUX.name: FLUX, UNIRIG.name: UNIRIG})


def steps(generator: Record, *, pictures: int) -> tuple[str, ...]:
    """A generator that takes no words is shown a picture, which FLUX draws where there is none."""
    return ("generate",) if pictures or generator.prompt else ("draft", "generate")


def model_of(step: str, generator: Record) -> Record:
    """Which model does a step of ``steps``, or a rig."""
    return {"draft": FLUX, "generate": generator, "rig": UNIRIG}[step]
