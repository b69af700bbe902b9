"""Four sentence pairs, a teacher, and pipelines of the four components over them."""

import json
from pathlib import Path

import pytest
import spacy

PAIRS = [
    ("Asha alikutana na Baraka mjini Dodoma.", "Asha met Baraka in Dodoma."),
    (
        "Jumatatu Benki ya Kijani ilifunguliwa Nairobi.",
        "Kijani Bank opened in Nairobi on Monday.",
    ),
    ("Mwaka mpya ulianza vizuri.", "The new year opened well."),
    ("Asha anafanya kazi.", "Asha works in Nairobi."),
]
LINKS = ["0-0 1-1 2-3 3-4 4-5 5-6", "0-3 1-1 2-4 4-5 6-0 7-6", "1-1 2-0 3-2 4-3 5-4", "0-0 1-2"]
PATTERNS = [
    {"label": "PERSON", "pattern": "Asha"},
    {"label": "PERSON", "pattern": "Baraka"},
    {"label": "GPE", "pattern": "Dodoma"},
    {"label": "GPE", "pattern": "Nairobi"},
    {"label": "ORG", "pattern": "Kijani Bank"},
    {"label": "DATE", "pattern": "Monday"},
]


@pytest.fixture(scope="session")
def texts():
    """The Swahili side of the pairs."""
    return [text for text, _ in PAIRS]


@pytest.fixture(scope="session")
def expected():
    """What the four sentences give with the links of the file."""
    return [
        [("Asha", "PER"), ("Baraka", "PER"), ("Dodoma", "LOC")],
        [("Jumatatu", "DATE"), ("Benki ya Kijani", "ORG"), ("Nairobi", "LOC")],
        [],
        [("Asha", "PER")],  # Nairobi has no link: status "unaligned"
    ]


@pytest.fixture(scope="session")
def teacher(tmp_path_factory):
    """The folder of an English pipeline with an entity ruler."""
    nlp = spacy.blank("en")
    nlp.add_pipe("entity_ruler").add_patterns(PATTERNS)
    folder = tmp_path_factory.mktemp("teacher")
    nlp.to_disk(folder)
    return str(folder)


@pytest.fixture
def files(tmp_path):
    """A folder with the pairs as ``bitext.jsonl`` and their links as ``links.pharaoh``."""
    lines = [json.dumps({"sw": sw, "en": en}) for sw, en in PAIRS]
    (tmp_path / "bitext.jsonl").write_text("\n".join(lines), encoding="utf-8")
    (tmp_path / "links.pharaoh").write_text("\n".join(LINKS), encoding="utf-8")
    return tmp_path


@pytest.fixture
def blocks(files: Path, teacher: str, tiny_encoder: Path):
    """The settings of the components; the aligner is "links" (the file) or "encoder"."""

    def make(aligner="links"):
        if aligner == "links":
            own = {
                "@xproj_aligners": "spacy-xproj.Pharaoh.v1",
                "path": str(files / "links.pharaoh"),
            }
        else:
            own = {
                "@xproj_aligners": "spacy-xproj.SoftAlign.v1",
                "encoder": {
                    "@xproj_encoders": "spacy-xproj.HFEncoder.v1",
                    "name": str(tiny_encoder),
                    "layers": [1],
                    "device": "cpu",
                },
            }
        return {
            "xproj_translate": {
                "translator": {
                    "@xproj_translators": "spacy-xproj.Bitext.v1",
                    "path": str(files / "bitext.jsonl"),
                    "source_field": "sw",
                    "target_field": "en",
                }
            },
            "xproj_source_ner": {
                "tagger": {"@xproj_taggers": "spacy-xproj.SpacyTagger.v1", "model": teacher}
            },
            "xproj_aligner": {"aligner": own},
            "xproj_projector": {},
        }

    return make


@pytest.fixture
def make_nlp(blocks):
    """Make the pipeline of four; keyword arguments add settings to a component."""

    def make(aligner="links", **more):
        nlp = spacy.blank("sw")
        for name, settings in blocks(aligner).items():
            nlp.add_pipe(name, config={**settings, **more.get(name, {})})
        return nlp

    return make


@pytest.fixture(scope="session")
def everything():
    """All that the components set on a document, as plain data."""

    def collect(doc):
        layers = {
            key: [(s.start, s.end, s.label_) for s in group] for key, group in doc.spans.items()
        }
        ents = [(e.start, e.end, e.label_) for e in doc.ents]
        views = {}
        for lang, view in doc._.xproj.items():
            # What a bitext says of itself grows when its file is read; that is no result.
            views[lang] = view.replace(provenance={})
        return doc.text, ents, layers, views

    return collect
