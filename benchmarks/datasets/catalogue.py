"""The benchmarks that commands know by name, and which of their languages a folder holds."""

import importlib
import pkgutil
from collections.abc import Sequence
from pathlib import Path

from spacy_xproj.errors import Errors, XProjError

from . import __path__ as here
from .base import BENCHMARKS, Corpus, first_file

# Importing a module makes its benchmarks known here, and their readers to configs.
for _module in pkgutil.iter_modules(here):
    if f"{__package__}.{_module.name}" != __name__:
        importlib.import_module(f"{__package__}.{_module.name}")
importlib.import_module("..xquad.corpus", __package__)

__all__ = ["BENCHMARKS", "load_benchmark"]


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
                kind="benchmark", name=name, fix="europarl-ner", known=", ".join(sorted(BENCHMARKS))
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
