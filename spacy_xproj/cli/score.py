from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from typer import Argument, Option

from .app import command
from .options import names

if TYPE_CHECKING:
    from ..evaluation.mentions import MentionScores
    from ..evaluation.metrics import Scores


@command
def score_command(
    gold: Annotated[Path, Argument(help="Gold labels (columns, .spacy, .jsonl)")],
    pred: Annotated[Path, Argument(help="Predicted labels of the same sentences")],
    ignore_labels: Annotated[
        str, Option(help="Labels to leave out on both sides, with commas between")
    ] = "",
    mentions: Annotated[
        bool,
        Option("--mentions", help="GOLD is XQuAD-NER: recall of its mentions and token accuracy"),
    ] = False,
    json: Annotated[Path | None, Option(help="Also write the scores to this file")] = None,
    lang: Annotated[str, Option(help="Language code, for text that has to be tokenised")] = "xx",
) -> None:
    """Entity precision, recall and F1 (exact span and label, strict IOB2), and token accuracy."""
    import srsly

    from ..corpora.formats.files import read_docs
    from ..evaluation.mentions import score_mentions
    from ..evaluation.metrics import score_docs
    from ..files import write_text

    golds = read_docs(gold, lang=lang, labelled=not mentions)
    preds = read_docs(pred, lang=lang, labelled=True)
    scores: Scores | MentionScores
    if mentions:
        scores = score_mentions(golds, preds, ignore_labels=names(ignore_labels))
        accuracy = (
            f"{scores.accuracy.value:.3f} ({scores.accuracy.text()}) over {scores.units} units"
        )
    else:
        scores = score_docs(golds, preds, ignore_labels=names(ignore_labels))
        accuracy = f"{scores.token_accuracy:.3f} over {scores.sentences} sentences"
    if json is not None:
        write_text(json, srsly.json_dumps(scores.to_json(), indent=2) + "\n")
    print(scores.table())
    print(f"token accuracy {accuracy}")
