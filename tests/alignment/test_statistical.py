"""Word links learnt from parallel text alone."""

import builtins
import json
import pickle

import pytest

from spacy_xproj.alignment import Aligner
from spacy_xproj.alignment.statistical import Statistical
from spacy_xproj.data.links import Links
from spacy_xproj.errors import XProjError

# Every word has one translation; adjectives follow their noun in the target.
NOUNS = {"house": "nyumba", "book": "kitabu", "tree": "mti", "child": "mtoto"}
ADJECTIVES = {"red": "nyekundu", "big": "kubwa", "new": "mpya"}
TOY = [
    *((f"the {a} {n}", f"{t} {b}") for n, t in NOUNS.items() for a, b in ADJECTIVES.items()),
    *((f"the {n}", t) for n, t in NOUNS.items()),
]


@pytest.fixture
def thot():
    return pytest.importorskip("thot", reason="needs the extra [stat]")


@pytest.fixture
def trained(thot, view, target):
    def train(**settings):
        aligner = Statistical(**settings)
        aligner.train([view(s) for s, _ in TOY], [target(t) for _, t in TOY])
        return aligner

    return train


def strongest(links):
    """The best target word of each source word."""
    best = {}
    for k, l, a in links:
        if a > best.get(k, (0.0, 0))[0]:
            best[k] = (a, l)
    return {k: l for k, (_, l) in best.items()}


@pytest.mark.parametrize("model", ["hmm", "fast_align", "ibm1"])
def test_it_learns_which_words_belong_together(trained, view, target, model):
    aligner = trained(model=model)
    assert isinstance(aligner, Aligner)
    (links,) = aligner.align([view("the red tree")], [target("mti nyekundu")])
    best = strongest(links)
    assert (best[1], best[2]) == (1, 0)
    assert all(0.0 < a <= 1.0 for _, _, a in links)


def test_a_strength_is_the_mean_of_both_posteriors(trained, view, target):
    aligner = trained(model="ibm1", min_strength=0.001)
    source, other = ["the", "red", "tree"], ["mti", "nyekundu"]
    forward, backward = aligner.models

    def posterior(model, words, word, candidate):
        """Of one word's candidate among the words of the other side and the empty word, 0."""
        t = model.get_trg_word_index(word)
        indices = [0, *(model.get_src_word_index(w) for w in words)]
        chances = [model.translation_prob(i, t) for i in indices]
        return chances[1 + candidate] / sum(chances)

    (links,) = aligner.align([view(" ".join(source))], [target(" ".join(other))])
    assert links
    for k, l, strength in links:
        there = posterior(forward, source, other[l], k)
        back = posterior(backward, other, source[k], l)
        assert strength == pytest.approx((there + back) / 2, abs=1e-4)


def test_words_are_compared_in_lower_case(trained, view, target):
    aligner = trained()
    lower = aligner.align([view("the red tree")], [target("mti nyekundu")])
    assert aligner.align([view("The RED Tree")], [target("MTI Nyekundu")]) == lower


def test_two_trainings_give_the_same(trained, view, target):
    pair = [view(s) for s, _ in TOY], [target(t) for _, t in TOY]
    assert trained().align(*pair) == trained().align(*pair)


def test_training_again_forgets_what_was_learnt(trained, view, target):
    aligner = trained()
    aligner.train([view("a")], [target("x")])
    assert aligner.describe()["pairs"] == 1


def test_empty_sides_and_unknown_words(trained, view, target):
    aligner = trained()
    views = [view(""), view("the"), view("never heard")]
    targets = [target("mti"), target(""), target("hakuna kitu")]
    links = aligner.align(views, targets)
    assert links[:2] == [Links(), Links()]
    assert all(k < 2 and l < 2 for k, l, _ in links[2])
    # Pairs with an empty side teach nothing and do no harm.
    aligner.train([view(""), view("a")], [target("x"), target("x")])
    assert aligner.describe()["pairs"] == 1


