"""Rules and lists of names as the source NER."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from ..data.views import SourceView
from ..errors import Errors, XProjError
from ..io.records import read_records
from ..io.terms import read_terms
from ..text.tokenizers import blank_language
from .base import Tagged

PATTERNS, NAMES = ".jsonl", (".tsv", ".txt", ".csv")


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
        self.patterns = [dict(one) for one in patterns]
        self.ignore_case = ignore_case
        self.score = score
        self._rulers: dict[str, Any] = {}

    def __getstate__(self) -> dict[str, Any]:
        return {**self.__dict__, "_rulers": {}}

    def _ruler(self, lang: str) -> Any:
        """The pipeline of a language that has nothing but the patterns."""
        if lang not in self._rulers:
            patterns = [*self.patterns, *(read_patterns(self.path) if self.path else ())]
            if not patterns:
                raise XProjError(Errors.XP306)
            nlp = blank_language(lang)
            config = {"phrase_matcher_attr": "LOWER" if self.ignore_case else "ORTH"}
            ruler: Any = nlp.add_pipe("entity_ruler", config=config)
            try:
                ruler.add_patterns(patterns)
            except (KeyError, ValueError, TypeError) as error:
                where = self.path or "patterns"
                raise XProjError(Errors.XP307.format(where=where, reason=error)) from error
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


def read_patterns(path: str | Path) -> list[dict[str, Any]]:
    """The patterns of a file. Raises XProjError that names the line for what is not one."""
    path = Path(path)
    if path.suffix == PATTERNS:
        found = []
        for where, record in read_records(path):
            if not isinstance(record.get("label"), str) or not record.get("pattern"):
                reason = "a pattern has a label and a pattern"
                raise XProjError(Errors.XP307.format(where=where, reason=reason))
            found.append(record)
        return found
    if path.suffix not in NAMES:
        reason = f"its name must end in {PATTERNS}, {', '.join(NAMES)}"
        raise XProjError(Errors.XP307.format(where=path, reason=reason))
    return [{"label": label, "pattern": name} for name, label in read_terms(path)]
