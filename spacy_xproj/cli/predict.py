from pathlib import Path
from typing import Annotated

from typer import Argument, Option

from .app import command
from .options import SkipBad


@command("Label")
def predict_command(
    model: Annotated[str, Argument(help="A trained spaCy pipeline: name or folder")],
    input_path: Annotated[Path, Argument(metavar="INPUT", help="Sentences; labels are ignored")],
    output: Annotated[Path, Argument(help="Where to write; the suffix names the format")],
    lang: Annotated[
        str | None,
        Option(help="Language whose tokenizer cuts raw text; by default the pipeline's own"),
    ] = None,
    skip_bad: SkipBad = False,
) -> None:
    """Apply a trained pipeline to the words of a corpus: a student, or a teacher as it is
    (model transfer)."""
    from ..io.formats.files import check_writable, drop_faulty, read_corpus, write_docs
    from ..tagging.applying import tag_docs
    from ..tagging.pipeline_tagger import SpacyTagger
    from .output import print_replaced

    check_writable(output)
    tagger = SpacyTagger(model=model)
    read = read_corpus(
        input_path,
        lang=lang or tagger.nlp.lang,
        nlp=None if lang else tagger.nlp,
        ignore_labels=True,
        skip_bad=skip_bad,
    )
    (corpus,) = drop_faulty([read])
    docs = corpus.docs
    for doc, (spans, _) in zip(docs, tag_docs(tagger, docs, label_map={}), strict=True):
        doc.set_ents(spans)
    write_docs(docs, output)
    print(f"wrote {len(docs)} sentences with {sum(len(d.ents) for d in docs)} entities to {output}")
    print_replaced(**corpus.replaced(), source=input_path, output=output)
