from typing import Annotated

from typer import Option

from spacy_xproj.cli.options import names
from spacy_xproj.cli.output import say

from .app import command
from .options import Data, Encoder, Limit, TargetLangs, ToJson
from .output import write_result


@command
def xl_wa_command(
    aligners: Annotated[str, Option(help="Aligners, with commas between; by default all")] = "",
    encoder: Encoder = None,
    langs: TargetLangs = "",
    data: Data = None,
    split: Annotated[str, Option(help="test, or dev, which settings are chosen on")] = "test",
    json: ToJson = None,
    limit: Limit = None,
) -> None:
    """All aligners on gold word links (XL-WA)."""
    from pathlib import Path

    from spacy_xproj.hf.loading import DEFAULT_ENCODER

    from ..links.xl_wa import run_xl_wa

    result = run_xl_wa(
        data or Path("assets/downloads/xl-wa"),
        aligners=names(aligners) or None,
        encoder=encoder or DEFAULT_ENCODER,
        langs=names(langs) or None,
        split=split,
        limit=limit,
        say=say,
    )
    write_result(result, json)
