from pathlib import Path
from typing import Annotated

from typer import Argument, Option

from spacy_xproj.cli.options import names
from spacy_xproj.cli.output import say

from .app import command
from .output import write_result


@command
def train_arbiter_command(
    corpus: Annotated[Path, Argument(help="Folder with LANG-SPLIT.spacy, in parallel, with gold")],
    views: Annotated[Path, Argument(metavar="VIEWS_DIR", help="Folder where views are kept")],
    langs: Annotated[str, Option(help="Targets, each with all others as its sources")],
    teacher: Annotated[
        str, Option(help="NER of the sources: a spaCy pipeline or a Hugging Face model")
    ],
    output: Annotated[
        Path | None, Option(help="Write the model to this JSON file, for ModelArbiter.v1")
    ] = None,
    split: Annotated[str, Option(help="Which split to learn from")] = "train",
    ignore_labels: Annotated[str, Option(help="Labels of the teacher to leave out")] = "MISC",
) -> None:
    """Train the model of an arbiter on gold; judged on folds left out."""
    from spacy_xproj.jobs.pipelines import projection_pipeline
    from spacy_xproj.tagging.applying import load_tagger

    from ..study.views import Plan
    from ..training.arbiter import run_train_arbiter

    result = run_train_arbiter(
        Plan(corpus, views, tuple(names(langs)), tuple(names(langs)), split=split),
        tagger=load_tagger(teacher),
        nlp=projection_pipeline("xx"),
        ignore_labels=names(ignore_labels),
        output=output,
        say=say,
    )
    write_result(result, None)
