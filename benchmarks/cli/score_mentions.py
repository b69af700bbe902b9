from pathlib import Path
from typing import Annotated

from typer import Argument, Option

from spacy_xproj.cli.options import names

from .app import command


@command
def score_mentions_command(
    gold: Annotated[Path, Argument(help="A language of XQuAD-NER: LANG.spacy")],
    pred: Annotated[Path, Argument(help="Predicted labels of the same units")],
    ignore_labels: Annotated[
        str, Option(help="Labels to leave out on both sides, with commas between")
    ] = "",
    json: Annotated[Path | None, Option(help="Also write the scores to this file")] = None,
    lang: Annotated[str, Option(help="Language code, for text that has to be tokenised")] = "xx",
) -> None:
    """Recall of XQuAD-NER's mentions, and token accuracy."""
    from spacy_xproj.io.formats.files import read_docs
    from spacy_xproj.io.records import write_json

    from ..pages.mentions import score_mentions

    golds = read_docs(gold, lang=lang)
    preds = read_docs(pred, lang=lang, labelled=True)
    scores = score_mentions(golds, preds, ignore_labels=names(ignore_labels))
    if json is not None:
        write_json(json, scores.to_json())
    print(scores.table())
    accuracy = scores.accuracy
    print(f"token accuracy {accuracy.value:.3f} ({accuracy.text()}) over {scores.units} units")