def test_min_strength_is_the_weakest_link_that_is_kept(trained, view, target):
    pair = [view("the red tree")], [target("mti nyekundu")]
    (weak,) = trained(min_strength=0.01).align(*pair)
    (strong,) = trained(min_strength=0.4).align(*pair)
    assert len(strong) < len(weak)
    assert all(a >= 0.4 for _, _, a in strong)
    assert strong.pairs <= weak.pairs


def test_a_saved_aligner_keeps_its_bitext(trained, view, target):
    aligner = trained()
    again = Statistical()
    again.from_bytes(aligner.to_bytes())
    pair = [view("the new book")], [target("kitabu mpya")]
    assert again.align(*pair) == aligner.align(*pair)
    assert again.to_bytes() == aligner.to_bytes()
    assert pickle.loads(pickle.dumps(aligner)).align(*pair) == aligner.align(*pair)


def test_a_bitext_from_a_file_goes_before_the_corpus_at_hand(thot, view, target, tmp_path):
    path = tmp_path / "bitext.jsonl"
    lines = [json.dumps({"en": s, "sw": t, "id": i}) for i, (s, t) in enumerate(TOY)]
    path.write_text("\n".join([*lines, "", '{"en": "", "sw": ""}']), encoding="utf-8")
    aligner = Statistical(path=str(path), source_lang="en", target_lang="sw")
    aligner.train([view("a")], [target("x")])
    assert aligner.describe()["pairs"] == len(TOY)
    pair = [view("the big house")], [target("nyumba kubwa")]
    before = aligner.align(*pair)
    assert strongest(before[0])[2] == 0
    data = aligner.to_bytes()
    path.unlink()
    again = Statistical(path=str(path), source_lang="en", target_lang="sw")
    again.from_bytes(data)
    assert again.align(*pair) == before


def test_nothing_to_learn_from(thot, view, target):
    for aligner in (Statistical(), Statistical(path="bitext.jsonl")):
        with pytest.raises(XProjError, match=r"XP412.*path = \"bitext\.jsonl\""):
            aligner.align([view("a")], [target("x")])


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (None, r"XP415.*bitext\.jsonl: no pair.*No such file"),
        ('{"en": "a", "sw": "b"}\n{"en": "a"}', r"XP415.*bitext\.jsonl:2.*KeyError 'sw'"),
        ('{"en": "a", "sw": 3}', r"XP415.*bitext\.jsonl:1"),
        ("[1]", r"XP415.*bitext\.jsonl:1"),
        ("en\tsw", r"XP415.*bitext\.jsonl:1.*keys 'en' and 'sw'"),
        ('{"en": "", "sw": ""}', r"XP412"),
    ],
)
def test_a_file_that_is_no_bitext(tmp_path, view, target, text, message):
    path = tmp_path / "bitext.jsonl"
    if text is not None:
        path.write_text(text, encoding="utf-8")
    aligner = Statistical(path=str(path), source_lang="en", target_lang="sw")
    with pytest.raises(XProjError, match=message):
        aligner.pairs  # noqa: B018


def test_without_the_package_the_error_names_the_extra(view, target, monkeypatch):
    real = builtins.__import__

    def without_thot(name, *args, **kwargs):
        if name.startswith("thot"):
            raise ImportError(f"No module named {name!r}")
        return real(name, *args, **kwargs)

    monkeypatch.setattr(builtins, "__import__", without_thot)
    aligner = Statistical()
    aligner.train([view("a")], [target("x")])
    with pytest.raises(XProjError, match=r"XP411.*pip install 'spacy-xproj\[stat\]'"):
        aligner.align([view("a")], [target("x")])


def test_an_unknown_model():
    with pytest.raises(XProjError, match=r"XP150.*'ibm9'; known: fast_align, hmm, ibm1"):
        Statistical(model="ibm9")
