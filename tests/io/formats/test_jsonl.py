"""JSONL: character offsets decide; what does not fit is named."""

import json

import pytest
import spacy
from hypothesis import given
from hypothesis import strategies as st

from spacy_xproj.data.access import Views
from spacy_xproj.data.labels import is_labelled
from spacy_xproj.errors import XProjError
from spacy_xproj.io.formats.char_spans import LABEL, ONLY_BLANKS, TRIMMED, UNSEEN
from spacy_xproj.io.formats.files import read_corpus, read_docs
from spacy_xproj.io.formats.jsonl import Jsonl, read_jsonl, write_jsonl
from spacy_xproj.io.notes import collected


@pytest.fixture
def read(write):
    def read_records(*records):
        lines = "".join(json.dumps(record) + "\n" for record in records)
        return list(read_jsonl(write("file.jsonl", lines), lang="en"))

    return read_records


def chars(doc):
    return [(ent.start_char, ent.end_char, ent.label_) for ent in doc.ents]


SPAN = {"start": 9, "end": 15, "label": "LOC"}
TEXT = "She left Dodoma."


@pytest.mark.parametrize(
    "record",
    [
        {"text": TEXT, "spans": [SPAN]},
        {"text": TEXT, "spans": [SPAN | {"token_start": 2, "token_end": 2}], "meta": {"id": 3}},
        {"text": TEXT, "entities": [[9, 15, "LOC"]]},
        {"text": TEXT, "entities": [[9, 15, "LOC"]], "spans": []},
        {"text": TEXT, "spans": [SPAN], "tokens": ["She", "left", "Dodoma", "."]},
        {"text": TEXT, "words": ["She", "left", "Dodoma", "."], "tags": ["O", "O", "B-LOC", "O"]},
        {
            "words": ["She", "left", "Dodoma", "."],
            "spaces": [True, True, False, False],
            "ner_tags": ["O", "O", "U-LOC", "O"],
        },
    ],
)
def test_accepted_forms(read, record):
    [doc] = read(record)
    assert doc.text == TEXT
    assert [token.text for token in doc] == ["She", "left", "Dodoma", "."]
    assert chars(doc) == [(9, 15, "LOC")]


def test_words_without_spaces_are_joined_with_blanks(read):
    assert [doc.text for doc in read({"words": ["a", "b"]}, {"words": []})] == ["a b", ""]


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("pre-Dodoma-based", 4, 10),
        ("Dodoma's", 0, 6),
        ("xDodomax", 1, 7),
        ("\U0001f469\u200d\U0001f52c x", 0, 2),  # cuts an emoji
    ],
)
def test_a_token_gives_way_to_a_span(read, text, start, end):
    [doc] = read({"text": text, "spans": [{"start": start, "end": end, "label": "LOC"}]})
    assert doc.text == text
    assert chars(doc) == [(start, end, "LOC")]


@pytest.mark.parametrize(("start", "end"), [(2, 9), (3, 10), (2, 10)])
def test_blanks_at_the_edges_of_a_span_are_left_out_and_noted(read, start, end):
    with collected() as notes:
        [doc] = read({"text": "in Dodoma now", "spans": [[start, end, "LOC"], [9, 10, "X"]]})
    assert chars(doc) == [(3, 9, "LOC")]
    assert [line.partition(" (first: ")[0] for line in notes.lines()] == [
        f"1 x {TRIMMED}",
        f"1 x {ONLY_BLANKS}",
    ]


def test_words_of_blanks_at_the_edges_of_tagged_entities_are_left_out_and_noted(read):
    words = [" ", "Ana", "\n", "left", "\t"]
    with collected() as notes:
        [doc] = read({"words": words, "tags": ["B-PER", "I-PER", "I-PER", "O", "B-PER"]})
    assert [ent.text for ent in doc.ents] == ["Ana"]
    assert [line.partition(" (first: ")[0] for line in notes.lines()] == [
        f"1 x {TRIMMED}",
        f"1 x {ONLY_BLANKS}",
    ]


def test_given_words_are_not_cut_for_a_blank(read):
    record = {"words": ["in", " ", "Dodoma ", "now"], "text": "in Dodoma now"}
    [doc] = read({**record, "spans": [[2, 10, "LOC"]]})
    assert [ent.text for ent in doc.ents] == ["Dodoma "]


