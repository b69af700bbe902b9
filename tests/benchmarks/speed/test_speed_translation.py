"""The part ``translation`` of the benchmark of speed: which texts it takes."""

import pytest

from benchmarks.speed.parts import SpeedSettings
from benchmarks.speed.speed_translation import read_texts, run_speed_translation
from benchmarks.speed.translate import COLD, WARM, Sizes


@pytest.fixture
def settings(europarl, tmp_path, root):
    def make(news, **more):
        return SpeedSettings(europarl, news=news, langs=("de",), **more)

    return make


def test_the_embedded_corpus_is_translated_from_swahili(settings, root):
    texts, lang = read_texts(settings(root / "assets" / "news"))
    assert lang == "sw"
    assert texts[0] == "Bunge mjini Dodoma lilipitisha bajeti Alhamisi usiku."


def test_where_it_is_not_there_the_english_of_europarl_is(settings, tmp_path):
    texts, lang = read_texts(settings(tmp_path / "nowhere"))
    assert lang == "en"
    assert texts[0].split() == ["Asha", "met", "Baraka", "in", "Dodoma", "."]
    assert len(texts) == 4


def test_the_limit_is_the_number_of_sentences(settings, root, one_thread):
    sizes = Sizes(layers=1, width=16, vocabulary=200, length=10)
    given = settings(root / "assets" / "news", limit=3)
    result = run_speed_translation(given, sizes=sizes, runs=1)
    assert result.sentences == 3
    assert {COLD, WARM} < set(result.seconds)
