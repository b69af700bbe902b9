"""``spacy xproj benchmark europarl``, as a function."""

import json

import pytest

from benchmarks.names.europarl import PUBLISHED, run_europarl
from spacy_xproj.errors import XProjError

SOME = ["heuristic-inter", "ngrams-inter", "default"]


@pytest.fixture
def result(europarl, tiny_encoder):
    return run_europarl(europarl, systems=SOME, encoder=str(tiny_encoder), langs=["de", "es"])


def test_a_text_that_is_its_own_translation_keeps_its_entities(result):
    for name in ("heuristic-inter", "ngrams-inter"):
        run = result.runs[name]["de"]
        assert run.scores.overall.f1 == 1.0
        assert run.statuses == {"projected": 6}
        assert run.missed == 0
        assert run.counts.tolist() == [[3, 3, 3], [1, 1, 1], [0, 0, 0], [2, 2, 2]]


def test_gold_that_says_something_else_counts_against_all_labels(result):
    # 6 predicted, of which 5 are in gold; gold has a MISC beside them.
    overall = result.runs["ngrams-inter"]["es"].scores.overall
    assert (overall.correct, overall.support, overall.predicted) == (5, 6, 6)
    assert result.mean("ngrams-inter").value == pytest.approx((1 + 5 / 6) / 2)
    assert result.mean("ngrams-inter").low < result.mean("ngrams-inter").value


def test_systems_are_compared_on_the_same_resamples(result):
    assert result.difference("ngrams-inter", "heuristic-inter") == (0, 0, 0, 1)


def test_the_table_has_our_systems_and_the_published_figures(result):
    lines = result.table().splitlines()
    assert lines[0].split()[:4] == ["system", "de", "es", "mean"]
    assert [line.split()[0] for line in lines[2 : 2 + len(SOME)]] == SOME
    row = next(line for line in lines if line.startswith("n-gram matching, AWESoME [P]"))
    assert row.split()[4:7] == ["0.920", "0.886", "-"]  # its mean is over three languages
    assert len(lines) == 2 + len(SOME) + len(PUBLISHED)


def test_published_means_are_those_of_their_languages():
    for published in PUBLISHED:
        values = [f1 for f1 in published.f1 if f1 is not None]
        if values:
            assert published.mean == pytest.approx(sum(values) / 3, abs=0.001), published.name


def test_everything_is_in_the_json(result):
    data = json.loads(json.dumps(result.to_json()))
    assert [system["name"] for system in data["systems"]] == SOME
    first, *_, default = data["systems"]
    assert first["languages"]["de"]["overall"]["f1"] == 1.0
    assert first["languages"]["de"]["statuses"] == {"projected": 6}
    assert set(first["mean_f1_less_default"]) == {"value", "low", "high", "p_value"}
    assert "mean_f1_less_default" not in default
    assert data["encoder"]["layers"] == [1, 2, 3]
    assert set(data["encode_seconds"]) == {"en", "de", "es"}
    assert data["published"][0]["f1"]["de"] == 0.675


def test_two_runs_agree(result, europarl, tiny_encoder):
    again = run_europarl(europarl, systems=SOME, encoder=str(tiny_encoder), langs=["de", "es"])
    for name in SOME:
        for lang in ("de", "es"):
            assert again.runs[name][lang].scores == result.runs[name][lang].scores
        assert again.mean(name) == result.mean(name)


def test_systems_that_need_a_model_are_named_or_run(europarl, tiny_encoder, tiny_ner):
    settings = {"encoder": str(tiny_encoder), "langs": ["de"]}
    wanted = ["ner-score", "default", "hand-set-ner-spans", "default-consensus"]
    result = run_europarl(europarl, systems=wanted, ner=str(tiny_ner), **settings)
    assert result.runs["ner-score"]["de"].scores.overall.f1 > 0.8
    assert set(result.runs) == set(wanted)
    alone = run_europarl(europarl, **settings)
    assert "ner-score" not in alone.runs
    assert "Not run without --ner MODEL: ner-candidates, ner-score, hand-set-ner-spans" in (
        alone.summary()
    )
    assert alone.to_json()["not_run"]["back-translation"] == "translator"


def test_an_aligner_that_learns_is_trained_on_the_pairs_of_the_run(europarl, tiny_encoder):
    pytest.importorskip("thot")
    result = run_europarl(
        europarl, systems=["combined"], encoder=str(tiny_encoder), langs=["de"], limit=2
    )
    assert result.sentences == 2
    assert sum(result.runs["combined"]["de"].statuses.values()) == 4


def test_the_run_says_how_far_it_is(europarl, tiny_encoder):
    lines = []
    run_europarl(
        europarl,
        systems=["ngrams-inter", "heuristic-inter"],
        encoder=str(tiny_encoder),
        langs=["de"],
        say=lines.append,
    )
    assert [line.partition(":")[0] for line in lines] == [
        "en",
        "de",
        "de heuristic-inter",
        "de ngrams-inter",
    ]


def test_a_missing_file_says_how_to_fetch_it(europarl):
    with pytest.raises(XProjError, match=r"it-europarl.*spacy project assets \. --extra"):
        run_europarl(europarl)


def test_a_file_of_another_length_is_refused(europarl):
    path = europarl / "de-europarl.test.conll02"
    path.write_text(path.read_text(encoding="utf-8") + "\nMore\tO\n", encoding="utf-8")
    with pytest.raises(XProjError, match=r"has 4 sentences, .* has 5"):
        run_europarl(europarl, langs=["de"])


def test_a_limit_below_one_is_refused(europarl):
    with pytest.raises(XProjError, match="limit must be at least 1, got 0"):
        run_europarl(europarl, langs=["de"], limit=0)


@pytest.mark.shared
def test_real_sentences_with_the_real_encoder(shared_data, shared_models, one_thread):
    result = run_europarl(
        shared_data / "europarl-ner",
        systems=["heuristic-inter", "default"],
        encoder=str(shared_models / "me5-small"),
        langs=["es"],
        limit=20,
    )
    assert result.sentences == 20
    assert result.runs["default"]["es"].scores.overall.f1 > 0.9
    assert result.mean("default").value > result.mean("heuristic-inter").value
