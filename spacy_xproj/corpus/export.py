"""A labelled corpus for people and tools: filtered, split, in the formats that they read."""

from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from spacy.tokens import Doc

from ..data.access import Views
from ..data.span_groups import entity_labels
from ..errors import Errors, XProjError
from ..io.files import write_aside, write_text
from ..io.formats.files import all_formats, check_held, check_writable, write_docs
from ..io.formats.hf_dataset import write_hf_dataset
from ..io.formats.labelstudio import labelling_config, write_labelstudio
from ..io.records import read_json, to_json, write_json, write_records
from .filtering import Filtered, entity_scores
from .origin import origin_of
from .selection import Criteria, select_docs
from .splits import split_docs

# Those with more than a file a split; the others are called by the suffix that they are written by.
_OWN_SUFFIX = {"label-studio": ".json", "hf": ".parquet"}
SUMMARY = "summary.json"
_KIND = "spacy-xproj export"
_CARD = (
    "Labels were carried over from another language by annotation projection (spacy-xproj); only "
    "documents without a source view have labels of their own. Do not use the test split as a gold "
    "standard where it was not checked by hand."
)


def format_names() -> list[str]:
    """What a corpus can be exported to: each registered format by the suffix of its files
    (``spacy``, ``iob2``, ``jsonl`` ...), ``label-studio`` with its interface, and ``hf``."""
    suffixes = {suffix[1:] for one in all_formats() for suffix in one.written}
    return sorted({*suffixes, *_OWN_SUFFIX})


def parse_formats(names: Iterable[str]) -> list[str]:
    """The formats of lists such as ``spacy,iob2``, each once. Raises XProjError for another."""
    parts = [part.strip() for name in names for part in name.split(",")]
    known = format_names()
    for part in parts:
        if part not in known:
            raise XProjError(
                Errors.XP150.format(
                    kind="format to export",
                    name=part,
                    fix="--format spacy,iob2",
                    known=", ".join(known),
                )
            )
    return list(dict.fromkeys(parts))


def check_output(output: str | Path, *, overwrite: bool) -> None:
    """Raise XProjError where ``export`` would not write: the folder holds something, unless that
    is an earlier export and may be overwritten."""
    output = Path(output)
    if not output.exists() or (output.is_dir() and not any(output.iterdir())):
        return
    if not (overwrite and _is_export(output)):
        raise XProjError(Errors.XP664.format(path=output))


def _is_export(output: Path) -> bool:
    try:
        return bool(read_json(output / SUMMARY)["kind"] == _KIND)
    except (OSError, ValueError, TypeError, KeyError):
        return False