KEYS = [
    {"label": [[0, 7, "PER"], [17, 21, "LOC"]], "Comments": []},  # doccano
    {"labels": [[0, 7, "PER"], [17, 21, "LOC"]]},
    {"entities": [{"id": 1, "label": "PER", "start_offset": 0, "end_offset": 7}], "relations": []},
    {"annotation": [{"label": "PER", "start": 0, "end": 7}], "prediction": None},  # Argilla
    {"annotation": [["PER", 0, 7]], "tokens": ["Ana", "Bok", "lives", "in", "Oslo", "."]},
    {"ents": [{"start": 0, "end": 7, "label": "PER"}]},  # spaCy
    {"tokens": ["Ana", "Bok", "lives"], "labels": ["B-PER", "I-PER", "O"], "text": "Ana Bok lives"},
    {"tokens": ["Ana", "Bok", "lives"], "tags": ["PER-B", "PER-I", "O"], "text": "Ana Bok lives"},
]


@pytest.mark.parametrize("record", KEYS)
def test_keys_of_other_tools(read, record):
    [doc] = read({"text": "Ana Bok lives in Oslo .", **record})
    assert chars(doc)[0] == (0, 7, "PER")


def test_spacys_training_data(write):
    path = write("a.jsonl", '["Ana Bok lives", {"entities": [[0, 7, "PER"]]}]\n')
    assert [chars(doc) for doc in read_jsonl(path, lang="en")] == [[(0, 7, "PER")]]


@pytest.mark.parametrize(
    "labels",
    [
        {"span": [[0, 3, "PER"]]},
        {"label": "sport"},
        {"labels": ["sport"]},
        {"prediction": [[0, 3, "PER"]]},
        {"tags": []},
        {"ner_tags": [], "words": None},
    ],
)
def test_what_says_nothing_of_words_is_not_labelled(read, labels):
    [doc] = read({"text": "Ana lives", **labels})
    assert not is_labelled(doc)


@pytest.mark.parametrize(
    ("labels", "said"),
    [
        ({"spans": None}, "'spans' is null, which says nothing of words; "),
        ({"tags": []}, "'tags' is [], which says nothing of words; "),
        ({"entities": None, "label": "news"}, "'entities' is null, 'label' is \"news\", "),
        ({"labels": {"a": 1}}, "'labels' is {\"a\": 1}, "),
        ({"Spans": []}, "its keys are 'text', 'Spans'; labels are read from 'spans', "),
    ],
)
def test_a_record_without_labels_is_named_with_what_it_has(write, labels, said):
    path = write("a.jsonl", json.dumps({"text": "Ana lives", **labels}) + "\n")
    notice = read_corpus(path, lang="en").notice()
    assert f"{path}:1: {said}" in notice
    assert ('write "spans": []' in notice) == ("Spans" not in labels)


def test_numbers_for_labels_have_no_names(write):
    span = {"label": 1, "start_offset": 0, "end_offset": 3}
    path = write("a.jsonl", json.dumps({"text": "Ana", "annotations": [span]}))
    with pytest.raises(XProjError, match=r"XP623.*a\.jsonl:1"):
        list(read_jsonl(path, lang="en"))


def test_what_was_rejected_or_ignored_is_left_out_and_counted(write):
    answers = ("reject", "accept", "ignore")
    rows = [f'{{"text": "Ana", "spans": [], "answer": "{answer}"}}\n' for answer in answers]
    with collected() as notes:
        assert len(list(read_jsonl(write("a.jsonl", "".join(rows)), lang="en"))) == 1
        assert len(notes.lines()) == 2
    assert Jsonl().count(write("b.jsonl", "".join(rows))) == 1


def _decided(person, *spans, **more):
    spans = [{"start": a, "end": b, "label": label} for a, b, label in spans]
    record = {"text": "Ana met Bo", "spans": spans, "_input_hash": 1, "answer": "accept"}
    return json.dumps({**record, "_annotator_id": person, **more}) + "\n"


def test_two_people_who_differ_on_a_text_are_an_error(write):
    ana, bo = (0, 3, "PER"), (8, 10, "PER")
    agree = _decided("a", ana, bo) + _decided("b", bo, ana)
    with collected() as notes:
        assert len(list(read_jsonl(write("a.jsonl", agree), lang="en"))) == 1
    assert "the same labels of the same text as before (first: " in notes.lines()[0]
    path = write("c.jsonl", _decided("a", ana) + _decided("b", bo))
    with pytest.raises(XProjError, match=r"XP646.*c\.jsonl:2.*c\.jsonl:1"):
        list(read_jsonl(path, lang="en"))
    ignored = _decided("a", ana) + _decided("b", bo, answer="ignore")
    assert len(list(read_jsonl(write("d.jsonl", ignored), lang="en"))) == 1


