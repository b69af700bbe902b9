"""What commands print about a run."""

import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..errors import Errors, XProjError
from .options import write_found

if TYPE_CHECKING:
    from spacy.tokens import Doc

    from ..jobs.run import Annotated

SHOWN_FAILURES = 10
SHOWN_ROWS = 20
_UNUSABLE = ("empty_translation", "no_translation")


def say(line: str) -> None:
    """How a run goes on, for who waits: not part of the output."""
    print(line, file=sys.stderr, flush=True)


def left_out(places: Sequence[str], why: str) -> str:
    """A line that counts what was left out, and names the first of it."""
    if not places:
        return "0 sentences left out"
    more = f", and {len(places) - SHOWN_ROWS} more" if len(places) > SHOWN_ROWS else ""
    return f"{len(places)} sentences left out, {why}: {', '.join(places[:SHOWN_ROWS])}{more}"


def states(docs: "Sequence[Doc]", spans_key: str | None) -> str:
    """How many documents are not labelled, partly open, or labelled without any entity: three
    things that a count of entities does not tell apart. Empty where all have entities."""
    from ..data.labels import is_labelled, open_words
    from ..data.span_groups import entity_labels

    labelled = [doc for doc in docs if is_labelled(doc, spans_key)]
    partly = [] if spans_key else [doc for doc in labelled if open_words(doc)]
    counts = {
        "not labelled": len(docs) - len(labelled),
        "with open words": len(partly),
        "without entities": sum(not entity_labels(doc, spans_key) for doc in labelled),
    }
    return ", ".join(f"{n} {what}" for what, n in counts.items() if n)


def check_run(result: "Annotated") -> None:
    """Raise XProjError where nothing could be processed: no document, no source entity, or no
    source sentence. Then the settings are wrong, not the text."""
    if result.failures and len(result.failures) == len(result.docs):
        first = result.failures[0]
        raise XProjError(
            Errors.XP914.format(n=len(result.docs), component=first.component, reason=first.reason)
        )
    first_reason = result.failures[0].reason if result.failures else ""
    _check_counts(result.statuses(), result.view_statuses(), result.n_views(), first_reason)


def check_summary(summary: Mapping[str, Any]) -> None:
    """The same for a run in shards, which has ended at its first shard where no document could be
    processed."""
    from ..jobs.statuses import NO_SOURCE

    first_reason = summary["failures"][0]["reason"] if summary["failures"] else ""
    n_without = summary["view_statuses"].get(NO_SOURCE)
    if n_without and not summary["source_sentences"]:
        raise XProjError(Errors.XP882.format(n=n_without))
    _check_counts(
        summary["statuses"], summary["view_statuses"], summary["source_sentences"], first_reason
    )


def _check_counts(
    statuses: Mapping[str, int], view_statuses: Mapping[str, int], n_views: int, reason: str
) -> None:
    total = sum(statuses.values())
    if total and statuses.get("error") == total:
        raise XProjError(Errors.XP878.format(n=total, reason=reason))
    given = n_views - view_statuses.get("empty_target", 0)
    unusable = {s: view_statuses[s] for s in _UNUSABLE if s in view_statuses}
    if given and not total and sum(unusable.values()) == given:
        counts = ", ".join(f"{status} {n}" for status, n in unusable.items())
        raise XProjError(Errors.XP879.format(n=given, statuses=counts))


def _print_counts(
    n_docs: int,
    statuses: Mapping[str, int],
    view_statuses: Mapping[str, int],
    ignored: Mapping[str, int],
) -> None:
    from ..io.tables import Cell, format_table

    by_count = sorted(statuses.items(), key=lambda item: (-item[1], item[0]))
    total = sum(statuses.values())
    print(f"{n_docs} sentences, {total} source entities")
    if by_count:
        rows: list[list[Cell]] = [[name, count, count / total] for name, count in by_count]
        print(format_table(["status", "entities", "share"], rows))
    for status, count in sorted(view_statuses.items()):
        print(f"{count} sentences: {status}")
    for label, count in sorted(ignored.items()):
        print(f"{count} source entities left out, label {label}")


def print_replaced(entities: int, sentences: int, source: str | Path, output: str | Path) -> None:
    """How many labels of the input others take the place of."""
    if entities:
        print(
            f"{entities} entities that {sentences} sentences of {source} had are replaced, and are "
            f"kept there only; how they differ: spacy xproj score {source} {output}"
        )


def run_found(result: "Annotated") -> dict[str, Any]:
    """What ``print_run`` prints, with the keys of an annotated folder's ``summary.json``."""
    statuses = result.statuses()
    return {
        "documents": len(result.docs),
        "source_entities": statuses.total(),
        "statuses": dict(sorted(statuses.items())),
        "view_statuses": dict(sorted(result.view_statuses().items())),
        "ignored": dict(sorted(result.ignored().items())),
        "failures": [failure._asdict() for failure in result.failures],
    }


def print_run(result: "Annotated") -> None:
    """Counts per status, what is not usable, what was left out, and the documents that failed."""
    _print_counts(len(result.docs), result.statuses(), result.view_statuses(), result.ignored())
    print_failures(result)


