from pathlib import Path

import pytest

from storage import SecretBox, key_file
from storage.errors import SecretKeyUnusable


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A file with a first key."""
    path = tmp_path / "secret.key"
    key_file.read(path)
    return path


def test_a_new_key_takes_the_place_of_the_one_so_far_which_still_opens(path: Path) -> None:
    sealed = SecretBox.from_file(path).seal("a secret")
    (before,) = key_file.read(path)

    key_file.renew(path)

    now, earlier = key_file.read(path)
    assert now != before == earlier
    assert SecretBox.from_file(path).open(sealed) == "a secret"
    assert path.stat().st_mode & 0o777 == 0o600


def test_a_change_that_was_begun_is_not_begun_again(path: Path) -> None:
    key_file.renew(path)
    under_way = key_file.read(path)

    key_file.renew(path)

    assert key_file.read(path) == under_way


def test_a_change_that_had_only_put_the_key_aside_goes_on(path: Path) -> None:
    (before,) = key_file.read(path)
    (path.parent / "secret.key.previous").write_bytes(before)  # as a backup would bring it back: a copy

    key_file.renew(path)

    now, earlier = key_file.read(path)
    assert now != before == earlier


def test_a_change_ends_with_the_new_key_alone(path: Path) -> None:
    key_file.renew(path)
    now, _ = key_file.read(path)

    key_file.forget_previous(path)
    key_file.forget_previous(path)

    assert key_file.read(path) == (now,)
    assert [file.name for file in path.parent.iterdir()] == ["secret.key"]


def test_a_folder_that_cannot_be_written_is_told_with_its_path(tmp_path: Path) -> None:
    with pytest.raises(SecretKeyUnusable, match=str(tmp_path)):
        key_file.renew(tmp_path / "nowhere" / "secret.key")
