"""Links by way of a back-translation, in both modes, with hand-made translations and links."""

import pickle

import numpy as np
import pytest
from spacy import registry

from spacy_xproj.alignment.aligners import SoftAlign
from spacy_xproj.alignment.backtranslation import BackTranslation, best_path
from spacy_xproj.data.links import Links
from spacy_xproj.data.status import ViewStatus
from spacy_xproj.errors import XProjError
from spacy_xproj.translation import Bitext, Translation


class Fake:
    """Translates by a table; what is not in it comes back as nothing."""

    def __init__(self, table):
        self.table = table
        self.calls = []

    def translate(self, texts, *, source_lang, target_lang):
        texts = [text.strip() for text in texts]
        self.calls.append((texts, source_lang, target_lang))
        return [
            Translation(t, ViewStatus.OK if t else ViewStatus.EMPTY_TRANSLATION)
            for t in (self.table.get(text, "") for text in texts)
        ]

    def describe(self):
        return {"kind": "fake"}


class Given:
    """Links by the words of the two sides, as (source, target, strength); equal words 1."""

    def __init__(self, **strengths):
        self.strengths = strengths
        self.langs = []
        self.rows = []

    def align(self, views, targets):
        self.langs.append([view.lang for view in views])
        self.rows.append([view.row for view in views])
        return [
            Links(
                (k, l, self.strengths.get(f"{a}_{b}", 1.0 if a == b else 0.0))
                for k, a in enumerate(view.words)
                for l, b in enumerate(target.words)
                if a == b or f"{a}_{b}" in self.strengths
            )
            for view, target in zip(views, targets, strict=True)
        ]

    def describe(self):
        return {"aligner": "given"}


class Bytes(Given):
    """Carries data, as a Pharaoh file does."""

    data = b"links"

    def to_bytes(self):
        return self.data

    def from_bytes(self, data):
        self.data = data


def make(aligner, table, **settings):
    return BackTranslation(aligner=aligner, translator=Fake(table), target_lang="sw", **settings)


def test_best_path_is_the_strongest_way_over_a_word_between():
    first = np.array([[0.5, 1.0], [0.0, 0.0]])
    second = np.array([[0.8, 0.2, 0.0], [0.3, 0.6, 0.0]])
    assert best_path(first, second).tolist() == [[0.4, 0.6, 0.0], [0.0, 0.0, 0.0]]
    assert best_path(np.zeros((2, 0)), np.zeros((0, 3))).shape == (2, 3)


def test_compose_raises_where_both_agree_and_lowers_where_not(view, target):
    aligner = Given(bank_benki=0.4, bank_ya=0.4, green_kijani=0.6)
    back = make(aligner, {"green bank": "benki kijani"}, weight=0.25)
    # bank -> benki -> benki .4 * 1; bank -> ya has no way over the back-translation, which has no
    # "ya"; green -> kijani .6 * 1.
    (links,) = back.align([view("green bank", row=7)], [target("benki ya kijani")])
    assert links == Links([(0, 2, 0.6), (1, 0, 0.4), (1, 1, 0.3)])


def test_compose_adds_links_that_only_the_back_translation_has(view, target):
    aligner = Given(bank_benki=0.8, bank_taasisi=0.2, benki_taasisi=0.5)
    (links,) = make(aligner, {"bank": "benki"}, weight=0.5).align(
        [view("bank")], [target("taasisi")]
    )
    # direct .2, by way of "benki" .8 * .5
    assert links == Links([(0, 0, 0.3)])
    direct = make(aligner, {"bank": "benki"}, weight=0.0).align([view("bank")], [target("taasisi")])
    assert direct == [Links([(0, 0, 0.2)])]


def test_compose_keeps_the_direct_links_where_there_is_no_translation(view, target):
    aligner = Given(bank_benki=0.4)
    assert make(aligner, {}).align([view("bank")], [target("benki")]) == [Links([(0, 0, 0.4)])]


@pytest.mark.parametrize("mode", ["compose", "tgt2tgt"])
def test_empty_sides_have_no_links(view, target, mode):
    back = make(Given(), {"Asha": "Asha", "[Asha]": "[Asha]"}, mode=mode)
    asha = view("Asha").with_entities([(0, 1, "PER")])
    empty = view("").replace(entities=())
    links = back.align([empty, asha, asha], [target("Asha"), target(""), target("Asha")])
    assert links == [Links(), Links(), Links([(0, 0, 1.0)])]
    assert back.align([], []) == []


def test_languages_texts_and_rows_that_reach_the_parts(view, target):
    """Texts go from each view's language to the target's, once each; a row says nothing about the
    words of a translation."""
    aligner, same = Given(), Given()
    back = make(aligner, {"Asha": "Asha"}, target_aligner=same)
    german = view("Asha", row=3).replace(lang="de")
    back.align([view("Asha", row=1), german, view("Asha", row=2)], [target("Asha")] * 3)
    assert back.translator.calls == [(["Asha"], "en", "sw"), (["Asha"], "de", "sw")]
    assert aligner.langs == [["en", "de", "en"]] * 2
    assert aligner.rows == [[1, 3, 2], [None] * 3]
    assert same.langs == [["sw"] * 3]
    assert same.rows == [[None] * 3]


