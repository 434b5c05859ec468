"""What a message becomes when a body is laid over it: the rules of create and edit, which differ in little.

A key that is absent leaves the message as it was; null and an empty list take away. Files stay unless
``attachments`` names which of them do. Once a message is made of Components V2 it stays so, and then has no
content and no embeds.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from sandbox.discord import components, embeds
from sandbox.discord.forms import Field
from sandbox.discord.nouns import Attachment, Message, MessageFlag
from sandbox.discord.refusals import Refused
from sandbox.discord.uploads import File, file_facts
from sandbox.discord.world import Snowflakes

_CONTENT_LIMIT = 2_000
_MOST_ATTACHMENTS = 10
_LEGACY = ("content", "embeds", "poll", "stickers", "sticker_ids")
_MENTION = re.compile(r"<@(&|!)?(\d{15,20})>|(@everyone|@here)\b")
_CHANGEABLE = MessageFlag.SUPPRESS_EMBEDS | MessageFlag.COMPONENTS_V2


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """What holds where a message is written: which flags may be set, which are, how large a file may be."""

    file_limit: int
    flags: int = _CHANGEABLE | MessageFlag.SUPPRESS_NOTIFICATIONS
    forced_flags: int = 0
    may_mention_everyone: bool = True


def compose(
    before: Message, form: Field, files: Mapping[int, File], rules: Rules, ids: Snowflakes
) -> Message:
    """The message after this body.

    Raises:
        Refused: 50035 with every fault, 50006 if nothing would be left to show, 50045 for a large file.
    """
    form.record().check()
    after = replace(before, flags=_flags(form["flags"], before, rules))
    after = _with_texts(form, after)
    after = replace(after, attachments=_attachments(form["attachments"], after, files, rules, ids))
    if form["components"].sent:
        layout = components.read(form["components"], v2=after.is_v2)
        after = replace(after, components=tuple(layout.components))
    form.check()
    _refuse_missing_files(form, after)
    after = _with_mentions(form["allowed_mentions"], after, rules)
    form.check()
    if not (after.components or after.attachments or after.content or after.embeds):
        raise Refused(50006)
    if after.is_v2 and not after.components:
        raise Refused(50006)
    return after


def _flags(form: Field, before: Message, rules: Rules) -> int:
    if not form.given:
        return before.flags | rules.forced_flags
    flags = form.integer(0, 2**31 - 1)
    if before.is_v2 and not flags & MessageFlag.COMPONENTS_V2:
        form.wrong("MESSAGE_COMPONENTS_V2_FLAG_REMOVED", "The IS_COMPONENTS_V2 flag cannot be removed")
    return before.flags & ~rules.flags | flags & rules.flags | rules.forced_flags


def _with_texts(form: Field, message: Message) -> Message:
    content, shown = message.content, message.embeds
    if form["content"].sent:
        content = form["content"].text(0, _CONTENT_LIMIT, default="")
    if form["embeds"].sent:
        shown = embeds.read(form["embeds"])
    after = replace(message, content=content, embeds=shown)
    if after.is_v2:
        _refuse_legacy(form, after)
    return after


def _refuse_legacy(form: Field, message: Message) -> None:
    left_over = {"content": message.content, "embeds": message.embeds}
    for key in _LEGACY:
        if form[key].value if form[key].given else left_over.get(key):
            form[key].wrong(
                "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2",
                f"The '{key}' field cannot be used when using MessageFlags.IS_COMPONENTS_V2",
            )


def _attachments(
    form: Field, message: Message, files: Mapping[int, File], rules: Rules, ids: Snowflakes
) -> tuple[Attachment, ...]:
    """Kept and new files. New ones are listed by their number, or come unlisted and are added."""
    for file in files.values():
        if len(file.content) > rules.file_limit:
            raise Refused(50045)
    kept = {attachment.id: attachment for attachment in message.attachments}
    listed = list(message.attachments) if not form.sent else []
    new = {
        number: Attachment(id=ids.new(), channel_id=message.channel_id, **file_facts(file))
        for number, file in files.items()
    }
    for item in form.items(0, _MOST_ATTACHMENTS):
        number = item.record()["id"].snowflake()
        attachment = new.pop(number, None) or kept.get(number)
        if attachment is None:
            item["id"].wrong("ATTACHMENT_NOT_FOUND", f"Attachment data not found: {number}")
        else:
            listed.append(_described(item["description"], attachment))
    listed += new.values()
    if len(listed) > _MOST_ATTACHMENTS:
        form.wrong("BASE_TYPE_MAX_LENGTH", f"Must be {_MOST_ATTACHMENTS} or fewer in length.")
    return tuple(listed)


def _described(form: Field, attachment: Attachment) -> Attachment:
    return replace(attachment, description=form.text(0, 1024)) if form.given else attachment


def _refuse_missing_files(form: Field, message: Message) -> None:
    names = {attachment.filename for attachment in message.attachments}
    for name in components.attached_names(message.components) - names:
        form["components"].wrong(
            "UNFURLED_MEDIA_ITEM_REFERENCED_ATTACHMENT_NOT_FOUND",
            f'Referenced attachment "{name}" was not found',
        )
    form.check()


def _with_mentions(form: Field, message: Message, rules: Rules) -> Message:
    """Whom the text mentions, of those whom ``allowed_mentions`` lets be mentioned."""
    parse, users, roles = _allowed(form)
    found: dict[str, list[int]] = {"users": [], "roles": []}
    everyone = False
    for sign, digits, word in _MENTION.findall(
        message.content + "\n" + components.text_of(message.components)
    ):
        if word:
            everyone = everyone or "everyone" in parse
        else:
            found["roles" if sign == "&" else "users"].append(int(digits))
    return replace(
        message,
        mention_users=tuple(one for one in dict.fromkeys(found["users"]) if "users" in parse or one in users),
        mention_roles=tuple(one for one in dict.fromkeys(found["roles"]) if "roles" in parse or one in roles),
        mention_everyone=everyone and rules.may_mention_everyone,
    )


def _allowed(form: Field) -> tuple[set[str], set[int], set[int]]:
    if not form.given:
        return {"users", "roles", "everyone"}, set(), set()
    parse = {item.text(1, 8) for item in form.record()["parse"].items(0, 3)}
    listed = {key: {item.snowflake() for item in form[key].items(0, 100)} for key in ("users", "roles")}
    for key, ids in listed.items():
        if ids and key in parse:
            form["parse"].wrong(
                "MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE",
                f'parse:["{key}"] and {key}: [ids...] are exclusive.',
            )
    return parse, listed["users"], listed["roles"]
