from pathlib import Path
from typing import Annotated

from typer import Argument

from spacy_xproj.cli.output import say

from .app import command
from .options import Encoder, Limit
from .study import Teacher


@command
def real_mt_command(
    data: Annotated[Path, Argument(help="Folder of the files that SPEC names")],
    output: Annotated[Path, Argument(metavar="OUT_CSV", help="Table of scores")],
    spec: Annotated[Path, Argument(help="E.g. configs/real_mt.yml: cases, and the ensemble")],
    teacher: Teacher,
    encoder: Encoder = None,
    limit: Limit = None,
) -> None:
    """Translate-test by Apertium, model transfer, both in one ensemble, and students, on gold.

    Says at its start which of Apertium's packages are missing, and runs what it can.
    """
    from spacy_xproj.alignment.aligners import HeadAlign, SoftAlign
    from spacy_xproj.alignment.encoders import HFEncoder
    from spacy_xproj.hf.loading import DEFAULT_ENCODER
    from spacy_xproj.tagging.applying import load_tagger
    from spacy_xproj.translation.apertium import Apertium

    from ..lowres.real_mt import read_cases, run_cases, tuning, write_scores

    cases, ensemble, student = read_cases(spec)
    name = encoder or DEFAULT_ENCODER
    make = HeadAlign if name == DEFAULT_ENCODER else SoftAlign
    scores = run_cases(
        cases,
        ensemble,
        data,
        tagger=load_tagger(teacher),
        aligner=make(encoder=HFEncoder(name=name, n_layers=3)),
        apertium=Apertium(),
        learn=None if student is None else tuning(teacher, student, say),
        limit=limit,
        say=say,
    )
    print(write_scores(scores, output))
    print(f"wrote {output}")
