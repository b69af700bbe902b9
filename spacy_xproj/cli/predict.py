from pathlib import Path
from typing import Annotated

from typer import Argument, Option

from .app import command


@command("Label")
def predict_command(
    model: Annotated[str, Argument(help="A trained spaCy pipeline: name or folder")],
    input_path: Annotated[Path, Argument(metavar="INPUT", help="Sentences; labels are ignored")],
    output: Annotated[Path, Argument(help="Where to write; the suffix names the format")],
    lang: Annotated[str, Option(help="Language code of the sentences")] = "xx",
) -> None:
    """Apply a trained pipeline to the words of a corpus: a student, or a teacher as it is
    (model transfer)."""
    from ..data.views import SourceView
    from ..io.formats.files import check_writable, read_docs, write_docs
    from ..tagging.pipeline_tagger import SpacyTagger
    from ..text.tokenizers import set_entities

    check_writable(output)
    docs = read_docs(input_path, lang=lang)
    views = [SourceView.from_doc(doc) for doc in docs]
    for doc, entities in zip(docs, SpacyTagger(model).tag(views), strict=True):
        set_entities(doc, [(e.start, e.end, e.label) for e in entities])
    write_docs(docs, output)
    print(f"wrote {len(docs)} sentences with {sum(len(d.ents) for d in docs)} entities to {output}")
