"""Whether a server has what our templates need: version, nodes, and the files they name.

Pure; ``client`` reads ``/object_info``. A combo's choices are listed there in two ways, by
older and newer nodes, and the file names in a graph are choices of such combos.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from providers.comfyui.answers import version_of
from providers.comfyui.templates import Place, Template

_FILES = (".safetensors", ".sft", ".ckpt", ".pt", ".pth", ".bin", ".gguf", ".onnx")


def classes_of(template: Template) -> list[str]:
    """Every node class that a template uses, once."""
    return list(dict.fromkeys(node["class_type"] for node in template.graph.values()))


def too_old(template: Template, version: str) -> str | None:
    """What to tell the owner if the server is older than the template's nodes."""
    needed = template.manifest.comfyui
    if version_of(version) >= version_of(needed):
        return None
    return (
        f"template {template.name} needs ComfyUI {needed}; the server has {version or 'an unknown version'}"
    )


def misfits(template: Template, known: Mapping[str, Any]) -> Iterator[str]:
    """What of a template the server lacks, in words. ``known``: by class, what the server says of it."""
    ours = template.manifest.inputs.places()
    for key, node in template.graph.items():
        kind = node["class_type"]
        where = f"template {template.name}, node {key} ({kind})"
        info = known.get(kind)
        if not isinstance(info, Mapping):
            yield f"{where}: ComfyUI has no such node"
            continue
        for name, value in node["inputs"].items():
            choices = _choices(info, name)
            if Place(key, name) not in ours and _is_missing(value, choices):
                yield f"{where}: {_missing(name, value)}"


def _is_missing(value: Any, choices: Sequence[Any] | None) -> bool:
    return choices is not None and not isinstance(value, list) and value not in choices


def _missing(name: str, value: Any) -> str:
    if isinstance(value, str) and value.lower().endswith(_FILES):
        return f"the file {value} for {name} is not installed"
    return f"{name} cannot be {value!r}"


def _choices(info: Mapping[str, Any], name: str) -> Sequence[Any] | None:
    """What an input may be; ``None`` where it is not one of a list."""
    groups = info.get("input")
    for group in groups.values() if isinstance(groups, Mapping) else ():
        match group.get(name) if isinstance(group, Mapping) else None:
            case [[*choices], *_]:
                return choices
            case [str(), {"options": [*options]}, *_]:
                return [option["key"] if isinstance(option, Mapping) else option for option in options]
    return None