@pytest.mark.parametrize("binary", [{"_is_binary": True}, {"_view_id": "ner"}])
def test_of_decisions_on_single_spans_other_words_are_open(write, binary):
    """Prodigy's binary interface: each accepted span is one, and of the rest nothing is known."""
    ana, bo = (0, 3, "PER"), (8, 10, "PER")
    rows = [
        _decided("a", ana, **binary),
        _decided("a", (4, 7, "ORG"), answer="reject", **binary),
        _decided("a", bo, **binary),
    ]
    with collected() as notes:
        docs = list(read_jsonl(write("a.jsonl", "".join(rows)), lang="en"))
    assert [[t.ent_iob for t in doc] for doc in docs] == [[3, 0, 0], [0, 0, 3]]
    assert "answer 'reject'" in notes.lines()[0]


@pytest.mark.parametrize("first", ["accept", "reject"])
@pytest.mark.parametrize("person", ["a", "b"])
@pytest.mark.parametrize("more", [{}, {"_task_hash": 7}, {"_input_hash": None}])
def test_what_one_record_accepts_and_another_rejects_is_an_error(write, first, person, more):
    other = "reject" if first == "accept" else "accept"
    ana = (0, 3, "PER")
    rows = _decided("a", ana, answer=first, **more) + _decided(person, ana, answer=other, **more)
    with pytest.raises(XProjError, match=r"XP646.*a\.jsonl:2.*a\.jsonl:1"):
        read_docs(write("a.jsonl", rows), lang="en")
    plain = [{"text": "Ana", "spans": [[0, 3, "PER"]], "answer": own} for own in (first, other)]
    with pytest.raises(XProjError, match=r"XP646.*b\.jsonl:2.*b\.jsonl:1"):
        read_docs(write("b.jsonl", "".join(json.dumps(one) + "\n" for one in plain)), lang="en")


def test_a_text_that_is_answered_again_with_other_labels_is_not_read_twice(write):
    rows = _decided("a", (0, 3, "PER")) + _decided("a", (8, 10, "PER"))
    with pytest.raises(XProjError, match=r"XP679.*a\.jsonl:2.*a\.jsonl:1.*data-to-spacy"):
        read_docs(write("a.jsonl", rows), lang="en")
    plain = [{"text": "Ana", "spans": own, "answer": "accept"} for own in ([], [[0, 3, "PER"]])]
    with pytest.raises(XProjError, match="XP679"):
        read_docs(write("b.jsonl", "".join(json.dumps(one) + "\n" for one in plain)), lang="en")


@given(
    answers=st.lists(
        st.tuples(
            st.integers(0, 2), st.booleans(), st.sampled_from(["accept", "reject", "ignore"])
        ),
        max_size=7,
    )
)
def test_gold_never_contradicts_itself(tmp_path_factory, answers):
    """Whatever was answered, a text is read once, with labels that nobody rejected, or refused."""
    rows = [
        _decided(None, *([(0, 3, "PER")] if labelled else []), text=f"Ana {n}", answer=answer)
        for n, labelled, answer in answers
    ]
    path = tmp_path_factory.getbasetemp() / "answers.jsonl"
    path.write_text("".join(rows), encoding="utf-8")
    try:
        docs = list(read_jsonl(path, lang="en"))
    except XProjError:
        assert len({n for n, _, _ in answers}) < len(answers)
        return
    texts = [doc.text for doc in docs]
    assert len(set(texts)) == len(texts)
    assert set(texts) == {f"Ana {n}" for n, _, answer in answers if answer == "accept"}
    rejected = {(f"Ana {n}", labelled) for n, labelled, answer in answers if answer == "reject"}
    assert not rejected & {(doc.text, bool(doc.ents)) for doc in docs}


