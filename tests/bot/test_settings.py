from pathlib import Path

import pytest
from pydantic import ValidationError

from bot.settings import Settings, UnusableSettings, example, strangers

FULL_S3 = {"S3_BUCKET": "shelf", "S3_ACCESS_KEY_ID": "id", "S3_SECRET_ACCESS_KEY": "hush-hush"}


def problems(environ: dict[str, str], env_file: Path | None = None) -> dict[str, str]:
    with pytest.raises(UnusableSettings) as caught:
        Settings.from_env(environ, env_file)
    return {problem.variable: str(problem) for problem in caught.value.problems}


def test_nothing_has_to_be_set() -> None:
    settings = Settings.from_env({})

    assert settings.discord_token is None
    assert settings.quota_allowance == 10
    assert (settings.price_generate, settings.price_rig, settings.price_clip) == (2, 1, 1)


def test_the_environment_wins_over_the_file_and_an_empty_value_is_no_value(tmp_path: Path) -> None:
    env_file = tmp_path / ".env"
    env_file.write_text("WEB_PORT=1111\nQUOTA_ALLOWANCE=3\nPRICE_RIG=\n")

    settings = Settings.from_env({"WEB_PORT": "2222", "QUOTA_ALLOWANCE": ""}, env_file)

    assert (settings.web_port, settings.quota_allowance, settings.price_rig) == (2222, 3, 1)


def test_a_missing_file_is_as_good_as_an_empty_one(tmp_path: Path) -> None:
    assert Settings.from_env({}, tmp_path / "none") == Settings.from_env({})


def test_a_file_that_is_no_text_is_told(tmp_path: Path) -> None:
    (tmp_path / ".env").write_bytes(b"DISCORD_TOKEN=\xff\xfe")

    assert "UTF-8" in problems({}, tmp_path / ".env")[".env"]


def test_a_secret_in_the_file_is_taken_as_it_is(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("DISCORD_TOKEN=a${HOME}b\n")

    token = Settings.from_env({}, tmp_path / ".env").discord_token

    assert token is not None
    assert token.get_secret_value() == "a${HOME}b"


def test_lists_are_separated_by_commas() -> None:
    settings = Settings.from_env({"DOWNLOAD_HOSTS": " 127.0.0.1:8123, Files.example.org,, "})

    assert settings.download_hosts == ("127.0.0.1:8123", "files.example.org")


def test_prices_that_differ_are_told_by_vendor_and_stage() -> None:
    settings = Settings.from_env({"VENDOR_PRICES": " comfyui.generate=0, Tripo.Animate = 3,"})

    assert settings.vendor_prices == (("comfyui", "generate", 0), ("tripo", "animate", 3))


@pytest.mark.parametrize("said", ["auto", "comfyui", "Meshy"])
def test_whoever_makes_models_by_default_is_somebody_that_there_is(said: str) -> None:
    assert Settings.from_env({"DEFAULT_PROVIDER": said}).default_provider == said.lower()


def test_a_vendor_gets_what_is_set_for_it_by_the_rest_of_the_name() -> None:
    settings = Settings.from_env({"COMFYUI_API_URL": "http://gpu:8188", "COMFYUI_API_KEY": "Basic x"})

    assert settings.of_vendor("comfyui") == {"api_url": "http://gpu:8188", "api_key": "Basic x", "slots": 1}


def test_addresses_lose_their_last_slash() -> None:
    assert Settings.from_env({"PUBLIC_URL": "https://m.example.org/"}).public_url == "https://m.example.org"


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("WEB_PORT", "http"),
        ("WEB_PORT", "70000"),
        ("QUOTA_ALLOWANCE", "-1"),
        ("QUOTA_ALLOWANCE", "2.5"),
        ("MEMBER_RUNNING", "0"),
        ("BOT_DAILY_CAP", "lots"),
        ("CLAMD_ADDRESS", "clamav"),
        ("CLAMD_ADDRESS", "clamav:99999"),
        ("CLAMD_ADDRESS", ":3310"),
        ("SCAN_REQUIRED", "perhaps"),
        ("PUBLIC_URL", "models.example.org"),
        ("PUBLIC_URL", "https://"),
        ("PUBLIC_URL", "https://[oops"),
        ("PUBLIC_URL", "https://me:pass@example.org"),
        ("PUBLIC_URL", "https://example.org/?a=b"),
        ("TRIPO_API_URL", "ftp://example.org"),
        ("DISCORD_GATEWAY_URL", "https://example.org"),
        ("DEFAULT_PROVIDER", "blender"),
        ("REPLICATE_MODEL", "somebody/something"),
        ("VENDOR_PRICES", "comfyui=1"),
        ("VENDOR_PRICES", "blender.rig=1"),
        ("VENDOR_PRICES", "comfyui.paint=1"),
        ("VENDOR_PRICES", "comfyui.rig=free"),
        ("VENDOR_PRICES", "comfyui.rig=-1"),
        ("COMFYUI_SLOTS", "0"),
        ("COMFYUI_API_URL", "192.168.1.20:8188"),
        ("SECRET_KEY", "short"),
        ("SECRET_KEY_PREVIOUS", "short"),
        ("S3_CHECKSUMS", "never"),
        ("LOG_FORMAT", "xml"),
        ("LOG_LEVEL", "loud"),
    ],
)
def test_a_wrong_value_is_named_with_the_mend(variable: str, value: str) -> None:
    told = problems({variable: value})

    assert list(told) == [variable]
    assert str(Settings.model_fields[variable.lower()].description) in told[variable]


