"""A plan for many models as people write it: one asset a line.

    [RIG] knight in plate armour: idle, walk, slash
    [STATIC] oak barrel with iron hoops

Pure, and forgiving in what has one meaning only: capitals, accents, spaces, hyphens and
the marks of lists are all the same, and tags and clips have other names by which they
are known. What has none is told with the name most like it. A line without a tag is
taken by its clips: with any that are known it moves, else all of it is words.
"""

import difflib
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from bot.jobs.errors import JobError, NothingListed, TooManyLines, UnknownClip, UnknownTag

MAX_LINES = 25
_ALIKE = 0.5
"""How alike two names have to be for one to be offered in place of the other; 1 is the same."""
_MARK = re.compile(r"^\s*(?:[-*+•–—]\s+|\d{1,3}[.)]\s+)")
_TAG = re.compile(r"^\s*[\[(【]\s*([^\])】]{1,40}?)\s*[\])】]\s*(?:[:–-]\s+)?")
_COLONS = re.compile(r"[:：]")
_SEPARATORS = re.compile(r"[,;/、，]|\s+[&+]\s+|\s+(?:and|y|und|et)\s+")
_TAGS: Mapping[bool, str] = {
    True: """rig rigged rigging riggable anim animate animated animation character char humanoid creature
        skeleton skinned personaje animado animada esqueleto rigueado""",
    False: """static prop props object mesh model unrigged norig noanim scenery environment item plain still
        estatico estatica objeto decorado""",
}
TAGS: Mapping[str, bool] = {name: rigged for rigged, names in _TAGS.items() for name in names.split()}
"""Whether it is to have a skeleton, by the plain name of the tag."""
_SYNONYMS = {
    "idle": "stand standing breathe breathing wait waiting rest quieto reposo espera",
    "walk": "walkcycle stroll caminar camina andar anda",
    "run": "runcycle sprint jog correr corre",
    "jump": "leap hop saltar salta salto",
    "slash": "attack strike swing swordattack atacar ataque golpear",
    "shoot": "fire shooting disparar dispara",
    "hurt": "hit damage damaged gethit herido dano",
    "fall": "die death dead dying morir muerte caer",
    "turn": "turnaround girar gira",
    "climb": "climbing trepar escalar",
    "dive": "diving zambullirse",
    "dance": "dancing bailar baila baile",
    "wave": "wavegoodbye greet hello saludar saluda saludo",
}
_MEANT: Mapping[str, str] = {name: clip for clip, names in _SYNONYMS.items() for name in names.split()}


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One asset, as it was understood."""

    number: int
    """Of the line in the text, from 1, as its writer counts."""
    prompt: str
    rig: bool = False
    clips: tuple[str, ...] = ()
    """By the names that vendors know."""
    errors: tuple[JobError, ...] = ()


def read_lines(text: str, known: Sequence[str]) -> tuple[Line, ...]:
    """Every line that says something; ``known`` are the clips that there are, the best of equals first.

    Raises:
        NothingListed: there is none.
        TooManyLines: there are more than 25.
    """
    written = [(number, line) for number, line in enumerate(text.splitlines(), 1) if _says_something(line)]
    if not written:
        raise NothingListed
    if len(written) > MAX_LINES:
        raise TooManyLines(MAX_LINES, len(written))
    clips = _by_name(known)
    return tuple(_read(number, line, clips) for number, line in written)


def plain(name: str) -> str:
    """A name without what people write differently: ``Wave-Goodbye 01`` is ``wavegoodbye01``."""
    bare = unicodedata.normalize("NFKD", name.casefold())
    return "".join(sign for sign in bare if sign.isalnum())


def _says_something(line: str) -> bool:
    bare = line.strip()
    return bool(bare) and not bare.startswith(("#", "//")) and any(sign.isalnum() for sign in bare)


def _read(number: int, written: str, known: Mapping[str, str]) -> Line:
    text = _MARK.sub("", written)
    tag = _TAG.match(text)
    if tag is None:
        return _untagged(number, text.strip(), known)
    words = text[tag.end() :].strip()
    rig = TAGS.get(plain(tag[1]))
    if rig is None:
        near = difflib.get_close_matches(plain(tag[1]), TAGS, 1, _ALIKE)
        error = UnknownTag(tag[1], _name_of(TAGS[near[0]]) if near else "")
        return Line(number=number, prompt=words, errors=(error,))
    return _moving(number, words, known) if rig else Line(number=number, prompt=words)


def _untagged(number: int, words: str, known: Mapping[str, str]) -> Line:
    """With clips where any of what stands behind the last colon is one."""
    _, names = _split(words)
    if any(_clip(name, known) for name in names):
        return _moving(number, words, known)
    return Line(number=number, prompt=words)


def _moving(number: int, words: str, known: Mapping[str, str]) -> Line:
    prompt, names = _split(words)
    line = Line(number=number, prompt=prompt, rig=True)
    for name in names:
        clip = _clip(name, known)
        if clip is None:
            line = replace(line, errors=(*line.errors, UnknownClip(name, _nearest(name, known))))
        elif clip not in line.clips:
            line = replace(line, clips=(*line.clips, clip))
    return line


def _split(words: str) -> tuple[str, list[str]]:
    """The words, and the names behind their last colon."""
    colons = list(_COLONS.finditer(words))
    if not colons:
        return words, []
    prompt, rest = words[: colons[-1].start()], words[colons[-1].end() :]
    return prompt.strip(), [name for part in _SEPARATORS.split(rest) if plain(name := part.strip())]


def _clip(name: str, known: Mapping[str, str]) -> str | None:
    """The clip that is meant, by its name, a form of it or another name."""
    return next((known[form] for form in _forms(plain(name)) if form in known), None)


def _forms(name: str) -> Iterator[str]:
    """``running`` is also ``runn`` and ``run``; each by the name that it goes by, too."""
    forms = [name]
    if name.endswith("ing"):
        stem = name.removesuffix("ing")
        forms += [stem, stem[:-1], f"{stem}e"]
    if name.endswith("s"):
        forms.append(name.removesuffix("s"))
    for form in forms:
        yield form
        if form in _MEANT:
            yield _MEANT[form]


def _by_name(known: Sequence[str]) -> dict[str, str]:
    """Clips by plain name; also without a number or a second word at the end, where that is nobody's."""
    names = {plain(clip): clip for clip in reversed(known)}
    short: dict[str, str] = {}
    for clip in known:
        short.setdefault(plain(re.sub(r"[\s_-]*\d+$", "", clip)), clip)
        short.setdefault(plain(re.split(r"[\s_-]", clip)[0]), clip)
    return {**short, **names}


def _nearest(name: str, known: Mapping[str, str]) -> tuple[str, ...]:
    names = {**known, **{other: known[clip] for other, clip in _MEANT.items() if clip in known}}
    near = difflib.get_close_matches(plain(name), names, 3, _ALIKE)
    return tuple(dict.fromkeys(names[one] for one in near))[:1]


def _name_of(rig: bool) -> str:  # noqa: FBT001 -- what a tag means
    return "RIG" if rig else "STATIC"
