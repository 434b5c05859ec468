"""The models that are served, a record each: what it takes and gives, how long, and for how much.

Times are much shorter than at the real vendor; prices are those that people report for
it. A training ends as a version of a model of one's own.
"""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from sandbox.vendors.replicate.products import Run
from sandbox.vendors.replicate.schemas import (
    LINK,
    LINKS,
    Field,
    flag,
    link,
    links,
    members,
    one_of,
    real,
    text,
    whole,
)
from sandbox.vendors.replicate.studio import Studio
from sandbox.vendors.replicate.training import train

RATIOS = ["1:1", "16:9", "21:9", "3:2", "2:3", "4:5", "5:4", "3:4", "4:3", "9:16", "9:21"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """One model."""

    name: str
    """``owner/name``."""
    description: str
    run: Run
    inputs: Mapping[str, Field]
    output: Field
    seconds: float
    price: Decimal
    """US dollars: for a run, or for each file where ``per_file``."""
    required: Sequence[str] = ()
    version: str
    """Its first one: 64 hexadecimal digits."""
    official: bool = False
    """Called by name, charged for what comes out. Others are called by version, charged for their time."""
    per_file: bool = False
    steps: int = 0
    """How far its log counts; 0 where it does not."""
    trains: bool = False
    """It makes versions of other models, and runs in no other way."""


def recipes(studio: Studio) -> list[Recipe]:
    """All of them."""
    return [_flux(studio), _hunyuan(studio), _rodin(studio), *_community(studio), _trainer()]


def _flux(studio: Studio) -> Recipe:
    return Recipe(
        name="black-forest-labs/flux-schnell",
        description="The fastest image generation model tailored for local development and personal use",
        official=True,
        version="c846a69991daf4c0e5d016514849d14ee5b2e6846ce6b9d6f21369e564cfe51e",
        run=studio.flux,
        seconds=2,
        price=Decimal("0.003"),
        per_file=True,
        steps=4,
        output=LINKS,
        required=["prompt"],
        inputs={
            "prompt": text("Prompt for generated image"),
            "aspect_ratio": one_of("Aspect ratio for the generated image", RATIOS, "1:1"),
            "num_outputs": whole("Number of outputs to generate", 1, 1, 4),
            "num_inference_steps": whole("Number of denoising steps", 4, 1, 4),
            "seed": whole("Random seed. Set for reproducible generation", None),
            "output_format": one_of("Format of the output images", ["webp", "jpg", "png"], "webp"),
            "output_quality": whole("Quality when saving the output images", 80, 0, 100),
            "disable_safety_checker": flag("Disable safety checker for generated images", default=False),
            "go_fast": flag("Run faster predictions with a quantised model", default=True),
            "megapixels": one_of("Approximate number of megapixels", ["1", "0.25"], "1"),
        },
    )


def _hunyuan(studio: Studio) -> Recipe:
    return Recipe(
        name="tencent/hunyuan-3d-3.1",
        description="Generate 3D models from text or images",
        official=True,
        version="3d31a5c0b1f27e4496d8a2c75b0e9f4d6c8137ba52e0f9d48c61b7a3095e2d14",
        run=studio.hunyuan,
        seconds=12,
        price=Decimal("0.50"),
        output=LINK,
        inputs={
            "prompt": text("What to make; not together with an image", maxLength=1024),
            "image": link("A picture of one thing; not together with a prompt"),
            "enable_pbr": flag("Physically based materials", default=False),
            "face_count": whole("How many faces the model is to have", 500_000, 40_000, 1_500_000),
            "generate_type": one_of("Geometry alone comes without texture", ["Normal", "Geometry"], "Normal"),
        },
    )


def _rodin(studio: Studio) -> Recipe:
    return Recipe(
        name="hyper3d/rodin",
        description="3D models from words and pictures, Gen-2",
        official=True,
        version="20d1a7e5c3f94b8860e2d7194cf3a5b68e9170d2c4fb6a8390e15d7c2b4f6a81",
        run=studio.rodin,
        seconds=14,
        price=Decimal("0.40"),
        output=LINK,
        required=["prompt"],
        inputs={
            "prompt": text("What to make"),
            "images": links("Up to five pictures of it", maxItems=5, default=[]),
            "seed": whole("Seed", None),
            "tier": one_of("Which model", ["Gen-2"], "Gen-2"),
            "use_original_alpha": flag("Use the pictures' own transparency", default=False),
            "geometry_file_format": one_of("Format", ["glb", "usdz", "fbx", "obj", "stl"], "glb"),
            "material": one_of("Material", ["PBR", "Shaded", "All"], "PBR"),
            "quality": one_of("How many faces", ["high", "medium", "low", "extra-low"], "medium"),
            "quality_override": whole("How many faces, as a number", None),
            "tapose": flag("Let people stand in T or A pose", default=False),
            "bbox_condition": {"type": "array", "items": {"type": "integer"}, "maxItems": 3},
            "mesh_mode": one_of("Faces of four sides, or of three", ["Quad", "Raw"], "Quad"),
            "addons": {"type": "array", "items": {"type": "string"}, "default": []},
            "preview_render": flag("A picture as well", default=False),
        },
    )


def _trainer() -> Recipe:
    return Recipe(
        name="ostris/flux-dev-lora-trainer",
        description="Fine-tune FLUX.1-dev using ai-toolkit",
        version="26dce37af90b9d997eeb970d92e47de3064d46c300504ae376c75bef6a9022d2",
        run=train,
        trains=True,
        seconds=20,
        price=Decimal("1.00"),
        steps=1000,
        output=members(["weights"]),
        required=["input_images"],
        inputs={
            "input_images": link("A zip of pictures, with captions in text files of the same name"),
            "trigger_word": text("The word that will stand for what is learned", default="TOK"),
            "autocaption": flag("Let a model write the captions", default=True),
            "steps": whole("Number of training steps", 1000, 3, 6000),
            "learning_rate": real("Learning rate", 0.0004),
            "batch_size": whole("Batch size", 1),
            "resolution": text("Image resolutions for training", default="512,768,1024"),
            "lora_rank": whole("LoRA rank", 16, 1, 128),
            "caption_dropout_rate": real("How many captions are left out", 0.05, 0, 1),
            "optimizer": text("Optimizer", default="adamw8bit"),
        },
    )


def trained(studio: Studio, name: str) -> Recipe:
    """What a training makes of FLUX.1-dev, as a model of one's own."""
    return Recipe(
        name=name,
        description="A FLUX.1-dev LoRA",
        version=secrets.token_hex(32),
        run=studio.flux,
        seconds=3,
        price=Decimal("0.03"),
        per_file=True,
        steps=28,
        output=LINKS,
        required=["prompt"],
        inputs={
            "prompt": text("Prompt for generated image; the trigger word belongs into it"),
            "aspect_ratio": one_of("Aspect ratio for the generated image", RATIOS, "1:1"),
            "num_outputs": whole("Number of outputs to generate", 1, 1, 4),
            "lora_scale": real("How strongly what was learned applies", 1, -1, 2),
            "num_inference_steps": whole("Number of denoising steps", 28, 1, 50),
            "model": one_of("Which model to run", ["dev", "schnell"], "dev"),
            "guidance_scale": real("Guidance", 3.5, 0, 10),
            "seed": whole("Random seed. Set for reproducible generation", None),
            "output_format": one_of("Format of the output images", ["webp", "jpg", "png"], "webp"),
            "output_quality": whole("Quality when saving the output images", 90, 0, 100),
            "disable_safety_checker": flag("Disable safety checker for generated images", default=False),
            "megapixels": one_of("Approximate number of megapixels", ["1", "0.25"], "1"),
        },
    )


def _community(studio: Studio) -> list[Recipe]:
    return [
        Recipe(
            name="firtoz/trellis",
            description="A powerful 3D asset generation model",
            version="e8f6c45206993f297372f5436b90350817bd9b4a0d52d2a76df50c1c8afa2b3c",
            run=studio.trellis,
            seconds=8,
            price=Decimal("0.06"),
            steps=24,
            output=members(
                [
                    *("model_file", "color_video", "gaussian_ply", "normal_video", "combined_video"),
                    "no_background_images",
                ]
            ),
            required=["images"],
            inputs={
                "images": links("Pictures of one thing"),
                "seed": whole("Random seed for generation", 0),
                "randomize_seed": flag("Randomize seed", default=True),
                "generate_color": flag("Generate color video render", default=True),
                "generate_normal": flag("Generate normal video render", default=False),
                "generate_model": flag("Generate 3D model file (GLB)", default=False),
                "save_gaussian_ply": flag("Save Gaussian point cloud as PLY", default=False),
                "return_no_background": flag("Return the pictures without background", default=False),
                "texture_size": whole("Texture size of the GLB", 1024, 512, 2048),
                "mesh_simplify": real("How much of the mesh is simplified away", 0.95, 0.9, 0.98),
                "ss_sampling_steps": whole("Sampling steps, first stage", 12, 1, 50),
                "ss_guidance_strength": real("Guidance, first stage", 7.5, 0, 10),
                "slat_sampling_steps": whole("Sampling steps, second stage", 12, 1, 50),
                "slat_guidance_strength": real("Guidance, second stage", 3, 0, 10),
            },
        ),
        Recipe(
            name="aaronjmars/unirig-ai",
            description="Rig any mesh",
            version="9ee496eafcc6ab9789a110a6357e43e5ee8b93cee9ab653bdc6f06a29341ee86",
            run=studio.unirig,
            seconds=6,
            price=Decimal("0.07"),
            output=LINK,
            required=["input_mesh"],
            inputs={"input_mesh": link("The mesh: glb, obj, fbx or vrm, by its name")},
        ),
        Recipe(
            name="tencent/hunyuan3d-2mv",
            description="3D models from several views",
            version="71798fbc3c9f7b7097e3bb85496e5a797d8b8f616b550692e7c3e176a8e9e5db",
            run=studio.multiview,
            seconds=10,
            price=Decimal("0.14"),
            steps=30,
            output=LINK,
            required=["front_image"],
            inputs={
                "front_image": link("From the front"),
                "back_image": link("From behind"),
                "left_image": link("From the left"),
                "right_image": link("From the right"),
                "steps": whole("Inference steps", 30),
                "guidance_scale": real("Guidance", 5),
                "octree_resolution": one_of("Octree resolution", [256, 384, 512], 256),
                "num_chunks": whole("Chunks", 200_000),
                "target_face_num": whole("How many faces", 10_000),
                "file_type": one_of("Format", ["glb", "obj", "ply", "stl"], "glb"),
                "remove_background": flag("Remove the background", default=True),
                "seed": whole("Seed", 1234),
                "randomize_seed": flag("Randomize seed", default=False),
            },
        ),
        Recipe(
            name="cjwbw/shap-e",
            description="Generating conditional 3D implicit functions",
            version="5957069d5c509126a73c7cb68abcddbb985aeefa4d318e7c63ec1352ce6da68c",
            run=studio.shap_e,
            seconds=5,
            price=Decimal("0.01"),
            steps=64,
            output=LINKS,
            inputs={
                "prompt": text("What to make; ignored where an image is given"),
                "image": link("A synthetic view image"),
                "save_mesh": flag("Save the latents as meshes", default=False),
                "batch_size": whole("Number of outputs", 1, 1, 4),
                "render_mode": one_of("Choose a render mode", ["nerf", "stf"], "nerf"),
                "render_size": whole("Size of the renders", 128, 64, 256),
                "guidance_scale": real("Guidance", 15, 0, 20),
            },
        ),
    ]
