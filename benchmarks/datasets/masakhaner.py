"""MasakhaNER 2.0 (Adelani et al. 2022): news in 20 African languages, PER ORG LOC DATE."""

from spacy_xproj.errors import Errors, XProjError

from .base import BENCHMARKS, DOWNLOADS, Benchmark, reader
from .language_table import MASAKHANER2


def masakhaner2_files(lang: str, split: str) -> list[str]:
    """Where the file of a language is, by either of its codes (``swa`` or ``sw``)."""
    return [f"{_folder(lang)}/{split}.txt"]


def _folder(lang: str) -> str:
    found = next((three for three, code in MASAKHANER2.items() if lang in (three, code)), None)
    if found is None:
        known = ", ".join(MASAKHANER2)
        raise XProjError(Errors.XP689.format(benchmark="MasakhaNER2", lang=lang, known=known))
    return found


make_masakhaner2 = reader(
    "MasakhaNER2",
    masakhaner2_files,
    "the folder ``MasakhaNER2.0/data``, a folder a language.\n\n"
    "lang: ``swa`` or ``sw``; Docs are of the latter. split: train, dev or test. ignore_labels: "
    "often DATE, which other benchmarks do not have.",
    code=lambda lang: MASAKHANER2[_folder(lang)],
)

BENCHMARKS["masakhaner2"] = Benchmark(
    f"{DOWNLOADS}/masakhaner2", make_masakhaner2, masakhaner2_files, tuple(MASAKHANER2)
)
