"""XQuAD-NER: which answers are mentions, where units end, and what is written."""

import json
import re

import pytest

from benchmarks.xquad.build import GROUP, build_xquad_ner, write_xquad_ner
from spacy_xproj.errors import XProjError
from spacy_xproj.io.formats.files import read_docs
from spacy_xproj.translation.sentences import split_sentences

LANGS = ("de", "zh")


@pytest.fixture
def build(mini_xquad):
    def build_mini(**settings):
        settings = {
            "recognise": mini_xquad.recognise,
            "recogniser": {"tagger": "list of names"},
            "split_sentences": split_sentences,
            "langs": LANGS,
            **settings,
        }
        return build_xquad_ner(mini_xquad.folder, **settings)

    return build_mini


def mentions(docs):
    return [[(span.text, span.label_) for span in doc.spans[GROUP]] for doc in docs]


def edit(mini_xquad, lang, article, paragraph):
    """The data of a file, and one of its paragraphs, to be changed and written."""
    data = mini_xquad.content(lang)
    return data, data["data"][article]["paragraphs"][paragraph]


def test_answers_that_are_entities_are_mentions_in_every_language(build):
    docs = build(unit="paragraph").docs
    assert mentions(docs["en"]) == [
        [("Asha Mushi", "PER"), ("Dodoma", "LOC"), ("Asha Mushi", "PER")],
        [("Kijani Bank", "ORG"), ("Baraka", "PER"), ("Baraka", "PER")],
        [("Rufiji", "LOC")],
    ]
    # Quotes are trimmed; "Baraka." loses its period as in English.
    assert mentions(docs["de"])[1:] == [
        [("Kijani-Bank", "ORG"), ("Baraka", "PER"), ("Baraka", "PER")],
        [("Rufiji", "LOC")],
    ]
    assert mentions(docs["zh"])[1:] == [
        [("基贾尼银行", "ORG"), ("巴拉卡", "PER"), ("巴拉卡", "PER")],
        [("鲁菲吉河", "LOC")],
    ]


def test_only_the_occurrence_that_was_asked_for_is_a_mention(build):
    doc = build(unit="paragraph").docs["en"][0]
    assert doc.text.count("Dodoma") == 2
    assert [span.start_char for span in doc.spans[GROUP] if span.text == "Dodoma"] == [16]


def test_mentions_are_no_entities(build):
    for docs in build().docs.values():
        assert not any(doc.ents or doc.has_annotation("ENT_IOB") for doc in docs if len(doc))


def test_units_are_sentences_that_are_parallel_in_all_languages(build):
    corpus = build()
    assert [[doc.text for doc in docs] for docs in zip(*corpus.docs.values(), strict=True)] == [
        ["Asha Mushi left Dodoma.", "Asha Mushi verließ Dodoma.", "阿莎·穆希离开了多多马。"],
        [
            "Later Asha Mushi met 12 friends in the old town.",
            "Später traf Asha Mushi 12 Freunde in der Altstadt.",
            "后来阿莎·穆希在老城见了 12 个朋友。",
        ],
        ["Dodoma was quiet.", "Dodoma war ruhig.", "多多马很安静。"],
        # One sentence in German.
        [
            '"Kijani Bank" opened in 1987. It is run by Baraka, says Baraka.',
            "Die „Kijani-Bank“ öffnete 1987, geführt von Baraka, so Baraka.",
            "《基贾尼银行》于 1987 年开业。它由巴拉卡管理，巴拉卡说。",
        ],
        [
            "The Ruaha flows to the Rufiji.",
            "Der Ruaha mündet in den Rufijifluss.",
            "鲁阿哈河流入鲁菲吉河。",
        ],
        ["The Rufiji is long.", "Der Rufiji ist lang.", "鲁菲吉河很长。"],
        ["It has crocodiles.", "Er hat Krokodile.", "那里有鳄鱼。"],
    ]
    assert corpus.summary["units_that_are_whole_paragraphs"] == 1
    assert [doc.user_data["id"] for doc in corpus.docs["zh"]] == [
        *("00-0-0", "00-0-1", "00-0-2", "00-1-0", "01-0-0", "01-0-1", "01-0-2"),
    ]


def test_no_answer_is_cut_by_the_border_of_a_unit(build, mini_xquad):
    """One that spreads over two sentences joins them in every language."""
    data, paragraph = edit(mini_xquad, "de", 1, 0)
    answer = paragraph["qas"][0]["answers"][0]
    answer["text"] = paragraph["context"][answer["answer_start"] :].partition(" ist")[0]
    mini_xquad.write("de", data)
    texts = {lang: [d.text for d in docs[4:]] for lang, docs in build().docs.items()}
    assert texts["de"] == [
        "Der Ruaha mündet in den Rufijifluss. Der Rufiji ist lang.",
        "Er hat Krokodile.",
    ]
    assert texts["zh"] == ["鲁阿哈河流入鲁菲吉河。鲁菲吉河很长。", "那里有鳄鱼。"]


