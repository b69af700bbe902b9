"""Label Studio: tasks that it imports, and exports that people have corrected."""

import json
import xml.etree.ElementTree as ET

import pytest

from spacy_xproj.data.labels import is_labelled
from spacy_xproj.errors import XProjError
from spacy_xproj.io.formats.files import read_corpus, read_docs
from spacy_xproj.io.formats.labelstudio import (
    labelling_config,
    read_labelstudio,
    write_labelstudio,
)
from spacy_xproj.io.notes import collected

TEXT = "She left Dodoma."


@pytest.fixture
def read(write):
    def read_tasks(*tasks, lang="en"):
        return list(read_labelstudio(write("tasks.json", json.dumps(tasks)), lang=lang))

    return read_tasks


def region(start, end, label, text=None, **more):
    value = {"start": start, "end": end, "labels": [label]} | ({"text": text} if text else {})
    return {"id": "r1", "from_name": "label", "to_name": "text", "type": "labels", "value": value}


def task(*regions, text=TEXT, key="annotations", **more):
    return {"id": 7, "data": {"text": text}, key: [{"result": list(regions), **more}]}


def chars(doc):
    return [(ent.start_char, ent.end_char, ent.label_) for ent in doc.ents]


def test_what_is_written(make, tmp_path):
    doc = make(["She", "left", "Dodoma", "."], [(2, 3, "LOC")], [True, True, False, False])
    write_labelstudio([doc, make(["a"])], tmp_path / "a.json", scores=[[0.75], []])
    first, second = json.loads((tmp_path / "a.json").read_text(encoding="utf-8"))
    assert first == {
        "data": {
            "text": TEXT,
            "words": ["She", "left", "Dodoma", "."],
            "spaces": [True, True, False, False],
        },
        "predictions": [
            {
                "result": [
                    {
                        "id": "e0",
                        "from_name": "label",
                        "to_name": "text",
                        "type": "labels",
                        "value": {"start": 9, "end": 15, "text": "Dodoma", "labels": ["LOC"]},
                        "score": 0.75,
                    }
                ],
                "model_version": "spacy-xproj",
                "score": 0.75,
            }
        ],
    }
    assert second["predictions"] == [{"result": [], "model_version": "spacy-xproj"}]
    write_labelstudio([doc], tmp_path / "b.json", kind="annotations")
    (only,) = json.loads((tmp_path / "b.json").read_text(encoding="utf-8"))
    assert only["annotations"][0]["result"][0]["value"]["start"] == 9
    assert "predictions" not in only
    with pytest.raises(XProjError, match="XP150"):
        write_labelstudio([doc], tmp_path / "c.json", kind="drafts")


def test_the_interface_names_what_the_tasks_name():
    root = ET.fromstring(labelling_config(["PER", 'A "&<', "PER"]))
    labels, text = root.find("Labels"), root.find("Text")
    assert [label.get("value") for label in labels] == ['A "&<', "PER"]
    assert (labels.get("name"), labels.get("toName"), text.get("name")) == ("label", "text", "text")
    assert text.get("value") == "$text"
    for label in ("A\x00", "\x1bA", "A\nB", "\ufffe"):
        with pytest.raises(XProjError, match="XP699"):
            labelling_config([label])


def test_an_export_is_read(read):
    [doc] = read(task(region(9, 15, "LOC", "Dodoma")))
    assert doc.text == TEXT
    assert chars(doc) == [(9, 15, "LOC")]


def test_a_corrected_region_may_cut_a_token(read):
    given = task(region(10, 13, "LOC", "odo"))
    given["data"] |= {"words": ["She", "left", "Dodoma."], "spaces": [True, True, False]}
    [doc] = read(given)
    assert [token.text for token in doc] == ["She", "left", "D", "odo", "ma."]
    assert chars(doc) == [(10, 13, "LOC")]


def test_annotations_count_and_predictions_only_of_what_is_to_be_imported(read):
    old, new = region(9, 15, "LOC"), region(0, 3, "PER")
    both = task(new) | {"predictions": [{"result": [old]}]}
    skipped = {**both, "annotations": [{"result": [new], "was_cancelled": True}]}
    only = task(old, key="predictions")
    waiting = {**only, "annotations": []}  # as in an export: nobody has looked at it
    with collected() as notes:
        docs = read(both, skipped, waiting, only)
    assert [chars(doc) for doc in docs] == [[(0, 3, "PER")], [], [], [(9, 15, "LOC")]]
    assert [is_labelled(doc) for doc in docs] == [True, False, False, True]
    assert [line.partition(" (")[0] for line in notes.lines()] == [
        "1 x a task that was skipped, read as not labelled",
        "2 x a prediction that nobody decided on, left out",
        "1 x a task whose prediction was read, as it does not have annotations",
    ]


