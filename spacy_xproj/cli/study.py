import sys
from pathlib import Path
from typing import Annotated

from typer import Argument, Option

from .app import command


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


@command
def study_command(
    corpus: Annotated[Path, Argument(help="Folder that 'xquad-ner' wrote: LANG.spacy in parallel")],
    output: Annotated[Path, Argument(metavar="OUT_DIR", help="Folder for views, scores and page")],
    teacher: Annotated[
        str, Option(help="NER of the sources: a spaCy pipeline or a Hugging Face model")
    ],
    targets: Annotated[str, Option(help="Target languages, with commas between")],
    sources: Annotated[str, Option(help="Source languages, with commas between")],
    ignore_labels: Annotated[str, Option(help="Labels of the teacher to leave out")] = "MISC",
    config: Annotated[
        Path | None, Option(help="Config with [components.xproj_aligner] and/or _projector")
    ] = None,
    encoder: Annotated[
        str | None, Option(help="Encoder of the aligner: a folder or a name on the hub")
    ] = None,
    limit: Annotated[
        int | None, Option(help="Only about so many units, spread over the corpus")
    ] = None,
    scored: Annotated[
        bool, Option("--scored", help="Only the units with a gold mention: the scores are the same")
    ] = False,
    max_sets: Annotated[
        int, Option(help="Try all sets of sources up to this number, else a sample of it")
    ] = 127,
    resamples: Annotated[int, Option(help="Of the units, for intervals and tests")] = 1000,
    gold_lang: Annotated[
        str, Option(help="Language whose recogniser decided the gold; kept apart as a source")
    ] = "en",
    seed: Annotated[int, Option(help="Of the sample and the resamples")] = 0,
) -> None:
    """How labels change with the number of source languages: CSV, plots, and a page in words.

    Views are kept in OUT_DIR: a second run makes only what is missing, then scores.
    """
    from ..annotate.pipelines import projection_pipeline
    from ..benchmarks.applying import load_tagger
    from ..study.run import run_study
    from ..study.views import Plan
    from .options import names

    plan = Plan(corpus, output, tuple(names(targets)), tuple(names(sources)), limit, scored)
    table = run_study(
        plan,
        tagger=load_tagger(teacher),
        nlp=projection_pipeline("xx", config_path=config, encoder=encoder),
        ignore_labels=names(ignore_labels),
        gold_lang=gold_lang,
        cap=max_sets,
        resamples=resamples,
        seed=seed,
        say=_say,
    )
    print(table)
    print(f"wrote {output}/study.html, study.csv, study.json and the plots")
