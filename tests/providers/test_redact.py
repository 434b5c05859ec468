import pytest

from providers.redact import redacted, without_secrets


@pytest.mark.parametrize(
    "text",
    [
        "see https://cdn.tripo3d.ai/a.glb?Signature=abc",
        "key tsk_abcDEF123 is not known",
        "client tcli_abc",
        "header was Bearer abc.def",
        "s3://bucket/key",
    ],
)
def test_links_and_keys_do_not_survive(text: str) -> None:
    assert "[secret]" in redacted(text)
    assert not {"abc", "key/", "bucket"} & set(redacted(text).replace("/", " ").split())
    assert "abc" not in redacted(text)


def test_other_words_survive_shortened() -> None:
    assert redacted("The prompt is too long.") == "The prompt is too long."
    assert len(redacted("x" * 5_000)) == 300


def test_json_loses_links_at_any_depth_and_nothing_else() -> None:
    answer = {
        "task_id": "t",
        "output": {
            "model_url": "https://a/b.glb",
            "model_urls": [],
            "riggable": True,
            "notes": ["http://x", 1],
        },
        "input": {"prompt": "an owl", "hint": "tsk_secret", "image": {"url": "file"}},
        "credits": 20.5,
    }

    assert without_secrets(answer) == {
        "task_id": "t",
        "output": {"riggable": True, "notes": [1]},
        "input": {"prompt": "an owl", "image": {}},
        "credits": 20.5,
    }
