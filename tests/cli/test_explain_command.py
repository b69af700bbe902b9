"""``spacy xproj explain``, and values that override a config's."""

import json

import pytest
import spacy
from spacy.tokens import Doc

from spacy_xproj.data.span_groups import Shape, write_group
from spacy_xproj.io.formats.docbin import write_docbin


def test_why_the_chosen_candidate_won(done, labelled, folder):
    output = done("explain", labelled, "--sentence", 2, "--json", "why.json")
    assert "ORG 'Kijani Bank'" in output
    assert "Benki ya Kijani" in output
    assert "that nothing fits" in output
    (entity,) = json.loads((folder / "why.json").read_text(encoding="utf-8"))["en"]
    (best,) = [one for one in entity["candidates"] if one["chosen"]]
    assert {"name", "value", "gain"} == set(best["parts"][0])
    assert entity["projections"][0]["status"] == "projected"


def test_another_score_by_name_of_a_config_or_by_values(done, labelled):
    assert "align" in done("explain", labelled, "--sentence", 2, "--config", "project_names")
    threshold = "components.xproj_projector.projector.threshold=0.9999999"
    assert "below_threshold" in done("explain", labelled, "--sentence", 2, "--set", threshold)


def test_what_the_file_holds_is_shown_as_its_own(done, labelled, folder):
    output = done("explain", labelled, "--sentence", 2, "--json", "why.json")
    assert "  in the file: projected 'Benki ya Kijani' as ORG, score " in output
    assert "not so with these settings" not in output
    assert "not as in the file" not in output
    (entity,) = json.loads((folder / "why.json").read_text(encoding="utf-8"))["en"]
    assert [p["status"] for p in entity["in_file"]] == ["projected"]


def test_where_the_settings_give_something_else_it_is_said(done, labelled):
    threshold = "components.xproj_projector.projector.threshold=0.9999999"
    output = done("explain", labelled, "--sentence", 2, "--set", threshold)
    assert "  in the file: projected 'Benki ya Kijani'" in output
    assert "  not so with these settings: below_threshold" in output
    assert "en: 1 of 1 entities are not as in the file, whose view was made with " in output
    assert output.rstrip().endswith("threshold = 0.25.")


def test_another_projector_made_the_file(done, folder):
    languages = ("--source-lang", "en", "--target-lang", "sw", "--alignments", "links.pharaoh")
    heuristic = ("--config", "project_heuristic")
    done("project", "en.conll", "sw.conll", "o.spacy", *languages, *heuristic)
    output = done("explain", "o.spacy", "--sentence", 2)
    assert "  in the file: projected 'Benki ya Kijani' as ORG" in output
    assert "projector.projector = 'heuristic'" in output


LANGS = ("--source-lang", "en", "--target-lang", "sw")
EXCLUSIVE = 'components.xproj_projector.exclusive="label"'


@pytest.fixture
def nested(done, folder):
    """A corpus with an organisation, a work in two pieces of it and a place in it."""
    doc = Doc(spacy.blank("en").vocab, words=["University", "of", "great", "Dodoma", "opened"])
    shapes = [Shape(0, 4, "ORG"), Shape(0, 4, "WORK", ((0, 1), (3, 4))), Shape(3, 4, "LOC")]
    write_group(doc, "sc", shapes)
    write_docbin([doc], "nested_en.spacy")
    words = ["Chuo", "cha", "kubwa", "Dodoma", "kilifunguliwa"]
    write_docbin([Doc(doc.vocab, words=words)], "nested_sw.spacy")
    (folder / "links").write_text("0-0 1-1 2-2 3-3 4-4\n")
    files = ("nested_en.spacy", "nested_sw.spacy", "nested.spacy")
    done("project", *files, *LANGS, "--alignments", "links", "--spans-key", "sc")
    return "nested.spacy"


def test_spans_that_are_nested_or_in_pieces(done, nested, folder):
    """With their own grouping they are explained as the file has them, by --set alone, too."""
    output = done("explain", nested, "--set", EXCLUSIVE, "--json", "why.json")
    assert "not as in the file" not in output
    assert "WORK 'University ... Dodoma', its piece 'University'" in output
    assert "  in the file: projected 'Chuo ... Dodoma' as WORK" in output
    found = json.loads((folder / "why.json").read_text(encoding="utf-8"))["en"]
    assert sorted(one["number"] for one in found) == [0, 1, 1, 2]
    assert [one["in_file"] for one in found] == [one["projections"] for one in found]


def test_another_grouping_than_the_files_is_said(done, nested):
    output = done("explain", nested)
    assert "  in the file: projected 'Dodoma' as LOC" in output
    assert "entities are not as in the file, whose view was made with" in output
    assert "projector.exclusive = 'label'" in output


def test_values_without_a_config_do_not_make_views(refused, folder):
    assert "XP923" in refused("explain", "sw.txt", "--lang", "sw", "--set", EXCLUSIVE)


def test_what_cannot_be_explained(refused, labelled):
    assert "has 3 sentences; there is no sentence 4" in refused(
        "explain", labelled, "--sentence", 4
    )
    assert "Sentence 3 of" in refused("explain", labelled, "--sentence", 3)
    assert "Heuristic has no candidates" in refused(
        "explain", labelled, "--config", "project_heuristic"
    )


def test_values_override_the_defaults_of_project(done, folder):
    languages = ("--source-lang", "en", "--target-lang", "sw", "--alignments", "links.pharaoh")
    threshold = "components.xproj_projector.projector.threshold=0.9999999"
    output = done("project", "en.conll", "sw.conll", "o.spacy", *languages, "--set", threshold)
    assert "below_threshold" in output


def test_own_code_in_project(done, folder):
    (folder / "own.py").write_text(
        "import numpy as np\nimport spacy\n\n"
        "@spacy.registry.xproj_scores('mine.One.v1')\nclass One:\n"
        "    def score(self, batch):\n        return np.ones(len(batch.entity))\n"
        "    def describe(self):\n        return {}\n".replace("\\\n", "\n"),
        encoding="utf-8",
    )
    languages = ("--source-lang", "en", "--target-lang", "sw", "--alignments", "links.pharaoh")
    block = 'components.xproj_projector.projector.score={"@xproj_scores": "mine.One.v1"}'
    done(
        "project", "en.conll", "sw.conll", "o.spacy", *languages, "--code", "own.py", "--set", block
    )
