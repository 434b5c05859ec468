"""Every setting: its name, its default, and the sentence that explains it."""

from pathlib import Path

from pydantic import Field, SecretStr
from pydantic.fields import FieldInfo
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from bot.settings.values import (
    Checksums,
    Hosts,
    LogFormat,
    LogLevel,
    Prices,
    ReplicateModel,
    ScannerAddress,
    SecretKey,
    SocketAddress,
    VendorOrAuto,
    WebAddress,
)


class Fields(BaseSettings):
    """Every field is a variable of the same name in capitals; a secret may come from ``<NAME>_FILE``."""

    model_config = SettingsConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    discord_token: SecretStr | None = Field(
        None, description="The bot's token, from the Bot page of discord.com/developers/applications."
    )
    discord_api_url: WebAddress = Field("https://discord.com/api/v10", description="Where Discord's API is.")
    discord_gateway_url: SocketAddress = Field(
        "wss://gateway.discord.gg", description="Where Discord's gateway is."
    )
    discord_cdn_hosts: Hosts = Field(
        ("cdn.discordapp.com", "media.discordapp.net"),
        description="Hosts from which members' pictures are taken, separated by commas.",
    )

    tripo_api_key: SecretStr | None = Field(
        None,
        description="The key of your Tripo account (tsk_...), from developers.tripo3d.ai; it costs credits.",
    )
    tripo_api_url: WebAddress = Field("https://openapi.tripo3d.ai/v3", description="Where Tripo's API is.")
    tripo_model: str = Field("v3.1-20260211", description="Which of Tripo's models makes the shapes.")
    tripo_webhook_secret: SecretStr | None = Field(
        None, description="The secret (whsec_...) of the webhook that you set up in Tripo's console."
    )
    meshy_api_key: SecretStr | None = Field(
        None, description="The key of your Meshy account (msy_...), from meshy.ai; it costs credits."
    )
    meshy_api_url: WebAddress = Field("https://api.meshy.ai", description="Where Meshy's API is.")
    replicate_api_key: SecretStr | None = Field(
        None, description="The token of your Replicate account (r8_...); it costs dollars."
    )
    replicate_api_url: WebAddress = Field(
        "https://api.replicate.com/v1", description="Where Replicate's API is."
    )
    replicate_model: ReplicateModel = Field(
        "tencent/hunyuan-3d-3.1",
        description="Which model on Replicate makes the shapes: tencent/hunyuan-3d-3.1, hyper3d/rodin, or "
        "the cheap firtoz/trellis.",
    )
    comfyui_api_url: WebAddress | None = Field(
        None, description="Address of your own ComfyUI, like http://192.168.1.20:8188; it costs nothing."
    )
    comfyui_api_key: SecretStr | None = Field(
        None, description="An Authorization header's value, where a proxy in front of ComfyUI wants one."
    )
    comfyui_workflows: Path | None = Field(
        None, description="Folder with workflow templates of your own, which replace ours."
    )
    comfyui_slots: int = Field(1, ge=1, le=1_000, description="Jobs the bot has at your ComfyUI at once.")
    default_provider: VendorOrAuto = Field(
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

    clamd_address: ScannerAddress | None = Field(
        None,
        description="A ClamAV daemon (host:port, or the path of its socket) that looks at every file first.",
    )
    scan_required: bool = Field(
        False, description="Whether a file is refused when the scanner does not answer: true or false."
    )

    previews: bool = Field(
        True,
        description="Whether the bot films models itself, where the preview packages are installed: "
        "true or false.",
    )

    data_dir: Path = Field(Path("data"), description="Folder of the database and, without S3, of the files.")
    secret_key: SecretKey = Field(
        None,
        description="32 characters or more that protect stored tokens and sign links; "
        "without it a key file in DATA_DIR is made.",
    )
    secret_key_previous: SecretKey = Field(
        None,
        description="The secret key used until now, while it is being changed by: python -m bot keys rotate.",
    )

    s3_bucket: str | None = Field(
        None, description="A private bucket for the files; without it they lie in DATA_DIR."
    )
    s3_endpoint_url: WebAddress | None = Field(
        None, description="Address of an S3-compatible store; empty for Amazon's own."
    )
    s3_region: str = Field("us-east-1", description="The bucket's region.")
    s3_access_key_id: SecretStr | None = Field(None, description="Key id for the bucket.")
    s3_secret_access_key: SecretStr | None = Field(None, description="Secret key for the bucket.")
    s3_checksums: Checksums = Field(
        "when_required",
        description="When uploads carry S3's newer checksums: when_supported or, for stores that do not know "
        "them, when_required.",
    )

    public_url: WebAddress | None = Field(
        None, description="Address under which people reach the bot's site, like https://models.example.org."
    )
    web_host: str = Field(
        "127.0.0.1", description="Network address the site listens on; 0.0.0.0 for all of them."
    )
    web_port: int = Field(8080, ge=0, le=65535, description="Port the site listens on; 0 takes a free one.")
    web_behind_proxy: bool = Field(
        False,
        description="Whether all visitors come through a proxy of yours, whose X-Forwarded-For tells them "
        "apart: true or false.",
    )

    quota_allowance: int = Field(
        10, ge=0, le=1_000_000, description="Credits a member may use in 24 hours in a server."
    )
    price_generate: int = Field(2, ge=0, le=1_000, description="Credits for making a model.")
    price_rig: int = Field(1, ge=0, le=1_000, description="Credits for a skeleton.")
    price_clip: int = Field(1, ge=0, le=1_000, description="Credits for one animation clip.")
    price_retexture: int = Field(1, ge=0, le=1_000, description="Credits for another surface.")
    price_remesh: int = Field(1, ge=0, le=1_000, description="Credits for a copy with fewer faces.")
    price_convert: int = Field(
        1, ge=0, le=1_000, description="Credits for another format that a vendor makes (FBX, OBJ, USDZ)."
    )
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

    log_format: LogFormat = Field(
        "console", description="How the log is written: console for people, json for machines."
    )
    log_level: LogLevel = Field(
        "info", description="What the log holds at least: debug, info, warning or error."
    )

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """The environment is an argument of ``Settings.from_env``, so that a test can say what it is."""
        del settings_cls, env_settings, dotenv_settings, file_secret_settings
        return (init_settings,)


def is_secret(field: FieldInfo) -> bool:
    """Whether its value is hidden, and may be read from a file of its own."""
    return field.annotation == (SecretStr | None)
