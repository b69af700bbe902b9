"""Several systems against gold, in several languages: table, JSON and page from one description."""

from pathlib import Path
from typing import Any

import srsly

from spacy_xproj.corpus.scoring import Scores, score_docs
from spacy_xproj.data.access import Views
from spacy_xproj.data.spans import Span
from spacy_xproj.errors import Errors, XProjError
from spacy_xproj.io.formats.files import read_docs
from spacy_xproj.io.records import write_json
from spacy_xproj.io.tables import Cell, format_table
from spacy_xproj.review.page import ReportExample, ReportTable, write_report

EXAMPLES = 4  # per language, where the description does not say


def _read_spec(path: str | Path) -> dict[str, Any]:
    try:
        spec = srsly.read_yaml(path)
    except (OSError, ValueError) as err:
        raise XProjError(Errors.XP710.format(path=path, why=err)) from err
    gold = spec.get("gold") if isinstance(spec, dict) else None
    systems = spec.get("systems") if isinstance(spec, dict) else None
    if not isinstance(gold, dict) or not gold or not isinstance(systems, list) or not systems:
        why = "'gold' must map languages to files, and 'systems' be a list"
        raise XProjError(Errors.XP710.format(path=path, why=why))
    for system in systems:
        unknown = sorted(set(system.get("files", {})) - set(gold))
        if "name" not in system or not system.get("files") or unknown:
            why = f"the system {system} needs 'name' and 'files' of languages with gold"
            raise XProjError(Errors.XP710.format(path=path, why=why))
    _check_students(path, systems)
    return dict(spec)


def _check_students(path: str | Path, systems: list[dict[str, Any]]) -> None:
    """Raise XProjError where two systems are the same student with the same labels."""
    pairs = [(s["student"], s["labels"]) for s in systems if "student" in s and "labels" in s]
    for pair in pairs:
        if pairs.count(pair) > 1:
            why = "two systems have the student {!r} with the labels {!r}".format(*pair)
            raise XProjError(Errors.XP710.format(path=path, why=why))


def compare(spec_path: str | Path, output: str | Path) -> str:
    """Score the systems of a YAML description; write ``OUTPUT.json`` and ``OUTPUT.html``.

    The description has ``title``, ``gold: {lang: file}``, ``systems: [{name, files: {lang: file},
    note}]``, and may have ``summary``, ``ignore_labels`` and ``examples: {count, files: {lang:
    file with views}}``. Paths count from the current folder. Systems that also name a ``student``
    and its ``labels`` (where they came from) are shown in a table of student by label source, too.
    Returns the tables for the terminal. Raises XProjError for a description or a file that does
    not hold.
    """
    spec = _read_spec(spec_path)
    ignore = spec.get("ignore_labels", [])
    langs = list(spec["gold"])
    gold = {lang: read_docs(path, lang=lang, labelled=True) for lang, path in spec["gold"].items()}
    scores: dict[str, dict[str, Scores]] = {}
    for system in spec["systems"]:
        scores[system["name"]] = {
            lang: score_docs(
                gold[lang], read_docs(path, lang=lang, labelled=True), ignore_labels=ignore
            )
            for lang, path in system["files"].items()
        }
    result = {
        "title": spec.get("title", ""),
        "ignore_labels": ignore,
        "systems": [
            {
                "name": name,
                "mean_f1": _mean(by_lang, langs),
                "scores": {lang: score.to_json() for lang, score in by_lang.items()},
            }
            for name, by_lang in scores.items()
        ],
    }
    write_json(f"{output}.json", result)
    overview = ReportTable(
        "Entity F1",
        ["system", *langs, "mean"],
        [
            [name, *(_f1(by_lang, lang) for lang in langs), _mean(by_lang, langs)]
            for name, by_lang in scores.items()
        ],
        note=" ".join(s["note"] for s in spec["systems"] if s.get("note")),
    )
    students = _students(spec["systems"], scores, langs)
    write_report(
        f"{output}.html",
        title=spec.get("title", "Results"),
        summary=spec.get("summary", ""),
        tables=[overview, *students, *(_per_language(lang, scores) for lang in langs)],
        examples=[e for lang in langs for e in _examples(lang, spec, gold[lang])],
    )
    return "\n\n".join(format_table(t.columns, t.rows) for t in (overview, *students))


def _students(
    systems: list[dict[str, Any]], scores: dict[str, dict[str, Scores]], langs: list[str]
) -> list[ReportTable]:
    """F1 of each student (rows, per language) by where its labels came from (columns), in the order
    of the description; no table where no system says."""
    known = {
        (s["student"], s["labels"]): s["name"] for s in systems if {"student", "labels"} <= {*s}
    }
    if not known:
        return []
    students = list(dict.fromkeys(student for student, _ in known))
    sources = list(dict.fromkeys(labels for _, labels in known))
    rows: list[list[Cell]] = [
        [lang, student]
        + [_f1(scores.get(known.get((student, labels), ""), {}), lang) for labels in sources]
        for lang in langs
        for student in students
    ]
    return [ReportTable("Entity F1 of students, by label source", ["", "student", *sources], rows)]


def _f1(by_lang: dict[str, Scores], lang: str) -> float | None:
    return round(by_lang[lang].overall.f1, 6) if lang in by_lang else None


def _mean(by_lang: dict[str, Scores], langs: list[str]) -> float | None:
    """Mean F1, where every language has a score: other means could not be compared."""
    values = [by_lang[lang].overall.f1 for lang in langs if lang in by_lang]
    return round(sum(values) / len(values), 6) if len(values) == len(langs) else None


def _per_language(lang: str, scores: dict[str, dict[str, Scores]]) -> ReportTable:
    labels = sorted({k for by in scores.values() if lang in by for k in by[lang].labels})
    rows: list[list[Cell]] = []
    for name, by_lang in scores.items():
        if lang in by_lang:
            overall, own = by_lang[lang].overall, by_lang[lang].labels
            per_label = [own[k].f1 if k in own else None for k in labels]
            scored = [overall.precision, overall.recall, overall.f1]
            rows.append([name, *scored, *per_label, overall.predicted])
    columns = ["system", "precision", "recall", "F1", *(f"F1 {k}" for k in labels), "entities"]
    return ReportTable(f"{lang}: precision, recall and F1", columns, list(rows))


def _examples(lang: str, spec: dict[str, Any], gold: list[Any]) -> list[ReportExample]:
    settings = spec.get("examples", {})
    path = settings.get("files", {}).get(lang)
    if path is None:
        return []
    result: list[ReportExample] = []
    for doc, gold_doc in zip(read_docs(path, lang=lang), gold, strict=True):
        with_entities = [source for source, view in Views(doc).items() if view.entities]
        if with_entities and len(result) < settings.get("count", EXAMPLES):
            spans = [Span(e.start, e.end, e.label_) for e in gold_doc.ents]
            number = len(result) + 1
            title = f"{with_entities[0]} → {lang}, sentence {number}"
            result.append(ReportExample(title, doc, with_entities[0], spans))
    return result
