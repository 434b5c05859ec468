"""Bodies of the control API, checked at the border; `control` says what they mean."""

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from sandbox.discord.faults import Kind
from sandbox.discord.nouns import MIB, Overwrite


class Form(BaseModel):
    """A body of the control API: ids may be strings or numbers, unknown keys are refused."""

    model_config = ConfigDict(extra="forbid")


class Write(Form):
    """A message, perhaps with files that were uploaded before."""

    user: int
    channel: int
    content: str = ""
    uploads: list[int] = []


class Invoke(Form):
    """A slash command with its options by name."""

    user: int
    channel: int
    command: str = Field(min_length=1)
    options: dict[str, Any] = {}
    wait: bool = True


class Autocomplete(Form):
    """A command being typed, and the option that has the cursor."""

    user: int
    channel: int
    command: str = Field(min_length=1)
    options: dict[str, Any] = {}
    focused: str


class Click(Form):
    """A button."""

    user: int
    channel: int
    message: int
    custom_id: str
    wait: bool = True


class Select(Click):
    """A select with what was chosen."""

    values: list[str]


class Use(Form):
    """A command of a context menu, and what it is used on."""

    user: int
    channel: int
    command: str = Field(min_length=1)
    target: int
    on: Literal["person", "message"]
    wait: bool = True


class Dismiss(Form):
    """A form that was opened by an interaction."""

    user: int
    interaction: int


class Submit(Dismiss):
    """A form with its values by custom id."""

    values: dict[str, Any] = {}
    wait: bool = True


class NewThread(Form):
    """A thread or a post."""

    user: int
    channel: int
    name: str
    content: str = ""
    message: int | None = None
    private: bool = False


class NewConversation(Form):
    """Those who are in it."""

    users: list[int] = Field(min_length=2, max_length=10)
    name: str = ""


class NewUser(Form):
    """Somebody new."""

    name: str = Field(min_length=1, max_length=32)
    global_name: str | None = None
    locale: str = "en-US"
    upload_limit: int = 10 * MIB


class UserChange(Form):
    """What is to be different about somebody."""

    locale: str | None = None
    global_name: str | None = None
    upload_limit: int | None = Field(None, gt=0)
    status: Literal["online", "idle", "dnd", "offline"] | None = None
    installed: bool | None = None


class NewGuild(Form):
    """A new server."""

    name: str = Field(min_length=1, max_length=100)
    owner: int
    locale: str = "en-US"
    premium_tier: int = Field(0, ge=0, le=3)


class GuildChange(Form):
    """What is to be different about a server."""

    name: str | None = None
    locale: str | None = None
    premium_tier: int | None = Field(None, ge=0, le=3)


class Membership(Form):
    """Roles and nickname of a member."""

    roles: list[int] | None = None
    nick: str | None = None


class NewRole(Form):
    """A new role."""

    name: str = Field(min_length=1, max_length=100)
    permissions: int = 0


class RoleChange(Form):
    """What is to be different about a role."""

    name: str | None = None
    permissions: int | None = None


class OverwriteForm(Form):
    """What a channel allows and denies a role or a member."""

    id: int
    type: Literal[0, 1]
    allow: int = 0
    deny: int = 0

    def real(self) -> Overwrite:
        """The record it speaks of."""
        return Overwrite(id=self.id, type=self.type, allow=self.allow, deny=self.deny)


class NewChannel(Form):
    """A new channel."""

    name: str = Field(min_length=1, max_length=100)
    kind: Literal["text", "voice", "forum"] = "text"
    overwrites: list[OverwriteForm] = []


class ChannelChange(Form):
    """What is to be different about a channel."""

    name: str | None = None
    overwrites: list[OverwriteForm] | None = None


class GatewayAct(Form):
    """What happens to the sockets."""

    action: Literal["cut", "reconnect", "invalidate", "close", "mute", "ask_heartbeat"]
    resumable: bool = False
    code: int = Field(4000, ge=1000, le=4999)
    muted: bool = True


class ShardingForm(Form):
    """How the bot is to be split."""

    shards: int | None = Field(None, ge=1)
    max_concurrency: int | None = Field(None, ge=1)
    guilds_per_shard: int | None = Field(None, ge=1)


class Grant(Form):
    """The privileged intents that the bot may ask for."""

    privileged: list[Literal["members", "presences", "message_content"]]


class NewFault(Form):
    """A fault to set."""

    kind: Kind
    method: str = "*"
    path: str = "*"
    status: int = Field(500, ge=500, le=599)
    times: int | None = Field(1, ge=1)
    seconds: float = Field(1.0, ge=0)


class Advance(Form):
    """How far time jumps."""

    seconds: float = Field(ge=0)


class Suggestion(Form):
    """Something worth trying, with texts to copy and lines to type."""

    title: str
    text: str = ""
    copies: list[str] = []
    examples: list[str] = []


class Suggestions(Form):
    """What the page's help panel offers."""

    suggestions: list[Suggestion]