@pytest.mark.parametrize("key", ["user", "user_id", "annotator", "created_by"])
def test_spans_of_two_people_in_a_record(write, key):
    """doccano's ``annotations`` of several users."""
    ana, bo = ({"label": "PER", "start_offset": a, "end_offset": b} for a, b in ((0, 3), (8, 10)))
    record = {"text": "Ana met Bo", "annotations": [{**ana, key: 1}, {**ana, key: 2, "id": 5}]}
    with collected() as notes:
        (doc,) = read_docs(write("a.jsonl", json.dumps(record)), lang="en")
    assert [ent.text for ent in doc.ents] == ["Ana"]
    assert "several people labelled alike" in notes.lines()[0]
    record["annotations"] = [{**ana, key: 1}, {**bo, key: 2}]
    for name, text in (("b.jsonl", json.dumps(record)), ("b.json", json.dumps([record]))):
        with pytest.raises(XProjError, match=r"XP600.*b\.jsonl?:1.*people \(1, 2\)"):
            read_docs(write(name, text), lang="en")
    record["annotations"] = [{**ana, key: 1}, {**bo, key: 1}]
    (doc,) = read_docs(write("c.jsonl", json.dumps(record)), lang="en")
    assert len(doc.ents) == 2


@pytest.mark.parametrize(
    ("status", "kept"),
    [
        ("discarded", None),
        ("Discarded", None),
        ("rejected", None),
        ("draft", False),
        ("pending", False),
        ("Default", False),
        ("submitted", True),
        ("Validated", True),
        ("completed", True),
        ("published", True),
    ],
)
@pytest.mark.parametrize("key", ["status", "Status", "response_status"])
def test_what_argilla_says_of_a_record_counts(write, status, kept, key):
    rows = [{"text": "Ana", "annotation": [["PER", 0, 3]], key: status}, {"text": "b", "spans": []}]
    with collected() as notes:
        docs = list(
            read_jsonl(write("a.jsonl", "".join(json.dumps(r) + "\n" for r in rows)), lang="en")
        )
    assert len(docs) == 2 - (kept is None)
    if kept is not None:
        assert is_labelled(docs[0]) == kept
    assert len(notes.lines()) == (not kept)


@pytest.mark.parametrize(
    ("statuses", "n", "labelled"),
    [
        (["discarded"], 0, 0),
        (["discarded", "discarded"], 0, 0),
        (["discarded", "submitted"], 1, 1),
        (["draft"], 1, 0),
        (["draft", "discarded"], 1, 0),
        ([], 1, 1),
    ],
)
def test_what_argilla_says_of_answers_counts(write, statuses, n, labelled):
    answers = [{"status": status, "values": {}} for status in statuses]
    for responses in (answers, {"span": answers}):
        record = {"text": "Ana", "annotation": [["PER", 0, 3]], "responses": responses}
        docs = list(read_jsonl(write("a.jsonl", json.dumps(record)), lang="en"))
        assert [is_labelled(doc) for doc in docs] == [bool(labelled)] * n


@pytest.mark.parametrize("key", ["Answer", "ANSWER"])
def test_an_answer_under_another_key_is_named(write, key):
    row = json.dumps({"text": "Ana", "spans": [[0, 3, "PER"]], key: "reject"})
    with pytest.raises(XProjError, match=rf"XP647.*a\.jsonl:1.*'reject' under '{key}'"):
        read_docs(write("a.jsonl", row), lang="en")


def test_two_annotators_without_answers_who_differ_are_an_error(write):
    rows = [
        json.dumps({"id": 4, "text": "Ana", "label": label, "annotator": person}) + "\n"
        for person, label in (("a", [[0, 3, "PER"]]), ("b", [[0, 3, "ORG"]]))
    ]
    with pytest.raises(XProjError, match=r"XP646.*a\.jsonl:2.*a\.jsonl:1"):
        list(read_jsonl(write("a.jsonl", "".join(rows)), lang="en"))


@pytest.mark.parametrize(
    "answer", ["Reject", "IGNORE", "accepted", "rejected", "ignored", " reject"]
)
def test_answers_that_are_nearly_prodigys_are_not_taken_for_yes(write, answer):
    row = json.dumps({"text": "Ana", "spans": [[0, 3, "PER"]], "answer": answer})
    with pytest.raises(XProjError, match=r"XP647.*a\.jsonl:1"):
        list(read_jsonl(write("a.jsonl", row + "\n"), lang="en"))


@pytest.mark.parametrize(("answer", "n"), [("skip", "XP647"), (None, 0), ("accept", 1)])
def test_answers_that_prodigy_does_not_give_are_not_taken_for_yes(write, answer, n):
    path = write("a.jsonl", _decided("a", (0, 3, "PER"), answer=answer))
    if isinstance(n, str):
        with pytest.raises(XProjError, match=rf"{n}.*{answer}"):
            list(read_jsonl(path, lang="en"))
    else:
        assert len(list(read_jsonl(path, lang="en"))) == n


