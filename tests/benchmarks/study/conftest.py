"""A parallel corpus of word-for-word translations, a teacher that knows some names in each
language, and links from word to word."""

import shutil

import pytest
import spacy
from spacy.tokens import Doc, Span

from benchmarks.pages.mentions import GROUP
from benchmarks.study.views import Plan, make_views
from spacy_xproj.data.links import Links
from spacy_xproj.io.formats.docbin import write_docbin
from spacy_xproj.jobs.pipelines import projection_pipeline
from spacy_xproj.tagging.base import Tagged

LANGS = ["en", "de", "es", "fr", "sw", "hi"]
N = 30
PLAN = (("sw", "hi"), ("en", "de", "es", "fr"))
NAMES = {"Asha": "PER", "Dodoma": "LOC", "Kijani": "ORG"}
# In how many of ten units each teacher sees the name.
KNOWS = {"en": 10, "de": 8, "es": 7, "fr": 4, "sw": 2, "hi": 1}


class Teacher:
    """Sees the name of some units, and no other; counts the sentences that it tags."""

    def __init__(self):
        self.tagged = 0

    def tag(self, views):
        self.tagged += len(views)
        return [self._tag(view) for view in views]

    def _tag(self, view):
        row, lang = int(view.words[4][1:]), view.words[3][2:]
        sees = (row * 7 + LANGS.index(lang) * 3) % 10 < KNOWS[lang]
        found = [Tagged(2, 3, NAMES[view.words[2]])] if sees else []
        return [*found, Tagged(4, 5, "MISC")]

    def describe(self):
        return {"tagger": "test", "model": "a test"}


class Identity:
    """Links word i to word i; counts the calls."""

    def __init__(self):
        self.calls = 0

    def align(self, views, targets):
        self.calls += 1
        return [Links((i, i) for i in range(len(target.words))) for target in targets]

    def describe(self):
        return {"aligner": "identity"}


@pytest.fixture(scope="session")
def corpus(tmp_path_factory):
    """The folder of the corpus: 30 units, every third without a mention."""
    folder = tmp_path_factory.mktemp("corpus")
    for lang in LANGS:
        vocab = spacy.blank(lang).vocab
        docs = []
        for row in range(N):
            name = list(NAMES)[row // 3 % 3]
            doc = Doc(vocab, words=["w0", "w1", name, f"w3{lang}", f"u{row}"])
            doc.spans[GROUP] = [Span(doc, 2, 3, label=NAMES[name])] if row % 3 else []
            doc.user_data["id"] = f"u{row}"
            docs.append(doc)
        write_docbin(docs, folder / f"{lang}.spacy")
    return folder


@pytest.fixture(scope="session")
def teacher_class():
    return Teacher


@pytest.fixture
def teacher():
    return Teacher()


@pytest.fixture(scope="session")
def make_nlp():
    """Make aligner and projector; the aligner links word i to word i."""

    def make():
        nlp = projection_pipeline("xx")
        nlp.get_pipe("xproj_aligner").backend = Identity()
        return nlp

    return make


@pytest.fixture
def nlp(make_nlp):
    return make_nlp()


@pytest.fixture(scope="session")
def made(corpus, make_nlp, tmp_path_factory):
    """A folder with all views of the plan."""
    folder = tmp_path_factory.mktemp("made")
    plan = Plan(corpus, folder, *PLAN)
    make_views(plan, tagger=Teacher(), nlp=make_nlp(), ignore_labels=["MISC"])
    return folder


@pytest.fixture
def plan(corpus, tmp_path):
    return Plan(corpus, tmp_path / "out", *PLAN)


@pytest.fixture
def plan_made(corpus, made, tmp_path):
    """A plan whose views are made."""
    shutil.copytree(made, tmp_path / "out")
    return Plan(corpus, tmp_path / "out", *PLAN)
