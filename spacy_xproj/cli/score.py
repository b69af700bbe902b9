from pathlib import Path
from typing import Annotated

from typer import Argument, Option

from .app import command
from .options import names


@command("Corpora")
def score_command(
    gold: Annotated[Path, Argument(help="Gold labels (columns, .spacy, .jsonl)")],
    pred: Annotated[Path, Argument(help="Predicted labels of the same sentences")],
    ignore_labels: Annotated[
        str, Option(help="Labels to leave out on both sides, with commas between")
    ] = "",
    json: Annotated[Path | None, Option(help="Also write the scores to this file")] = None,
    lang: Annotated[str, Option(help="Language code, for text that has to be tokenised")] = "xx",
) -> None:
    """Entity precision, recall and F1 (exact span and label, strict IOB2), and token accuracy."""
    from ..corpus.scoring import score_docs
    from ..io.formats.files import read_corpus
    from ..io.records import write_json

    golds = read_corpus(gold, lang=lang, labelled=True)
    preds = read_corpus(pred, lang=lang, labelled=True)
    scores = score_docs(golds.docs, preds.docs, ignore_labels=names(ignore_labels))
    if json is not None:
        write_json(json, scores.to_json())
    print(scores.table())
    if notice := golds.notice():
        print(f"{notice}; these are not scored")
    if scores.open_words:
        print(f"{scores.open_words} words that {gold} leaves open are not scored")
    if notice := preds.notice():
        print(f"{notice}; these count as without entities")
    print(f"token accuracy {scores.token_accuracy:.3f} over {scores.sentences} sentences")
