"""The translation model as a score of the projector."""

from math import exp

import pytest
import spacy
from spacy.tokens import Doc

from spacy_xproj.data.links import Links
from spacy_xproj.data.views import SourceView
from spacy_xproj.translation.seq2seq import Seq2Seq

CONFIG = """
[nlp]
lang = "sw"
pipeline = ["xproj_projector"]

[components]

[components.xproj_projector]
factory = "xproj_projector"

[components.xproj_projector.projector]
@xproj_projectors = "spacy-xproj.Matching.v1"

[components.xproj_projector.projector.score]
@xproj_scores = "spacy-xproj.NmtScore.v1"
target_lang = ${nlp.lang}
min_score = 0.0

[components.xproj_projector.projector.score.translator]
@xproj_translators = "spacy-xproj.Seq2Seq.v1"
model = "MODEL"
device = "cpu"
"""


@pytest.fixture
def nlp(nllb):
    config = spacy.util.load_config_from_str(CONFIG.replace("MODEL", nllb), interpolate=True)
    return spacy.util.load_model_from_config(config, auto_fill=True)


@pytest.fixture
def docs(nlp):
    """Two documents whose first words are linked to the name and to the verb."""
    made = []
    for words in (["Asha", "anaishi", "Nairobi", "."], ["Juma", "alinunua", "vitabu", "."]):
        doc = Doc(nlp.vocab, words=words, spaces=[True, True, False, False])
        source = {"Asha": ("Asha", "lives"), "Juma": ("Juma", "bought")}[words[0]]
        view = SourceView("en", source, (True, False)).with_entities([(0, 1, "PER")])
        doc._.xproj["en"] = view.replace(links=Links([(0, 0, 0.5), (0, 1, 0.5), (1, 1)]))
        made.append(doc)
    return made


def test_scores_are_those_of_the_formula_with_a_real_model(nlp, docs, nllb):
    list(nlp.pipe(docs))
    model = Seq2Seq(model=nllb, device="cpu")

    def p(given, wanted, source_lang, target_lang):
        (log_p,) = model.score([given], [wanted], source_lang=source_lang, target_lang=target_lang)
        return exp(log_p)

    for doc in docs:
        (found,) = doc._.xproj["en"].projections
        a, b = doc._.xproj["en"].words[0], doc[found.start : found.end].text
        one = p(b, a, "sw", "en") / p(a, a, "en", "en")
        other = p(a, b, "en", "sw") / p(b, b, "sw", "sw")
        assert found.score == pytest.approx((one + other) / 2, rel=1e-3)
        assert found.margin >= 0


def test_the_model_is_asked_once_per_batch_and_direction(nlp, docs):
    translator = nlp.get_pipe("xproj_projector").backend.score.translator
    calls = []
    score = translator.score

    def spy(sources, targets, *, source_lang, target_lang):
        calls.append((source_lang, target_lang, len(sources)))
        return score(sources, targets, source_lang=source_lang, target_lang=target_lang)

    translator.score = spy
    list(nlp.pipe(docs))
    # Of each document one entity and three candidates.
    assert calls == [("en", "en", 2), ("en", "sw", 6), ("sw", "en", 6), ("sw", "sw", 6)]