def print_open(n_docs: int, notice: str) -> None:
    """Which sources are not labelled, and how many targets are left open for it."""
    if notice:
        print(notice)
    if n_docs:
        print(f"{n_docs} sentences are left open, wholly or in part, as their sources are")


def print_failures(result: "Annotated") -> None:
    """The documents that failed, and why; not more than some."""
    if result.failures:
        print(f"{len(result.failures)} sentences failed and are not labelled:")
        for failure in result.failures[:SHOWN_FAILURES]:
            print(f"  sentence {failure.place + 1}, {failure.component}: {failure.reason}")
        if len(result.failures) > SHOWN_FAILURES:
            print(f"  and {len(result.failures) - SHOWN_FAILURES} more; see their status 'error'")


def print_ensemble(result: "Annotated") -> dict[str, Any]:
    """How many entities an ensemble has by how many views support them, and what it outvoted; the
    same as plain data."""
    from collections import Counter

    from ..data.ensembled import Ensembled

    merged = [Ensembled(doc) for doc in result.docs]
    kept = Counter(len(e.support) for one in merged for e in one.entities)
    outvoted = Counter(len(o.support) for one in merged for o in one.outvoted)
    langs = list(dict.fromkeys(lang for one in merged for lang in one.langs))
    print(f"{len(result.docs)} sentences, {kept.total()} entities from views {', '.join(langs)}")
    rows = _print_votes(kept, outvoted)
    rulings = [ruling for one in merged for ruling in one.rulings]
    unruled = Counter(one.why for one in rulings if one.answer is None)
    _print_rulings(len(rulings), unruled)
    silent = sum(bool(one.absent) for one in merged)
    if silent:
        print(f"{silent} sentences lack a view; see doc._.xproj_ensemble.absent")
    print_failures(result)
    return {
        "documents": len(result.docs),
        "views": langs,
        "by_support": [{"views": n, "entities": k, "outvoted": o} for n, k, o in rows],
        "rulings": len(rulings),
        "unruled": dict(sorted(unruled.items())),
        "lacking_a_view": silent,
        "failures": [failure._asdict() for failure in result.failures],
    }


def _print_votes(kept: Mapping[int, int], outvoted: Mapping[int, int]) -> list[tuple[int, ...]]:
    """The proposals of an ensemble by how many views support them; the rows of the table."""
    from ..io.tables import format_table

    counts = sorted(kept.keys() | outvoted.keys(), reverse=True)
    rows: list[tuple[int, ...]] = [(n, kept.get(n, 0), outvoted.get(n, 0)) for n in counts]
    print(format_table(["views behind it", "entities", "outvoted"], [list(row) for row in rows]))
    return rows


def _print_rulings(n: int, unruled: Mapping[str, int]) -> None:
    """How many conflicts were put to an arbiter, and how many of them the vote decided; that it
    decided all of them is not what was asked for."""
    if not n:
        return
    by_vote = sum(unruled.values())
    print(f"{n} conflicts were put to the arbiter; the vote decided {by_vote} of them")
    if by_vote:
        reason, count = min(unruled.items(), key=lambda item: (-item[1], item[0]))
        text = f"most often ({count} times), as {reason}"
        if by_vote == n:
            print(f"warning: the arbiter decided nothing; {text}")
        else:
            print(f"  {text}")


def print_consensus(changed: int) -> None:
    """How many labels a corpus step changed."""
    print(f"{changed} labels changed to that of most projections onto the same words")


def print_cost(cost: Mapping[str, Mapping[str, float]], *, only_counts: bool = False) -> None:
    """A line a component: seconds, and calls, tokens and cache hits where there are any.
    only_counts: not of one that has taken time alone."""
    for name, counts in cost.items():
        if only_counts and not counts.keys() - {"seconds"}:
            continue
        shown = [f"{counts.get('seconds', 0):.1f} s"]
        shown += [f"{key} {value:g}" for key, value in counts.items() if key != "seconds"]
        print(f"{name}: {', '.join(shown)}")


@contextmanager
def telling_cost(cost: Callable[[], Mapping[str, Mapping[str, float]]]) -> Iterator[None]:
    """Print what has been spent where what runs within is stopped, by a signal or an error."""
    try:
        yield
    except BaseException:
        print_cost(cost(), only_counts=True)
        raise


def only_planned(cost: Mapping[str, Mapping[str, float]]) -> bool:
    """Whether what costs was only counted."""
    return any(counts.get("planned_calls") for counts in cost.values())


def was_dry(
    cost: Mapping[str, Mapping[str, float]], output: Path, json: Path | None = None
) -> bool:
    """Whether a run only counted what it would ask: then that is told, and that ``output``, of
    which not all is known, is not written."""
    if not only_planned(cost):
        return False
    write_found(json, {"cost": cost})
    print_cost(cost, only_counts=True)
    print(f"a dry run, so {output} is not written: what is not asked is not known")
    return True


