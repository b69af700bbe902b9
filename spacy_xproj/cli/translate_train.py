from pathlib import Path
from typing import Annotated, Any

from typer import Argument, Option

from .app import command, printing
from .options import Code, Json, Layer, SetValues, SkipBad, SourceLang, config_file, configured


@command("Label")
def translate_train_command(
    source: Annotated[Path, Argument(help="Labelled sentences (columns, .spacy, .jsonl)")],
    output: Annotated[Path, Argument(help="Where to write; the suffix names the format")],
    target_lang: Annotated[str, Option(help="Language code to translate into")],
    config: Annotated[
        Path,
        Option(
            callback=config_file,
            help="Config with [components.xproj_translate.translator]; for align also others",
        ),
    ],
    source_lang: SourceLang = None,
    set_value: SetValues = None,
    code: Code = None,
    method: Annotated[
        str, Option(help="markers: labels travel in brackets; align: aligner and projector")
    ] = "markers",
    filters: Annotated[
        list[str] | None,
        Option(
            "--filter",
            help="Drop sentences that fail: comp-src, comp-tgt, comp-ins, complete; repeat",
        ),
    ] = None,
    spans_key: Annotated[
        str | None,
        Option(
            help="Project doc.spans[KEY], whose spans may overlap and be in pieces; with --method "
            "align"
        ),
    ] = None,
    layer: Layer = None,
    skip_bad: SkipBad = False,
    json: Json = None,
) -> None:
    """Translate labelled sentences into labelled sentences of another language."""
    from ..abilities import check_all_ready, usage_of
    from ..corpus.filters import NEED_LINKS, check_names
    from ..corpus.pairing import leave_open
    from ..errors import Errors, XProjError
    from ..io.formats.files import check_writable, drop_faulty, needed_lang, read_corpus
    from ..jobs.cost import Cost, cost_so_far
    from ..jobs.pipelines import has_projection, load_translator, projection_pipeline
    from ..jobs.run import Annotated as Run
    from ..jobs.run import annotate, fit
    from ..jobs.translate_train import METHODS, translate_plain, translate_with_markers
    from ..jobs.worker import check_ready
    from .output import check_run, print_cost, print_open, telling_cost, was_dry, write_run

    check_writable(output, spans_key=spans_key)
    check_names(filters or [])
    if method not in METHODS:
        raise XProjError(
            Errors.XP150.format(
                kind="method of translate-train",
                name=method,
                fix="--method markers",
                known=", ".join(METHODS),
            )
        )
    for name in filters or []:
        if method == "markers" and name in NEED_LINKS:
            raise XProjError(Errors.XP551.format(name=name))
    if method == "markers" and spans_key is not None:
        raise XProjError(Errors.XP529)
    config_path, values = configured(config, set_value, code, default="translate_test_nllb")
    assert config_path is not None
    source_lang = needed_lang(source, source_lang, option="--source-lang")
    translator = load_translator(config_path, target_lang, values)
    read = read_corpus(
        source,
        lang=source_lang,
        labelled=True,
        spans_key=spans_key,
        layer=layer,
        skip_bad=skip_bad,
    )
    (corpus,) = drop_faulty([read])
    sources = corpus.docs
    langs: dict[str, Any] = {"source_lang": source_lang, "target_lang": target_lang}
    nlp = None
    if method == "align":
        own = config_path if has_projection(config_path, target_lang) else None
        nlp = projection_pipeline(
            target_lang,
            config_path=own,
            spans_key=spans_key,
            overrides=values if own else None,
        )

    check_all_ready(translator)
    if nlp is not None:
        check_ready(nlp, learns=True)

    def cost() -> Cost:
        return {"translator": usage_of(translator), **(cost_so_far(nlp) if nlp else {})}

    with telling_cost(cost):
        if nlp is None:
            docs = translate_with_markers(sources, translator=translator, **langs)
        else:
            docs = translate_plain(sources, translator=translator, **langs, spans_key=spans_key)
        if was_dry(cost(), output, json):
            return
        result = Run(docs, [])
        if nlp is not None:
            fit(nlp, docs)
            result = annotate(nlp, docs, progress=not printing["quiet"])
            check_run(result)
    n_open = leave_open(sources, result.docs, source_lang=source_lang, spans_key=spans_key)
    print_open(n_open, corpus.notice())
    write_run(result, output, filters, spans_key=spans_key, json=json)
    print_cost(cost(), only_counts=True)