def test_text_without_sentence_marks_is_cut_at_blanks(mini_xquad, build):
    data = mini_xquad.content("en")
    thai = ["อาชาออกจากโดโดมา ต่อมาเธอพบเพื่อน 12 คนในเมืองเก่าของเมืองหลวง โดโดมาเงียบสงบ", "ก", "ข"]
    rows = [paragraph for article in data["data"] for paragraph in article["paragraphs"]]
    for paragraph, text in zip(rows, thai, strict=True):
        paragraph.update(context=text, qas=[])
    mini_xquad.write("th", data)
    docs = build(langs=["th"]).docs
    assert [doc.text for doc in docs["th"][:3]] == [
        "อาชาออกจากโดโดมา",
        "ต่อมาเธอพบเพื่อน 12 คนในเมืองเก่าของเมืองหลวง",  # no cut before a number
        "โดโดมาเงียบสงบ",
    ]


def test_a_token_that_a_mention_cuts_gives_way_and_is_counted(build):
    corpus = build()
    words = [token.text for token in corpus.docs["de"][4]]
    assert words[-3:] == ["Rufiji", "fluss", "."]
    cut = {lang: own["tokens_cut"] for lang, own in corpus.summary["languages"].items()}
    assert cut == {"en": 0, "de": 1, "zh": 0}


def test_the_rules_are_counted(build):
    english = build(labels=["PER", "ORG"]).summary["languages"]["en"]
    assert english["rules"] == {
        "article_and_entity": 1,  # The Rufiji
        "entity": 5,
        "entity_and_period": 1,
        "entity_and_quotes": 1,
        "label LOC": 2,
        "label ORG": 1,
        "label PER": 4,
        "no_entity": 1,  # old town
    }
    assert english["mentions"] == {"PER": 4, "ORG": 1}


def test_questions_with_one_answer_are_one_mention(build, mini_xquad):
    """Where they differ in another language, the span that most agree on is taken."""
    for lang, answers in {
        "en": ["Dodoma", "Dodoma"],
        "de": ["Dodoma", "verließ Dodoma"],
        "zh": ["多多马", "多多马"],
    }.items():
        data, paragraph = edit(mini_xquad, lang, 0, 0)
        for i, text in enumerate(answers):
            start = paragraph["context"].index(text)
            own = [{"answer_start": start, "text": text}]
            paragraph["qas"].append({"id": f"new{i}", "question": "?", "answers": own})
        mini_xquad.write(lang, data)
    corpus = build()
    first = corpus.docs["de"][0]
    assert mentions([first]) == [[("Asha Mushi", "PER"), ("Dodoma", "LOC")]]
    assert [list(q) for q in first.user_data["xquad"]["questions"]] == [
        ["q1"],
        ["q2", "new0", "new1"],
    ]
    assert first.spans[GROUP][1].id_ == "q2"
    languages = corpus.summary["languages"]
    assert languages["en"]["rules"]["questions_merged"] == 2
    assert languages["de"]["rules"]["questions_differ"] == 1


@pytest.mark.parametrize(
    ("second", "kept", "reason"),
    [
        ("Asha Mushi verließ Dodoma", [("Asha Mushi verließ Dodoma", "LOC")], "overlaps_longer"),
        ("Mushi", [("Asha Mushi", "PER")], "overlaps_longer"),
        ("Asha Mushi", [("Asha Mushi", "PER")], "same_span_other_label"),
    ],
)
def test_of_mentions_that_overlap_the_longest_is_kept(build, mini_xquad, second, kept, reason):
    data, paragraph = edit(mini_xquad, "de", 0, 0)
    start = paragraph["context"].index(second)
    paragraph["qas"][1]["answers"] = [{"answer_start": start, "text": second}]
    mini_xquad.write("de", data)
    corpus = build()
    assert mentions(corpus.docs["de"][:1]) == [kept]
    assert corpus.summary["languages"]["de"]["left_out"] == {reason: 1}
    assert len(corpus.docs["zh"][0].spans[GROUP]) == 2


