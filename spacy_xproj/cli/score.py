from pathlib import Path
from typing import Annotated, Any

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
    from ..corpus.scoring import check_sentences, same_places, score_docs
    from ..corpus.span_scoring import score_spans
    from ..data.labels import is_labelled, open_words
    from ..data.span_groups import entity_labels
    from ..io.formats.files import drop_faulty, read_corpus, said_lang
    from ..io.records import to_json

    lang = lang or said_lang(gold) or said_lang(pred)
    read = (
        read_corpus(path, lang=lang, labelled=True, spans_key=spans_key, skip_bad=skip_bad)
        for path in (gold, pred)
    )
    golds, preds = drop_faulty(list(read))
    check_sentences(
        golds.docs,
        preds.docs,
        names=(golds.name, preds.name),
        places=(golds.places, preds.places),
    )
    ignored = names(ignore_labels)
    have = {
        label
        for one in (golds, preds)
        for doc in one.docs
        for label in entity_labels(doc, spans_key)
    }
    unknown = [label for label in ignored if label not in have]
    how: dict[str, Any] = {"ignore_labels": ignored, "names": golds.places}
    if spans_key is None:
        scores = score_docs(golds.docs, preds.docs, **how)
    else:
        scores = score_spans(golds.docs, preds.docs, key=spans_key, name=str(gold), **how)
    write_found(json, {**scores.to_json(), "ignored_in_neither": unknown})
    print(scores.table())
    if unknown:
        print(
            f"--ignore-labels names {', '.join(unknown)}, which neither side has; there is: "
            f"{', '.join(sorted(have)) or 'none'}"
        )
    wanted, found = (
        sorted(label for label, own in scores.labels.items() if getattr(own, side))
        for side in ("support", "predicted")
    )
    if wanted and found and not set(wanted) & set(found):
        pairs = {} if spans_key else same_places(golds.docs, preds.docs)
        label_map = to_json(pairs or {found[0]: "..."})
        print(
            f"no label of {gold} ({', '.join(wanted)}) is one of {pred} ({', '.join(found)}); "
            f"rename them where they are made: label_map = {label_map} in "
            "[components.xproj_source_ner]"
        )
    if notice := golds.notice():
        print(f"{notice}; these are not scored")
    if scores.open_words:
        print(f"{scores.open_words} words that {gold} leaves open are not scored")
    # What is not scored counts as nothing.
    unscored = [one.number for one in golds.not_labelled]
    golds, preds = golds.drop(unscored), preds.drop(unscored)
    if notice := preds.notice():
        print(f"{notice}; these count as without entities")
    left = [] if spans_key else [len(open_words(doc)) for doc in preds.docs if is_labelled(doc)]
    if any(left):
        print(f"{sum(left)} words that {pred} leaves open count as outside of entities")
    empty = sum(not entity_labels(doc, spans_key) for doc in golds.docs)
    accuracy = scores.token_accuracy
    said = "" if accuracy is None else f"token accuracy {accuracy:.3f} over "
    print(f"{said}{scores.sentences} sentences, {empty} of them without entities in {gold}")
