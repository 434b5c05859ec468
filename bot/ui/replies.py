"""The one table from what went wrong to the sentence that says so."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from discord import app_commands

from bot.jobs import errors
from bot.jobs.failures import Failure
from bot.ui.text import Voice
from providers.errors import ProviderError
from storage.errors import StorageError

REFUSALS: Mapping[type[Exception], str] = MappingProxyType(
    {
        errors.PromptTooShort: "refusal.prompt_too_short",
        errors.PromptTooLong: "refusal.prompt_too_long",
        errors.NothingAsked: "refusal.nothing_asked",
        errors.FrontMissing: "refusal.front_missing",
        errors.PictureUnusable: "refusal.picture_unusable.{reason}",
        errors.UnknownStyle: "refusal.unknown_style",
        errors.PolycountOutOfRange: "refusal.polycount_out_of_range",
        errors.UnknownClip: "refusal.unknown_clip{near}",
        errors.TooManyClips: "refusal.too_many_clips",
        errors.NoSuchModel: "refusal.no_such_model",
        errors.NotYours: "refusal.not_yours",
        errors.NothingToRig: "refusal.nothing_to_rig",
        errors.NotRigged: "refusal.not_rigged",
        errors.AlreadyRigged: "refusal.already_rigged",
        errors.Busy: "refusal.busy",
        errors.NothingToCancel: "refusal.nothing_to_cancel",
        errors.NothingToRetry: "refusal.nothing_to_retry",
        errors.TooManyJobs: "refusal.too_many_jobs",
        errors.QuotaExceeded: "refusal.quota_exceeded.{scope}.{hope}",
        errors.NoVendor: "refusal.no_vendor",
        errors.UnknownVendor: "refusal.unknown_vendor",
        errors.CannotDo: "refusal.cannot_do.{what}{nobody}",
        errors.VendorInTrouble: "refusal.vendor_{trouble}{others}",
        errors.KeyUnusable: "refusal.key_unusable",
        errors.RigPlaysNothing: "refusal.rig_plays_nothing{nobody}",
        errors.HasClips: "refusal.has_clips",
        errors.NoFileYet: "refusal.no_file_yet",
        errors.NotInstalled: "refusal.not_installed",
        errors.HasCopy: "refusal.has_copy",
        errors.UnknownFormat: "refusal.unknown_format",
        errors.PolycountFixed: "refusal.polycount_fixed",
        errors.AmountOutOfRange: "refusal.amount_out_of_range",
        errors.NoKeysThere: "refusal.no_keys_there",
        errors.KeyMalformed: "refusal.key_malformed",
        errors.KeyRefused: "refusal.key_refused",
        errors.KeyUnproven: "refusal.key_unproven",
        errors.NoSuchKey: "refusal.no_such_key",
        errors.AskedBefore: "refusal.asked_before",
        errors.NameEmpty: "refusal.name_empty",
        errors.NameTooLong: "refusal.name_too_long",
        errors.TooManyTags: "refusal.too_many_tags",
        errors.TooManyProjects: "refusal.too_many_projects",
        errors.NoSuchProject: "refusal.no_such_project",
        errors.NothingListed: "refusal.nothing_listed",
        errors.TooManyLines: "refusal.too_many_lines",
        errors.UnknownTag: "refusal.unknown_tag{near}",
        errors.ListUnusable: "refusal.list_{why}",
        errors.NoSuchList: "refusal.no_such_list",
        errors.LinesWrong: "refusal.lines_wrong",
        errors.NoServer: "refusal.no_server",
        app_commands.MissingPermissions: "refusal.moderators_only",
        app_commands.NoPrivateMessage: "refusal.servers_only",
        app_commands.CheckFailure: "refusal.not_here",
        app_commands.TransformerError: "refusal.bad_option",
        app_commands.CommandNotFound: "refusal.outdated",
        app_commands.CommandSignatureMismatch: "refusal.outdated",
    }
)
"""What a person may be told in full; the nearest ancestor counts. Facts in braces choose the sentence."""

TROUBLES: Mapping[type[Exception], str] = MappingProxyType(
    {
        ProviderError: "trouble.vendor",
        StorageError: "trouble.storage",
        Exception: "trouble.unexpected",
    }
)
"""What is for the log; a person gets a short reference to it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """A sentence's name and facts."""

    key: str
    facts: Mapping[str, Any] = field(default_factory=dict)
    trouble: bool = False
    """Ours to look into: it is logged, and ``reference`` is among the facts."""


def reply_to(error: Exception, reference: str) -> Reply:
    """What to say about an error; ``reference`` is told with those that are ours to look into."""
    if isinstance(error, app_commands.CommandInvokeError):
        return reply_to(error.original, reference)
    for kind in type(error).__mro__:
        if kind in REFUSALS:
            return Reply(key=REFUSALS[kind].format_map(_choosing(error)), facts=vars(error))
        if kind in TROUBLES:
            return Reply(key=TROUBLES[kind], facts={"reference": reference}, trouble=True)
    raise error  # not reached: every exception is an Exception


def _choosing(error: Exception) -> Mapping[str, str]:
    """What of an error's facts chooses the sentence."""
    nobody = "" if getattr(error, "others", ()) else "_nobody"
    match error:
        case errors.PictureUnusable():
            chosen = {"reason": error.reason}
        case errors.ListUnusable():
            chosen = {"why": error.why}
        case errors.UnknownClip() | errors.UnknownTag():
            chosen = {"near": "_near" if error.nearest else ""}
        case errors.CannotDo():
            chosen = {"what": error.what, "nobody": nobody}
        case errors.VendorInTrouble():
            chosen = {"trouble": error.trouble, "others": "_others" if error.others else ""}
        case errors.QuotaExceeded():
            chosen = {"scope": error.scope, "hope": "later" if error.enough_at is not None else "never"}
        case _:
            chosen = {"nobody": nobody}
    return chosen


def failure_sentence(voice: Voice, code: str, data: Mapping[str, Any]) -> str:
    """Why a run failed, from what was saved with it; a code of a later version is told as ours."""
    known = Failure(code) if code in set(Failure) else Failure.INTERNAL
    shape = f"shape.{data.get('rig_type')}"
    if known is Failure.NOT_RIGGABLE and voice.catalogue.has(shape):
        return voice.say("failure.not_riggable_shape", shape=voice.label(shape))
    if known is Failure.DEADLINE and not isinstance(data.get("minutes"), int):
        return voice.say("failure.deadline_passed")
    return voice.say(f"failure.{known}", **data)
