"""What is wrong with the settings, in words that never hold a secret's value."""

from dataclasses import dataclass

from bot.settings.fields import Fields
from bot.settings.template import default_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One variable that cannot be used: its name, what is wrong, and how to mend it."""

    variable: str
    wrong: str
    mend: str

    def __str__(self) -> str:
        return f"{self.variable}: {self.wrong}. {self.mend}"


class UnusableSettings(Exception):
    """Some variables cannot be used; ``problems`` has all of them."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = problems


def problem_of(name: str, wrong: str) -> Problem:
    """What is wrong with a field; what it is for and its default are how to mend it."""
    field = Fields.model_fields[name]
    default = default_of(name, field)
    shown = "" if default is None else f" Default: {default}."
    words = wrong.removeprefix("Value error, ").removeprefix("Input ").rstrip(".")
    return Problem(variable=name.upper(), wrong=words, mend=f"{field.description}{shown}")


def missing_partners(fields: Fields) -> list[Problem]:
    """Some settings make sense together only."""
    scanner = fields.clamd_address is None and fields.scan_required
    alone = [problem_of("clamd_address", "is missing beside SCAN_REQUIRED")] if scanner else []
    return alone + _missing_of_s3(fields)


def _missing_of_s3(fields: Fields) -> list[Problem]:
    wanted = {
        "s3_bucket": fields.s3_bucket,
        "s3_access_key_id": fields.s3_access_key_id,
        "s3_secret_access_key": fields.s3_secret_access_key,
    }
    if not (any(wanted.values()) or fields.s3_endpoint_url):
        return []
    return [
        problem_of(name, "is missing beside the other S3 settings")
        for name, value in wanted.items()
        if not value
    ]
