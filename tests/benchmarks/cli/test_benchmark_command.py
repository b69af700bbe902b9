"""The commands ``europarl``, ``xl-wa`` and ``speed``."""

import json

import pytest

ROWS = "Asha\tB-PER\nleft\tO\nDodoma\tB-LOC\n.\tO\n\nIt\tO\nrained\tO\n"


@pytest.fixture
def downloads(folder):
    """What ``spacy project assets . --extra`` would put there, with two sentences."""
    europarl, xl_wa = folder / "assets/downloads/europarl-ner", folder / "assets/downloads/xl-wa"
    europarl.mkdir(parents=True)
    for lang in ("en", "de"):
        (europarl / f"{lang}-europarl.test.conll02").write_text(ROWS, encoding="utf-8")
    (xl_wa / "it").mkdir(parents=True)
    text = "Asha left\tAsha left\t0-0 1-1\n"
    (xl_wa / "it" / "test.tsv").write_text(text, encoding="utf-8")
    return folder


def test_europarl(done, downloads, tiny_encoder):
    output = done(
        *("europarl", "--langs", "de", "--encoder", tiny_encoder),
        *("--systems", "ngrams-inter, heuristic-inter", "--json", "out/result.json"),
    )
    assert "Europarl-NER, 2 sentences" in output
    assert "ngrams-inter" in output
    assert "n-gram matching, AWESoME [P]" in output
    data = json.loads((downloads / "out/result.json").read_text(encoding="utf-8"))
    assert [system["name"] for system in data["systems"]] == ["heuristic-inter", "ngrams-inter"]


def test_xl_wa_from_another_folder(done, downloads, tiny_encoder):
    (downloads / "assets/downloads/xl-wa").rename(downloads / "links")
    output = done(
        *("xl-wa", "--data", "links", "--langs", "it"),
        *("--aligners", "inter", "--encoder", tiny_encoder),
    )
    assert "sentence pairs: it 1" in output
    assert "1.000" in output


def test_speed(done, downloads, tiny_encoder):
    output = done(
        *("speed", "--langs", "de", "--encoder", tiny_encoder),
        *("--parts", "solvers", "--solvers", "greedy,exact", "--limit", "1"),
        *("--json", "out/speed.json"),
    )
    assert "time / greedy" in output
    assert "exact" in output
    data = json.loads((downloads / "out/speed.json").read_text(encoding="utf-8"))
    assert [row["solver"] for row in data["parts"]["solvers"]["solvers"]] == ["greedy", "exact"]


def test_parts_belong_to_speed(refused, downloads):
    assert "no part 'planes'" in refused("speed", "--parts", "planes")


def test_without_the_files_it_says_how_to_fetch_them(refused):
    assert "spacy project assets . --extra" in refused("europarl")
    assert "spacy project assets . --extra" in refused("xl-wa")


def test_a_system_that_is_not_known_is_refused(refused, downloads):
    assert "no aligner 'best'" in refused("xl-wa", "--aligners", "best")


def test_a_benchmark_that_is_not_known_is_typers_matter(run):
    assert run("conll").exit_code == 2
    assert "europarl" in run("--help").stdout