@pytest.mark.parametrize("answer", [False, True, 0, "no", "skip", "skipped", "", "unsure"])
def test_an_odd_answer_beside_spans_is_not_taken_for_yes(write, answer):
    row = json.dumps({"text": "Ana met", "spans": [[0, 3, "PER"]], "answer": answer})
    with pytest.raises(XProjError, match=r"XP647.*rename the key"):
        read_docs(write("a.jsonl", row), lang="en")


@pytest.mark.parametrize("answer", ["Ana", "It was Bo", {"start": 0}])
def test_an_answer_to_a_question_is_not_one_on_spans(write, answer):
    row = json.dumps({"text": "Ana met.", "spans": [[0, 3, "PER"]], "answer": answer})
    assert len(read_docs(write("a.jsonl", row), lang="en")[0].ents) == 1


@pytest.mark.parametrize(
    ("key", "value", "left"),
    [
        *[("answer", answer, 1) for answer in ("reject", "ignore", None)],
        *[("status", "Rejected", 1), ("deleted", True, 1)],
        *[("answer", "accept", 2), ("status", "x", 2), ("deleted", False, 2)],
    ],
)
@pytest.mark.parametrize("name", ["a.jsonl", "a.json"])
def test_a_span_that_was_not_accepted_is_not_an_entity(write, name, key, value, left):
    spans = [
        {"start": 0, "end": 3, "label": "PER", key: value},
        {"start": 9, "end": 13, "label": "LOC", "answer": "accept"},
    ]
    record = {"text": "Ana left Oslo now", "spans": spans, "answer": "accept"}
    path = write(name, json.dumps([record] if name == "a.json" else record))
    with collected() as notes:
        assert len(read_docs(path, lang="en")[0].ents) == left
    assert any("a span left out" in line for line in notes.lines()) == (left == 1)


@pytest.mark.parametrize("key", ["rejected", "is_deleted", "wasCancelled", "skipped"])
@pytest.mark.parametrize("value", [True, False])
def test_a_record_with_a_flag_that_says_so_does_not_count(write, key, value):
    rows = [{"text": "Ana", "spans": [[0, 3, "PER"]], key: value}, {"text": "Bo", "spans": []}]
    with collected() as notes:
        docs = read_docs(write("a.jsonl", "\n".join(map(json.dumps, rows))), lang="en")
    assert len(docs) == 2 - value
    assert len(notes.lines()) == value


@pytest.mark.parametrize(
    ("key", "value", "told"),
    [
        *[("accepted", False, 1), ("is_verified", False, 1), ("decision", "reject", 1)],
        *[("accepted", True, 0), ("accept", ["a"], 0), ("decision", "upheld", 0)],
    ],
)
def test_what_may_be_a_decision_is_counted(write, key, value, told):
    row = {"text": "Ana", "spans": [[0, 3, "PER"]], key: value}
    with collected() as notes:
        assert read_docs(write("a.jsonl", json.dumps(row)), lang="en")[0].ents
    assert len(notes.lines()) == told


@pytest.mark.parametrize(
    ("more", "entities"),
    [({}, 1), ({"answer": "reject"}, None), ({"status": "draft"}, None), ({"deleted": True}, None)],
)
def test_labels_of_a_source_count_as_those_of_records_do(write, more, entities):
    spans = [{"start": 0, "end": 3, "label": "PER", "answer": "reject"}]
    spans.append({"start": 8, "end": 10, "label": "PER"})
    source = {"lang": "en", "text": "Ana met Bo", "spans": spans, **more}
    with collected() as notes:
        [doc] = read_docs(write("a.jsonl", json.dumps({"text": "x", "source": source})), lang="nb")
    found = Views(doc)["en"].entities
    assert found is None if entities is None else len(found) == entities
    assert any("left out" in line or "not accepted" in line for line in notes.lines())


def test_an_odd_answer_of_a_span_is_an_error(write):
    one = {"start": 0, "end": 3, "label": "PER", "answer": "rejected"}
    with pytest.raises(XProjError, match=r"XP647.*a\.jsonl:1"):
        read_docs(write("a.jsonl", json.dumps({"text": "Ana", "spans": [one]})), lang="en")


