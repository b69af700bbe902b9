from pathlib import Path
from typing import Annotated

from typer import Argument, Option

from spacy_xproj.cli.output import say

from .app import command

Corpus = Annotated[Path, Argument(help="Folder that 'xquad-ner' wrote: LANG.spacy, in parallel")]
Output = Annotated[Path, Argument(metavar="OUT_DIR", help="Folder for views, scores and page")]
SpecFile = Annotated[
    Path, Argument(metavar="SPEC", help="E.g. configs/study.yml: targets, sources")
]
Teacher = Annotated[
    str, Option(help="NER of the sources: a spaCy pipeline or a Hugging Face model, folder or name")
]
Config = Annotated[
    Path | None, Option(help="Config with [components.xproj_aligner] and/or _projector")
]
Encoder = Annotated[
    str | None, Option(help="Encoder of the aligner: a folder or a name on the hub")
]
# With a value, so that a workflow can pass its variable on.
Small = Annotated[str, Option(metavar="true|false", help="Take the part 'small' of SPEC")]


def truth(value: str) -> bool:
    from typer import BadParameter

    if value.lower() not in ("true", "false"):
        raise BadParameter(f"{value!r} is neither true nor false", param_hint="--small")
    return value.lower() == "true"


@command
def study_command(
    corpus: Corpus,
    output: Output,
    spec: SpecFile,
    teacher: Teacher,
    config: Config = None,
    encoder: Encoder = None,
    small: Small = "false",
) -> None:
    """How labels change with the number of source languages: CSV, plots, and a page in words.

    Views are kept in OUT_DIR: a second run makes only what is missing, then scores.
    """
    from spacy_xproj.jobs.pipelines import projection_pipeline
    from spacy_xproj.tagging.applying import load_tagger

    from ..study.run import run_study
    from ..study.spec import read_spec

    table = run_study(
        corpus,
        output,
        read_spec(spec, small=truth(small)),
        tagger=load_tagger(teacher),
        nlp=projection_pipeline("xx", config_path=config, encoder=encoder),
        say=say,
    )
    print(table)
    print(f"wrote {output}/study.html, study.csv, study.json and the plots")


@command
def study_students_command(
    corpus: Corpus,
    output: Output,
    spec: SpecFile,
    teacher: Teacher,
    student: Annotated[Path, Option(help="spaCy training config of the students")],
    config: Config = None,
    encoder: Encoder = None,
    small: Small = "false",
) -> None:
    """Train students on the labels of ensembles of K sources, and score them on gold."""
    from spacy_xproj.jobs.pipelines import projection_pipeline
    from spacy_xproj.tagging.applying import load_tagger

    from ..study.spec import read_spec
    from ..study.students import run_students

    table = run_students(
        corpus,
        output,
        read_spec(spec, small=truth(small)),
        tagger=load_tagger(teacher),
        nlp=projection_pipeline("xx", config_path=config, encoder=encoder),
        config=student,
        say=say,
    )
    print(table)
    print(f"wrote {output}/students.html and students.csv")
