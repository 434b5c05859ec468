"""The core's nodes for models: TRELLIS.2 with its textures, Hunyuan3D, and files in and out."""

from sandbox.vendors.comfyui.classes import (
    Input,
    NodeClass,
    choice,
    dynamic,
    flag,
    installed,
    link,
    real,
    text,
    whole,
)

FILES = "FILE_3D_GLB,FILE_3D_GLTF,FILE_3D_OBJ,FILE_3D_FBX,FILE_3D_STL,FILE_3D_USDZ,FILE_3D"
TRELLIS = (0, 34)
"""The first version with TRELLIS.2 and what turns its voxels into a textured mesh."""
MOST_FACES = 50_000_000

MESH = link("mesh", "MESH")
STAGE = ("CONDITIONING", "CONDITIONING", "LATENT")
STAGED = (link("positive", "CONDITIONING"), link("negative", "CONDITIONING"))


def _trellis(
    name: str,
    inputs: tuple[Input, ...],
    outputs: tuple[str, ...],
    *,
    slots: tuple[str, ...] = (),
    work: float = 1.0,
) -> NodeClass:
    return NodeClass(
        name=name, inputs=inputs, outputs=outputs, slots=slots, modern=True, since=TRELLIS, work=work
    )


TRELLIS2 = (
    _trellis(
        "Trellis2Conditioning",
        (link("clip_vision_model", "CLIP_VISION"), link("image", "IMAGE")),
        STAGE[:2],
        slots=("positive", "negative"),
    ),
    _trellis("EmptyTrellis2LatentStructure", (whole("batch_size", 1, 1, 4096),), ("LATENT",), work=0.1),
    _trellis(
        "VaeDecodeStructureTrellis2",
        (link("samples", "LATENT"), link("vae", "VAE"), choice("resolution", "32", "64")),
        ("VOXEL",),
    ),
    _trellis("Trellis2ShapeStage", (*STAGED, link("voxel", "VOXEL")), STAGE, work=0.2),
    _trellis(
        "Trellis2UpsampleStage",
        (
            *STAGED,
            link("shape_latent", "LATENT"),
            link("vae", "VAE"),
            whole("target_resolution", 1024, 1024, 2048),
        ),
        STAGE,
        work=2.0,
    ),
    _trellis("Trellis2TextureStage", (*STAGED, link("shape_latent", "LATENT")), STAGE, work=0.2),
    _trellis(
        "VaeDecodeShapeTrellis",
        (link("samples", "LATENT"), link("vae", "VAE")),
        ("MESH", "SHAPE_SUBDIVIDES"),
        slots=("mesh", "shape_subdivides"),
        work=2.0,
    ),
    _trellis(
        "VaeDecodeTextureTrellis",
        (link("samples", "LATENT"), link("vae", "VAE"), link("shape_subdivides", "SHAPE_SUBDIVIDES")),
        ("VOXEL",),
        slots=("voxel_colors",),
        work=2.0,
    ),
)
MESHES = (
    _trellis("PaintMesh", (MESH, link("voxel_colors", "VOXEL")), ("MESH",), work=0.5),
    _trellis(
        "RemeshMesh",
        (
            MESH,
            whole("target_faces", 0, 0, MOST_FACES, optional=True),
            whole("resolution", 256, 32, 1024),
            dynamic(
                "sign_mode",
                udf=(
                    flag("qef", default=True),
                    flag("drop_inverted_components", default=True),
                    flag("drop_enclosed_components", default=True),
                ),
                sdf=(flag("qef", default=True), flag("manifold", default=False)),
            ),
            real("band", 1.0, 0.0, 8.0, optional=True),
            real("project_back", 0.0, 0.0, 1.0, optional=True),
            flag("fix_poles", default=False, optional=True),
            whole("smooth_iters", 0, 0, 100, optional=True),
            real("drop_small_components", 0.0, 0.0, 1.0, optional=True),
            whole("precluster_max_verts", 20_000_000, 0, 2**31 - 1, optional=True),
        ),
        ("MESH",),
        work=2.0,
    ),
    _trellis(
        "DecimateMesh",
        (
            MESH,
            whole("target_face_count", 200_000, 0, MOST_FACES),
            dynamic(
                "placement_mode",
                midpoint=(),
                qem=(
                    real("line_quadric_weight", 0.0, 0.0, 100.0),
                    real("feature_edge_quadric_weight", 0.0, 0.0, 1000.0),
                    real("feature_edge_min_dihedral_deg", 30.0, 0.0, 180.0),
                    flag("clamp_v_to_edge", default=True),
                ),
            ),
        ),
        ("MESH",),
    ),
    _trellis("MeshSmoothNormals", (MESH, real("crease_angle", 180.0, 0.0, 180.0)), ("MESH",), work=0.2),
    _trellis(
        "UnwrapMesh",
        (
            MESH,
            choice("segmenter", "pec", "adaptive"),
            whole("resolution", 1024, 0, 8192),
            whole("padding", 1, 0, 16),
            real("weld_distance", 0.0, 0.0, 1.0),
        ),
        ("MESH",),
        work=2.0,
    ),
    _trellis(
        "BakeTextureFromVoxel",
        (
            MESH,
            link("voxel_colors", "VOXEL"),
            whole("texture_size", 2048, 64, 8192),
            link("reference_mesh", "MESH", optional=True),
        ),
        ("IMAGE", "IMAGE", "IMAGE"),
        slots=("base_color", "metallic", "roughness"),
        work=2.0,
    ),
    *(
        _trellis(
            name,
            (link("low_poly", "MESH"), link("high_poly", "MESH"), whole("resolution", 2048, 64, 8192), *more),
            ("IMAGE",),
        )
        for name, more in {
            "BakeNormalMapFromMesh": (
                real("cage_distance", 0.05, 0.0, 1.0),
                flag("ignore_backfaces", default=True),
            ),
            "BakeAmbientOcclusion": (
                whole("samples", 128, 1, 4096),
                real("max_distance", 0.7, 0.0, 10.0),
                real("strength", 1.0, 0.0, 10.0),
                real("bias", 0.01, 0.0, 1.0),
            ),
        }.items()
    ),
    _trellis(
        "ApplyTextureToMesh",
        (
            MESH,
            link("base_color", "IMAGE"),
            *(
                link(name, "IMAGE", optional=True)
                for name in ("metallic", "roughness", "occlusion", "normal_map")
            ),
        ),
        ("MESH",),
        work=0.2,
    ),
    _trellis("MeshToFile3D", (MESH,), ("FILE_3D_GLB",), slots=("model_3d",), work=0.2),
)
HUNYUAN = (
    NodeClass(
        name="EmptyLatentHunyuan3Dv2",
        inputs=(whole("resolution", 3072, 1, 8192), whole("batch_size", 1, 1, 4096)),
        outputs=("LATENT",),
        modern=True,
        work=0.1,
    ),
    NodeClass(
        name="Hunyuan3Dv2Conditioning",
        inputs=(link("clip_vision_output", "CLIP_VISION_OUTPUT"),),
        outputs=STAGE[:2],
        slots=("positive", "negative"),
        modern=True,
        work=0.2,
    ),
    NodeClass(
        name="Hunyuan3Dv2ConditioningMultiView",
        inputs=tuple(
            link(side, "CLIP_VISION_OUTPUT", optional=True) for side in ("front", "left", "back", "right")
        ),
        outputs=STAGE[:2],
        slots=("positive", "negative"),
        modern=True,
        work=0.2,
    ),
    NodeClass(
        name="VAEDecodeHunyuan3D",
        inputs=(
            link("samples", "LATENT"),
            link("vae", "VAE"),
            whole("num_chunks", 8000, 1000, 500_000),
            whole("octree_resolution", 256, 16, 512),
        ),
        outputs=("VOXEL",),
        modern=True,
        work=3.0,
    ),
    NodeClass(
        name="VoxelToMesh",
        inputs=(
            link("voxel", "VOXEL"),
            choice("algorithm", "surface net", "basic"),
            real("threshold", 0.6, -1.0, 1.0),
        ),
        outputs=("MESH",),
        modern=True,
    ),
)
IN_AND_OUT = (
    NodeClass(
        name="SaveGLB",
        inputs=(link("mesh", f"MESH,{FILES}"), text("filename_prefix", "3d/ComfyUI")),
        is_output=True,
        modern=True,
        work=0.3,
        category="3d",
    ),
    *(
        NodeClass(
            name=name,
            inputs=(
                Input(name="model_file", type=f"STRING,{FILES}", default=""),
                link("camera_info", "LOAD3D_CAMERA", optional=True),
                link("bg_image", "IMAGE", optional=True),
            ),
            is_output=True,
            modern=True,
            work=0.1,
            category="3d",
        )
        for name in ("Preview3D", "Preview3DAnimation")
    ),
    NodeClass(
        name="Load3D",
        inputs=(
            installed("model_file", "3d"),
            link("image", "LOAD_3D"),
            whole("width", 1024, 1, 4096),
            whole("height", 1024, 1, 4096),
        ),
        outputs=("IMAGE", "MASK", "STRING", "IMAGE", "LOAD3D_CAMERA", "VIDEO", "FILE_3D"),
        slots=("image", "mask", "mesh_path", "normal", "camera_info", "recording_video", "model_3d"),
        modern=True,
        category="3d",
    ),
)
SHAPES = (*TRELLIS2, *MESHES, *HUNYUAN, *IN_AND_OUT)
