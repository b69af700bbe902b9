"""``spacy xproj explain``, and values that override a config's."""

import json


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
