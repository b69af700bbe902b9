from pathlib import Path
from typing import Annotated

from typer import Argument, Option

from spacy_xproj.cli.options import names
from spacy_xproj.cli.output import say

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
def evaluate_command(
    model: Annotated[
        str, Argument(help="A spaCy pipeline or a Hugging Face model, folder or name")
    ],
    benchmark: BenchmarkName,
    langs: Langs = "",
    data: BenchmarkFolder = None,
    split: Split = "test",
    ignore_labels: IgnoredLabels = "",
    limit: Limit = None,
    project: ChecksumProject = None,
    json: Annotated[Path | None, Option(help="Also write everything to this file")] = None,
) -> None:
    """Apply a NER model to a benchmark as it is (model transfer), and score it."""
    from spacy_xproj.io.records import write_json
    from spacy_xproj.tagging.applying import load_tagger

    from ..datasets.catalogue import BENCHMARKS, load_benchmark
    from ..datasets.checksums import check_project
    from ..names.evaluate import evaluate

    corpora = load_benchmark(benchmark, folder=data, langs=names(langs), split=split, limit=limit)
    check_project([corpus.path for corpus in corpora.values()], project)
    result = evaluate(
        load_tagger(model),
        corpora,
        benchmark=benchmark,
        mentions=BENCHMARKS[benchmark].mentions,
        ignore_labels=names(ignore_labels),
        say=say,
    )
    if json is not None:
        write_json(json, result.to_json())
    print(result.table())