def export(
    docs: Sequence[Doc],
    output: str | Path,
    *,
    lang: str,
    formats: Sequence[str] = ("spacy",),
    shares: dict[str, float] | None = None,
    criteria: Criteria | None = None,
    overwrite: bool = False,
) -> dict[str, Any]:
    """Write the documents that fulfil the criteria to a folder, each split in each format.

    Per split: ``SPLIT.spacy`` (keeps the source views), ``SPLIT.iob2``, ``SPLIT.jsonl`` (Prodigy),
    ``SPLIT.json`` with ``label_studio.xml`` (Label Studio), and the folder ``hf`` (Hugging Face
    ``datasets``). Beside them ``dropped.jsonl``, every document that was left out with its reasons;
    ``unlabelled.jsonl``, every entity that was taken from a document; and ``summary.json``, which
    is returned: settings, counts, files. shares: see ``parse_shares``; by default all is ``train``.
    The folder is complete or not touched, and the same documents and settings give the same bytes.
    Raises XProjError for settings that do not hold, and where no document or no document of a split
    is left.
    """
    criteria = Criteria() if criteria is None else criteria
    formats = parse_formats(formats)
    check_output(output, overwrite=overwrite)
    selected = select_docs(docs, criteria)
    for name in formats:
        path = _file_name(name, "train")
        check_writable(path, spans_key=criteria.spans_key)
        check_held(selected.kept, path, spans_key=criteria.spans_key)
    if not selected.kept:
        counts = ", ".join(f"{name} {n}" for name, n in selected.counts().items())
        raise XProjError(Errors.XP840.format(n=len(docs), counts=counts))
    splits = split_docs(selected.kept, shares or {"train": 1.0}, seed=criteria.seed)
    with write_aside(Path(output).resolve()) as aside:
        aside.mkdir()
        for name in formats:
            _write(name, splits, aside, lang, criteria, _notes(selected, criteria))
        write_records(aside / "dropped.jsonl", [one._asdict() for one in selected.dropped])
        taken = [one._asdict() for one in selected.unlabelled]
        write_records(aside / "unlabelled.jsonl", taken)
        files = sorted(p.relative_to(aside).as_posix() for p in aside.rglob("*") if p.is_file())
        summary = {
            "kind": _KIND,
            "lang": lang,
            "formats": formats,
            "shares": shares or {"train": 1.0},
            "criteria": {**vars(criteria), "filters": list(criteria.filters)},
            "read": len(docs),
            "kept": len(selected.kept),
            "kept_without_views": sum(not len(Views(doc)) for doc in selected.kept),
            "dropped": selected.counts(),
            "unlabelled": _counts(one.reason for one in selected.unlabelled),
            "splits": {split: _describe(own, criteria.spans_key) for split, own in splits.items()},
            "files": [*files, SUMMARY],
        }
        write_json(aside / SUMMARY, summary)
    return summary


def _file_name(name: str, stem: str) -> str:
    """What the file of a format is called."""
    return stem + _OWN_SUFFIX.get(name, f".{name}")


def _write(
    name: str,
    splits: dict[str, list[Doc]],
    folder: Path,
    lang: str,
    criteria: Criteria,
    notes: Sequence[str],
) -> None:
    key = criteria.spans_key
    if name == "hf":
        scores = {split: [entity_scores(doc) for doc in own] for split, own in splits.items()}
        more: dict[str, Any] = {"scores": scores} if key is None else {"spans_key": key}
        write_hf_dataset(splits, folder / "hf", lang=lang, notes=notes, **more)
        return
    if name == "label-studio":
        labels = {
            label for own in splits.values() for doc in own for label in entity_labels(doc, key)
        }
        write_text(folder / "label_studio.xml", labelling_config(labels))
    for split, own in splits.items():
        path = folder / _file_name(name, split)
        if name == "label-studio" and key is None:
            write_labelstudio(own, path, scores=[entity_scores(doc) for doc in own])
        else:
            write_docs(own, path, spans_key=key)


def _describe(docs: Sequence[Doc], key: str | None) -> dict[str, Any]:
    return {
        "documents": len(docs),
        "without_entities": sum(not entity_labels(doc, key) for doc in docs),
        "tokens": sum(map(len, docs)),
        "entities": _counts(label for doc in docs for label in entity_labels(doc, key)),
    }


def _counts(items: Iterable[str]) -> dict[str, int]:
    return dict(sorted(Counter(items).items()))


def _notes(selected: Filtered, criteria: Criteria) -> list[str]:
    """Sentences for the data set's card."""
    total = len(selected.kept) + len(selected.dropped)
    reasons = ", ".join(f"{name} {n}" for name, n in selected.counts().items()) or "none"
    made = f"{len(selected.kept)} of {total} documents were kept; left out: {reasons}."
    origin = origin_of(selected.kept, spans_key=criteria.spans_key)
    used = {name: value for name, value in vars(criteria).items() if value not in (None, (), [])}
    parts = ["\n".join(["Made with:", "", *origin.lines()])] if origin.parts else []
    return [
        _CARD,
        *([origin.checked()] if origin.projected else []),
        made,
        *parts,
        f"Settings: `{to_json(used)}`.",
    ]