def test_what_a_language_lacks_is_listed(build, mini_xquad):
    data, paragraph = edit(mini_xquad, "de", 0, 0)
    del paragraph["qas"][0]
    paragraph["qas"][0]["answers"][0]["answer_start"] += 1
    paragraph["qas"][1]["answers"] = [{"answer_start": 10, "text": " "}]
    mini_xquad.write("de", data)
    corpus = build()
    assert [list(row.values()) for row in corpus.summary["left_out"]] == [
        ["de", "q1", "question_missing"],
        ["de", "q2", "answer_start_mismatch"],
        ["de", "q3", "only_punctuation"],
    ]
    assert (
        sum(map(len, mentions(corpus.docs["de"]))) == sum(map(len, mentions(corpus.docs["en"]))) - 3
    )


def test_an_english_answer_that_does_not_match_is_listed(build, mini_xquad):
    data, paragraph = edit(mini_xquad, "en", 0, 0)
    paragraph["qas"][1]["answers"][0]["answer_start"] += 1
    mini_xquad.write("en", data)
    corpus = build()
    assert corpus.summary["languages"]["en"]["left_out"] == {"answer_start_mismatch": 1}
    assert ("Dodoma", "LOC") not in mentions(corpus.docs["de"])[0]


def test_files_that_are_not_parallel_are_named(build, mini_xquad):
    data = mini_xquad.content("de")
    del data["data"][1]
    mini_xquad.write("de", data)
    with pytest.raises(XProjError, match=r"xquad\.en\.json has 3 .*xquad\.de\.json has 2"):
        build()


def test_a_missing_language_is_named_before_any_work(build):
    with pytest.raises(XProjError, match=r"XP680.*xquad\.fr\.json"):
        build(langs=["de", "fr"], recognise=None)


def test_an_unknown_unit(build):
    with pytest.raises(XProjError, match=r"XP150.*'word'"):
        build(unit="word")


def test_what_is_written(build, tmp_path):
    write_xquad_ner(build(), tmp_path / "out")
    assert sorted(p.name for p in (tmp_path / "out").iterdir()) == [
        *("README.md", "bitext.jsonl", "de.spacy", "en.spacy", "summary.json", "zh.spacy"),
    ]
    docs = {lang: read_docs(tmp_path / f"out/{lang}.spacy", lang=lang) for lang in ("en", *LANGS)}
    assert mentions(docs["zh"])[0] == [("阿莎·穆希", "PER"), ("多多马", "LOC")]
    rows = [json.loads(line) for line in (tmp_path / "out/bitext.jsonl").open(encoding="utf-8")]
    assert rows[0] == {
        "id": "00-0-0",
        "en": "Asha Mushi left Dodoma.",
        "de": "Asha Mushi verließ Dodoma.",
        "zh": "阿莎·穆希离开了多多马。",
    }
    assert [row["de"] for row in rows] == [doc.text for doc in docs["de"]]
    card = (tmp_path / "out/README.md").read_text("utf-8")
    assert "| de | 4 | 1 | 2 | 7 |" in card
    assert '{"tagger": "list of names"}' in " ".join(card.split())
    assert max(map(len, card.splitlines())) <= 100


def test_the_same_input_gives_the_same_bytes(build, tmp_path):
    for name in ("one", "two"):
        write_xquad_ner(build(), tmp_path / name)
    for path in (tmp_path / "one").iterdir():
        assert path.read_bytes() == (tmp_path / "two" / path.name).read_bytes()


@pytest.mark.shared
def test_the_real_files(shared_data):
    """Capitalised words stand in for a recogniser."""

    def capitalised(docs):
        return [
            [
                (doc.char_span(*match.span(), alignment_mode="expand").start, end, "LOC")
                for match in re.finditer(r"(?<!^)\b[A-Z][a-z]+(?: [A-Z][a-z]+)*\b", doc.text)
                for end in [doc.char_span(*match.span(), alignment_mode="expand").end]
            ]
            for doc in docs
        ]

    corpus = build_xquad_ner(
        shared_data / "xquad",
        recognise=capitalised,
        recogniser={"tagger": "capitalised words"},
        split_sentences=split_sentences,
        langs=["hi", "zh"],
    )
    summary = corpus.summary
    assert (summary["paragraphs"], summary["questions"]) == (240, 1190)
    assert summary["units"] > 1000
    assert summary["left_out"] == []
    counts = {lang: own["mentions"]["LOC"] for lang, own in summary["languages"].items()}
    assert counts["en"] == 199
    assert counts["hi"] == counts["zh"] == counts["en"]
    for lang, docs in corpus.docs.items():
        spans = [span for doc in docs for span in doc.spans[GROUP]]
        assert len(spans) == counts[lang]
        assert all(span.text == span.text.strip() for span in spans)
