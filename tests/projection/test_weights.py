"""The weights that the package brings."""

import json

from spacy_xproj.projection.learned import SHIPPED, LearnedScore


def test_they_say_what_they_were_trained_on_and_the_card_has_their_figures():
    data = json.loads(SHIPPED.read_text(encoding="utf8"))
    assert data["trained_on"] == ["names", "news", "answers", "clauses"]
    card = SHIPPED.with_name("README.md").read_text(encoding="utf8")
    for judged in data["left_out"].values():
        assert f"| {judged['f1']['value']:.3f} |".replace("0.", ".") in card
        assert f"| {judged['ece']:.3f} |".replace("0.", ".") in card


def test_what_belongs_to_the_entity_speaks_for_a_candidate_and_what_is_foreign_against():
    values = LearnedScore().weights.values
    assert values["sums"]["share"][0] > 0 > values["sums"]["foreign"][0]
    assert values["left"]["inner"][0] > 0 > values["left"]["outer"][0]
    assert values["right"]["inner"][0] > 0 > values["right"]["outer"][0]
    for side in ("left", "right"):
        assert values[side]["mark_added"][0] < 0
        assert values[side]["short_added"][0] < 0
