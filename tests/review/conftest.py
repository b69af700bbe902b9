"""Documents with a source view, as the components leave them."""

import pytest
from spacy.attrs import LANG
from spacy.tokens import Doc
from spacy.vocab import Vocab

import spacy_xproj  # noqa: F401  (adds doc._.xproj)
from spacy_xproj.data.links import Links
from spacy_xproj.data.status import Status
from spacy_xproj.data.views import Projection, SourceView


@pytest.fixture
def make_doc():
    """Make a Doc with one view; projections as (entity, label, status, start, end, score, why)."""

    def make(target, source, *, entities=(), links=(), projections=(), lang="sw", **view):
        words = source.split()
        vocab = Vocab(lex_attr_getters={LANG: lambda _: lang})
        doc = Doc(vocab, words=target.split())
        rows = []
        for entity, label, status, start, end, score, *reason in projections:
            span = None if start is None else doc[start:end]
            rows.append(
                Projection(
                    entity,
                    label,
                    Status(status),
                    start,
                    end,
                    span.start_char if span else None,
                    span.end_char if span else None,
                    score,
                    *reason,
                )
            )
        doc._.xproj["en"] = SourceView(
            "en",
            tuple(words),
            (True,) * len(words),
            links=Links(links),
            projections=tuple(rows),
            **view,
        ).with_entities(entities)
        return doc

    return make


@pytest.fixture
def doc(make_doc):
    return make_doc(
        "Rais Samia Suluhu alitembelea Dodoma jana",
        "President Samia Suluhu visited Dodoma yesterday",
        entities=[(1, 3, "PER"), (4, 5, "LOC"), (5, 6, "DATE")],
        links=[(0, 0, 0.9), (1, 1, 0.95), (2, 2, 0.5), (3, 3, 0.8), (4, 4, 1.0)],
        projections=[
            (0, "PER", "projected", 1, 3, 0.725, ""),
            (1, "LOC", "projected", 4, 5, 1.0, ""),
            (2, "DATE", "unaligned", None, None, None, "no word has a link"),
        ],
    )
