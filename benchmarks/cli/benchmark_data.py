from pathlib import Path
from typing import Annotated

from typer import Argument

from spacy_xproj.cli.options import names

from .app import command
from .options import (
    BenchmarkFolder,
    BenchmarkName,
    ChecksumProject,
    IgnoredLabels,
    Langs,
    Limit,
    Split,
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
    from spacy_xproj.io.formats.docbin import write_docbin
    from spacy_xproj.io.tables import format_table

    from ..datasets.catalogue import load_benchmark
    from ..datasets.checksums import check_project
    from ..datasets.counting import count_rows

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