def test_regions_of_hypertext_and_paragraphs(read):
    def kind(name, value, text):
        result = [{"type": name, "value": {**value, name: ["PER"]}}]
        return {"data": {"text": text}, "annotations": [{"result": result}]}

    plain = {"start": 0, "end": 3, "text": "Ana"}
    html = {"start": "/p[1]/b[1]/text()[1]", "end": "/p[1]/b[1]/text()[1]", "startOffset": 0}
    html |= {"endOffset": 3, "globalOffsets": {"start": 4, "end": 7}, "text": "Ana"}
    turn = {"start": "1", "end": "1", "startOffset": 2, "endOffset": 5, "text": "Ana"}
    docs = read(
        kind("hypertextlabels", plain, "Ana left"),
        kind("paragraphlabels", plain, "Ana left"),
        kind("hypertextlabels", html, "<p>So, <b>Ana</b> &amp; I</p>"),
        kind("paragraphlabels", turn, [{"author": "A", "text": "Yes"}, {"text": "O Ana!"}]),
    )
    assert [ent.text for doc in docs for ent in doc.ents] == ["Ana"] * 4
    assert [doc.text for doc in docs][2:] == ["So, Ana & I", "Yes\nO Ana!"]
    with pytest.raises(XProjError, match=r"XP632.*task 1.*rectanglelabels"):
        read(kind("rectanglelabels", plain, "Ana left"))


def test_an_annotation_without_regions_says_there_is_no_entity(read):
    done, not_done = read(task(), {"data": {"text": TEXT}})
    assert done.has_annotation("ENT_IOB")
    assert not done.ents
    assert not not_done.has_annotation("ENT_IOB")


def test_other_regions_are_no_entities(read):
    choice = {"type": "choices", "value": {"choices": ["good"]}}
    assert chars(read(task(choice, region(9, 15, "LOC")))[0]) == [(9, 15, "LOC")]


def test_an_answer_to_the_whole_task_says_nothing_of_spans(read):
    choice = {"type": "choices", "value": {"choices": ["good"]}}
    with collected() as notes:
        alone, beside = read(task(choice), task(choice, region(9, 15, "LOC")))
    assert not alone.has_annotation("ENT_IOB")
    assert chars(beside) == [(9, 15, "LOC")]
    assert any("choices" in line and line.startswith("2 x") for line in notes.lines())


def test_annotations_that_differ_need_one_marked_as_truth(read):
    two = task(region(9, 15, "LOC"))
    two["annotations"].append({"result": [region(9, 16, "LOC")]})
    with pytest.raises(XProjError, match=r"XP657.*task 1 \(id 7\).*2 annotations.*ground truth"):
        read(two)
    two["annotations"][1]["ground_truth"] = True
    assert chars(read(two)[0]) == [(9, 16, "LOC")]
    two["annotations"] = [{"result": [region(9, 15, "LOC")]}] * 2
    assert chars(read(two)[0]) == [(9, 15, "LOC")]


@pytest.mark.parametrize("n", [2, 3])
def test_predictions_that_differ_are_not_chosen_from(read, n):
    one, other = region(9, 15, "LOC"), region(9, 15, "PER")
    several = task(other, key="predictions")
    several["predictions"] = [{"result": [one], "model_version": f"v{i}"} for i in range(n)]
    assert chars(read(several)[0]) == [(9, 15, "LOC")]
    for result in ([other], [], [one, region(0, 3, "PER")]):
        several["predictions"][n - 1] = {"result": result, "model_version": "v9"}
        with pytest.raises(XProjError, match=rf"XP657.*task 1.*{n} predictions.*model versions"):
            read(several)
    several["annotations"] = [{"result": [one]}]
    assert chars(read(several)[0]) == [(9, 15, "LOC")]


@pytest.mark.parametrize("key", ["was_cancelled", "skipped"])
def test_what_was_skipped_does_not_count(read, key):
    """Under the one name of today, and the one of before version 1."""
    two = task(region(0, 3, "PER"), **{key: True})
    assert not is_labelled(read(two)[0])
    two["annotations"].append({"result": [region(9, 15, "LOC")]})
    assert chars(read(two)[0]) == [(9, 15, "LOC")]


@pytest.mark.parametrize(
    ("review", "counts"),
    [
        ({"last_action": "rejected"}, False),
        ({"reviews": [{"accepted": False}]}, False),
        ({"reviews": [{"accepted": True}, {"accepted": False}]}, False),
        ({"reviews": [{"accepted": False}, {"accepted": True}]}, True),
        ({"last_action": "accepted", "reviews": []}, True),
    ],
)
def test_what_a_reviewer_rejected_does_not_count(read, review, counts):
    with collected() as notes:
        assert is_labelled(read(task(region(0, 3, "PER"), **review))[0]) == counts
    assert any("a reviewer rejected" in line for line in notes.lines()) != counts


