"""Who may do what with a model."""

from bot.jobs.orders import Asker
from storage.models import Account, Model, Visibility


def owns(account: Account | None, model: Model) -> bool:
    """Whether the model is this account's."""
    return account is not None and account.id == model.account_id


def may_act(asker: Asker, account: Account | None, model: Model) -> bool:
    """Change, cancel, delete: its owner, and moderators of the server it was made in."""
    return owns(account, model) or (
        asker.moderator and model.guild_id is not None and asker.guild_id == model.guild_id
    )


def may_see(asker: Asker, account: Account | None, model: Model) -> bool:
    """Look at it and build on it: those who may act, and in its server everybody when it is public there."""
    public_here = model.visibility is Visibility.SERVER and asker.guild_id == model.guild_id
    return may_act(asker, account, model) or (public_here and model.guild_id is not None)
