"""What the nodes that save or show something leave on the disk, and in the history."""

from collections.abc import Callable, Mapping
from typing import Any

from sandbox.vendors.comfyui.disk import Disk, Outside, Place, placed, shown
from sandbox.vendors.comfyui.graph import is_link, literal
from sandbox.vendors.comfyui.making import Makers, metadata_of
from sandbox.vendors.comfyui.prompts import Prompt
from sandbox.vendors.making import FBX_HEADER, Make, spoilt

Shown = dict[str, Any]


class Saving:
    """Does what a node does when it is reached; the files themselves are made when they are read."""

    def __init__(self, disk: Disk) -> None:
        self._disk = disk
        self._makers = Makers(disk)
        self.disable_metadata = False
        """Whether the graph stays out of the files."""
        self._by_class: Mapping[str, Callable[[Prompt, str], Shown]] = {
            "SaveGLB": self._save_model,
            "SaveImage": self._save_picture,
            "PreviewImage": self._save_picture,
            "Preview3D": self._preview_model,
            "Preview3DAnimation": self._preview_model,
            "UniRigApplySkinningMLNew": self._export_rig,
            "UniRigAutoRig": self._export_rig,
            "UniRigPreviewRiggedMesh": self._preview_rig,
            "UniRigSaveRiggedMesh": self._save_rig,
        }

    def result(self, prompt: Prompt, node_id: str) -> Shown:
        """What a node shows, empty for most of them; ``ValueError`` for what it cannot do."""
        do = self._by_class.get(prompt.graph[node_id]["class_type"])
        try:
            return {} if do is None else do(prompt, node_id)
        except Outside as fault:
            raise ValueError("Saving outside the output folder is not allowed.") from fault

    def marks(self, files: Mapping[str, Place]) -> dict[str, str]:
        """By node, what tells the file it reads from others that may lie in its place."""
        found = {node_id: self._disk.find(place) for node_id, place in files.items()}
        return {
            node_id: stored.mark or str(stored.number)
            for node_id, stored in found.items()
            if stored is not None
        }

    def _save_model(self, prompt: Prompt, node_id: str) -> Shown:
        prefix = literal(prompt.graph, prompt.graph[node_id], "filename_prefix", "ComfyUI")
        place = self._disk.next_place("output", prefix, "glb")
        self._save(prompt, place, self._makers.model(prompt.graph, node_id, self._metadata(prompt)))
        return {} if prompt.has_fault("missing_model_url") else {"3d": [shown(place)]}

    def _save_picture(self, prompt: Prompt, node_id: str) -> Shown:
        prefix = literal(prompt.graph, prompt.graph[node_id], "filename_prefix", "ComfyUI_temp")
        folder = "output" if prompt.graph[node_id]["class_type"] == "SaveImage" else "temp"
        place = self._disk.next_place(folder, prefix, "png")
        self._disk.save(place, self._makers.picture(prompt.graph, node_id, self._metadata(prompt)))
        return {"images": [shown(place)]}

    def _preview_model(self, prompt: Prompt, node_id: str) -> Shown:
        path = self._path(prompt, node_id, "model_file")
        if path is None:
            place = self._disk.next_place("output", "preview3d", "glb")
            self._save(prompt, place, self._makers.model(prompt.graph, node_id, {}))
            path = place.path
        return {} if prompt.has_fault("missing_model_url") else {"result": [path, None]}

    def _export_rig(self, prompt: Prompt, node_id: str) -> Shown:
        self._save(prompt, placed("output", self._fbx(prompt, node_id)), _fbx_file)
        return {}

    def _preview_rig(self, prompt: Prompt, node_id: str) -> Shown:
        path = self._path(prompt, node_id, "fbx_output_path")
        return {"fbx_file": [path], "has_skinning": [True], "has_skeleton": [True]}

    def _save_rig(self, prompt: Prompt, node_id: str) -> Shown:
        node = prompt.graph[node_id]
        form = literal(prompt.graph, node, "format")
        name = str(literal(prompt.graph, node, "filename", "rigged_mesh"))
        place = placed("output", f"{name.rpartition('.')[0] or name}.{form}")
        make = self._makers.model(prompt.graph, node_id, {}) if form == "glb" else _fbx_file
        self._save(prompt, place, make)
        return {}

    def _path(self, prompt: Prompt, node_id: str, name: str) -> str | None:
        """The path that an input holds, or the node before it gives; ``None`` for one that gives a model."""
        value = prompt.graph[node_id]["inputs"].get(name, "")
        if not is_link(value):
            return str(value)
        source = prompt.graph[value[0]]
        if source["class_type"] in {"UniRigApplySkinningMLNew", "UniRigAutoRig"}:
            return self._fbx(prompt, value[0])
        if source["class_type"] == "Load3D" and value[1] == 2:
            return str(literal(prompt.graph, source, "model_file"))
        given = literal(prompt.graph, prompt.graph[node_id], name)
        return None if given is None else str(given)

    def _fbx(self, prompt: Prompt, node_id: str) -> str:
        name = literal(prompt.graph, prompt.graph[node_id], "fbx_name", "")
        return f"{name or f'rigged_{prompt.prompt_id[:8]}'}.fbx"

    def _metadata(self, prompt: Prompt) -> dict[str, str]:
        return {} if self.disable_metadata else metadata_of(prompt.graph, prompt.extra_data)

    def _save(self, prompt: Prompt, place: Place, make: Make) -> None:
        """With what is to be wrong with a prompt's files; one whose link is to lead nowhere is not saved."""
        fault = prompt.fault.name if prompt.fault else ""

        async def made() -> bytes:
            return await spoilt(await make(), fault)

        if fault != "expired_links":
            self._disk.save(place, made)


async def _fbx_file() -> bytes:
    return FBX_HEADER
