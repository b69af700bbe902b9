from pathlib import Path
from typing import Annotated, Any

from typer import Argument, Option

from .app import command, printing
from .options import (
    Code,
    Json,
    Layer,
    SetValues,
    SkipBad,
    SourceLang,
    TargetLang,
    config_file,
    configured,
)


@command("Label")
def project_command(
    source: Annotated[Path, Argument(help="Labelled sentences (columns, .spacy, .jsonl)")],
    target: Annotated[Path, Argument(help="Their translations line by line; or raw text (.txt)")],
    output: Annotated[Path, Argument(help="Where to write; the suffix names the format")],
    source_lang: SourceLang = None,
    target_lang: TargetLang = None,
    config: Annotated[
        Path | None,
        Option(
            callback=config_file, help="Config with [components.xproj_aligner] and/or _projector"
        ),
    ] = None,
    set_value: SetValues = None,
    code: Code = None,
    encoder: Annotated[
        str | None, Option(help="Encoder of the aligner: a folder or a name on the hub")
    ] = None,
    alignments: Annotated[
        Path | None,
        Option(
            help="Word links (Pharaoh format) for an aligner's; on raw text they count by blanks"
        ),
    ] = None,
    filters: Annotated[
        list[str] | None,
        Option(
            "--filter",
            help="Drop sentences that fail: comp-src, comp-tgt, comp-ins, complete; repeat",
        ),
    ] = None,
    consensus: Annotated[
        bool,
        Option(
            help="Give the same words the label that most of their projections have; not of spans"
        ),
    ] = True,
    spans_key: Annotated[
        str | None,
        Option(help="Project doc.spans[KEY], whose spans may overlap and be in pieces"),
    ] = None,
    layer: Layer = None,
    skip_bad: SkipBad = False,
    json: Json = None,
) -> None:
    """Carry the labels of SOURCE over to its line-by-line translation TARGET."""
    from ..corpus.consensus import apply_consensus
    from ..corpus.filters import check_names
    from ..corpus.pairing import leave_open, pair
    from ..io.formats.files import check_writable, drop_faulty, needed_lang, read_corpus
    from ..jobs.consensus import spans_key_of
    from ..jobs.cost import cost_so_far
    from ..jobs.pipelines import projection_pipeline
    from ..jobs.run import annotate, fit
    from ..jobs.worker import check_ready
    from .output import (
        check_run,
        print_consensus,
        print_cost,
        print_open,
        print_replaced,
        telling_cost,
        was_dry,
        write_run,
    )

    check_writable(output, spans_key=spans_key)
    check_names(filters or [])
    config, values = configured(config, set_value, code, default="project")
    source_lang = needed_lang(source, source_lang, option="--source-lang")
    target_lang = needed_lang(target, target_lang, option="--target-lang")
    sources = read_corpus(
        source,
        lang=source_lang,
        labelled=True,
        spans_key=spans_key,
        layer=layer,
        skip_bad=skip_bad,
    )
    nlp = projection_pipeline(
        target_lang,
        config_path=config,
        encoder=encoder,
        alignments=alignments,
        spans_key=spans_key,
        overrides=values,
    )
    targets = read_corpus(
        target,
        lang=target_lang,
        nlp=nlp,
        spans_key=spans_key,
        ignore_labels=True,
        skip_bad=skip_bad,
    )
    pair(
        sources.docs,
        targets.docs,
        source_lang=source_lang,
        names=(sources.name, targets.name),
        spans_key=spans_key,
    )
    if alignments is not None:
        aligner: Any = nlp.get_pipe("xproj_aligner")
        aligner.backend.fit_corpus(list(zip(sources.cut, targets.cut, strict=True)))
    sources, targets = drop_faulty([sources, targets])
    docs = targets.docs
    check_ready(nlp, learns=True)
    with telling_cost(lambda: cost_so_far(nlp)):
        fit(nlp, docs)
        result = annotate(nlp, docs, progress=not printing["quiet"])
        if was_dry(cost_so_far(nlp), output, json):
            return
        check_run(result)
    n_open = leave_open(sources.docs, result.docs, source_lang=source_lang, spans_key=spans_key)
    print_open(n_open, sources.notice())
    if consensus and spans_key is None:
        print_consensus(apply_consensus(result.docs, spans_key=spans_key_of(nlp)))
    replaced = targets.replaced()
    write_run(result, output, filters, spans_key=spans_key, replaced=replaced, json=json)
    print_replaced(**replaced, source=target, output=output)
    print_cost(cost_so_far(nlp), only_counts=True)
