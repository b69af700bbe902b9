"""The benchmarks that commands know by name, and which of their languages a folder holds."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

from spacy_xproj.errors import Errors, XProjError
from spacy_xproj.registry import registry

from ..xquad.corpus import make_xquad_ner, xquad_ner_files
from .base import Corpus, FindFiles, first_file
from .conll import LANGS_2002, LANGS_2003, conll_files, make_conll2002, make_conll2003
from .europarl import LANGS, europarl_files, make_europarl_ner
from .language_table import MASAKHANER2, XQUAD, XTREME
from .masakhaner import make_masakhaner2, masakhaner2_files
from .parallel_ner import make_parallel_ner
from .wikiann import make_wikiann, wikiann_files


class Benchmark(NamedTuple):
    """folder: where a project has it. langs: those it is known to have. mentions: its gold is a
    subset of all entities, see ``evaluation.mentions``."""

    folder: str
    make: Callable[..., Corpus]
    files: FindFiles
    langs: tuple[str, ...]
    mentions: bool = False


_DOWNLOADS = "assets/downloads"

BENCHMARKS: dict[str, Benchmark] = {
    "conll2002": Benchmark(f"{_DOWNLOADS}/conll2002", make_conll2002, conll_files, LANGS_2002),
    "conll2003": Benchmark(f"{_DOWNLOADS}/conll2003", make_conll2003, conll_files, LANGS_2003),
    "europarl-ner": Benchmark(
        f"{_DOWNLOADS}/europarl-ner", make_europarl_ner, europarl_files, LANGS
    ),
    "masakhaner2": Benchmark(
        f"{_DOWNLOADS}/masakhaner2", make_masakhaner2, masakhaner2_files, tuple(MASAKHANER2)
    ),
    "wikiann": Benchmark(
        f"{_DOWNLOADS}/wikiann", make_wikiann, wikiann_files, tuple(sorted(("en", *XTREME)))
    ),
    "xquad-ner": Benchmark("corpus/xquad-ner", make_xquad_ner, xquad_ner_files, XQUAD, True),
}

# Importing this module makes them known to configs, as ``--code`` does with own parts.
REGISTERED: dict[str, Callable[..., Corpus]] = {
    "spacy-xproj.CoNLL2002.v1": make_conll2002,
    "spacy-xproj.CoNLL2003.v1": make_conll2003,
    "spacy-xproj.EuroparlNER.v1": make_europarl_ner,
    "spacy-xproj.MasakhaNER2.v1": make_masakhaner2,
    "spacy-xproj.ParallelNER.v1": make_parallel_ner,
    "spacy-xproj.WikiANN.v1": make_wikiann,
    "spacy-xproj.XQuADNER.v1": make_xquad_ner,
}
for _name, _make in REGISTERED.items():
    getattr(registry, "xproj_corpora").register(_name, func=_make)  # noqa: B009


def load_benchmark(
    name: str,
    *,
    folder: str | Path | None = None,
    langs: Sequence[str] = (),
    split: str = "test",
    ignore_labels: Sequence[str] = (),
    limit: int | None = None,
) -> dict[str, Corpus]:
    """The corpora of a benchmark by language, as the languages are named.

    folder: by default where a project has it. langs: by default all that the folder has. Raises
    XProjError for a benchmark, folder or language that is not there.
    """
    benchmark = BENCHMARKS.get(name)
    if benchmark is None:
        raise XProjError(
            Errors.XP150.format(
                kind="benchmark", name=name, fix="europarl-ner", known=", ".join(BENCHMARKS)
            )
        )
    folder = Path(folder or benchmark.folder)
    langs = langs or [
        lang for lang in benchmark.langs if first_file(folder, benchmark.files(lang, split))
    ]
    if not langs:
        names = ", ".join(benchmark.files(benchmark.langs[0], split)[:3])
        raise XProjError(
            Errors.XP688.format(
                benchmark=name, lang="any language", split=split, folder=folder, names=names
            )
        )
    return {lang: benchmark.make(str(folder), lang, split, ignore_labels, limit) for lang in langs}
