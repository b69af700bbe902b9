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
    from ..io.formats.files import check_writable, read_docs, write_docs
    from ..tagging.applying import tag_docs
    from ..tagging.pipeline_tagger import SpacyTagger

    check_writable(output)
    docs = read_docs(input_path, lang=lang)
    tagger = SpacyTagger(model=model)
    for doc, (spans, _) in zip(docs, tag_docs(tagger, docs, label_map={}), strict=True):
        doc.set_ents(spans)
    write_docs(docs, output)
    print(f"wrote {len(docs)} sentences with {sum(len(d.ents) for d in docs)} entities to {output}")
