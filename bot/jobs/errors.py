"""Why a request is refused: facts, no sentences. ``bot.ui.replies`` has the words.

Whatever is raised from here happened before anything was charged.
"""


class JobError(Exception):
    """Root of the family."""


class PromptTooShort(JobError):
    """Fewer than ``minimum`` characters that mean something."""

    def __init__(self, minimum: int) -> None:
        super().__init__(minimum)
        self.minimum = minimum


class PromptTooLong(JobError):
    """More than ``maximum`` characters."""

    def __init__(self, maximum: int, length: int) -> None:
        super().__init__(maximum, length)
        self.maximum = maximum
        self.length = length


class NothingAsked(JobError):
    """Neither words nor a picture."""


class FrontMissing(JobError):
    """Pictures of the sides, but none of the front."""


class PictureUnusable(JobError):
    """``reason``: a code of ``BadPicture``, or unreachable, infected, not_scanned, none_there, moving."""

    def __init__(self, reason: str, **facts: int) -> None:
        super().__init__(reason, facts)
        self.reason = reason
        self.facts = facts


class UnknownStyle(JobError):
    """No such style at this vendor."""

    def __init__(self, style: str, known: tuple[str, ...]) -> None:
        super().__init__(style, known)
        self.style = style
        self.known = known


class PolycountOutOfRange(JobError):
    """The vendor takes ``low`` to ``high``."""

    def __init__(self, low: int, high: int) -> None:
        super().__init__(low, high)
        self.low = low
        self.high = high


class UnknownClip(JobError):
    """This rig cannot play it; ``nearest`` are the names most like it."""

    def __init__(self, clip: str, nearest: tuple[str, ...]) -> None:
        super().__init__(clip, nearest)
        self.clip = clip
        self.nearest = nearest


class TooManyClips(JobError):
    """More clips in one request than ``maximum``."""

    def __init__(self, maximum: int) -> None:
        super().__init__(maximum)
        self.maximum = maximum


class NoSuchModel(JobError):
    """Unknown, deleted, or not for this person to know of."""


class NotYours(JobError):
    """It exists and may be seen, but only its owner or a moderator may do this."""


class NothingToRig(JobError):
    """The model has no file yet."""


class NotRigged(JobError):
    """It has no skeleton to animate."""


class AlreadyRigged(JobError):
    """It has a skeleton."""


class Busy(JobError):
    """A job is under way on this model."""


class NothingToCancel(JobError):
    """It has ended already."""


class NothingToRetry(JobError):
    """The run did not fail, was retried already, or its model is gone."""


class TooManyJobs(JobError):
    """The member has ``count`` jobs under way or waiting; ``maximum`` is the limit."""

    def __init__(self, count: int, maximum: int) -> None:
        super().__init__(count, maximum)
        self.count = count
        self.maximum = maximum


class QuotaExceeded(JobError):
    """Needs ``needed`` credits, has ``left``; ``enough_at`` is when there will be enough (ms), or ``None``.

    ``scope`` says which limit: ``server``, ``member`` (over all servers) or ``bot``.
    """

    def __init__(self, needed: int, left: int, enough_at: int | None, scope: str) -> None:
        super().__init__(needed, left, enough_at, scope)
        self.needed = needed
        self.left = left
        self.enough_at = enough_at
        self.scope = scope


class NoVendor(JobError):
    """The owner has set no vendor key."""


class UnknownVendor(JobError):
    """No vendor of that name can be used here; ``known`` are the names of those that can."""

    def __init__(self, name: str, known: tuple[str, ...]) -> None:
        super().__init__(name, known)
        self.name = name
        self.known = known


class CannotDo(JobError):
    """``vendor`` lacks ``what``; ``others`` are the titles of those that can.

    ``what``: words, pictures, many_pictures, negative, rig, rig_files, animate, retexture, remesh or convert.
    """

    def __init__(self, vendor: str, what: str, others: tuple[str, ...]) -> None:
        super().__init__(vendor, what, others)
        self.vendor = vendor
        self.what = what
        self.others = others


class VendorInTrouble(JobError):
    """``vendor`` takes nothing new at present: ``trouble`` is down, empty or refused."""

    def __init__(self, vendor: str, trouble: str, others: tuple[str, ...]) -> None:
        super().__init__(vendor, trouble, others)
        self.vendor = vendor
        self.trouble = trouble
        self.others = others


class KeyUnusable(JobError):
    """It builds on what a key at ``vendor`` made that is another member's, gone, or refused."""

    def __init__(self, vendor: str) -> None:
        super().__init__(vendor)
        self.vendor = vendor


