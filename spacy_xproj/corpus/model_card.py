"""What a student says of itself: its data, sources, teachers, versions and licences.

``spacy train`` writes a pipeline's scores into its ``meta.json``; this adds where its labels come
from, in the fields of which ``spacy package`` makes the ``README.md`` of a package.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import spacy
from spacy.language import Language
from spacy.util import get_minor_version_range

from ..about import __version__
from ..io.formats.docbin import read_docbin
from ..text.languages import ANY, is_shipped
from .corpus_reader import Paths, as_list, docbin_files
from .origin import UNKNOWN, Origin, origin_of

_LICENCES = "Mind the licences of what made the labels, beside that of the text itself."
_DEV = (
    "The scores above are on the documents of dev: they tell how well the student learnt such "
    "labels, not how right those are."
)


def make_model_card(
    train: Paths,
    dev: Paths = None,
    gold: Paths = None,
    license: str = "",
    author: str = "",
    spans_key: str | None = None,
) -> Callable[[Language], Language]:
    """``spacy-xproj.ModelCard.v1``, for ``[training.before_to_disk]``: writes into the pipeline's
    meta where its labels come from, and with what licences.

    train, dev, gold: the corpora of training, as their readers take them. license, author: of the
    student; yours to say. spans_key: the group of ``doc.spans`` that it learns. A ``description``
    that the pipeline has is kept. Raises XProjError where a corpus cannot be read.
    """
    origins: dict[str, Origin] = {}

    def read() -> dict[str, Origin]:
        for name, paths in (("train", train), ("gold", gold), ("dev", dev)):
            files = [file for path in as_list(paths) for file in docbin_files(Path(path))]
            docs = (doc for file in files for doc in read_docbin(file, lang=ANY))
            if files:
                origins[name] = origin_of(docs, spans_key=spans_key)
        return origins

    def add_card(nlp: Language) -> Language:
        # A pipeline is saved many times while it is trained.
        found = origins or read()
        nlp.meta.update(_card(nlp, found))
        for key, value in (("license", license), ("author", author)):
            if value:
                nlp.meta[key] = value
        return nlp

    return add_card


def _card(nlp: Language, origins: dict[str, Origin]) -> dict[str, Any]:
    train = origins.get("train") or origins["gold"]
    labels = ", ".join(train.entities)
    how = "labelled text"
    if train.langs:
        how = f"labels carried over from {', '.join(train.langs)} by annotation projection"
    parts = dict.fromkeys(
        (part.name, part.licence) for one in origins.values() for part in one.parts
    )
    versions = f"Made with spacy-xproj {__version__} and spaCy {spacy.__version__}."
    data = [f"- {name}: {origin.counts()}" for name, origin in origins.items()]
    made = list(dict.fromkeys(line for one in origins.values() for line in one.lines()))
    dev = origins.get("dev")
    notes = ["### Data", "\n".join(data), *([_DEV] if dev and dev.projected else [])]
    if made:
        notes += ["### How the labels were made", "\n".join(made), train.checked(), _LICENCES]
    # `spacy package` finds what components need, but not who knows the language.
    needed = (
        []
        if is_shipped(nlp.lang or ANY)
        else [f"spacy-xproj{get_minor_version_range(__version__)}"]
    )
    return {
        "requirements": list(dict.fromkeys([*nlp.meta.get("requirements", []), *needed])),
        "description": nlp.meta.get("description")
        or f"Entities in text of the language {nlp.lang!r} ({labels}), learnt from {how}.",
        "sources": [
            {"name": name, "license": "" if licence == UNKNOWN else licence}
            for name, licence in parts
        ],
        "notes": "\n\n".join([*notes, versions]),
    }