def test_everything_wrong_is_told_at_once() -> None:
    told = problems({"WEB_PORT": "x", "LOG_LEVEL": "x", "TRIPO_API_KEY_FILE": "/nowhere/at/all"})

    assert set(told) == {"WEB_PORT", "LOG_LEVEL", "TRIPO_API_KEY_FILE"}


def test_a_scan_is_required_only_where_there_is_a_scanner() -> None:
    assert set(problems({"SCAN_REQUIRED": "true"})) == {"CLAMD_ADDRESS"}
    for address in ("clamav:3310", "[::1]:3310", "/run/clamav/clamd.ctl"):
        given = {"SCAN_REQUIRED": "true", "CLAMD_ADDRESS": address}
        assert Settings.from_env(given).clamd_address == address


def test_s3_settings_come_together_or_not_at_all() -> None:
    assert set(problems({"S3_BUCKET": "shelf"})) == {"S3_ACCESS_KEY_ID", "S3_SECRET_ACCESS_KEY"}
    assert set(problems({"S3_ENDPOINT_URL": "http://127.0.0.1:9000"})) == set(FULL_S3)
    assert Settings.from_env(FULL_S3).s3_bucket == "shelf"


def test_a_secret_may_lie_in_a_file(tmp_path: Path) -> None:
    (tmp_path / "token").write_text("the-token\n")

    settings = Settings.from_env({"DISCORD_TOKEN_FILE": str(tmp_path / "token")})

    assert settings.discord_token is not None
    assert settings.discord_token.get_secret_value() == "the-token"


def test_a_secret_given_twice_is_refused(tmp_path: Path) -> None:
    (tmp_path / "token").write_text("one")

    told = problems({"DISCORD_TOKEN_FILE": str(tmp_path / "token"), "DISCORD_TOKEN": "two"})

    assert "DISCORD_TOKEN is set as well" in told["DISCORD_TOKEN_FILE"]


def test_only_secrets_come_from_files() -> None:
    assert Settings.from_env({"WEB_PORT_FILE": "/nowhere"}).web_port == 8080


def test_a_secret_is_neither_shown_nor_quoted_in_an_error() -> None:
    environ = {
        **FULL_S3,
        "DISCORD_TOKEN": "aaa-token",
        "SECRET_KEY": "bbb-key" * 8,
        "TRIPO_API_KEY": "tsk_ccc",
    }
    shown = repr(Settings.from_env(environ))
    told = str(problems({**environ, "SECRET_KEY": "bbb-key", "WEB_PORT": "x"}))

    assert set(Settings.from_env(environ).secret_values()) > {"aaa-token", "tsk_ccc", "hush-hush"}
    for secret in ("aaa-token", "bbb-key", "tsk_ccc", "hush-hush"):
        assert secret not in shown
        assert secret not in told


def test_settings_cannot_be_changed() -> None:
    settings = Settings.from_env({})

    with pytest.raises(ValidationError):
        settings.web_port = 1


def test_a_slip_of_the_pen_in_the_file_is_noticed(tmp_path: Path) -> None:
    env_file = tmp_path / ".env"
    env_file.write_text(
        "DISCORD_TOKN=\nQUOTA_FOR_KINGS=5\nMESHY_MOOD=good\nPATH_TO_ROME=1\nDISCORD_TOKEN=x\nS3_SECRET_ACCESS_KEY_FILE=y\n"
    )

    found = {stranger.variable: stranger.meant for stranger in strangers(env_file)}

    assert found == {"DISCORD_TOKN": "DISCORD_TOKEN", "QUOTA_FOR_KINGS": None, "MESHY_MOOD": None}


def test_the_example_can_be_used_as_it_is(tmp_path: Path) -> None:
    env_file = tmp_path / ".env"
    env_file.write_text(example())

    assert Settings.from_env({}, env_file) == Settings.from_env({})
    assert strangers(env_file) == ()
