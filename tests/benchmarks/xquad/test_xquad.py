"""XQuAD's files: what is read, and which defects are errors."""

import pytest

from benchmarks.xquad.files import MISMATCH, NO_ANSWER, read_xquad, xquad_path
from spacy_xproj.errors import XProjError


def change(mini_xquad, keys, value):
    """Write the English file with one value changed; the path to it is a list of keys."""
    data = mini_xquad.content("en")
    holder = data
    for key in keys[:-1]:
        holder = holder[key]
    holder[keys[-1]] = value
    return mini_xquad.write("en", data)


QUESTION = ["data", 0, "paragraphs", 0, "qas", 1]
ANSWER = [*QUESTION, "answers", 0]


def test_paragraphs_and_answers(mini_xquad):
    one, two, three = read_xquad(mini_xquad.folder / "xquad.zh.json")
    assert [(p.article, p.title, p.number) for p in (one, two, three)] == [
        (0, "One", 0),
        (0, "One", 1),
        (1, "Two", 0),
    ]
    assert [a.question for a in one.answers] == ["q1", "q2", "q3", "q4"]
    assert one.answers[1][1:] == (8, 11, "多多马", "")
    assert two.text.startswith("\ufeff")  # offsets count it, so it stays


def test_offsets_count_code_points(mini_xquad):
    data = mini_xquad.content("en")
    paragraph = data["data"][0]["paragraphs"][0]
    paragraph["context"] = "\U0001f469\U0001f52c " + paragraph["context"]
    for question in paragraph["qas"]:
        question["answers"][0]["answer_start"] += 3
    first = read_xquad(mini_xquad.write("en", data))[0]
    assert not any(answer.problem for answer in first.answers)


@pytest.mark.parametrize(
    ("keys", "value", "problem"),
    [
        ([*ANSWER, "answer_start"], 17, MISMATCH),
        ([*ANSWER, "answer_start"], -3, MISMATCH),
        ([*ANSWER, "answer_start"], 10_000, MISMATCH),
        ([*ANSWER, "text"], "", MISMATCH),
        ([*QUESTION, "answers"], [], NO_ANSWER),
    ],
)
def test_answers_that_cannot_be_used_say_why(mini_xquad, keys, value, problem):
    first = read_xquad(change(mini_xquad, keys, value))[0]
    assert [answer.problem for answer in first.answers] == ["", problem, "", ""]


@pytest.mark.parametrize(
    ("keys", "value", "place"),
    [
        (["data"], "x", "the file, 'data': expected a list, found 'x'"),
        (["data", 1], 7, "data[1]: expected an object, found 7"),
        (["data", 0, "paragraphs", 1, "context"], None, "data[0].paragraphs[1], 'context'"),
        ([*QUESTION, "id"], 7, "data[0].paragraphs[0].qas[1], 'id': expected a string"),
        ([*ANSWER, "answer_start"], "17", "answers[0], 'answer_start': expected a whole number"),
        ([*ANSWER, "answer_start"], True, "'answer_start': expected a whole number, found True"),
    ],
)
def test_another_structure_is_named(mini_xquad, keys, value, place):
    path = change(mini_xquad, keys, value)
    with pytest.raises(XProjError, match="XP682") as error:
        read_xquad(path)
    assert str(path) in str(error.value)
    assert place in str(error.value)


def test_half_a_surrogate_pair_is_named(mini_xquad):
    path = mini_xquad.write("en")
    path.write_text(path.read_text("utf-8").replace("old town", "\\ud800"), "utf-8")
    with pytest.raises(XProjError, match="surrogate"):
        read_xquad(path)


@pytest.mark.parametrize("content", ["", '{\n"data": [}', "[" * 100_000, b"\xff"])
def test_broken_json_is_named(mini_xquad, content):
    path = mini_xquad.folder / "xquad.en.json"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(XProjError, match=r"XP619|XP601") as error:
        read_xquad(path)
    assert str(path) in str(error.value)


def test_the_line_of_broken_json(mini_xquad):
    path = mini_xquad.folder / "xquad.en.json"
    path.write_text('{\n"data": [}', encoding="utf-8")
    with pytest.raises(XProjError, match=r"xquad\.en\.json:2: not JSON"):
        read_xquad(path)


def test_an_id_that_occurs_twice_is_named_with_both_places(mini_xquad):
    path = change(mini_xquad, [*QUESTION, "id"], "q1")
    with pytest.raises(XProjError, match=r"qas\[1\].*'q1' occurs twice.*qas\[0\]"):
        read_xquad(path)


def test_a_file_that_is_missing(tmp_path):
    with pytest.raises(XProjError, match=r"XP680.*xquad\.fr\.json.*spacy project assets"):
        xquad_path(tmp_path, "fr")


def test_a_file_without_paragraphs(mini_xquad):
    with pytest.raises(XProjError, match="XP613"):
        read_xquad(mini_xquad.write("en", {"data": []}))
