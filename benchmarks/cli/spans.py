from pathlib import Path
from typing import Annotated

from typer import Option

from spacy_xproj.cli.options import names
from spacy_xproj.cli.output import say

from .app import command
from .options import Data, Encoder, Limit, TargetLangs, ToJson
from .output import write_result


@command
def spans_command(
    systems: Annotated[str, Option(help="Systems, with commas between; by default nine")] = "",
    kinds: Annotated[
        str, Option(help="names, 'opinion targets' or arguments, with commas between")
    ] = "",
    encoder: Encoder = None,
    langs: TargetLangs = "",
    data: Data = None,
    json: ToJson = None,
    page: Annotated[
        Path | None, Option(help="Also write the default's errors by kind to this HTML page")
    ] = None,
    limit: Limit = None,
) -> None:
    """Projection of names, opinion targets and arguments, beside published figures."""
    from spacy_xproj.hf.loading import DEFAULT_ENCODER

    from ..spans.run import run_spans
    from ..spans.sets import span_sets

    chosen = {"kinds": names(kinds) or None, "langs": names(langs) or None}
    result = run_spans(
        span_sets(data or Path("assets/downloads"), **chosen),
        systems=names(systems) or None,
        encoder=encoder or DEFAULT_ENCODER,
        limit=limit,
        page=page,
        say=say,
    )
    write_result(result, json)
