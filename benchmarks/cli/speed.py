from pathlib import Path
from typing import Annotated

from typer import Option

from spacy_xproj.cli.options import names
from spacy_xproj.cli.output import say

from .app import command
from .options import Data, Encoder, TargetLangs, ToJson
from .output import write_result


@command
def speed_command(
    solvers: Annotated[str, Option(help="Solvers, with commas between; by default all")] = "",
    encoder: Encoder = None,
    langs: TargetLangs = "",
    data: Data = None,
    json: ToJson = None,
    limit: Annotated[int | None, Option(min=1, help="How much each part uses")] = None,
    news: Annotated[
        Path, Option(help="Folder of the embedded corpus, whose texts are translated")
    ] = Path("assets/news"),
    parts: Annotated[
        str, Option(help="Parts of the benchmark, with commas between; by default all")
    ] = "",
) -> None:
    """How fast the parts are, each beside its reference in one run."""
    from spacy_xproj.hf.loading import DEFAULT_ENCODER

    from ..names.europarl import LANGS
    from ..speed.speed import run_speed

    result = run_speed(
        data or Path("assets/downloads/europarl-ner"),
        encoder=encoder or DEFAULT_ENCODER,
        langs=names(langs) or LANGS,
        limit=limit,
        say=say,
        parts=names(parts),
        solvers=names(solvers) or None,
        news=news,
    )
    write_result(result, json)