def test_the_only_string_of_a_task_is_its_text(read):
    one = task(region(9, 15, "LOC") | {"to_name": "sentence"})
    one["data"] = {"sentence": one["data"]["text"], "row": 3}
    with collected() as notes:
        assert chars(read(one)[0]) == [(9, 15, "LOC")]
    assert "read from 'sentence'" in notes.lines()[0]


@pytest.mark.parametrize("data", [{"a": "x", "b": "y"}, {"image": "https://a.org/b.png"}, {}])
def test_a_text_that_is_not_certain_is_an_error(read, data):
    with pytest.raises(XProjError, match="XP656"):
        read(task() | {"data": data})


def test_paragraphs_under_another_name_are_the_text_and_noted(read):
    value = {"start": "1", "end": "1", "startOffset": 3, "endOffset": 7, "text": "Oslo"}
    one = region(0, 1, "LOC") | {
        "type": "paragraphlabels",
        "to_name": "chat",
        "value": {**value, "paragraphlabels": ["LOC"]},
    }
    lines = [{"author": "A", "text": "Ana left"}, {"author": "B", "text": "to Oslo"}]
    with collected() as notes:
        [doc] = read(task(one) | {"data": {"chat": lines}})
    assert [(e.text, e.label_) for e in doc.ents] == [("Oslo", "LOC")]
    assert "read from 'chat'" in notes.lines()[0]


def test_a_region_that_names_elements_alone_is_told_from_one_without_a_label(read):
    value = {"start": "/p[1]/text()[1]", "startOffset": 0, "endOffset": 3}
    one = region(0, 1, "PER") | {
        "type": "hypertextlabels",
        "value": {**value, "hypertextlabels": ["PER"]},
    }
    with pytest.raises(XProjError, match=r"XP658.*task 1.*globalOffsets"):
        read(task(one))


@pytest.mark.parametrize(
    ("value", "program"),
    [
        ({"data": [{"text": "Ana", "spans": []}]}, '.["data"]'),
        ({"classes": ["X"], "annotations": [["Ana", {"entities": []}]]}, '.["annotations"]'),
        ({"text": "Ana", "spans": [{"start": 0, "end": 3, "label": "X"}]}, "[.]"),
        ({"a": [{}], "b": [{}]}, ""),
        ("Ana", ""),
    ],
)
def test_an_object_in_place_of_a_list_is_answered_with_how_to_get_one(write, value, program):
    path = write("a.json", json.dumps(value))
    with pytest.raises(XProjError, match=r"XP656.*list") as error:
        read_docs(path, lang="en")
    assert f"jq -c '{program}' {path}" in str(error.value) or not program
    assert bool(program) == ("jq" in str(error.value))


@pytest.mark.parametrize("other", [{"to_name": "title"}, {"to_name": "text2"}])
def test_regions_of_another_text_are_not_taken_for_those_of_the_text(read, other):
    two = task(region(9, 15, "LOC"), region(0, 3, "PER") | other)
    with pytest.raises(XProjError, match=rf"XP654.*task 1.*'text', '{other['to_name']}'"):
        read(two)


def test_nor_are_they_where_the_text_itself_has_none(read):
    one = task(region(8, 11, "PER") | {"to_name": "title"})
    one["data"]["title"] = "Ivo met Eva"
    with pytest.raises(XProjError, match=r"XP654.*task 1.*'title'"):
        read(one)


@pytest.mark.parametrize(
    ("answers", "said"),
    [
        ({"completions": [{"result": []}]}, "its keys are 'data', 'completions'; answers are read"),
        ({"drafts": []}, "its keys are 'data', 'drafts'; answers are read from 'annotations' and "),
        ({"annotations": []}, "nobody has answered it"),
    ],
)
def test_a_task_without_an_answer_is_named_with_what_it_has(write, answers, said):
    path = write("a.json", json.dumps([{"data": {"text": TEXT}, **answers}]))
    assert said in read_corpus(path, lang="en").notice()


def test_offsets_in_utf16_units_are_noticed(read):
    text = "\U0001f468\u200d\U0001f692 left Dodoma."
    assert chars(read(task(region(9, 15, "LOC", "Dodoma"), text=text))[0]) == [(9, 15, "LOC")]
    with pytest.raises(XProjError, match=r"XP659.*'Dodoma'.*'doma\.'.*UTF-16"):
        read(task(region(11, 17, "LOC", "Dodoma"), text=text))


def test_label_studio_may_return_another_whitespace(read):
    [doc] = read(task(region(0, 10, "LOC", "Dar es"), text="Dar     es"))
    assert chars(doc) == [(0, 10, "LOC")]


