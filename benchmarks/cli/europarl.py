from typing import Annotated

from typer import Option

from spacy_xproj.cli.options import names
from spacy_xproj.cli.output import say

from .app import command
from .options import Data, Encoder, Limit, TargetLangs, ToJson
from .output import write_result


@command
def europarl_command(
    systems: Annotated[
        str,
        Option(help="Systems, with commas between; by default all but slow ones; 'all' has these"),
    ] = "",
    encoder: Encoder = None,
    langs: TargetLangs = "",
    data: Data = None,
    json: ToJson = None,
    limit: Limit = None,
    ner: Annotated[
        str | None, Option(help="Also systems that run this NER model on the target")
    ] = None,
    translator: Annotated[
        str | None, Option(help="Also systems that run this sequence-to-sequence model")
    ] = None,
) -> None:
    """Projection of gold English entities (Europarl-NER), all systems beside published figures."""
    from pathlib import Path

    from spacy_xproj.hf.loading import DEFAULT_ENCODER

    from ..names.europarl import LANGS, run_europarl

    result = run_europarl(
        data or Path("assets/downloads/europarl-ner"),
        systems=names(systems) or None,
        encoder=encoder or DEFAULT_ENCODER,
        langs=names(langs) or LANGS,
        limit=limit,
        say=say,
        ner=ner,
        translator=translator,
    )
    write_result(result, json)
