"""The settings as the rest of the bot gets them: read once, all problems at once."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Self

from pydantic import SecretStr, ValidationError

from bot.settings.fields import Fields, is_secret
from bot.settings.problems import UnusableSettings, missing_partners, problem_of
from bot.settings.sources import from_file, from_secret_files


class Settings(Fields):
    """What the owner decided; it never changes afterwards."""

    @classmethod
    def from_env(cls, environ: Mapping[str, str], env_file: Path | None = None) -> Self:
        """Read the settings; the environment wins over the file, an empty value means "not set".

        Raises ``UnusableSettings`` with everything that is wrong.
        """
        given = {**from_file(env_file), **{name: value for name, value in environ.items() if value}}
        values, problems = from_secret_files(given)
        values |= {name: given[name.upper()] for name in cls.model_fields if name.upper() in given}
        try:
            settings = cls.model_validate(values)
        except ValidationError as error:
            problems += [problem_of(str(item["loc"][0]), item["msg"]) for item in error.errors()]
            raise UnusableSettings(tuple(problems)) from None  # the cause would quote what was given
        problems += missing_partners(settings)
        if problems:
            raise UnusableSettings(tuple(problems))
        return settings

    def of_vendor(self, name: str) -> dict[str, Any]:
        """What is set for one vendor, by the rest of the variable's name; secrets as text."""
        prefix = f"{name}_"
        given = {
            field.removeprefix(prefix): getattr(self, field)
            for field in type(self).model_fields
            if field.startswith(prefix)
        }
        return {
            word: value.get_secret_value() if isinstance(value, SecretStr) else value
            for word, value in given.items()
            if value is not None
        }

    def secret_values(self) -> tuple[str, ...]:
        """All secrets that are set, so that the log can hide them."""
        values = (getattr(self, name) for name, field in type(self).model_fields.items() if is_secret(field))
        return tuple(value.get_secret_value() for value in values if value)
