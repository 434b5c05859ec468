"""Graphs in API format, written from what is known of the real server's templates."""

from typing import Any

Graph = dict[str, Any]


def node(kind: str, **inputs: Any) -> dict[str, Any]:
    return {"class_type": kind, "inputs": inputs, "_meta": {"title": kind}}


def sampler(model: str, conditioning: str, latent: list[Any], **changes: Any) -> dict[str, Any]:
    return node(
        "KSampler",
        model=[model, 0],
        positive=[conditioning, 0],
        negative=[conditioning, 1],
        latent_image=latent,
        **{
            "seed": 7,
            "steps": 12,
            "cfg": 7.5,
            "sampler_name": "euler",
            "scheduler": "normal",
            "denoise": 1.0,
        }
        | changes,
    )


def image(text: str = "a brass owl", *, seed: int = 7) -> Graph:
    """From words to a picture that is saved."""
    drawn = sampler("ckpt", "pos", ["latent", 0], steps=20, seed=seed)
    drawn["inputs"]["negative"] = ["neg", 0]
    return {
        "ckpt": node("CheckpointLoaderSimple", ckpt_name="sd_xl_base_1.0.safetensors"),
        "pos": node("CLIPTextEncode", text=text, clip=["ckpt", 1]),
        "neg": node("CLIPTextEncode", text="blurred crimson", clip=["ckpt", 1]),
        "latent": node("EmptyLatentImage", width=1024, height=1024, batch_size=1),
        "draw": drawn,
        "decode": node("VAEDecode", samples=["draw", 0], vae=["ckpt", 2]),
        "concept": node("SaveImage", images=["decode", 0], filename_prefix="concept"),
    }


def trellis(picture: list[Any], mask: list[Any], *, seed: int = 7) -> Graph:
    """From a picture and its mask to textured voxels: node names and settings of native TRELLIS.2."""
    return {
        "crop": node(
            "ImageCropToMask", images=picture, masks=mask, width=1024, height=1024,
            pad_factor=1.0, grow_mask=0, background="#000000",
        ),
        "dino": node("CLIPVisionLoader", clip_name="dino_v3_vit_l.safetensors"),
        "svae": node("VAELoader", vae_name="trellis_2_shape_vae_bf16.safetensors"),
        "tvae": node("VAELoader", vae_name="trellis_2_texture_vae_bf16.safetensors"),
        "unet": node("UNETLoader", unet_name="trellis_2_int8_convrot.safetensors", weight_dtype="default"),
        "ms1": node("CFGOverride", model=["unet", 0], cfg=1.0, start_percent=0.667, end_percent=1.0),
        "ms2": node("RescaleCFG", model=["ms1", 0], multiplier=0.7),
        "ms": node("ModelSamplingSD3", model=["ms2", 0], shift=5.0),
        "mh1": node("CFGOverride", model=["unet", 0], cfg=1.0, start_percent=0.769, end_percent=1.0),
        "mh": node("RescaleCFG", model=["mh1", 0], multiplier=0.5),
        "cond": node("Trellis2Conditioning", clip_vision_model=["dino", 0], image=["crop", 0]),
        "empty": node("EmptyTrellis2LatentStructure", batch_size=1),
        "s1": sampler("ms", "cond", ["empty", 0], seed=seed),
        "vox": node("VaeDecodeStructureTrellis2", samples=["s1", 0], vae=["svae", 0], resolution="32"),
        "st": node("Trellis2ShapeStage", positive=["cond", 0], negative=["cond", 1], voxel=["vox", 0]),
        "s2": sampler("mh", "st", ["st", 2], steps=20, seed=seed),
        "up": node(
            "Trellis2UpsampleStage", positive=["st", 0], negative=["st", 1],
            shape_latent=["s2", 0], vae=["svae", 0], target_resolution=1024,
        ),
        "s3": sampler("mh", "up", ["up", 2], scheduler="simple", seed=seed),
        "mesh": node("VaeDecodeShapeTrellis", samples=["s3", 0], vae=["svae", 0]),
        "tt": node("Trellis2TextureStage", positive=["up", 0], negative=["up", 1], shape_latent=["s3", 0]),
        "s4": sampler("unet", "tt", ["tt", 2], cfg=1.0, seed=seed + 1),
        "col": node(
            "VaeDecodeTextureTrellis", samples=["s4", 0], vae=["tvae", 0], shape_subdivides=["mesh", 1]
        ),
    }  # fmt: skip


def baked(prefix: str) -> Graph:
    """What makes of mesh and voxels a textured model, and saves it."""
    return {
        "remesh": node(
            "RemeshMesh", mesh=["mesh", 0], resolution=512, sign_mode="udf",
            **{
                "sign_mode.qef": True,
                "sign_mode.drop_inverted_components": True,
                "sign_mode.drop_enclosed_components": True,
            },
        ),
        "fewer": node(
            "DecimateMesh", mesh=["remesh", 0], target_face_count=20_000, placement_mode="midpoint"
        ),
        "smooth": node("MeshSmoothNormals", mesh=["fewer", 0], crease_angle=180),
        "flat": node(
            "UnwrapMesh", mesh=["smooth", 0], segmenter="pec",
            resolution=1024, padding=2, weld_distance=0.0002,
        ),
        "bake": node(
            "BakeTextureFromVoxel", mesh=["flat", 0], voxel_colors=["col", 0],
            texture_size=2048, reference_mesh=["remesh", 0],
        ),
        "paint": node(
            "ApplyTextureToMesh", mesh=["flat", 0], base_color=["bake", 0],
            metallic=["bake", 1], roughness=["bake", 2],
        ),
        "save": node("SaveGLB", mesh=["paint", 0], filename_prefix=prefix),
    }  # fmt: skip


