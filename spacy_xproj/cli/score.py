from pathlib import Path
from typing import Annotated

from typer import Argument, Option

from .app import command
from .options import Json, Lang, SkipBad, names, write_found


@command("Corpora")
def score_command(
    gold: Annotated[Path, Argument(help="Gold labels (columns, .spacy, .jsonl)")],
    pred: Annotated[Path, Argument(help="Predicted labels of the same sentences")],
    ignore_labels: Annotated[
        str, Option(help="Labels to leave out on both sides, with commas between")
    ] = "",
    spans_key: Annotated[
        str | None, Option(help="Score doc.spans[KEY], of every shape, in place of doc.ents")
    ] = None,
    json: Json = None,
    lang: Lang = None,
    skip_bad: SkipBad = False,
) -> None:
    """Entity precision, recall and F1 (exact span and label, strict IOB2), and token accuracy."""
    from ..corpus.scoring import score_docs
    from ..corpus.span_scoring import score_spans
    from ..io.formats.files import drop_faulty, read_corpus, said_lang

    lang = lang or said_lang(gold) or said_lang(pred)
    read = (
        read_corpus(path, lang=lang, labelled=True, spans_key=spans_key, skip_bad=skip_bad)
        for path in (gold, pred)
    )
    golds, preds = drop_faulty(list(read))
    ignored = names(ignore_labels)
    if spans_key is None:
        scores = score_docs(golds.docs, preds.docs, ignore_labels=ignored)
    else:
        scores = score_spans(
            golds.docs, preds.docs, key=spans_key, ignore_labels=ignored, name=str(gold)
        )
    write_found(json, scores.to_json())
    print(scores.table())
    wanted, found = (
        sorted(label for label, own in scores.labels.items() if getattr(own, side))
        for side in ("support", "predicted")
    )
    if wanted and found and not set(wanted) & set(found):
        print(
            f"no label of {gold} ({', '.join(wanted)}) is one of {pred} ({', '.join(found)}); "
            f'rename them where they are made: label_map = {{"{found[0]}": "{wanted[0]}"}} in '
            "[components.xproj_source_ner]"
        )
    if scores.token_accuracy is None:
        if scores.not_labelled:
            print(f"{scores.not_labelled} sentences without doc.spans[{spans_key!r}] not scored")
        print(f"{scores.sentences} sentences")
        return
    if notice := golds.notice():
        print(f"{notice}; these are not scored")
    if scores.open_words:
        print(f"{scores.open_words} words that {gold} leaves open are not scored")
    if notice := preds.notice():
        print(f"{notice}; these count as without entities")
    print(f"token accuracy {scores.token_accuracy:.3f} over {scores.sentences} sentences")
