from pathlib import Path
from typing import Annotated

from typer import Argument, Option

from .app import command
from .options import names


@command
def benchmark_data_command(
    benchmark: Annotated[
        str,
        Argument(help="masakhaner2, wikiann, europarl-ner, conll2002, conll2003 or xquad-ner"),
    ],
    output: Annotated[Path, Argument(metavar="OUT_DIR", help="Folder for LANG-SPLIT.spacy")],
    langs: Annotated[
        str, Option(help="Languages, with commas between; by default all that are there")
    ] = "",
    data: Annotated[
        Path | None, Option(help="Folder of the benchmark's files; by default the project's")
    ] = None,
    split: Annotated[str, Option(help="train, dev or test")] = "test",
    ignore_labels: Annotated[
        str, Option(help="Labels to leave out, with commas between: DATE,MISC")
    ] = "",
    limit: Annotated[int | None, Option(min=1, help="Only the first sentences")] = None,
    project: Annotated[
        Path | None, Option(help="Check the files against the checksums of this project.yml")
    ] = None,
) -> None:
    """Check a benchmark's files, convert them to DocBins, and count what they hold."""
    from ..corpora.catalogue import load_benchmark
    from ..corpora.checksums import check_project
    from ..corpora.counting import count_rows
    from ..corpora.docbin import write_docbin
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
