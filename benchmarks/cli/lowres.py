from pathlib import Path
from typing import Annotated

from typer import Argument, Option

from spacy_xproj.cli.output import say

from .app import command
from .options import Encoder
from .study import Config, Output, Small, Teacher, truth


@command
def lowres_command(
    text: Annotated[Path, Argument(help="Folder of NTREX-128: newstest2019-*.txt")],
    output: Output,
    spec: Annotated[Path, Argument(help="E.g. configs/lowres.yml: targets, sources, students")],
    teacher: Teacher,
    student: Annotated[Path, Option(help="spaCy training config of the small students")],
    gold: Annotated[Path | None, Option(help="Folder of the benchmark's files")] = None,
    config: Config = None,
    encoder: Encoder = None,
    small: Small = "false",
) -> None:
    """Students of teachers in 1 to N source languages, on gold of other text: table, curve, page.

    Goes on where an earlier run stopped; the tables are written whenever one more seed is complete.
    """
    from spacy_xproj.jobs.pipelines import projection_pipeline

    from ..lowres.report import write_all
    from ..lowres.run import Inputs, run_lowres
    from ..lowres.spec import read_lowres

    plan = read_lowres(spec, small=truth(small))
    nlp = projection_pipeline("xx", config_path=config, encoder=encoder)
    left_out = ", ".join([*plan.ignore_labels, *plan.unknown_labels]) or "nothing"
    note = (
        f"Parallel text: {text}. Teacher: {teacher}. Sources, in the order in which they are "
        f"added: {', '.join(plan.sources)}. Gold: {plan.benchmark}; left out: {left_out}. Settings "
        "are recorded in students/run.json and views/run.json beside this page."
    )
    inputs = Inputs(text, teacher, nlp, student, gold)
    results = run_lowres(
        plan, inputs, output, say=say, after=lambda found: say(write_all(found, output, note))
    )
    print(write_all(results, output, note))
    print(f"wrote {output}/lowres.html, lowres.csv and lowres.svg")
