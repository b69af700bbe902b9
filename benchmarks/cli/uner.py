from pathlib import Path
from typing import Annotated

from typer import Argument, Option

from spacy_xproj.cli.options import names
from spacy_xproj.cli.output import say

from .app import command
from .options import Encoder, Limit, ToJson
from .output import write_result


@command
def uner_command(
    source: Annotated[Path, Argument(help="Labelled sentences to project from")],
    target: Annotated[Path, Argument(help="Their translations line by line, labelled too")],
    source_lang: Annotated[str, Option(help="Language of the source")],
    target_lang: Annotated[str, Option(help="Language of the target")],
    systems: Annotated[str, Option(help="Systems, with commas between; by default nine")] = "",
    encoder: Encoder = None,
    json: ToJson = None,
    page: Annotated[
        Path | None, Option(help="Also write the default's errors by kind to this HTML page")
    ] = None,
    limit: Limit = None,
) -> None:
    """Projection between any two labelled files that are line by line translations."""
    from functools import partial

    from spacy_xproj.hf.loading import DEFAULT_ENCODER

    from ..spans.run import run_spans
    from ..spans.sets import SpanSet, read_labelled_pairs

    read = partial(read_labelled_pairs, source, target, source_lang, target_lang)
    result = run_spans(
        [SpanSet(target.stem, target_lang, "given", read)],
        systems=names(systems) or None,
        encoder=encoder or DEFAULT_ENCODER,
        limit=limit,
        page=page,
        say=say,
    )
    write_result(result, json)
