from pathlib import Path
from typing import Annotated

from typer import Argument

from .app import command
from .options import (
    BenchmarkFolder,
    BenchmarkName,
    ChecksumProject,
    IgnoredLabels,
    Langs,
    Limit,
    Split,
    names,
)


@command
def benchmark_data_command(
    benchmark: BenchmarkName,
    output: Annotated[Path, Argument(metavar="OUT_DIR", help="Folder for LANG-SPLIT.spacy")],
    langs: Langs = "",
    data: BenchmarkFolder = None,
    split: Split = "test",
    ignore_labels: IgnoredLabels = "",
    limit: Limit = None,
    project: ChecksumProject = None,
) -> None:
    """Check a benchmark's files, convert them to DocBins, and count what they hold."""
    from ..corpora.checksums import check_project
    from ..corpora.counting import count_rows
    from ..corpora.datasets.catalogue import load_benchmark
    from ..corpora.formats.docbin import write_docbin
    from ..evaluation.tables import format_table

    corpora = load_benchmark(
        benchmark,
        folder=data,
        langs=names(langs),
        split=split,
        ignore_labels=names(ignore_labels),
        limit=limit,
    )
    checked = check_project([corpus.path for corpus in corpora.values()], project)
    docs = {lang: corpus() for lang, corpus in corpora.items()}  # all are right, or none is written
    for lang, own in docs.items():
        write_docbin(own, output / f"{lang}-{split}.spacy")
    print(format_table(*count_rows(docs)))
    print(
        f"wrote {len(docs)} files to {output}; {checked} of their sources have a checksum, and fit"
    )
