"""What the owner decides, read once at the door and never changed.

Values come from a mapping (the environment) and from a ``.env`` file under it.
Everything that is wrong is told at once, by the variable's name, and never with
a secret's value. Only ``bot.app`` and ``bot.__main__`` import this; whoever
needs a setting gets it as a plain value.
"""

import difflib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal, Self
from urllib.parse import urlsplit

from dotenv import dotenv_values
from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic.fields import FieldInfo
from pydantic_settings import BaseSettings, NoDecode, PydanticBaseSettingsSource, SettingsConfigDict

Hosts = Annotated[tuple[str, ...], NoDecode]
"""Host names, separated by commas; a port belongs to the name where it is not the usual one."""

Prices = Annotated[tuple[tuple[str, str, int], ...], NoDecode]
"""Vendor, stage and credits."""
_STAGES = ("generate", "rig", "animate")

_OUR_PREFIXES = (
    "DISCORD_",
    "TRIPO_",
    "MESHY_",
    "REPLICATE_",
    "COMFYUI_",
    "S3_",
    "QUOTA_",
    "PRICE_",
    "WEB_",
    "LOG_",
    "MEMBER_",
)
_FILE = "_FILE"
_SECRET_KEY_LENGTH = 32


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


class Settings(BaseSettings):
    """Every field is a variable of the same name in capitals; a secret may come from ``<NAME>_FILE``."""

    model_config = SettingsConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    discord_token: SecretStr | None = Field(
        None, description="The bot's token, from the Bot page of discord.com/developers/applications."
    )
    discord_api_url: str = Field("https://discord.com/api/v10", description="Where Discord's API is.")
    discord_gateway_url: str = Field("wss://gateway.discord.gg", description="Where Discord's gateway is.")
    discord_cdn_hosts: Hosts = Field(
        ("cdn.discordapp.com", "media.discordapp.net"),
        description="Hosts from which members' pictures are taken, separated by commas.",
    )

    tripo_api_key: SecretStr | None = Field(
        None,
        description="The key of your Tripo account (tsk_...), from developers.tripo3d.ai; it costs credits.",
    )
    tripo_api_url: str = Field("https://openapi.tripo3d.ai/v3", description="Where Tripo's API is.")
    tripo_model: str = Field("v3.1-20260211", description="Which of Tripo's models makes the shapes.")
    tripo_webhook_secret: SecretStr | None = Field(
        None, description="The secret (whsec_...) of the webhook that you set up in Tripo's console."
    )
    meshy_api_key: SecretStr | None = Field(
        None, description="The key of your Meshy account (msy_...), from meshy.ai; it costs credits."
    )
    meshy_api_url: str = Field("https://api.meshy.ai", description="Where Meshy's API is.")
    replicate_api_key: SecretStr | None = Field(
        None, description="The token of your Replicate account (r8_...); it costs dollars."
    )
    replicate_api_url: str = Field("https://api.replicate.com/v1", description="Where Replicate's API is.")
    replicate_model: str = Field(
        "tencent/hunyuan-3d-3.1",
        description="Which model on Replicate makes the shapes: tencent/hunyuan-3d-3.1, hyper3d/rodin, or "
        "the cheap firtoz/trellis.",
    )
    comfyui_api_url: str | None = Field(
        None, description="Address of your own ComfyUI, like http://192.168.1.20:8188; it costs nothing."
    )
    comfyui_api_key: SecretStr | None = Field(
        None, description="An Authorization header's value, where a proxy in front of ComfyUI wants one."
    )
    comfyui_workflows: Path | None = Field(
        None, description="Folder with workflow templates of your own, which replace ours."
    )
    comfyui_slots: int = Field(1, ge=1, le=100, description="Jobs the bot has at your ComfyUI at once.")
    default_provider: str = Field(
        "",
        description="Who makes models when a member names nobody: a vendor's name, auto for the cheapest "
        "that can, or empty for the first that is set up.",
    )
    owner_channel_id: int | None = Field(
        None, ge=1, description="A channel of your own that is told when an account at a vendor has trouble."
    )
    download_hosts: Hosts = Field(
        (),
        description="Further hosts (or host:port) from which results may be fetched, separated by commas.",
    )

    data_dir: Path = Field(Path("data"), description="Folder of the database and, without S3, of the files.")
    secret_key: SecretStr | None = Field(
        None,
        description="32 characters or more that protect stored tokens and sign links; "
        "without it a key file in DATA_DIR is made.",
    )
    secret_key_previous: SecretStr | None = Field(
        None,
        description="The secret key used until now, while it is being changed by: python -m bot keys rotate.",
    )

    s3_bucket: str | None = Field(
        None, description="A private bucket for the files; without it they lie in DATA_DIR."
    )
    s3_endpoint_url: str | None = Field(
        None, description="Address of an S3-compatible store; empty for Amazon's own."
    )
    s3_region: str = Field("us-east-1", description="The bucket's region.")
    s3_access_key_id: SecretStr | None = Field(None, description="Key id for the bucket.")
    s3_secret_access_key: SecretStr | None = Field(None, description="Secret key for the bucket.")
    s3_checksums: Literal["when_required", "when_supported"] = Field(
        "when_required",
        description="When uploads carry S3's newer checksums: when_supported or, for stores that do not know "
        "them, when_required.",
    )

    public_url: str | None = Field(
        None, description="Address under which people reach the bot's site, like https://models.example.org."
    )
    web_host: str = Field(
        "127.0.0.1", description="Network address the site listens on; 0.0.0.0 for all of them."
    )
    web_port: int = Field(8080, ge=0, le=65535, description="Port the site listens on; 0 takes a free one.")

    quota_allowance: int = Field(
        10, ge=0, le=1_000_000, description="Credits a member may use in 24 hours in a server."
    )
    price_generate: int = Field(2, ge=0, le=1_000, description="Credits for making a model.")
    price_rig: int = Field(1, ge=0, le=1_000, description="Credits for a skeleton.")
    price_clip: int = Field(1, ge=0, le=1_000, description="Credits for one animation clip.")
    vendor_prices: Prices = Field(
        (), description="Prices that differ at a vendor, separated by commas, like comfyui.generate=1."
    )
    member_daily_cap: int | None = Field(
        None, ge=0, description="Credits a member may use in 24 hours over all servers; empty for no cap."
    )
    bot_daily_cap: int | None = Field(
        None, ge=0, description="Credits everybody together may use in 24 hours; empty for no cap."
    )
    member_running: int = Field(
        2, ge=1, le=100, description="Stages of one member that work at the same time."
    )
    member_waiting: int = Field(
        5, ge=0, le=1_000, description="Jobs of one member that may wait beside those."
    )
    model_max_mb: int = Field(
        200, ge=1, le=2_000, description="Largest model file that is kept, in megabytes."
    )

    log_format: Literal["console", "json"] = Field(
        "console", description="How the log is written: console for people, json for machines."
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        "info", description="What the log holds at least: debug, info, warning or error."
    )

    @field_validator("discord_cdn_hosts", "download_hosts", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        if isinstance(value, str):
            return tuple(host.strip().lower() for host in value.split(",") if host.strip())
        return value

    @field_validator("vendor_prices", mode="before")
    @classmethod
    def _prices(cls, value: object) -> object:
        if not isinstance(value, str):
            return value
        return tuple(_special_price(part.strip()) for part in value.split(",") if part.strip())

    @field_validator(
        "discord_api_url",
        "tripo_api_url",
        "meshy_api_url",
        "replicate_api_url",
        "comfyui_api_url",
        "s3_endpoint_url",
        "public_url",
    )
    @classmethod
    def _web_address(cls, value: str | None) -> str | None:
        return value if value is None else _address(value, ("https", "http"))

    @field_validator("discord_gateway_url")
    @classmethod
    def _socket_address(cls, value: str) -> str:
        return _address(value, ("wss", "ws"))

    @field_validator("secret_key", "secret_key_previous")
    @classmethod
    def _long_enough(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None and len(value.get_secret_value()) < _SECRET_KEY_LENGTH:
            raise ValueError(f"should have {_SECRET_KEY_LENGTH} characters or more")
        return value

    @field_validator("log_level", "log_format", "s3_checksums", mode="before")
    @classmethod
    def _lower(cls, value: object) -> object:
        return value.lower() if isinstance(value, str) else value

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """The environment is an argument of ``from_env``, so that a test can say what it is."""
        del settings_cls, env_settings, dotenv_settings, file_secret_settings
        return (init_settings,)

    @classmethod
    def from_env(cls, environ: Mapping[str, str], env_file: Path | None = None) -> Self:
        """Read the settings; the environment wins over the file, an empty value means "not set".

        Raises ``UnusableSettings`` with everything that is wrong.
        """
        given = {**_read(env_file), **{name: value for name, value in environ.items() if value}}
        values, problems = _from_secret_files(given)
        values |= {name: given[name.upper()] for name in cls.model_fields if name.upper() in given}
        try:
            settings = cls.model_validate(values)
        except ValidationError as error:
            problems += [_problem(str(item["loc"][0]), item["msg"]) for item in error.errors()]
            raise UnusableSettings(tuple(problems)) from None  # the cause would quote what was given
        problems += _missing_partners(settings)
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
        values = (getattr(self, name) for name, field in type(self).model_fields.items() if _is_secret(field))
        return tuple(value.get_secret_value() for value in values if value)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stranger:
    """A variable in ``.env`` that nothing reads, and the one that was perhaps meant."""

    variable: str
    meant: str | None


def strangers(env_file: Path) -> tuple[Stranger, ...]:
    """Variables in the file that look like ours and are not: a slip of the pen, or one of another version."""
    known = _variables()
    found = []
    for name in _read(env_file, with_empty=True):
        near = difflib.get_close_matches(name.upper(), known, n=1, cutoff=0.85)
        if name not in known and (near or name.upper().startswith(_OUR_PREFIXES)):
            found.append(Stranger(variable=name, meant=near[0] if near else None))
    return tuple(found)


def example() -> str:
    """The text of ``.env.example``: every variable with a sentence, defaults commented out."""
    head = (
        "# Copy to .env and fill in what you need; what is commented out shows its default.\n"
        "# A token, key or secret may also come from a file: NAME_FILE=/run/secrets/name\n"
    )
    return head + "".join(_entries())


def _entries() -> Iterator[str]:
    for name, field in Settings.model_fields.items():
        yield f"\n# {field.description}\n{_assignment(name.upper(), field)}\n"


def _assignment(variable: str, field: FieldInfo) -> str:
    default = field.default
    if default is None:
        return f"{variable}="
    return f"# {variable}={','.join(default) if isinstance(default, tuple) else default}"


def _variables() -> frozenset[str]:
    fields = Settings.model_fields
    plain = {name.upper() for name in fields}
    return frozenset(plain | {name.upper() + _FILE for name, field in fields.items() if _is_secret(field)})


def _is_secret(field: FieldInfo) -> bool:
    return field.annotation == (SecretStr | None)


def _read(env_file: Path | None, *, with_empty: bool = False) -> dict[str, str]:
    if env_file is None or not env_file.is_file():
        return {}
    try:
        given = dotenv_values(env_file, interpolate=False)  # a secret may well have a $ in it
    except (OSError, UnicodeDecodeError):
        mend = "It should be a text file in UTF-8 that this user may read."
        problem = Problem(variable=env_file.name, wrong="cannot be read", mend=mend)
        raise UnusableSettings((problem,)) from None  # the cause may hold the file's bytes
    return {name: value or "" for name, value in given.items() if value or with_empty}


def _from_secret_files(given: Mapping[str, str]) -> tuple[dict[str, str], list[Problem]]:
    values: dict[str, str] = {}
    problems: list[Problem] = []
    for name, field in Settings.model_fields.items():
        variable = name.upper() + _FILE
        if not _is_secret(field) or variable not in given:
            continue
        if name.upper() in given:
            problems.append(
                Problem(
                    variable=variable, wrong=f"{name.upper()} is set as well", mend="Keep one of the two."
                )
            )
            continue
        try:
            values[name] = Path(given[variable]).read_text("utf-8").strip()
        except (OSError, UnicodeDecodeError, ValueError):
            problems.append(
                Problem(
                    variable=variable,
                    wrong="the file cannot be read",
                    mend="Name a text file that this user may read and that holds the secret alone.",
                )
            )
    return values, problems


def _missing_partners(settings: Settings) -> list[Problem]:
    """S3's settings make sense together only."""
    wanted = {
        "S3_BUCKET": settings.s3_bucket,
        "S3_ACCESS_KEY_ID": settings.s3_access_key_id,
        "S3_SECRET_ACCESS_KEY": settings.s3_secret_access_key,
    }
    if not (any(wanted.values()) or settings.s3_endpoint_url):
        return []
    return [
        _problem(name.lower(), "is missing beside the other S3 settings")
        for name in wanted
        if not wanted[name]
    ]


def _special_price(text: str) -> tuple[str, str, int]:
    what, _, price = text.partition("=")
    vendor, _, stage = what.strip().lower().partition(".")
    if stage not in _STAGES or not price.strip().isdecimal():
        raise ValueError(f"should be like comfyui.generate=1; the stages are {', '.join(_STAGES)}")
    return vendor, stage, int(price)


def _problem(name: str, wrong: str) -> Problem:
    field = Settings.model_fields[name]
    shown = f" Default: {_assignment(name.upper(), field)[2:]}." if field.default is not None else ""
    words = wrong.removeprefix("Value error, ").removeprefix("Input ").rstrip(".")
    return Problem(variable=name.upper(), wrong=words, mend=f"{field.description}{shown}")


def _address(value: str, schemes: tuple[str, ...]) -> str:
    """The address without a slash at its end, so that paths can be put behind it."""
    try:
        parts = urlsplit(value)
        usable = parts.scheme in schemes and bool(parts.hostname) and parts.port != 0
    except ValueError:
        usable = False
    else:
        usable = usable and not (parts.username or parts.password or parts.query or parts.fragment)
    if not usable:
        raise ValueError(
            f"should be an address like {schemes[0]}://example.org, without a password, ? or # in it"
        )
    return value.rstrip("/")
