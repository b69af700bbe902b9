from pathlib import Path
from typing import Annotated

from typer import Argument, Option

from .app import command
from .options import Lang, Layer, SkipBad


@command("Corpora")
def convert_command(
    input_path: Annotated[Path, Argument(metavar="IN", help="Columns, .spacy, .jsonl, or text")],
    output_path: Annotated[Path, Argument(metavar="OUT", help="The suffix names the format")],
    lang: Lang = None,
    skip: Annotated[int, Option(min=0, help="Leave out this many sentences at the start")] = 0,
    limit: Annotated[int | None, Option(min=1, help="Convert at most this many")] = None,
    skip_open: Annotated[
        bool,
        Option(
            "--skip-open",
            help="Leave out, and count, sentences that are not labelled, have open words, or spans "
            "in pieces, where OUT cannot say so",
        ),
    ] = False,
    spans_key: Annotated[
        str | None,
        Option(
            help="Read and write the group doc.spans[KEY], whose spans may overlap and be in "
            "pieces, in place of doc.ents"
        ),
    ] = None,
    layer: Layer = None,
    skip_bad: SkipBad = False,
) -> None:
    """Convert labelled text from one format to another.

    Spans that overlap or are in pieces go to doc.spans['sc'], where OUT can hold them.
    """
    from ..data.span_groups import SPANCAT, entity_labels
    from ..io.formats.files import (
        can_hold,
        check_writable,
        drop_faulty,
        holds_spans,
        other_groups,
        read_corpus,
        write_docs,
    )
    from .output import left_out, states

    check_writable(output_path, spans_key=spans_key)
    read = read_corpus(
        input_path,
        lang=lang,
        spans_key=spans_key,
        other_key=SPANCAT if holds_spans(output_path) else None,
        layer=layer,
        skip_bad=skip_bad,
    )
    (corpus,) = drop_faulty([read])
    key = corpus.spans_key
    chosen = slice(skip, None if limit is None else skip + limit)
    docs, places = corpus.docs[chosen], corpus.places[chosen]
    if notice := corpus.notice():
        print(notice)
    if skip_open:
        held = can_hold(docs, output_path, spans_key=key)
        gone = [place for place, fits in zip(places, held, strict=True) if not fits]
        docs = [doc for doc, fits in zip(docs, held, strict=True) if fits]
        other = "not wholly" if key is None else "with spans in pieces"
        print(left_out(gone, f"not labelled, or {other}"))
    write_docs(docs, output_path, places=places, spans_key=key)
    if groups := other_groups(docs, output_path, spans_key=key):
        print(f"not written, as one group of doc.spans is at most: {groups}")
    n_entities = sum(len(entity_labels(doc, key)) for doc in docs)
    print(f"wrote {len(docs)} sentences with {n_entities} entities to {output_path}")
    if others := states(docs, key):
        print(f"of these {others}")
