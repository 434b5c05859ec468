"""Who may do what with a model, case by case."""

from dataclasses import replace

import pytest

from bot.jobs.orders import Asker
from bot.jobs.rights import may_act, may_see
from storage.models import Account, Visibility
from tests.storage.nouns import ACCOUNT, MODEL

HERE, THERE = 77, 88
PUBLIC = replace(MODEL, guild_id=HERE, visibility=Visibility.SERVER)
PRIVATE = replace(PUBLIC, visibility=Visibility.PRIVATE)
DIRECT = replace(PRIVATE, guild_id=None)
OTHER = Account(id="somebody else", user_id=2, created_at=0)


def asker(guild_id: int | None, *, moderator: bool = False) -> Asker:
    return Asker(user_id=1, guild_id=guild_id, locale="en-US", moderator=moderator)


@pytest.mark.parametrize("model", [PUBLIC, PRIVATE, DIRECT])
@pytest.mark.parametrize("guild_id", [HERE, THERE, None])
def test_owners_may_act_anywhere(model: object, guild_id: int | None) -> None:
    assert may_act(asker(guild_id), ACCOUNT, model)  # type: ignore[arg-type]
    assert may_see(asker(guild_id), ACCOUNT, model)  # type: ignore[arg-type]


@pytest.mark.parametrize("account", [OTHER, None])
def test_others_may_look_at_what_is_public_in_its_own_server_alone(account: Account | None) -> None:
    assert may_see(asker(HERE), account, PUBLIC)
    assert not may_act(asker(HERE), account, PUBLIC)
    assert not may_see(asker(THERE), account, PUBLIC)
    assert not may_see(asker(None), account, PUBLIC)
    assert not may_see(asker(HERE), account, PRIVATE)


def test_moderators_may_act_on_what_was_made_in_their_server() -> None:
    assert may_act(asker(HERE, moderator=True), OTHER, PRIVATE)
    assert not may_act(asker(THERE, moderator=True), OTHER, PUBLIC)


@pytest.mark.parametrize("guild_id", [HERE, None])
def test_nobody_moderates_direct_messages(guild_id: int | None) -> None:
    assert not may_act(asker(guild_id, moderator=True), OTHER, DIRECT)
    assert not may_see(asker(guild_id, moderator=True), OTHER, replace(DIRECT, visibility=Visibility.SERVER))
