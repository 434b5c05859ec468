"""The settings as text: ``.env.example``, and a line of it where something is explained."""

from collections.abc import Iterator

from pydantic.fields import FieldInfo

from bot.settings.fields import Fields

_HEAD = (
    "# Copy to .env and fill in what you need; what is commented out shows its default.\n"
    "# A token, key or secret may also come from a file: NAME_FILE=/run/secrets/name\n"
)


def example() -> str:
    """The text of ``.env.example``: every variable with a sentence, defaults commented out."""
    return _HEAD + "".join(_entries())


def _entries() -> Iterator[str]:
    for name, field in Fields.model_fields.items():
        default = default_of(name, field)
        line = f"{name.upper()}=" if default is None else f"# {default}"
        yield f"\n# {field.description}\n{line}\n"


def default_of(name: str, field: FieldInfo) -> str | None:
    """The assignment that changes nothing; none where nothing is set by default."""
    default = field.default
    if default is None:
        return None
    return f"{name.upper()}={','.join(default) if isinstance(default, tuple) else default}"
