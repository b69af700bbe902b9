"""XQuAD's files: paragraphs with questions and the spans that answer them (SQuAD's JSON)."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from spacy_xproj.errors import Errors, XProjError
from spacy_xproj.io.records import read_json


class Answer(NamedTuple):
    """The answer to a question: ``text`` at ``[start, end)`` of the paragraph, in characters (code
    points). problem: why it cannot be used, else empty."""

    question: str
    start: int
    end: int
    text: str
    problem: str = ""


class Paragraph(NamedTuple):
    """One paragraph, and one answer per question in the order of the file."""

    article: int
    title: str
    number: int
    text: str
    answers: tuple[Answer, ...]


# Problems of answers.
NO_ANSWER = "no_answer"
MISMATCH = "answer_start_mismatch"


def xquad_path(folder: str | Path, lang: str) -> Path:
    """The file of a language. Raises XProjError where it is not there."""
    path = Path(folder) / f"xquad.{lang}.json"
    if not path.is_file():
        raise XProjError(Errors.XP680.format(path=path))
    return path


def read_xquad(path: str | Path) -> list[Paragraph]:
    """All paragraphs of a file, in its order.

    Of several answers to a question the first is read. An answer that is not the text at its
    ``answer_start`` is kept with a ``problem``. Raises XProjError, naming the place, for broken
    JSON, for what is not SQuAD's structure, and for a question id that occurs twice.
    """
    content = read_json(path)
    seen: dict[str, str] = {}
    paragraphs = []
    for article, (spot, entry) in enumerate(_items(content, "data", "", path)):
        for number, (inner, paragraph) in enumerate(_items(entry, "paragraphs", spot, path)):
            answers = []
            text = _string(paragraph, "context", inner, path)
            for at, question in _items(paragraph, "qas", inner, path):
                answer = _answer(question, text, at, path)
                if answer.question in seen:
                    raise XProjError(
                        Errors.XP683.format(
                            where=f"{path}: {at}", id=answer.question, other=seen[answer.question]
                        )
                    )
                seen[answer.question] = at
                answers.append(answer)
            title = entry.get("title")
            title = title if isinstance(title, str) else ""
            paragraphs.append(Paragraph(article, title, number, text, tuple(answers)))
    if not paragraphs:
        raise XProjError(Errors.XP613.format(path=path))
    return paragraphs


def _answer(question: Any, text: str, at: str, path: str | Path) -> Answer:
    name = _string(question, "id", at, path)
    answers = list(_items(question, "answers", at, path))
    if not answers:
        return Answer(name, 0, 0, "", NO_ANSWER)
    spot, answer = answers[0]
    wanted = _string(answer, "text", spot, path)
    start = answer.get("answer_start")
    if type(start) is not int:
        raise _invalid(path, spot, "answer_start", "a whole number", start)
    end = start + len(wanted)
    fits = wanted and start >= 0 and text[start:end] == wanted
    return Answer(name, start, end, wanted, "" if fits else MISMATCH)


def _items(holder: Any, key: str, spot: str, path: str | Path) -> Iterator[tuple[str, Any]]:
    values = holder.get(key) if isinstance(holder, dict) else None
    if not isinstance(values, list):
        raise _invalid(path, spot or "the file", key, "a list", values)
    for i, value in enumerate(values):
        where = f"{spot}.{key}[{i}]".lstrip(".")
        if not isinstance(value, dict):
            raise _invalid(path, where, "", "an object", value)
        yield where, value


def _string(holder: Any, key: str, spot: str, path: str | Path) -> str:
    value = holder.get(key)
    if not isinstance(value, str):
        raise _invalid(path, spot, key, "a string", value)
    try:
        value.encode("utf-8")
    except UnicodeEncodeError:
        raise _invalid(path, spot, key, "text without half surrogate pairs", value) from None
    return value


def _invalid(path: str | Path, spot: str, key: str, expected: str, found: Any) -> XProjError:
    where = f"{path}: {spot}" + (f", {key!r}" if key else "")
    shown = repr(found)[:60]
    return XProjError(Errors.XP682.format(where=where, expected=expected, found=shown))
