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
) -> None:
    """Convert between column files, JSONL with character spans, and spaCy's DocBin."""
    from ..io.formats.files import check_writable, read_docs, write_docs

    check_writable(output_path)
    docs = read_docs(input_path, lang=lang)[skip:][:limit]
    write_docs(docs, output_path)
    n_entities = sum(len(doc.ents) for doc in docs)
    print(f"wrote {len(docs)} sentences with {n_entities} entities to {output_path}")
