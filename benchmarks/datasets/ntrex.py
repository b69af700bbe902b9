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


def ntrex_files(folder: str | Path, langs: Sequence[str]) -> dict[str, Path]:
    """The files of some languages, as spaCy names them: ``en``, ``sw``; a file without a region
    (``spa``) before those with one (``spa-MX``). Raises XProjError for a folder without the files,
    a language that it does not have, and one of which it has several (``zho-CN``, ``zho-TW``)."""
    found: dict[str, list[Path]] = {}
    for path in sorted(Path(folder).glob("newstest2019-*.txt")):
        if match := _NAME.fullmatch(path.name):
            lang = standardize_tag(match[1], macro=True).split("-")[0]
            found.setdefault(lang, []).append(path)
    if SOURCE not in found or len(found) < 2:
        raise XProjError(
            Errors.XP732.format(folder=folder, have=", ".join(sorted(found)) or "none")
        )
    files = {}
    for lang in langs:
        if lang not in found:
            have = ", ".join(sorted(found))
            raise XProjError(Errors.XP733.format(folder=folder, lang=lang, have=have))
        own = [path for path in found[lang] if "-" not in path.name.split(".")[1]] or found[lang]
        if len(own) > 1:
            names = [path.name for path in own]
            more = " ".join(names[1:])
            raise XProjError(
                Errors.XP736.format(folder=folder, lang=lang, names=", ".join(names), more=more)
            )
        files[lang] = own[0]
    return files


def ntrex_docs(
    folder: str | Path, langs: Sequence[str], *, limit: int | None = None
) -> dict[str, list[Doc]]:
    """The sentences of some languages as Docs with the number of their line as
    ``user_data["id"]``. limit: only the first so many. Raises XProjError as ``ntrex_files``."""
    docs: dict[str, list[Doc]] = {}
    for lang, path in ntrex_files(folder, langs).items():
        blank = Blank(lang)
        docs[lang] = [blank.tokenize(line) for line in read_lines(path)[:limit]]
        for number, doc in enumerate(docs[lang]):
            doc.user_data["id"] = str(number)
    return docs
