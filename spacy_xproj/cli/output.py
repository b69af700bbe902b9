"""What commands print about a run."""

from typing import TYPE_CHECKING

from ..errors import Errors, XProjError

if TYPE_CHECKING:
    from ..annotate.run import Annotated

SHOWN_FAILURES = 10


def check_run(result: "Annotated") -> None:
    """Raise XProjError where every document failed: then the settings are wrong, not the text."""
    if result.failures and len(result.failures) == len(result.docs):
        first = result.failures[0]
        raise XProjError(
            Errors.XP914.format(n=len(result.docs), component=first.component, reason=first.reason)
        )


def print_run(result: "Annotated") -> None:
    """Counts per status, what is not usable, what was left out, and the documents that failed."""
    from ..evaluation.tables import Cell, format_table

    statuses = sorted(result.statuses().items(), key=lambda item: (-item[1], item[0]))
    total = sum(count for _, count in statuses)
    print(f"{len(result.docs)} sentences, {total} source entities")
    if statuses:
        rows: list[list[Cell]] = [[name, count, count / total] for name, count in statuses]
        print(format_table(["status", "entities", "share"], rows))
    for status, count in sorted(result.view_statuses().items()):
        print(f"{count} sentences: {status}")
    for label, count in sorted(result.ignored().items()):
        print(f"{count} source entities left out, label {label}")
    if result.failures:
        print(f"{len(result.failures)} sentences failed and have no entities:")
        for failure in result.failures[:SHOWN_FAILURES]:
            print(f"  sentence {failure.place + 1}, {failure.component}: {failure.reason}")
        if len(result.failures) > SHOWN_FAILURES:
            print(f"  and {len(result.failures) - SHOWN_FAILURES} more; see their status 'error'")
