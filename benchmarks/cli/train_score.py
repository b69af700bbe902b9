from pathlib import Path
from typing import Annotated

from typer import Option

from spacy_xproj.cli.options import names
from spacy_xproj.cli.output import say

from .app import command
from .output import write_result


@command
def train_score_command(
    data: Annotated[Path, Option(help="The folder of the assets")] = Path("assets"),
    output: Annotated[
        Path | None, Option(help="Write the weights to this JSON file, for LearnedScore.v1")
    ] = None,
    kinds: Annotated[
        str, Option(help="Train on these kinds of data; by default those whose licence is free")
    ] = "",
    judge_on: Annotated[
        str, Option(help="Kinds to judge on, each left out; by default all, 'none' for none")
    ] = "",
    seed: Annotated[int, Option(help="What is drawn at random depends on it")] = 0,
) -> None:
    """Train the score over candidates that the package brings (minutes on 2 cores)."""
    from spacy_xproj.alignment.aligners import HeadAlign

    from ..training.examples import FREE, KINDS
    from ..training.score import run_train_score

    judged = () if judge_on == "none" else names(judge_on) or tuple(KINDS)
    result = run_train_score(
        data,
        HeadAlign(),
        output=output,
        kinds=names(kinds) or FREE,
        judge_on=judged,
        seed=seed,
        say=say,
    )
    write_result(result, None)