def print_summary(summary: dict[str, Any], out_dir: Path) -> None:
    """The same for a run in shards."""
    from ..jobs.outdir import read_cost

    _print_counts(
        summary["documents"], summary["statuses"], summary["view_statuses"], summary["ignored"]
    )
    kept, outvoted = (
        {int(n): count for n, count in summary[which].items()} for which in ("kept", "outvoted")
    )
    if kept or outvoted:
        print(f"the ensemble kept {sum(kept.values())} and outvoted {sum(outvoted.values())}:")
        _print_votes(kept, outvoted)
    _print_rulings(summary["rulings"], summary["unruled"])
    n_failed = summary["failed_documents"]
    if n_failed:
        print(f"{n_failed} sentences failed and are not labelled:")
        for failure in summary["failures"][:SHOWN_FAILURES]:
            print(f"  {failure['place']}, {failure['component']}: {failure['reason']}")
        if n_failed > SHOWN_FAILURES:
            print(f"  and {n_failed - SHOWN_FAILURES} more; see statuses.jsonl")
    if summary["consensus"] is not None:
        print_consensus(summary["consensus"]["labels_changed"])
    print_cost(read_cost(out_dir))
    print(f"wrote {summary['shards']} shards, statuses.jsonl and summary.json to {out_dir}")


def write_run(
    result: "Annotated",
    output: Path,
    filters: Sequence[str] | None = None,
    *,
    spans_key: str | None = None,
    replaced: Mapping[str, int] | None = None,
    json: Path | None = None,
) -> None:
    """Write the documents and print what ``print_run`` does. Documents that do not pass the
    filters, and those that the format would say to have no entities while they are not labelled
    (or have open words), or whose spans it cannot hold, are left out of ``output``, counted, and
    listed in OUTPUT.dropped.jsonl; the printed statuses are those of all. spans_key: the group of
    ``doc.spans`` that entities are in. replaced: how many entities of how many documents gave way.
    json: where to write what is printed, too. Raises XProjError
    where none is left."""
    from ..corpus.filtering import Dropped, Filtered, filter_docs
    from ..io.formats.files import NO_LABELS, OPEN_WORDS, why_not_held, write_docs
    from ..io.records import write_records

    docs = result.docs
    filtered = Filtered(docs, [], list(range(len(docs))), [])
    if filters:
        filtered = filter_docs(docs, filters, failed={one.place for one in result.failures})
    kept, dropped = [], list(filtered.dropped)
    reasons = why_not_held(filtered.kept, output, spans_key=spans_key)
    for row, doc, why in zip(filtered.rows, filtered.kept, reasons, strict=True):
        if why:
            reason = NO_LABELS if why == OPEN_WORDS else why
            dropped.append(Dropped.from_doc(row, doc, [reason]))
        else:
            kept.append(doc)
    dropped.sort(key=lambda one: one.row)
    filtered = filtered._replace(kept=kept, dropped=dropped)
    counts = ", ".join(f"{name} {count}" for name, count in filtered.counts().items())
    if not kept:
        raise XProjError(Errors.XP840.format(n=len(docs), counts=counts))
    write_docs(kept, output, spans_key=spans_key)
    found = {**run_found(result), "written": len(kept), "dropped": filtered.counts()}
    if replaced is not None:
        found["replaced_entities"] = replaced["entities"]
        found["replaced_documents"] = replaced["sentences"]
    write_found(json, found)
    if not filters and not dropped:
        print_run(result)
        print(f"wrote {output}")
        return
    sidecar = Path(f"{output}.dropped.jsonl")
    write_records(sidecar, [one._asdict() for one in dropped])
    print_run(result)
    if dropped:
        rows = ", ".join(str(one.row) for one in dropped[:SHOWN_ROWS])
        more = len(dropped) - SHOWN_ROWS
        rows += f" and {more} more" if more > 0 else ""
        print(f"{len(dropped)} sentences dropped ({counts}); rows, counted from 0: {rows}")
    else:
        print("0 sentences dropped")
    print(f"wrote {len(kept)} sentences to {output}, those dropped to {sidecar}")


def print_export(summary: dict[str, Any]) -> None:
    """What an export kept, dropped and why, and a table of its splits."""
    from ..io.tables import Cell, format_table

    print(f"{summary['read']} documents read, {summary['kept']} kept")
    criteria, without = summary["criteria"], summary["kept_without_views"]
    least = criteria["min_confidence"]
    if without and (criteria["filters"] or least is not None):
        print(
            f"{without} of these have no source view, and so no score and no filter says anything "
            "of them; leave them out: --without-views drop"
        )
    if least is None and criteria["on_low"] != "drop":
        print(
            f"--on-low {criteria['on_low']} changes nothing without a least score: "
            "--min-confidence 0.5"
        )
    for reason, count in summary["dropped"].items():
        print(f"{count} documents dropped: {reason}")
    for reason, count in summary["unlabelled"].items():
        print(f"{count} entities taken away: {reason}")
    labels = sorted({label for own in summary["splits"].values() for label in own["entities"]})
    rows: list[list[Cell]] = [
        [split, own["documents"], own["without_entities"]]
        + [own["entities"].get(label, 0) for label in labels]
        for split, own in summary["splits"].items()
    ]
    print(format_table(["split", "documents", "without entities", *labels], rows))
