"""Apertium, a rule-based translation engine that installs from a package manager. It is a program
that is called (GPL), never a part of this package."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from itertools import count
from pathlib import Path
from typing import Any, NamedTuple

from ..data.char_links import CharLinks
from ..data.spans import overlap
from ..data.status import ViewStatus
from ..errors import Errors, XProjError
from ..io.terms import read_terms
from .apertium_pairs import is_meant, mode_languages, package_of
from .base import Translation, blank_translation, is_blank
from .program import Program, ProgramError

# Sentences that are under way at a time; a failure costs as many.
_WINDOW = 64
# Some parts of the engine give a sentence only when the next one comes.
_PADDING = b"[xp:pad]\n\0" * 2
_RESERVED = re.compile(r"([\[\]{}^$/\\@<>~])")
_CHUNK = re.compile(r"\S+")
_LONGEST_ABBREVIATION = 4


class Apertium:
    """``spacy-xproj.Apertium.v1``: Apertium's translation, with word links.

    pair: a mode of Apertium, such as "hbs-eng" (``apertium -l`` lists them); by default that of the
    languages asked for. program: its name or path. datadir: where its modes are, by default its
    own. timeout: seconds that it may be silent while an answer is awaited. glossary: a file with a
    term, a tab and its translation on each line, as the term stands in texts (case and endings
    count); a name that must stay as it is has itself for a translation. The engine does not see
    these; a term that does not come back is the translation's reason.

    One process a pair runs as long as the translator. Each word goes in with a number that comes
    back with its translation: words that are merged, repeated, or moved are linked; words that come
    back nowhere, and words that the engine adds, have no link. Words that Apertium does not know
    come back as they are.
    """

    def __init__(
        self,
        *,
        pair: str | None = None,
        program: str = "apertium",
        datadir: str | None = None,
        timeout: float = 60.0,
        glossary: str | None = None,
    ) -> None:
        """Raises XProjError for a setting that is not valid."""
        self.glossary = glossary
        self._terms: dict[str, str] | None = None
        self.pair = pair
        self.program = program
        self.datadir = datadir
        self.timeout = timeout
        self._modes: list[str] | None = None
        self._programs: dict[str, Program] = {}
        self._numbers = count()  # of all texts, so that none is taken for one before
        Program([program], timeout=timeout)  # says what is wrong with them

    def translate(
        self, texts: Sequence[str], *, source_lang: str, target_lang: str
    ) -> list[Translation]:
        """One Translation a text, with links. Raises XProjError where Apertium or the pair is not
        installed, with the line that installs it, and naming the text that it fails at."""
        pool = list(dict.fromkeys(text for text in texts if not is_blank(text)))
        if not pool:
            return [blank_translation() for _ in texts]
        mode = self.mode(source_lang, target_lang)
        if mode not in self._programs:
            command = [*self._command(), "-u", "-f", "none", "-z", mode]
            self._programs[mode] = Program(command, timeout=self.timeout)
        program = self._programs[mode]
        done: dict[str, Translation] = {}
        for start in range(0, len(pool), _WINDOW):
            some = pool[start : start + _WINDOW]
            done.update(zip(some, self._ask(program, mode, some), strict=True))
        return [done[text] if text in done else blank_translation() for text in texts]

    def check_ready(self) -> None:
        """Raise XProjError where Apertium is not installed, or the glossary cannot be read."""
        self.modes()
        _ = self.terms

    def describe(self) -> dict[str, Any]:
        return {
            "kind": "apertium",
            "pair": self.pair,
            "datadir": self.datadir,
            "glossary": self.glossary,
        }

    def identity(self) -> dict[str, Any]:
        """What translations depend on, the terms of the glossary among it."""
        return {**self.describe(), "glossary": self.terms}

    @property
    def terms(self) -> dict[str, str]:
        """The glossary, read at first use. Raises XProjError where it cannot be read."""
        if self._terms is None:
            self._terms = dict(read_terms(self.glossary)) if self.glossary else {}
        return self._terms

    def mode(self, source_lang: str, target_lang: str) -> str:
        """The mode that translates from one language into another. Raises XProjError where there
        is none, or Apertium is not installed."""
        modes = self.modes()
        if self.pair is not None:
            found = [self.pair] if self.pair in modes else []
        else:
            found = [m for m in modes if _fits(m, source_lang, target_lang)]
        if not found:
            raise XProjError(
                Errors.XP283.format(
                    pair=self.pair or f"{source_lang}-{target_lang}",
                    have=", ".join(modes) or "none",
                    package=package_of(source_lang, target_lang) or "apertium-...",
                )
            )
        # A variant of the very region ("eng-hbs_HR" for hr) before the general one before others.
        return min(found, key=lambda m: (not _is_variant_of(m, target_lang), len(m), m))

    def modes(self) -> list[str]:
        """The modes that are installed. Raises XProjError where Apertium is not."""
        if self._modes is None:
            try:
                listed = Program([*self._command(), "-l"], timeout=self.timeout).run(b"")
            except (ProgramError, XProjError) as err:
                raise XProjError(Errors.XP282.format(program=self.program, why=err)) from err
            self._modes = sorted(listed.decode("utf-8", "replace").split())
        return self._modes

    def _command(self) -> list[str]:
        folder = [] if self.datadir is None else ["-d", str(Path(self.datadir).expanduser())]
        return [self.program, *folder]

    def _ask(self, program: Program, mode: str, texts: Sequence[str]) -> list[Translation]:
        """Translate some texts; where that fails each by itself, to find the one."""
        try:
            return self._exchange(program, texts)
        except ProgramError as err:
            program.close()
            if len(texts) == 1:
                why = str(err)
                raise XProjError(
                    Errors.XP281.format(program=f"apertium {mode}", text=texts[0][:200], why=why)
                ) from err
        return [self._ask(program, mode, [text])[0] for text in texts]

    def _exchange(self, program: Program, texts: Sequence[str]) -> list[Translation]:
        """Each text is a record that ends with a blank of its own, so that none can be lost or
        taken for another. Raises ProgramError where the answer does not hold each once, in
        order."""
        marked = [_mark(text, self.terms) for text in texts]
        ends = [f"[xp:{next(self._numbers)}]" for _ in texts]
        sent = [
            f"{own.stream}{end}\0".encode("utf-8", "replace")
            for own, end in zip(marked, ends, strict=True)
        ]
        last = ends[-1].encode()
        answer = program.ask(
            b"".join(sent) + _PADDING,
            lambda data: last in data and b"\0" in data[data.find(last) :],
        )
        records = [
            record
            for part in answer.decode("utf-8", "replace").split("\0")
            if (record := part.replace("[xp:pad]", "").strip("\n"))
        ]
        if len(records) != len(texts):
            raise ProgramError(f"it answered {len(records)} of {len(texts)} texts")
        found = []
        for record, own, end in zip(records, marked, ends, strict=True):
            if record.count(end) != 1:
                raise ProgramError(f"an answer is not to its text: {record[:80]!r}")
            found.append(_read(record.replace(end, ""), own))
        return found


class _Marked(NamedTuple):
    """stream: a text in Apertium's format, its words numbered. words: the characters of each.
    terms: the characters of each term of the glossary, and its translation."""

    stream: str
    words: list[tuple[int, int]]
    terms: list[tuple[int, int, str]]


def _mark(text: str, glossary: Mapping[str, str]) -> _Marked:
    terms = list(_find(text, glossary))
    # A term is a blank to the engine, with a number.
    pieces = [(start, end, f"[xpt:{i}]") for i, (start, end, _) in enumerate(terms)]
    words = [
        (start, end)
        for start, end in _words(text)
        if not any(overlap(start, end, *term[:2]) for term in terms)
    ]
    pieces += [
        (start, end, f"[[w:{i}]]{_escape(text[start:end])}[[/]]")
        for i, (start, end) in enumerate(words)
    ]
    parts: list[str] = []
    at = 0
    for start, end, piece in sorted(pieces):
        parts += [_escape(text[at:start]), piece]
        at = end
    parts.append(_escape(text[at:]))
    return _Marked("".join(parts), words, terms)


def _find(text: str, glossary: Mapping[str, str]) -> Iterator[tuple[int, int, str]]:
    """The terms in a text, the longest where several begin at one place."""
    if glossary:
        longest_first = sorted(glossary, key=len, reverse=True)
        either = "|".join(map(re.escape, longest_first))
        for match in re.finditer(rf"(?<!\w)(?:{either})(?!\w)", text):
            yield *match.span(), glossary[match[0]]


def _escape(text: str) -> str:
    # Control characters separate what goes in and out; they hold nothing to translate.
    plain = "".join(" " if unicodedata.category(c) == "Cc" else c for c in text)
    return _RESERVED.sub(r"\\\1", plain)


def _words(text: str) -> Iterator[tuple[int, int]]:
    """The words between blanks without the punctuation around them. What is within a word stays
    one with it, as the engine has its own idea of words ("1.000", "d'Ivoire")."""
    for match in _CHUNK.finditer(text):
        start, end = match.span()
        while start < end and _is_mark(text[start]):
            start += 1
        while end > start and _is_mark(text[end - 1]):
            end -= 1
        if start == end:
            continue
        # "dr." is a word of the engine's dictionaries; at the end of the text it is a full stop.
        short = end - start <= _LONGEST_ABBREVIATION and text[end : end + 1] == "."
        if short and text[match.end() :].strip():
            end += 1
        yield start, end


def _is_mark(char: str) -> bool:
    return unicodedata.category(char)[0] in "PSZC"


_TOKEN = re.compile(
    r"\[\[(?P<tag>[^\]]*)\]\]|\[xpt:(?P<term>\d+)\]|\\(?P<escaped>.)|(?P<char>.)", re.DOTALL
)
_NUMBER = re.compile(r"w:(\d+)")


def _read(record: str, marked: _Marked) -> Translation:
    """The translation, with the numbers of words taken out and made links."""
    out: list[str] = []
    length, opened = 0, 0
    numbers: list[int] = []
    lost = set(range(len(marked.terms)))
    links: list[tuple[int, int, int, int]] = []
    for match in _TOKEN.finditer(record):
        tag = match["tag"]
        if match["term"] is not None and int(match["term"]) in lost:
            start, end, term = marked.terms[int(match["term"])]
            lost.remove(int(match["term"]))
            links.append((start, end, length, length + len(term)))
            out.append(term)
            length += len(term)
        elif match["term"] is not None:
            continue  # a second time
        elif tag is None:
            char = match["escaped"] if match["escaped"] is not None else match["char"]
            out.append(char)
            length += len(char)
        else:
            if length > opened:
                for number in numbers:
                    if number < len(marked.words):
                        links.append((*marked.words[number], opened, length))
            numbers = [] if tag == "/" else [int(n) for n in _NUMBER.findall(tag)]
            opened = length
    text = "".join(out)
    lead = len(text) - len(text.lstrip())
    text = text.strip()
    if is_blank(text):
        return Translation("", ViewStatus.EMPTY_TRANSLATION, "Apertium gave nothing")
    missing = ", ".join(sorted(marked.terms[i][2] for i in lost))
    reason = f"terms that did not come back: {missing}" if missing else ""
    return Translation(text, ViewStatus.OK, reason, links=_moved(links, lead, len(text)))


def _moved(links: Sequence[tuple[int, int, int, int]], lead: int, length: int) -> CharLinks:
    """Links within a text of which outer white space was cut."""
    kept = [
        (start, end, max(first - lead, 0), min(last - lead, length))
        for start, end, first, last in links
    ]
    return tuple(sorted({link for link in kept if link[2] < link[3]}))


def _fits(mode: str, source_lang: str, target_lang: str) -> bool:
    languages = mode_languages(mode)
    return languages is not None and all(
        is_meant(have, wanted)
        for have, wanted in zip(languages, (source_lang, target_lang), strict=True)
    )


def _is_variant_of(mode: str, lang: str) -> bool:
    return mode.rpartition("_")[2].lower() == lang.lower()
