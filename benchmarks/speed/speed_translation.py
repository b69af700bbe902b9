"""Part ``translation`` of the benchmark of speed: CTranslate2 beside transformers, and a cache."""

from ..datasets.marked import read_marked
from ..names.europarl import SOURCE, read_europarl
from .linking import check_limit
from .parts import SpeedSettings
from .translate import Sizes, TranslationSpeed, run_translation

SENTENCES = 32  # by default
RUNS = 2
NEWS_LANG = "sw"


def read_texts(settings: SpeedSettings) -> tuple[list[str], str]:
    """What is translated, and its language: Swahili of the embedded corpus or, where that is not
    there, the English of Europarl-NER."""
    train = settings.news / "train.jsonl"
    if train.is_file():
        return [doc.text for doc in read_marked(train, lang=NEWS_LANG)], NEWS_LANG
    return [doc.text for doc in read_europarl(settings.folder, [])[SOURCE]], SOURCE


def run_speed_translation(
    settings: SpeedSettings,
    *,
    sizes: Sizes = Sizes(),  # noqa: B008  (immutable)
    runs: int = RUNS,
) -> TranslationSpeed:
    """Translate with random weights of the usual size, as no model comes with the project.

    settings: limit is the number of sentences, by default 32.
    """
    texts, lang = read_texts(settings)
    return run_translation(
        texts,
        model=sizes,
        source_lang=lang,
        target_lang=settings.langs[0] if lang == SOURCE else SOURCE,
        runs=runs,
        limit=check_limit(settings.limit) or SENTENCES,
        say=settings.say,
    )