def test_tgt2tgt_links_an_entity_through_its_marked_translation(view, target):
    sentence = view("Asha left the World Bank .").with_entities([(0, 1, "PER"), (3, 5, "ORG")])
    table = {
        "[Asha] left the [World Bank] .": "[Benki ya Dunia] iliachwa na [Asha].",
        "Asha": "Asha",
        "World Bank": "Benki ya Dunia",
    }
    aligner = Given(Dunia_Ulimwengu=0.6)
    (links,) = make(aligner, table, mode="tgt2tgt").align(
        [sentence], [target("Asha aliiacha Benki ya Ulimwengu")]
    )
    # The two words of "World Bank" share each strength; other words have no link, and "ya", which
    # stands in the piece, is linked.
    halves = [(k, l, a) for k in (3, 4) for l, a in ((2, 0.5), (3, 0.5), (4, 0.3))]
    assert links == Links([(0, 0, 1.0), *halves])
    assert aligner.langs == [["sw"]]  # the direct aligner is not asked


def test_tgt2tgt_where_marks_are_lost_or_pieces_are_not_alike(view, target):
    sentence = view("Asha left").with_entities([(0, 1, "PER")])
    given = [sentence], [target("Asha aliondoka")]
    for translated, alone in [("Asha aliondoka", "Asha"), ("[yeye] aliondoka", "Asha"), ("", "")]:
        back = make(Given(), {"[Asha] left": translated, "Asha": alone}, mode="tgt2tgt")
        assert back.align(*given) == [Links()]
    no_marks = view("Asha [ { <").with_entities([(0, 1, "PER")])
    assert make(Given(), {}, mode="tgt2tgt").align([no_marks], [target("Asha")]) == [Links()]


def test_tgt2tgt_cuts_words_at_the_marks(view, target):
    sentence = view("in Dodoma").with_entities([(1, 2, "LOC")])
    table = {"in [Dodoma]": "[Dodoma]ni", "Dodoma": "Dodoma"}
    (links,) = make(Given(), table, mode="tgt2tgt").align([sentence], [target("Dodoma")])
    assert links == Links([(1, 0, 1.0)])


def test_tgt2tgt_needs_the_entities_first(view, target):
    with pytest.raises(XProjError, match=r"XP106.*xproj_source_ner"):
        make(Given(), {}, mode="tgt2tgt").align([view("Asha")], [target("Asha")])


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"mode": "both"}, r"XP150.*compose, tgt2tgt"),
        ({"weight": 1.5}, "XP152"),
        ({"weight": float("nan")}, "XP152"),
    ],
)
def test_settings_that_do_not_hold(settings, message):
    with pytest.raises(XProjError, match=message):
        make(Given(), {}, **settings)
    with pytest.raises(XProjError, match=r"XP432.*target_lang.*\$\{nlp\.lang\}"):
        BackTranslation(aligner=Given(), translator=Fake({}), target_lang="")


def test_a_target_language_without_a_tokenizer(view, target):
    back = BackTranslation(aligner=Given(), translator=Fake({"a": "b"}), target_lang="no-such")
    with pytest.raises(XProjError, match=r"XP610.*no-such"):
        back.align([view("a")], [target("b")])


def test_the_data_of_its_parts_is_saved(view, target):
    table = [("bank", "benki")]
    back = BackTranslation(
        aligner=Bytes(bank_benki=0.5), translator=Bitext(pairs=table), target_lang="sw"
    )
    data = back.to_bytes()
    other = BackTranslation(aligner=Bytes(bank_benki=0.5), translator=Bitext(), target_lang="sw")
    other.aligner.data = b""
    other.from_bytes(data)
    assert other.aligner.data == b"links"
    assert other.align([view("bank")], [target("benki")]) == [Links([(0, 0, 0.5)])]
    assert pickle.loads(pickle.dumps(back)).to_bytes() == data
    assert make(Given(), {}).to_bytes() == make(Given(), {}).to_bytes()


def test_training_reaches_the_direct_aligner(view, target):
    seen = []
    aligner = Given()
    aligner.train = lambda views, targets: seen.append((len(views), len(targets)))
    make(aligner, {}).train([view("a")], [target("b")])
    make(Given(), {}).train([view("a")], [target("b")])
    assert seen == [(1, 1)]


def test_with_an_encoder(fake_encoder, view, target):
    """All of the strength goes over the back-translation, which has the words of the target."""
    soft = SoftAlign(encoder=fake_encoder, temperature=0.02)
    back = make(soft, {"Asha won": "Asha alishinda"}, weight=1.0)
    (links,) = back.align([view("Asha won")], [target("alishinda Asha")])
    strengths = links.to_matrix(2, 2)
    assert strengths[0, 1] > 0.9
    assert strengths[0].argmax() == 1
    assert len(fake_encoder.calls) == 3  # direct, to the back-translation, and from it


def test_a_config_names_it():
    config = {
        "aligner": {
            "@xproj_aligners": "spacy-xproj.BackTranslation.v1",
            "target_lang": "sw",
            "aligner": {"@xproj_aligners": "spacy-xproj.Pharaoh.v1"},
            "translator": {"@xproj_translators": "spacy-xproj.Bitext.v1", "path": "b.jsonl"},
        }
    }
    described = registry.resolve(config)["aligner"].describe()
    assert described["mode"] == "compose"
    assert described["direct"] == {"aligner": "pharaoh", "path": None}
    assert described["translator"]["path"] == "b.jsonl"
