"""The core's nodes from words to a picture, and those that load, crop and save."""

from sandbox.vendors.comfyui.classes import (
    MOST_SEED,
    NodeClass,
    choice,
    flag,
    installed,
    link,
    real,
    text,
    whole,
)

SAMPLERS = (
    "euler",
    "euler_ancestral",
    "heun",
    "dpmpp_2m",
    "dpmpp_2m_sde",
    "dpmpp_sde",
    "lcm",
    "ddim",
    "uni_pc",
)
SCHEDULERS = ("normal", "simple", "sgm_uniform", "karras", "exponential", "ddim_uniform", "beta")
MOST_SIDE = 16384

LOADERS = (
    NodeClass(
        name="CheckpointLoaderSimple",
        inputs=(installed("ckpt_name", "checkpoints"),),
        outputs=("MODEL", "CLIP", "VAE"),
    ),
    NodeClass(
        name="ImageOnlyCheckpointLoader",
        inputs=(installed("ckpt_name", "checkpoints"),),
        outputs=("MODEL", "CLIP_VISION", "VAE"),
    ),
    NodeClass(
        name="UNETLoader",
        inputs=(
            installed("unet_name", "diffusion_models"),
            choice("weight_dtype", "default", "fp8_e4m3fn", "fp8_e4m3fn_fast", "fp8_e5m2"),
        ),
        outputs=("MODEL",),
    ),
    NodeClass(name="VAELoader", inputs=(installed("vae_name", "vae"),), outputs=("VAE",)),
    NodeClass(
        name="CLIPVisionLoader", inputs=(installed("clip_name", "clip_vision"),), outputs=("CLIP_VISION",)
    ),
    NodeClass(
        name="CLIPLoader",
        inputs=(
            installed("clip_name", "text_encoders"),
            choice("type", "stable_diffusion", "sd3", "flux", "lumina2", "qwen_image", "flux2"),
            choice("device", "default", "cpu", optional=True),
        ),
        outputs=("CLIP",),
    ),
    NodeClass(
        name="DualCLIPLoader",
        inputs=(
            installed("clip_name1", "text_encoders"),
            installed("clip_name2", "text_encoders"),
            choice("type", "sdxl", "sd3", "flux"),
            choice("device", "default", "cpu", optional=True),
        ),
        outputs=("CLIP",),
    ),
    NodeClass(
        name="LoraLoaderModelOnly",
        inputs=(
            link("model", "MODEL"),
            installed("lora_name", "loras"),
            real("strength_model", 1.0, -100.0, 100.0),
        ),
        outputs=("MODEL",),
    ),
    NodeClass(name="LoadImage", inputs=(installed("image", "input"),), outputs=("IMAGE", "MASK"), work=0.2),
    NodeClass(
        name="LoadBackgroundRemovalModel",
        inputs=(installed("bg_removal_name", "background_removal"),),
        outputs=("BACKGROUND_REMOVAL",),
        slots=("bg_model",),
        modern=True,
        since=(0, 34),
    ),
)
CONDITIONING = (
    NodeClass(
        name="CLIPTextEncode",
        inputs=(text("text"), link("clip", "CLIP")),
        outputs=("CONDITIONING",),
        work=0.3,
    ),
    NodeClass(
        name="CLIPVisionEncode",
        inputs=(link("clip_vision", "CLIP_VISION"), link("image", "IMAGE"), choice("crop", "center", "none")),
        outputs=("CLIP_VISION_OUTPUT",),
    ),
    NodeClass(
        name="ConditioningZeroOut",
        inputs=(link("conditioning", "CONDITIONING"),),
        outputs=("CONDITIONING",),
        work=0.1,
    ),
    NodeClass(
        name="FluxGuidance",
        inputs=(link("conditioning", "CONDITIONING"), real("guidance", 3.5, 0.0, 100.0)),
        outputs=("CONDITIONING",),
        modern=True,
        work=0.1,
    ),
)
SAMPLING = (
    *(
        NodeClass(
            name=name,
            inputs=(
                whole("width", 1024, 16, MOST_SIDE),
                whole("height", 1024, 16, MOST_SIDE),
                whole("batch_size", 1, 1, 4096),
            ),
            outputs=("LATENT",),
            modern=name != "EmptyLatentImage",
            work=0.1,
        )
        for name in ("EmptyLatentImage", "EmptySD3LatentImage")
    ),
    *(
        NodeClass(
            name=name,
            inputs=(link("model", "MODEL"), real("shift", 3.0, 0.0, 100.0)),
            outputs=("MODEL",),
            work=0.1,
        )
        for name in ("ModelSamplingSD3", "ModelSamplingAuraFlow")
    ),
    NodeClass(
        name="RescaleCFG",
        inputs=(link("model", "MODEL"), real("multiplier", 0.7, 0.0, 1.0)),
        outputs=("MODEL",),
        work=0.1,
    ),
    NodeClass(
        name="CFGOverride",
        inputs=(
            link("model", "MODEL"),
            real("cfg", 1.0, 0.0, 100.0),
            real("start_percent", 0.0, 0.0, 1.0),
            real("end_percent", 1.0, 0.0, 1.0),
        ),
        outputs=("MODEL",),
        modern=True,
        since=(0, 34),
        work=0.1,
    ),
    NodeClass(
        name="KSampler",
        inputs=(
            link("model", "MODEL"),
            whole("seed", 0, 0, MOST_SEED),
            whole("steps", 20, 1, 10000),
            real("cfg", 8.0, 0.0, 100.0),
            choice("sampler_name", *SAMPLERS),
            choice("scheduler", *SCHEDULERS),
            link("positive", "CONDITIONING"),
            link("negative", "CONDITIONING"),
            link("latent_image", "LATENT"),
            real("denoise", 1.0, 0.0, 1.0),
        ),
        outputs=("LATENT",),
        work=8.0,
    ),
    NodeClass(
        name="VAEDecode",
        inputs=(link("samples", "LATENT"), link("vae", "VAE")),
        outputs=("IMAGE",),
    ),
)
PICTURES = (
    NodeClass(
        name="SaveImage",
        inputs=(link("images", "IMAGE"), text("filename_prefix", "ComfyUI")),
        is_output=True,
        work=0.3,
    ),
    NodeClass(name="PreviewImage", inputs=(link("images", "IMAGE"),), is_output=True, work=0.3),
    NodeClass(name="InvertMask", inputs=(link("mask", "MASK"),), outputs=("MASK",), modern=True, work=0.1),
    NodeClass(
        name="RemoveBackground",
        inputs=(
            link("bg_removal_model", "BACKGROUND_REMOVAL"),
            link("image", "IMAGE"),
            whole("resolution", 1024, 256, 4096, optional=True),
        ),
        outputs=("MASK",),
        slots=("mask",),
        modern=True,
        since=(0, 34),
    ),
    NodeClass(
        name="ImageCropToMask",
        inputs=(
            link("images", "IMAGE"),
            link("masks", "MASK"),
            whole("width", 1024, 64, 4096),
            whole("height", 1024, 64, 4096),
            real("pad_factor", 1.0, 1.0, 2.0),
            whole("grow_mask", 0, -32, 32),
            text("background", "#000000"),
        ),
        outputs=("IMAGE",),
        modern=True,
        since=(0, 34),
        work=0.2,
    ),
)
PRIMITIVES = tuple(
    NodeClass(name=name, inputs=(one,), outputs=(one.type,), modern=True, work=0.0)
    for name, one in {
        "PrimitiveString": text("value"),
        "PrimitiveStringMultiline": text("value"),
        "PrimitiveInt": whole("value", 0, -(2**63), MOST_SEED),
        "PrimitiveFloat": real("value", 0.0, -1e38, 1e38),
        "PrimitiveBoolean": flag("value", default=False),
    }.items()
)
CORE = (*LOADERS, *CONDITIONING, *SAMPLING, *PICTURES, *PRIMITIVES)
