"""MasakhaNER 2.0 (Adelani et al. 2022): news in 20 African languages, PER ORG LOC DATE."""

from collections.abc import Sequence

from spacy_xproj.errors import Errors, XProjError

from .base import BENCHMARKS, DOWNLOADS, Benchmark, Corpus, need_file, reads
from .language_table import MASAKHANER2


def masakhaner2_files(lang: str, split: str) -> list[str]:
    """Where the file of a language is, by either of its codes (``swa`` or ``sw``)."""
    return [f"{_folder(lang)}/{split}.txt"]


@reads("spacy-xproj.MasakhaNER2.v1")
def make_masakhaner2(
    folder: str,
    lang: str,
    split: str = "test",
    ignore_labels: Sequence[str] = (),
    limit: int | None = None,
    checksum: str | None = None,
) -> Corpus:
    """``spacy-xproj.MasakhaNER2.v1``: the folder ``MasakhaNER2.0/data``, a folder a language.

    lang: ``swa`` or ``sw``; Docs are of the latter. split: train, dev or test. ignore_labels: often
    DATE, which other benchmarks do not have.
    """
    names = masakhaner2_files(lang, split)
    path = need_file(folder, names, benchmark="MasakhaNER2", lang=lang, split=split)
    code = MASAKHANER2[_folder(lang)]
    return Corpus("MasakhaNER2", path, code, split, tuple(ignore_labels), limit, checksum)


def _folder(lang: str) -> str:
    found = next((three for three, code in MASAKHANER2.items() if lang in (three, code)), None)
    if found is None:
        known = ", ".join(MASAKHANER2)
        raise XProjError(Errors.XP689.format(benchmark="MasakhaNER2", lang=lang, known=known))
    return found


BENCHMARKS["masakhaner2"] = Benchmark(
    f"{DOWNLOADS}/masakhaner2", make_masakhaner2, masakhaner2_files, tuple(MASAKHANER2)
)