def image_to_3d(name: str = "owl.png", *, prefix: str = "mesh/job1", seed: int = 7) -> Graph:
    return {
        "img": node("LoadImage", image=name),
        "mask": node("InvertMask", mask=["img", 1]),
        **trellis(["img", 0], ["mask", 0], seed=seed),
        **baked(prefix),
    }


def text_to_3d(text: str = "a brass owl", *, prefix: str = "mesh/job1", seed: int = 7) -> Graph:
    return {
        **image(text, seed=seed),
        "bg": node("LoadBackgroundRemovalModel", bg_removal_name="birefnet.safetensors"),
        "mask": node("RemoveBackground", bg_removal_model=["bg", 0], image=["decode", 0]),
        **trellis(["decode", 0], ["mask", 0], seed=seed),
        **baked(prefix),
    }


def painted(text: str = "a brass owl", *, prefix: str = "mesh/job1", seed: int = 7) -> Graph:
    """The short way: colours at the corners instead of a texture."""
    graph = text_to_3d(text, prefix=prefix, seed=seed)
    for name in baked(prefix):
        del graph[name]
    return graph | {
        "paint": node("PaintMesh", mesh=["mesh", 0], voxel_colors=["col", 0]),
        "save": node("SaveGLB", mesh=["paint", 0], filename_prefix=prefix),
    }


def hunyuan(name: str = "owl.png") -> Graph:
    """Geometry alone, as older servers make it."""
    return {
        "ckpt": node("ImageOnlyCheckpointLoader", ckpt_name="hunyuan3d-dit-v2_fp16.safetensors"),
        "img": node("LoadImage", image=name),
        "see": node("CLIPVisionEncode", clip_vision=["ckpt", 1], image=["img", 0], crop="none"),
        "cond": node("Hunyuan3Dv2Conditioning", clip_vision_output=["see", 0]),
        "empty": node("EmptyLatentHunyuan3Dv2", resolution=3072, batch_size=1),
        "shift": node("ModelSamplingAuraFlow", model=["ckpt", 0], shift=1.0),
        "s1": sampler("shift", "cond", ["empty", 0], steps=30),
        "vox": node(
            "VAEDecodeHunyuan3D", samples=["s1", 0], vae=["ckpt", 2], num_chunks=8000, octree_resolution=256
        ),
        "mesh": node("VoxelToMesh", voxel=["vox", 0], algorithm="surface net", threshold=0.6),
        "save": node("SaveGLB", mesh=["mesh", 0], filename_prefix="mesh/grey"),
    }


def rig(path: str = "3d/owl.glb", *, template: str = "mixamo") -> Graph:
    """In two steps, to an FBX."""
    return {
        "load": node("UniRigLoadMesh", source_folder="input", file_path=path),
        "bones": node("UniRigLoadSkeletonModel"),
        "skin": node("UniRigLoadSkinningModel"),
        "skeleton": node(
            "UniRigExtractSkeletonNew", trimesh=["load", 0], skeleton_model=["bones", 0],
            seed=7, skeleton_template=template,
        ),
        "rig": node(
            "UniRigApplySkinningMLNew", normalized_mesh=["skeleton", 0], skeleton=["skeleton", 1],
            skinning_model=["skin", 0], fbx_name="job1",
        ),
        "show": node("UniRigPreviewRiggedMesh", fbx_output_path=["rig", 0]),
    }  # fmt: skip


def rig_in_one_step(path: str = "3d/owl.glb", *, prefix: str = "mesh/job1", **changes: str) -> Graph:
    """The later way, with a converter behind it."""
    return {
        "load": node("UniRigLoadMesh", source_folder="input", file_path=path),
        "weights": node("UniRigLoadModel"),
        "rig": node("UniRigAutoRig", trimesh=["load", 0], model=["weights", 0], **changes),
        "convert": node("FBXToGLB", fbx_path=["rig", 0]),
        "save": node("SaveGLB", mesh=["convert", 0], filename_prefix=prefix),
    }


def rig_to_glb(path: str = "3d/owl.glb", *, name: str = "rigged.glb") -> Graph:
    """As earlier nodes do it: to a GLB that no history names, and so is named by hand."""
    return {
        "load": node("UniRigLoadMesh", source_folder="input", file_path=path),
        "skeleton": node("UniRigExtractSkeleton", trimesh=["load", 0], seed=7),
        "rig": node("UniRigApplySkinning", trimesh=["load", 0], skeleton=["skeleton", 0]),
        "save": node("UniRigSaveRiggedMesh", rigged_mesh=["rig", 0], filename=name, format="glb"),
        "show": node("Preview3D", model_file=name),
    }
