"""ComfyUI-UniRig, an extension that owners may have: a mesh file in, a rigged file out.

Its nodes changed over time and are all here: first ``RIGGED_MESH`` and a node that saves it (and says
nothing of that in the history), then the name of an FBX file, in two steps or in one. What owners put behind
it to get a GLB differs; here one node stands for all of those.
"""

from sandbox.vendors.comfyui.classes import MOST_SEED, Input, NodeClass, choice, flag, link, real, text, whole

PACK, CONVERTER = "ComfyUI-UniRig", "Sandbox-FBX2glTF"
TEMPLATES = ("auto", "vroid", "mixamo", "smpl", "articulationxl")
WEIGHTS = (
    choice("model_id", "apozz/UniRig-safetensors", "VAST-AI/UniRig", optional=True),
    flag("cache_to_gpu", default=True, optional=True),
)
FACES = whole("target_face_count", 50_000, 10_000, 500_000, optional=True)
SAMPLES = (
    whole("voxel_grid_size", 196, 64, 512, optional=True),
    whole("num_samples", 32768, 8192, 131072, optional=True),
    whole("vertex_samples", 8192, 2048, 32768, optional=True),
    real("voxel_mask_power", 0.5, 0.1, 5.0, optional=True),
)


def _node(
    name: str, inputs: tuple[Input, ...], *outputs: str, is_output: bool = False, work: float = 1.0
) -> NodeClass:
    return NodeClass(name=name, inputs=inputs, outputs=outputs, is_output=is_output, pack=PACK, work=work)


UNIRIG = (
    _node(
        "UniRigLoadMesh",
        (choice("source_folder", "input", "output", "path"), text("file_path")),
        "TRIMESH",
        work=0.3,
    ),
    _node("UniRigLoadSkeletonModel", WEIGHTS, "UNIRIG_SKELETON_MODEL"),
    _node("UniRigLoadSkinningModel", WEIGHTS, "UNIRIG_SKINNING_MODEL"),
    _node("UniRigLoadModel", WEIGHTS, "UNIRIG_MODEL"),
    _node(
        "UniRigExtractSkeleton",
        (link("trimesh", "TRIMESH"), whole("seed", 0, 0, MOST_SEED)),
        "SKELETON",
        "TRIMESH",
        work=4.0,
    ),
    _node(
        "UniRigApplySkinning",
        (link("trimesh", "TRIMESH"), link("skeleton", "SKELETON")),
        "RIGGED_MESH",
        work=4.0,
    ),
    _node(
        "UniRigSaveRiggedMesh",
        (
            link("rigged_mesh", "RIGGED_MESH"),
            text("filename", "rigged_mesh.fbx"),
            choice("format", "fbx", "glb"),
        ),
        is_output=True,
        work=0.3,
    ),
    _node(
        "UniRigExtractSkeletonNew",
        (
            link("trimesh", "TRIMESH"),
            link("skeleton_model", "UNIRIG_SKELETON_MODEL"),
            whole("seed", 0, 0, MOST_SEED),
            choice("skeleton_template", *TEMPLATES, optional=True),
            FACES,
        ),
        "TRIMESH",
        "SKELETON",
        "IMAGE",
        work=4.0,
    ),
    _node(
        "UniRigApplySkinningMLNew",
        (
            link("normalized_mesh", "TRIMESH"),
            link("skeleton", "SKELETON"),
            link("skinning_model", "UNIRIG_SKINNING_MODEL"),
            text("fbx_name", optional=True),
            *SAMPLES,
        ),
        "STRING",
        "IMAGE",
        work=4.0,
    ),
    _node(
        "UniRigAutoRig",
        (
            link("trimesh", "TRIMESH"),
            link("model", "UNIRIG_MODEL"),
            choice("skeleton_template", "mixamo", "articulationxl", optional=True),
            text("fbx_name", optional=True),
            FACES,
        ),
        "STRING",
        work=8.0,
    ),
    _node("UniRigPreviewRiggedMesh", (text("fbx_output_path"),), is_output=True, work=0.3),
)
CONVERSION = (
    NodeClass(
        name="FBXToGLB",
        inputs=(text("fbx_path"),),
        outputs=("FILE_3D_GLB",),
        slots=("model_3d",),
        modern=True,
        pack=CONVERTER,
        work=0.5,
    ),
)
RIGGERS = frozenset({"UniRigApplySkinning", "UniRigApplySkinningMLNew", "UniRigAutoRig"})
"""Those that put the skeleton in."""
