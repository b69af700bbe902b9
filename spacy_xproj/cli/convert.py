from pathlib import Path
from typing import Annotated

from typer import Argument, Option

from .app import command


@command("Corpora")
def convert_command(
    input_path: Annotated[Path, Argument(metavar="IN", help="Columns, .spacy, .jsonl, or text")],
    output_path: Annotated[Path, Argument(metavar="OUT", help="The suffix names the format")],
    lang: Annotated[str, Option(help="Language code, for text that has to be tokenised")] = "xx",
    skip: Annotated[int, Option(min=0, help="Leave out this many sentences at the start")] = 0,
    limit: Annotated[int | None, Option(min=1, help="Convert at most this many")] = None,
    skip_open: Annotated[
        bool,
        Option(
            "--skip-open",
            help="Leave out, and count, sentences that are not labelled or have open words, where "
            "OUT cannot say so",
        ),
    ] = False,
) -> None:
    """Convert labelled text from one format to another."""
    from ..io.formats.files import can_hold, check_writable, read_corpus, write_docs
    from .output import left_out

    check_writable(output_path)
    corpus = read_corpus(input_path, lang=lang)
    chosen = slice(skip, None if limit is None else skip + limit)
    docs, places = corpus.docs[chosen], corpus.places[chosen]
    if notice := corpus.notice():
        print(notice)
    if skip_open:
        held = can_hold(docs, output_path)
        gone = [place for place, fits in zip(places, held, strict=True) if not fits]
        docs = [doc for doc, fits in zip(docs, held, strict=True) if fits]
        print(left_out(gone, "not labelled, or not wholly"))
    write_docs(docs, output_path, places=places)
    n_entities = sum(len(doc.ents) for doc in docs)
    print(f"wrote {len(docs)} sentences with {n_entities} entities to {output_path}")