@pytest.mark.parametrize(
    ("key", "status", "told"),
    [
        ("status", "invalid", 1),
        ("Status", "In Progress", 1),
        ("status", "submitted", 0),
        ("marital_status", "widowed", 0),
        ("status", 200, 0),
    ],
)
def test_a_status_that_is_not_known_is_counted(write, key, status, told):
    row = json.dumps({"text": "Ana", "spans": [[0, 3, "PER"]], key: status})
    with collected() as notes:
        assert read_docs(write("a.jsonl", row), lang="en")[0].ents
    assert len(notes.lines()) == told


def test_an_answer_of_another_kind_of_record_is_not_looked_at(write):
    row = json.dumps({"text": "Ana", "spans": [], "answer": "Paris"})
    assert len(list(read_jsonl(write("a.jsonl", row + "\n"), lang="en"))) == 1


def test_a_span_must_have_the_text_that_it_says(write):
    span = {"start": 5, "end": 8, "label": "X", "text": "Ana"}
    path = write("a.jsonl", json.dumps({"text": "😀😀 Ana lives", "spans": [span]}))
    with pytest.raises(XProjError, match=r"XP659.*a\.jsonl:1.*'Ana'.*UTF-16"):
        list(read_jsonl(path, lang="en"))


@pytest.mark.parametrize(
    "key",
    [
        *("text", "word", "surface", "surface_form", "mention", "entity", "value"),
        *("span_text", "entityText", "covered_text", "token", "string", "quote", "Text"),
    ],
)
def test_nor_under_another_key(write, read, key):
    span = {"start": 0, "end": 3, "label": "PER"}
    assert chars(read({"text": "Ana met Bo", "spans": [{**span, key: "Ana"}]})[0]) == [
        (0, 3, "PER")
    ]
    path = write("a.jsonl", json.dumps({"text": "Ana met Bo", "spans": [{**span, key: "Bo"}]}))
    with pytest.raises(XProjError, match=r"XP659.*a\.jsonl:1.*'Bo'.*'Ana'"):
        list(read_jsonl(path, lang="en"))


@pytest.mark.parametrize(
    "more",
    [
        *({"entity": "PER"}, {"entity": "per"}, {"value": "Q42"}, {"value": 7}, {"word": "ana"}),
        *({"token": "t1"}, {"title": "Bo"}, {"kb_id": "Bo"}, {"context": "met Bo"}),
    ],
)
def test_what_names_a_kind_or_an_entry_is_not_a_text(read, more):
    span = {"start": 0, "end": 3, "label": "PER", **more}
    assert chars(read({"text": "Ana met Bo", "spans": [span]})[0]) == [(0, 3, "PER")]


@pytest.mark.parametrize(
    ("key", "same", "other"),
    [("start_offset", 0, 1), ("end_offset", 3, 2), ("labels", ["PER"], ["LOC"])],
)
def test_a_span_that_says_one_thing_twice_says_the_same(read, key, same, other):
    span = {"start": 0, "end": 3, "label": "PER"}
    [doc] = read({"text": "Ana left", "spans": [{**span, key: same}]})
    assert chars(doc) == [(0, 3, "PER")]
    with pytest.raises(XProjError, match=rf"XP622.*:1.*{key}.*keep one"):
        read({"text": "Ana left", "spans": [{**span, key: other}]})


@pytest.mark.parametrize("text", ["Ana  met Bo.", " Ana"])
def test_what_spacy_makes_of_a_doc_is_read(read, text):
    doc = spacy.blank("en")(text)
    doc.ents = [doc.char_span(text.find("Ana"), text.find("Ana") + 3, label="PER")]
    [again] = read(doc.to_json())
    assert [token.text for token in again] == [token.text for token in doc]
    assert (again.text, chars(again)) == (text, chars(doc))


@pytest.mark.parametrize("name", ["a.jsonl", "b.jsonl"])
def test_two_records_in_a_list_are_not_a_text_with_its_labels(write, name):
    rows = [{"text": "Ana", "spans": []}, {"text": "Bo", "spans": []}]
    row = json.dumps(rows if name == "a.jsonl" else ["Ana", rows[1]])
    with pytest.raises(XProjError, match=r"XP620.*:1.*list"):
        list(read_jsonl(write(name, row + "\n"), lang="en"))


def test_blanks_at_the_edges_of_a_label_are_left_out_and_noted(write):
    row = {"text": "Ana met Bo", "spans": [[0, 3, " PER"], [8, 10, "PER"]]}
    with collected() as notes:
        [doc] = read_docs(write("a.jsonl", json.dumps(row)), lang="en")
    assert [ent.label_ for ent in doc.ents] == ["PER", "PER"]
    assert notes.lines()[0].startswith(f"1 x {LABEL}")


