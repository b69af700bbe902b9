from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from typer import Argument, Option

from .app import command
from .options import Lang, write_found

if TYPE_CHECKING:
    from spacy.tokens import Doc


@command("Look and review")
def review_command(
    folder: Annotated[
        Path, Argument(help="A labelled corpus: what annotate wrote, or a .spacy file")
    ],
    decisions: Annotated[
        Path | None,
        Option(help="The file of decisions; with --merge also what an annotation tool gave back"),
    ] = None,
    merge: Annotated[
        Path | None, Option(metavar="OUT", help="Bring the decisions back: write the corpus here")
    ] = None,
    json: Annotated[
        Path | None, Option(help="With --merge: also write the report, as JSON, to this file")
    ] = None,
    export: Annotated[
        Path | None, Option(metavar="OUT", help="Write the queue for an annotation tool here")
    ] = None,
    tool: Annotated[
        str, Option(help="With --export: prodigy, label-studio or argilla")
    ] = "prodigy",
    sort: Annotated[
        str | None, Option(help="Least sure first, by score, margin or status")
    ] = "score",
    limit: Annotated[int | None, Option(min=1, help="Review the first so many of them")] = None,
    port: Annotated[int, Option(min=0, help="Of the page; 0 for any that is free")] = 0,
    browser: Annotated[bool, Option(help="Open the page")] = True,
    lang: Lang = None,
) -> None:
    """A page to correct labels on this machine, the least sure first; --merge brings corrections
    back, and says how often which label, score and source was corrected."""
    from ..io.formats.files import read_docs

    log = _log_of(folder) if decisions is None else decisions
    docs = read_docs(folder, lang=lang)
    if export is not None:
        from ..review.tasks import write_tasks

        n = write_tasks(docs, export, tool=tool, sort=sort, limit=limit)
        print(f"wrote {n} sentences for {tool} to {export}")
    elif merge is not None:
        _merge(docs, log, merge, json, lang)
    else:
        _serve(docs, log, folder, sort, limit, port, browser)


def _log_of(folder: Path) -> Path:
    """The file of decisions, where none is named: beside the corpus."""
    return folder.with_name(f"{folder.name}.review.jsonl")


def _serve(
    docs: "Sequence[Doc]",
    log: Path,
    folder: Path,
    sort: str | None,
    limit: int | None,
    port: int,
    browser: bool,
) -> None:
    import webbrowser

    from ..review.queue import Queue
    from ..review.server import ReviewServer

    queue = Queue(docs, log, sort=sort, limit=limit)
    with ReviewServer(queue, title=folder.name, port=port) as server:
        print(f"{len(queue)} sentences, {len(queue.summary()['done'])} decided; saved in {log}")
        print(f"Open {server.address}   (Ctrl-C ends it; nothing is lost)", flush=True)
        if browser:
            webbrowser.open(server.address)
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            back = "" if log == _log_of(folder) else f" --decisions {log}"
            line = f"spacy xproj review {folder}{back} --merge OUT.spacy"
            print(f"\nTo bring the decisions back: {line}   (and export OUT.spacy)")


def _merge(
    docs: "Sequence[Doc]", log: Path, out: Path, json: Path | None, lang: str | None
) -> None:
    from ..errors import Errors, XProjError
    from ..io.formats.files import check_writable, read_docs, write_docs
    from ..io.records import write_records
    from ..io.tables import format_table
    from ..review.corrections import OUTCOMES, merge_corrections, tally
    from ..review.decisions import of_docs, read_decisions

    check_writable(out)
    if not log.exists():
        raise XProjError(Errors.XP925.format(path=log))
    if _is_log(log):
        given = list(read_decisions(log).values())
    else:
        given = of_docs(docs, read_docs(log, lang=lang, labelled=True))
    merged = merge_corrections(docs, given)
    write_docs(docs, out)
    print(f"{merged.reviewed} sentences reviewed, {merged.ignored} ignored, of {len(docs)}")
    report = {by: tally(merged.judged, by) for by in ("label", "band", "sources")}
    columns = [*OUTCOMES, "precision", "from", "to"]
    for by, rows in report.items():
        print(format_table([by, *columns], rows))
        print()
    named = {
        by: [dict(zip([by, *columns], row, strict=True)) for row in rows]
        for by, rows in report.items()
    }
    write_found(json, {"reviewed": merged.reviewed, "ignored": merged.ignored, **named})
    if merged.misfits:
        aside = Path(f"{out}.misfits.jsonl")
        write_records(aside, [{**m.decision.to_json(), "why": m.why} for m in merged.misfits])
        print(
            f"{len(merged.misfits)} decisions no longer fit and were left out, all in {aside}; "
            f"the first: {merged.misfits[0].why} ({merged.misfits[0].decision.text[:60]!r})"
        )
    print(f"wrote {out}")


def _is_log(path: Path) -> bool:
    """Whether the page wrote it: each line names a row."""
    with path.open("rb") as file:
        return file.readline().startswith(b'{"row":')