class RigPlaysNothing(JobError):
    """The rig was made by ``vendor``, which plays no clips; ``others`` rig and play."""

    def __init__(self, vendor: str, others: tuple[str, ...]) -> None:
        super().__init__(vendor, others)
        self.vendor = vendor
        self.others = others


class HasClips(JobError):
    """The model plays these ``clips`` already: they came with its rig."""

    def __init__(self, clips: tuple[str, ...]) -> None:
        super().__init__(clips)
        self.clips = clips


class NoFileYet(JobError):
    """The model has no file to make anything of."""


class NotInstalled(JobError):
    """The owner's machine has no program for this ``kind`` of copy."""

    def __init__(self, kind: str) -> None:
        super().__init__(kind)
        self.kind = kind


class HasCopy(JobError):
    """The model lies there as this ``kind`` already: ``fbx``, or ``optimise`` for lighter copies."""

    def __init__(self, kind: str) -> None:
        super().__init__(kind)
        self.kind = kind


class UnknownFormat(JobError):
    """Nobody makes that; ``known`` are the formats that there are."""

    def __init__(self, format_: str, known: tuple[str, ...]) -> None:
        super().__init__(format_, known)
        self.format = format_
        self.known = known


class PolycountFixed(JobError):
    """``vendor`` chooses the number of triangles itself."""

    def __init__(self, vendor: str) -> None:
        super().__init__(vendor)
        self.vendor = vendor


class AmountOutOfRange(JobError):
    """A moderator's number is not between ``low`` and ``high``."""

    def __init__(self, low: int, high: int) -> None:
        super().__init__(low, high)
        self.low = low
        self.high = high


class AskedBefore(JobError):
    """This very interaction made a job already; ``job_id`` is it."""

    def __init__(self, job_id: str) -> None:
        super().__init__(job_id)
        self.job_id = job_id


class NoKeysThere(JobError):
    """Members cannot bring a key of their own for ``provider``, or there is no such vendor."""

    def __init__(self, provider: str) -> None:
        super().__init__(provider)
        self.provider = provider


class KeyMalformed(JobError):
    """It does not look like a key of ``vendor``. Says nothing of what it looks like."""

    def __init__(self, vendor: str) -> None:
        super().__init__(vendor)
        self.vendor = vendor


class KeyRefused(JobError):
    """``vendor`` was asked, and does not accept the key."""

    def __init__(self, vendor: str) -> None:
        super().__init__(vendor)
        self.vendor = vendor


class KeyUnproven(JobError):
    """``vendor`` did not say whether it accepts the key, so it was not kept."""

    def __init__(self, vendor: str) -> None:
        super().__init__(vendor)
        self.vendor = vendor


class NoSuchKey(JobError):
    """The member has no key of ``vendor``."""

    def __init__(self, vendor: str) -> None:
        super().__init__(vendor)
        self.vendor = vendor


class NameEmpty(JobError):
    """Nothing that could be a name, of a model or a project."""


class NameTooLong(JobError):
    """More than ``maximum`` characters."""

    def __init__(self, maximum: int) -> None:
        super().__init__(maximum)
        self.maximum = maximum


class TooManyTags(JobError):
    """A model has at most ``maximum``."""

    def __init__(self, maximum: int) -> None:
        super().__init__(maximum)
        self.maximum = maximum


class TooManyProjects(JobError):
    """A member has at most ``maximum``."""

    def __init__(self, maximum: int) -> None:
        super().__init__(maximum)
        self.maximum = maximum


class NoServer(JobError):
    """The model was made outside a server, so there is nobody there to show it to."""


class NoSuchProject(JobError):
    """The member has no project called ``name``."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


class NothingListed(JobError):
    """A plan for a batch without a line that says anything."""


class TooManyLines(JobError):
    """A plan has ``count`` lines; ``maximum`` is the limit."""

    def __init__(self, maximum: int, count: int) -> None:
        super().__init__(maximum, count)
        self.maximum = maximum
        self.count = count


class UnknownTag(JobError):
    """A line begins with a tag that says nothing to us; ``nearest`` is the one most like it, or empty."""

    def __init__(self, tag: str, nearest: str) -> None:
        super().__init__(tag, nearest)
        self.tag = tag
        self.nearest = nearest


class ListUnusable(JobError):
    """A file with a plan cannot be read: ``why`` is too_large, no_text or unreachable."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


class NoSuchList(JobError):
    """It was started already, is older than a day, or somebody else's."""


class LinesWrong(JobError):
    """Some lines of a plan cannot be made; ``numbers`` are theirs."""

    def __init__(self, numbers: tuple[int, ...]) -> None:
        super().__init__(numbers)
        self.numbers = numbers