@pytest.mark.parametrize(("end", "told"), [(3, 0), (4, 1)])
def test_edges_that_nobody_sees_are_noted(write, end, told):
    row = {"text": "Ana\u200b met Bo", "spans": [[0, end, "PER"]]}
    with collected() as notes:
        [doc] = read_docs(write("a.jsonl", json.dumps(row)), lang="en")
    assert chars(doc) == [(0, end, "PER")]
    assert [UNSEEN in line for line in notes.lines()] == [True] * told


def test_tags_count_the_given_words_not_the_whitespace_between(read):
    [doc] = read({"text": " a  b\tc", "words": ["a", "b", "c"], "tags": ["O", "B-X", "I-X"]})
    assert [token.text for token in doc] == [" ", "a", " ", "b", "\t", "c"]
    assert [ent.text for ent in doc.ents] == ["b\tc"]


def test_no_labels_is_not_the_same_as_no_entities(read):
    unlabelled, labelled = read({"text": TEXT}, {"text": TEXT, "spans": []})
    assert not unlabelled.has_annotation("ENT_IOB")
    assert labelled.has_annotation("ENT_IOB")


@pytest.mark.parametrize(
    ("record", "code", "message"),
    [
        ([], "XP620", "list"),
        ({"spans": []}, "XP621", "spans"),
        ({"text": 5}, "XP622", "5"),
        ({"text": "\ud83d"}, "XP622", "surrogate"),
        ({"text": "a", "spans": {}}, "XP622", "spans"),
        ({"words": ["a", ""]}, "XP622", "words"),
        ({"words": ["a"], "spaces": [1]}, "XP622", "spaces"),
        ({"words": ["a"], "tags": ["O", "O"]}, "XP622", "2 tags for 1 words"),
        ({"words": ["a"], "ner_tags": [0]}, "XP622", "names"),
        ({"words": ["a"], "tags": ["PER"]}, "XP622", "PER"),
        ({"text": "a", "tags": ["O"]}, "XP622", "words"),
        ({"text": "a", "spans": [{"start": 0, "label": "X"}]}, "XP623", "start"),
        ({"text": "a", "entities": [[0.0, 1, "X"]]}, "XP623", "0.0"),
        ({"text": "a", "entities": [[0, True, "X"]]}, "XP623", "True"),
        ({"text": "a", "entities": [[0, 1, ""]]}, "XP623", "0, 1"),
        *(
            ({"text": TEXT, "spans": [{"label": "X", **given}]}, "XP622", said)
            for given, said in (
                ({"pieces": [[9, 16], [0, 3]]}, "write [[0, 3], [9, 16]]"),
                ({"pieces": [[0, 3], [2, 8], [9, 16]]}, "write [[0, 8], [9, 16]]"),
                ({"pieces": [[0, 3], [9, 16]], "start": 0, "end": 8}, "than their span, [0, 8]"),
                ({"pieces": [[0, 3], [9, 16]], "start": 4, "end": 16}, "than their span, [4, 16]"),
            )
        ),
        ({"text": TEXT, "spans": [{"label": "X", "pieces": []}]}, "XP623", "pieces"),
        ({"text": TEXT, "entities": [[9, 17, "X"]]}, "XP624", "16 characters"),
        ({"text": TEXT, "entities": [[9, 9, "X"]]}, "XP624", "empty"),
        ({"text": TEXT, "entities": [[-1, 9, "X"]]}, "XP624", "-1"),
        ({"text": "a bcd", "words": ["a", "bcd"], "spans": [[3, 5, "X"]]}, "XP625", "'bcd'"),
        ({"text": TEXT, "spans": [[0, 8, "A"], [4, 6, "B"]]}, "XP626", "[0, 8) A"),
        ({"text": TEXT, "spans": [[0, 3, "A"], [0, 3, "B"]]}, "XP626", "[0, 3) A"),
        ({"text": "a b c", "words": ["a", "c"]}, "XP627", "b c"),
        ({"text": "a b", "words": ["a"]}, "XP627", "end of the tokens"),
        ({"text": "a b", "tokens": [{"text": "a", "start": 2}]}, "XP627", "a b"),
        ({"words": ["a"], "tags": ["B-X"], "spans": [[0, 1, "X"]]}, "XP628", "spans, tags"),
    ],
)
def test_what_does_not_fit_is_named(read, tmp_path, record, code, message):
    with pytest.raises(XProjError, match=code) as error:
        read({"text": "fine"}, record)
    assert f"{tmp_path / 'file.jsonl'}:2" in str(error.value)
    assert message in str(error.value)


