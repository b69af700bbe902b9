from pathlib import Path
from typing import Annotated

from typer import Argument, Option

from .app import command
from .options import Lang, SkipBad


@command("Look and review")
def view_command(
    input_path: Annotated[
        Path, Argument(metavar="FILE", help="A corpus with views: .spacy, or a folder of shards")
    ],
    output: Annotated[Path, Argument(metavar="OUT.html", help="The page to write")],
    sort: Annotated[
        str | None, Option(help="Least sure first, by score, margin or status; else as in FILE")
    ] = None,
    limit: Annotated[int | None, Option(min=1, help="Show the first so many of them")] = None,
    lang: Lang = None,
    skip_bad: SkipBad = False,
) -> None:
    """A page of both sides of a labelled corpus, with entities, links and statuses; no gold."""
    from ..io.formats.files import drop_faulty, read_corpus
    from ..review.browse import write_browser

    (corpus,) = drop_faulty([read_corpus(input_path, lang=lang, skip_bad=skip_bad)])
    names = [f"Sentence {number}" for number in range(1, len(corpus.docs) + 1)]
    shown = write_browser(
        output, corpus.docs, title=input_path.name, names=names, sort=sort, limit=limit
    )
    print(f"wrote {shown} sentences to {output}")