@pytest.mark.parametrize(
    ("regions", "code"),
    [
        ([region(9, 99, "LOC")], "XP624"),
        ([region(9, 9, "LOC")], "XP624"),
        ([region(9, 15, "LOC"), region(10, 12, "PER")], "XP626"),
        ([region("9", 15, "LOC")], "XP623"),
        ([{"type": "labels", "value": {"start": 0, "end": 3, "labels": ["A", "B"]}}], "XP658"),
        ([{"type": "labels", "value": {"start": 0, "end": 3}}], "XP658"),
        ([{"type": "labels"}], "XP658"),
        (["region"], "XP622"),
    ],
)
def test_regions_that_do_not_hold(read, regions, code):
    with pytest.raises(XProjError, match=rf"{code}.*task 2 \(id 7\)"):
        read(task(), task(*regions))


@pytest.mark.parametrize(
    "data",
    [
        {"words": ["She"], "spaces": [False]},
        {"words": ["She left Dodoma."], "spaces": [0]},
        {"words": ["She left Dodoma."]},
        {"words": "She left Dodoma."},
    ],
)
def test_words_that_are_not_the_text(read, data):
    given = task()
    given["data"] |= data
    with pytest.raises(XProjError, match=r"XP622.*'words'"):
        read(given)


@pytest.mark.parametrize(
    ("content", "what"),
    [
        ('[\n{"data": ]', ":2: "),
        ('{"data": {"text": "a"}}', "a dict instead of a list"),
        ("[3]", "task 1"),
        ("[" * 9999, "recursion"),
    ],
)
def test_files_of_another_kind(write, content, what):
    with pytest.raises(XProjError, match=f"XP(619|656).*{what}"):
        read_docs(write("a.json", content), lang="en")


def test_a_text_that_is_no_string(read):
    with pytest.raises(XProjError, match=r"XP622.*'text'"):
        read({"data": {"text": 3}})


# hypertext


def _hyper(markup, *regions, text=True):
    result = [
        {
            "type": "hypertextlabels",
            "value": {
                "globalOffsets": {"start": a, "end": b},
                "hypertextlabels": ["PER"],
                **({"text": own} if text else {}),
            },
        }
        for a, b, own in regions
    ]
    return {"data": {"text": markup}, "annotations": [{"result": result}]}


@pytest.mark.parametrize(
    ("markup", "region", "text"),
    [
        ("<p>I saw</p><p>Ana</p>", (5, 8, "Ana"), "I saw\nAna"),
        ("<p>I saw </p><p>Ana</p>", (6, 9, "Ana"), "I saw Ana"),
        ("<div>I <b>sa</b>w</div>Ana", (5, 8, "Ana"), "I saw\nAna"),
        ("I saw<br>Ana", (6, 9, "Ana"), "I saw\nAna"),
        ("I saw<br/>Ana", (5, 8, "Ana"), "I saw\nAna"),  # versions that do not count it
        ("<td>I saw</td><td>Ana</td>", (5, 8, "Ana"), "I saw\nAna"),
        ("<style>p {}</style>I saw <b>Ana</b>", (10, 13, "Ana"), "I saw Ana"),
        ("<style>p {}</style>I saw <b>Ana</b>", (6, 9, "Ana"), "I saw Ana"),
        ("<style>p{color:red}</style><p>I saw <b>Ana</b>", (6, 9, "Ana"), "I saw Ana"),
        ("<style>p{color:red}</style><p>Ana<b>I saw", (0, 3, "Ana"), "AnaI saw"),
        ("I saw <script>a < b</script>Ana<br>", (11, 14, "Ana"), "I saw Ana\n"),
        ("<p>I saw Ana</p><p>Bok</p>", (6, 12, "Ana\nBok"), "I saw Ana\nBok"),
    ],
)
def test_what_stands_apart_for_readers_of_hypertext_is_not_glued(read, markup, region, text):
    (doc,) = read(_hyper(markup, region))
    assert (doc.text, [ent.text for ent in doc.ents]) == (text, [region[2]])


def test_how_hypertext_is_counted_is_not_guessed(read):
    with pytest.raises(XProjError, match=r"XP676.*task 1"):
        read(_hyper("I saw<br>Ana", (6, 8, ""), text=False))
    (doc,) = read(_hyper("<p>Ana</p><p>I saw<br>Bok</p>", (0, 3, ""), text=False))
    assert [ent.text for ent in doc.ents] == ["Ana"]
    with pytest.raises(XProjError, match=r"XP659.*'Ana'.*'saw'"):
        read(_hyper("I saw<br>Ana", (2, 5, "Ana")))


def test_hypertext_without_regions_is_read_as_the_others_of_its_file(read):
    docs = read(_hyper("<p>Ana</p>", (0, 3, "Ana")), _hyper("<p>I saw</p><p>Bok</p>"))
    assert [doc.text for doc in docs] == ["Ana", "I saw\nBok"]