def test_broken_json_is_named_and_blank_lines_are_counted(write):
    path = write("file.jsonl", '{"text": "a"}\n\n{"text": "b"\n')
    with pytest.raises(XProjError, match="XP620") as error:
        list(read_jsonl(path, lang="en"))
    assert f"{path}:3" in str(error.value)


def test_written_form(make, tmp_path):
    path = tmp_path / "out.jsonl"
    write_jsonl([make(["In", "São", "Tomé"], [(1, 3, "LOC")], [True, True, False])], path)
    assert path.read_text("utf-8") == (
        '{"text": "In São Tomé", "spans": [{"start": 3, "end": 11, "token_start": 1, '
        '"token_end": 2, "label": "LOC"}], "tokens": ['
        '{"text": "In", "start": 0, "end": 2, "id": 0, "ws": true}, '
        '{"text": "São", "start": 3, "end": 6, "id": 1, "ws": true}, '
        '{"text": "Tomé", "start": 7, "end": 11, "id": 2, "ws": false}]}\n'
    )


# the sentence in another language

SOURCE = {"lang": "sw", "text": "Aliondoka Dodoma.", "spans": [[10, 16, "LOC"]]}


@pytest.mark.parametrize(
    "words", [{}, {"words": ["Aliondoka", "Dodoma", "."], "spaces": [True, False, False]}]
)
def test_a_source_becomes_a_view(read, words):
    (doc,) = read({"text": TEXT, "source": {**SOURCE, **words, "row": 7}})
    view = doc._.xproj["sw"]
    assert (view.text, view.words, view.row) == (SOURCE["text"], ("Aliondoka", "Dodoma", "."), 7)
    assert [view.entity_text(e) for e in view.entities] == ["Dodoma"]
    assert not doc.has_annotation("ENT_IOB")  # the labels are the source's


def test_sources_of_several_languages_and_without_labels(read):
    plain = {"lang": "de", "words": ["Sie", "ging"]}
    (doc,) = read({"text": TEXT, "source": [SOURCE, plain]})
    assert list(doc._.xproj) == ["sw", "de"]
    assert doc._.xproj["de"].entities is None
    assert doc._.xproj["de"].row is None


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("Aliondoka", "XP622.*jsonl:1.*'source'"),
        ({"text": "Aliondoka"}, "XP622.*'source'"),
        ({"lang": "sw", "text": "Aliondoka", "row": "1"}, "XP622.*'source'"),
        ({"lang": "sw", "text": "Aliondoka", "row": -1}, "XP622.*jsonl:1.*'source'"),
        ({"lang": "sw", "text": "Aliondoka", "row": 10**22}, "XP622.*jsonl:1.*'source'"),
        ({"lang": "sw"}, "XP621.*jsonl:1, source"),
        ({**SOURCE, "spans": [[10, 99, "LOC"]]}, "XP624.*jsonl:1, source"),
        ([SOURCE, SOURCE], "XP622.*two sources"),
        ({"lang": "qqq", "text": "a"}, "XP610"),
    ],
)
def test_a_source_that_does_not_hold(read, source, message):
    with pytest.raises(XProjError, match=message):
        read({"text": TEXT, "source": source})


@pytest.mark.parametrize("tags", [["news", "sport"], "news", []])
def test_keywords_beside_spans_are_not_tags_of_words(write, tags):
    record = {"text": "Ana sang", "entities": [[0, 3, "PER"]], "tags": tags}
    docs = read_docs(write("a.jsonl", json.dumps(record)), lang="en")
    assert [(ent.text, ent.label_) for ent in docs[0].ents] == [("Ana", "PER")]


@pytest.mark.parametrize(
    ("more", "error"),
    [({"tags": ["B-PER", "O"]}, "XP622|XP628"), ({"words": ["Ana", "sang"]}, "XP628")],
)
def test_tags_of_words_beside_spans_are_an_error(write, more, error):
    record = {"text": "Ana sang", "entities": [[0, 3, "PER"]], "tags": ["news", "sport"], **more}
    with pytest.raises(XProjError, match=error):
        read_docs(write("a.jsonl", json.dumps(record)), lang="en")
