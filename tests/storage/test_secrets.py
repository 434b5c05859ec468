from pathlib import Path

import pytest

from storage import SecretBox
from storage.errors import SecretKeyUnusable
from storage.secrets import Seal

KEY = "thirty-two characters, or a few more"
OTHER_KEY = "another one of those, of the same length"


def test_what_was_sealed_opens_again_and_only_with_the_same_key() -> None:
    box = SecretBox(KEY)

    sealed = box.seal("a secret")

    assert "a secret" not in sealed
    assert box.open(sealed) == "a secret"
    assert SecretBox(KEY.encode()).open(sealed) == "a secret"
    assert SecretBox(KEY + "!").open(sealed) is None


@pytest.mark.parametrize("other", ["", "a secret", "gAAAAAB", "ñ"])
def test_what_was_never_sealed_is_none(other: str) -> None:
    assert SecretBox(KEY).open(other) is None


def test_a_sealed_text_that_was_changed_is_none() -> None:
    sealed = SecretBox(KEY).seal("a secret")

    changed = sealed[:40] + ("A" if sealed[40] != "A" else "B") + sealed[41:]

    assert SecretBox(KEY).open(changed) is None


def test_a_short_key_is_refused_without_being_repeated() -> None:
    with pytest.raises(SecretKeyUnusable) as refused:
        SecretBox("hunter2")

    assert "hunter2" not in str(refused.value)


def test_each_purpose_has_its_own_lasting_key() -> None:
    box = SecretBox(KEY)

    assert box.derive("links") == SecretBox(KEY).derive("links")
    assert len(box.derive("links")) == 32
    assert box.derive("links") != box.derive("webhooks")
    assert box.derive("links") != SecretBox(KEY + "!").derive("links")


def test_a_missing_key_file_is_made_for_this_user_alone_and_used_again(tmp_path: Path) -> None:
    path = tmp_path / "data" / "secret.key"

    sealed = SecretBox.from_file(path).seal("a secret")

    assert path.stat().st_mode & 0o777 == 0o600
    assert SecretBox.from_file(path).open(sealed) == "a secret"
    assert [file.name for file in path.parent.iterdir()] == ["secret.key"]


def test_a_key_file_that_somebody_emptied_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "secret.key"
    path.touch()

    with pytest.raises(SecretKeyUnusable):
        SecretBox.from_file(path)


def test_a_key_file_that_cannot_be_read_is_refused_with_its_path(tmp_path: Path) -> None:
    with pytest.raises(SecretKeyUnusable, match=str(tmp_path)):
        SecretBox.from_file(tmp_path)


def test_an_earlier_key_opens_and_no_longer_seals() -> None:
    sealed = SecretBox(KEY).seal("a secret")

    box = SecretBox(OTHER_KEY, KEY)

    assert box.open(sealed) == "a secret"
    assert SecretBox(KEY).open(box.seal("a secret")) is None
    assert box.derive("links") == SecretBox(OTHER_KEY).derive("links")


def test_a_box_tells_which_key_a_text_opens_with() -> None:
    box = SecretBox(OTHER_KEY, KEY)

    assert box.look(box.seal("a secret")) is Seal.CURRENT
    assert box.look(SecretBox(KEY).seal("a secret")) is Seal.EARLIER
    assert box.look(SecretBox(KEY + OTHER_KEY).seal("a secret")) is Seal.UNKNOWN


def test_what_is_sealed_anew_opens_with_the_current_key_alone() -> None:
    sealed = SecretBox(OTHER_KEY, KEY).reseal(SecretBox(KEY).seal("a secret"))

    assert SecretBox(OTHER_KEY).open(sealed) == "a secret"
    assert SecretBox(KEY).open(sealed) is None


def test_a_short_earlier_key_is_refused() -> None:
    with pytest.raises(SecretKeyUnusable):
        SecretBox(KEY, "hunter2")
