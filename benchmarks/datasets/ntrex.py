"""NTREX-128 (Federmann et al. 2022): 1,997 news sentences, line by line the same in 128 languages,
translated by people. It has no labels."""

import re
from collections.abc import Sequence
from pathlib import Path

from langcodes import standardize_tag
from spacy.tokens import Doc

from spacy_xproj.errors import Errors, XProjError
from spacy_xproj.io.lines import read_lines
from spacy_xproj.text.tokenizers import Blank

SOURCE = "en"
_NAME = re.compile(r"newstest2019-(?:src|ref)\.([\w-]+)\.txt")


def ntrex_files(folder: str | Path) -> dict[str, Path]:
    """The files of a folder by language, as spaCy names them: ``en``, ``sw``. Raises XProjError
    where there are none, or none in English."""
    found = {}
    for path in sorted(Path(folder).glob("newstest2019-*.txt")):
        if match := _NAME.fullmatch(path.name):
            found[standardize_tag(match[1], macro=True).split("-")[0]] = path
    if SOURCE not in found or len(found) < 2:
        raise XProjError(
            Errors.XP732.format(folder=folder, have=", ".join(sorted(found)) or "none")
        )
    return found


def ntrex_docs(
    folder: str | Path, langs: Sequence[str], *, limit: int | None = None
) -> dict[str, list[Doc]]:
    """The sentences of some languages as Docs with the number of their line as
    ``user_data["id"]``. limit: only the first so many. Raises XProjError for a language that the
    folder does not have."""
    files = ntrex_files(folder)
    missing = [lang for lang in langs if lang not in files]
    if missing:
        have = ", ".join(sorted(files))
        raise XProjError(
            Errors.XP732.format(folder=folder, have=f"{have}, not {', '.join(missing)}")
        )
    docs: dict[str, list[Doc]] = {}
    for lang in langs:
        blank = Blank(lang)
        docs[lang] = [blank.tokenize(line) for line in read_lines(files[lang])[:limit]]
        for number, doc in enumerate(docs[lang]):
            doc.user_data["id"] = str(number)
    return docs
