"""Where values come from: a ``.env`` file, and files that hold one secret each."""

import difflib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from dotenv import dotenv_values

from bot.settings.fields import Fields, is_secret
from bot.settings.problems import Problem, UnusableSettings
from providers.registry import FACTORIES

_OUR_PREFIXES = (
    *(f"{vendor.upper()}_" for vendor in FACTORIES),
    "DISCORD_",
    "VENDOR_",
    "S3_",
    "QUOTA_",
    "PRICE_",
    "WEB_",
    "LOG_",
    "MEMBER_",
    "CLAMD_",
    "SCAN_",
)
_FILE = "_FILE"


def from_file(env_file: Path | None, *, with_empty: bool = False) -> dict[str, str]:
    """The variables of a ``.env`` file; without one, none.

    Raises ``UnusableSettings`` where the file is no text.
    """
    if env_file is None or not env_file.is_file():
        return {}
    try:
        given = dotenv_values(env_file, interpolate=False)  # a secret may well have a $ in it
    except (OSError, UnicodeDecodeError):
        mend = "It should be a text file in UTF-8 that this user may read."
        problem = Problem(variable=env_file.name, wrong="cannot be read", mend=mend)
        raise UnusableSettings((problem,)) from None  # the cause may hold the file's bytes
    return {name: value or "" for name, value in given.items() if value or with_empty}


def from_secret_files(given: Mapping[str, str]) -> tuple[dict[str, str], list[Problem]]:
    """The secrets that lie in files of their own, by field; and what is wrong with the others."""
    values: dict[str, str] = {}
    problems: list[Problem] = []
    for name in _secrets():
        variable = name.upper() + _FILE
        if variable not in given:
            continue
        found = _secret(variable, name.upper(), given)
        if isinstance(found, Problem):
            problems.append(found)
        else:
            values[name] = found
    return values, problems


def _secret(variable: str, plain: str, given: Mapping[str, str]) -> str | Problem:
    if plain in given:
        return Problem(variable=variable, wrong=f"{plain} is set as well", mend="Keep one of the two.")
    try:
        return Path(given[variable]).read_text("utf-8").strip()
    except (OSError, UnicodeDecodeError, ValueError):
        mend = "Name a text file that this user may read and that holds the secret alone."
        return Problem(variable=variable, wrong="the file cannot be read", mend=mend)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stranger:
    """A variable in ``.env`` that nothing reads, and the one that was perhaps meant."""

    variable: str
    meant: str | None


def strangers(env_file: Path) -> tuple[Stranger, ...]:
    """Variables in the file that look like ours and are not: a slip of the pen, or one of another version."""
    known = _variables()
    found = []
    for name in from_file(env_file, with_empty=True):
        near = difflib.get_close_matches(name.upper(), known, n=1, cutoff=0.85)
        if name not in known and (near or name.upper().startswith(_OUR_PREFIXES)):
            found.append(Stranger(variable=name, meant=near[0] if near else None))
    return tuple(found)


def _variables() -> frozenset[str]:
    plain = {name.upper() for name in Fields.model_fields}
    return frozenset(plain | {name.upper() + _FILE for name in _secrets()})


def _secrets() -> list[str]:
    return [name for name, field in Fields.model_fields.items() if is_secret(field)]
