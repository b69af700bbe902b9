"""What the labels of a corpus were made from: for the cards of data sets and models."""

from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from spacy.tokens import Doc
from spacy.util import get_package_path, is_package

from ..data.access import Views
from ..data.labels import is_reviewed
from ..data.span_groups import entity_labels
from ..errors import XProjError
from ..io.records import read_json

# Of the models that configs of this package name, and their families, by how a name begins.
LICENCES = {
    "facebook/nllb-": "CC BY-NC 4.0",
    "facebook/m2m100": "MIT",
    "facebook/mbart": "MIT",
    "Helsinki-NLP/opus-mt": "CC BY 4.0",
    "intfloat/multilingual-e5": "MIT",
}
UNKNOWN = "not known; look it up"
_STAGES = ("translator", "tagger", "aligner")


class Part(NamedTuple):
    """A model, or a program or file, that labels came from: at which stage, in which source
    languages, its name and version, and its licence."""

    stage: str
    langs: tuple[str, ...]
    name: str
    licence: str


class Origin(NamedTuple):
    """documents: how many. projected: those that have source views. reviewed: those of these that a
    person decided on. entities: by label. parts: what made the views, in the order of the stages.
    """

    documents: int
    projected: int
    reviewed: int
    entities: Mapping[str, int]
    parts: tuple[Part, ...]

    @property
    def langs(self) -> list[str]:
        """The source languages, sorted."""
        return sorted({lang for part in self.parts for lang in part.langs})

    def counts(self) -> str:
        """``18 documents, 45 entities (LOC 14, PER 31), 17 with labels from en``."""
        total = sum(self.entities.values())
        by_label = ", ".join(f"{label} {n}" for label, n in self.entities.items())
        text = f"{self.documents} documents, {total} entities" + (f" ({by_label})" if total else "")
        if not self.projected:
            return f"{text}, labels of their own"
        return f"{text}, {self.projected} with labels carried over from {', '.join(self.langs)}"

    def checked(self) -> str:
        """How many of the documents with labels carried over a person has looked at."""
        if not self.reviewed:
            return "Labels that were carried over were not checked by hand."
        return (
            f"{self.reviewed} of {self.projected} documents with such labels were reviewed by hand."
        )

    def lines(self) -> list[str]:
        """A line of Markdown a part."""
        return [
            f"- {part.stage} ({', '.join(part.langs)}): {part.name}; licence: {part.licence}"
            for part in self.parts
        ]


def origin_of(docs: Iterable[Doc], *, spans_key: str | None = None) -> Origin:
    """Where labelled documents come from, as far as their views tell. spans_key: count the entities
    of this group of ``doc.spans`` in place of ``doc.ents``."""
    documents = projected = reviewed = 0
    entities: Counter[str] = Counter()
    langs: dict[str, set[str]] = {}  # by the id of what views were made with
    made: dict[str, Mapping[str, Any]] = {}
    for doc in docs:
        views = Views(doc)
        documents += 1
        projected += bool(views)
        reviewed += bool(views) and is_reviewed(doc)
        entities.update(entity_labels(doc, spans_key))
        for lang in views:
            try:
                view = views[lang]
            except XProjError:  # it speaks of words that the document no longer has
                continue
            langs.setdefault(view.provenance.id, set()).add(lang)
            if view.provenance.known:
                made[view.provenance.id] = view.provenance
    found: dict[tuple[str, str, str], set[str]] = {}
    for name, settings in made.items():
        for stage in _STAGES:
            for title, licence in _named(settings.get(stage, {})):
                found.setdefault((stage, title, licence), set()).update(langs[name])
    parts = [
        Part(stage, tuple(sorted(own)), title, licence)
        for (stage, title, licence), own in found.items()
    ]
    parts.sort(key=lambda part: (_STAGES.index(part.stage), part))
    by_label = dict(sorted(entities.items()))
    return Origin(documents, projected, reviewed, by_label, tuple(parts))


def _named(settings: Any) -> list[tuple[str, str]]:
    """The names and licences of the models that settings name, at any depth; where they name none,
    of what they are."""
    if not isinstance(settings, Mapping) or not settings:
        return []
    model = settings.get("model")
    if isinstance(model, str):
        title = str(settings.get("name") or model)
        version = settings.get("version") or settings.get("revision")
        return [(f"{title} {version}" if version else title, licence_of(model))]
    nested = [
        found
        for value in settings.values()
        for one in (value if isinstance(value, list) else [value])
        for found in _named(one)
        if isinstance(one, Mapping) and _has_model(one)
    ]
    if nested:
        return nested
    kind = next((settings[key] for key in ("kind", "tagger", "aligner") if key in settings), None)
    if not isinstance(kind, str):
        return []
    of = settings.get("pair") or settings.get("path")
    return [(f"{kind} {Path(str(of)).name}" if of else kind, UNKNOWN)]


def _has_model(settings: Mapping[str, Any]) -> bool:
    if isinstance(settings.get("model"), str):
        return True
    values = [v for one in settings.values() for v in (one if isinstance(one, list) else [one])]
    return any(_has_model(value) for value in values if isinstance(value, Mapping))


def licence_of(model: str) -> str:
    """The licence of a model: of a spaCy pipeline that is here what its meta says, of those that
    this package names what their publishers say; else ``UNKNOWN``."""
    for begins, licence in LICENCES.items():
        if model.startswith(begins):
            return licence
    folder = get_package_path(model) if is_package(model) else Path(model)
    for meta in (folder / "meta.json", *sorted(folder.glob("*/meta.json"))):
        try:
            licence = read_json(meta).get("license")
        except (XProjError, OSError, AttributeError):
            continue
        if isinstance(licence, str) and licence:
            return licence
    return UNKNOWN
