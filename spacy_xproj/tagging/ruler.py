"""Rules and lists of names as the source NER."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from ..data.views import SourceView
from ..errors import Errors, XProjError
from ..io.notes import note
from ..io.records import read_records
from ..io.terms import located_terms
from ..text.tokenizers import blank_language
from .base import Tagged
from .labels import is_label

PATTERNS, NAMES = ".jsonl", (".tsv", ".txt", ".csv")
# What only components set that source sentences do not go through.
_NOT_SET = frozenset(
    {
        *("POS", "TAG", "MORPH", "LEMMA", "DEP", "IS_SENT_START", "SENT_START"),
        *("ENT_TYPE", "ENT_IOB", "ENT_ID", "ENT_KB_ID"),
    }
)
_BLANKS = re.compile(r"^\s|\s{2}")  # of which the tokenizer makes words
_SAID = 200  # characters of what spaCy says


class RulerTagger:
    """``spacy-xproj.RulerTagger.v1``: spaCy patterns, or a list of names.

    path: a file of spaCy's patterns (``.jsonl``, a line ``{"label": "LOC", "pattern": ...}`` with a
    text or a list of tokens, as ``EntityRuler`` takes them), or a list of names (``.tsv``,
    ``.txt``: a name, a tab, its label; ``.csv``: with a comma). patterns: the same as ``.jsonl``
    holds, in the config, in place of a file or besides it. ignore_case: whether names in other
    cases are found. score: of all that is found, from 0 to 1.

    Of matches that overlap the longest is taken, of equal ones the first. Texts are cut into words
    as the sentences of each language are. Token patterns see words only (``TEXT``, ``LOWER``,
    ``SHAPE``, ``IS_TITLE`` ...), as source sentences have no tags.

    Patterns are checked before the first sentence: what is not one is an error that names its line,
    or its number in ``patterns``. A name with two labels has the first; such, and names that cannot
    be found for their blanks, are noted.
    """

    def __init__(
        self,
        *,
        path: str | None = None,
        patterns: Sequence[Mapping[str, Any]] = (),
        ignore_case: bool = False,
        score: float = 1.0,
    ) -> None:
        if not 0 <= score <= 1:
            raise XProjError(Errors.XP152.format(name="score", value=score, fix=1.0))
        self.path = path
        self.patterns = [dict(one) if isinstance(one, Mapping) else one for one in patterns]
        self.ignore_case = ignore_case
        self.score = score
        self._rulers: dict[str, Any] = {}
        self._checked: list[dict[str, Any]] | None = None

    def __getstate__(self) -> dict[str, Any]:
        return {**self.__dict__, "_rulers": {}}

    def check_ready(self) -> None:
        """Raise XProjError for patterns that are not, and for a file that does not hold any."""
        self._patterns()

    def _patterns(self) -> list[dict[str, Any]]:
        """The patterns of config and file, checked at first use."""
        if self._checked is None:
            located = [(f"patterns[{n}]", one) for n, one in enumerate(self.patterns)]
            located += read_patterns(self.path) if self.path else []
            if not located:
                raise XProjError(Errors.XP306)
            check_patterns(located)
            self._checked = one_label_each(located, ignore_case=self.ignore_case)
        return self._checked

    def _ruler(self, lang: str) -> Any:
        """The pipeline of a language that has nothing but the patterns."""
        if lang not in self._rulers:
            patterns = self._patterns()
            nlp = blank_language(lang)
            config = {"phrase_matcher_attr": "LOWER" if self.ignore_case else "ORTH"}
            ruler: Any = nlp.add_pipe("entity_ruler", config=config)
            ruler.add_patterns(patterns)
            self._rulers[lang] = nlp
        return self._rulers[lang]

    def tag(self, views: Sequence[SourceView]) -> list[list[Tagged]]:
        """What the patterns find. Raises XProjError for a file that does not hold patterns."""
        from spacy.tokens import Doc

        result = []
        for view in views:
            nlp = self._ruler(view.lang)
            doc = Doc(nlp.vocab, words=list(view.words), spaces=list(view.spaces))
            found = nlp.get_pipe("entity_ruler")(doc).ents
            result.append([Tagged(e.start, e.end, e.label_, self.score) for e in found])
        return result

    def describe(self) -> dict[str, Any]:
        return {
            "tagger": "ruler",
            "path": self.path,
            "patterns": len(self.patterns),
            "ignore_case": self.ignore_case,
        }


def read_patterns(path: str | Path) -> list[tuple[str, Any]]:
    """What stands where patterns should in a file, each with its file and line. Raises XProjError
    that names the line for what cannot be read."""
    path = Path(path)
    if path.suffix == PATTERNS:
        return list(read_records(path))
    if path.suffix not in NAMES:
        reason = f"its name must end in {PATTERNS}, {', '.join(NAMES)}"
        raise XProjError(Errors.XP307.format(where=path, reason=reason))
    return [
        (where, {"label": label, "pattern": name}) for where, name, label in located_terms(path)
    ]


def check_patterns(located: Sequence[tuple[str, Any]]) -> None:
    """Raise XProjError that names the first of these that is not a pattern, and how many there
    are."""
    from spacy.vocab import Vocab

    vocab = Vocab()
    faulty = [(where, why) for where, one in located if (why := _fault(one, vocab))]
    if faulty:
        where, reason = faulty[0]
        more = f" ({len(faulty) - 1} more are faulty)" if len(faulty) > 1 else ""
        raise XProjError(Errors.XP307.format(where=where, reason=f"{reason}{more}"))


def _fault(given: Any, vocab: Any) -> str:
    """Why something is not a pattern; empty where it is."""
    if not isinstance(given, Mapping) or not {"label", "pattern"} <= given.keys():
        return "a pattern has a label and a pattern"
    label, pattern = given["label"], given["pattern"]
    if not isinstance(label, str) or not is_label(label):
        return f"{label!r:.60} is not a label"
    if isinstance(pattern, str):
        return "" if pattern.strip() else "the text to find is empty"
    if not isinstance(pattern, list) or not pattern:
        return f"{pattern!r:.60} is not a text, nor a list of tokens"
    keys = {str(key).upper() for one in pattern if isinstance(one, Mapping) for key in one}
    unknown = sorted(keys & _NOT_SET)
    if unknown:
        return f"source sentences are words only, without {', '.join(unknown)}"
    return _refused(pattern, vocab)


def _refused(pattern: list[Any], vocab: Any) -> str:
    """What spaCy says against a list of tokens, on adding and on using it."""
    from spacy.matcher import Matcher
    from spacy.tokens import Doc

    try:
        matcher = Matcher(vocab, validate=True)
        matcher.add("pattern", [pattern])
        matcher(Doc(vocab, words=["a"]))
    # re.error: an expression of REGEX.
    except (KeyError, ValueError, TypeError, AttributeError, re.error) as error:
        said = " ".join(str(error).split())
        return f"spaCy cannot use it: {said[:_SAID]}"
    return ""


def one_label_each(
    located: Sequence[tuple[str, dict[str, Any]]], *, ignore_case: bool
) -> list[dict[str, Any]]:
    """Patterns in which each name has one label, its first. Names under other labels, and those
    that sentences cannot hold for their blanks, are noted."""
    labels: dict[str, str] = {}
    kept = []
    for where, one in located:
        name = one["pattern"]
        if isinstance(name, str):
            if _BLANKS.search(name):
                note("names with blanks that sentences hardly have, so they are not found", where)
            key = name.lower() if ignore_case else name
            if labels.setdefault(key, one["label"]) != one["label"]:
                note("names that have another label already, which counts", where)
                continue
        kept.append(dict(one))
    return kept
