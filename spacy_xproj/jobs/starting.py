"""The first two configs of a project: one that labels, one that trains a student on the labels."""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import srsly

from ..errors import Errors, XProjError
from ..io.files import write_text
from ..text.languages import language_code
from ..text.tokenizers import default_tokenizer
from ..translation.seq2seq import DEFAULT_MODEL as NLLB
from .shipped import CONFIGS, shipped_configs

DEMO = CONFIGS.parent / "demo"
ANNOTATE, STUDENT = "annotate.cfg", "student.cfg"
HF = "hf:"
# spaCy's small pipelines with NER, by language; their names say on what they were trained.
TEACHERS = {
    **{lang: f"{lang}_core_web_sm" for lang in ("en", "zh")},
    **{
        lang: f"{lang}_core_news_sm"
        for lang in (
            *("ca", "da", "de", "el", "es", "fi", "fr", "hr", "it", "ja", "ko", "lt", "mk", "nb"),
            *("nl", "pl", "pt", "ro", "ru", "sl", "sv", "uk"),
        )
    },
}
# By name: block, settings, and what to know.
_MODELS: dict[str, tuple[str, dict[str, Any], list[str]]] = {
    "nllb": (
        "spacy-xproj.Seq2Seq.v1",
        {"model": NLLB, "num_beams": 4},
        ["NLLB-200, 200 languages; CC BY-NC 4.0. 2.5 GB are downloaded at first use."],
    ),
    "m2m100": (
        "spacy-xproj.Seq2Seq.v1",
        {"model": "facebook/m2m100_418M", "num_beams": 4},
        ["M2M-100, 100 languages; MIT. 1.9 GB are downloaded at first use."],
    ),
    "ct2": (
        "spacy-xproj.CTranslate2.v1",
        {"model": NLLB, "num_beams": 4, "compute_type": "int8"},
        ["NLLB-200 with 8-bit weights, which is quicker on a CPU; CC BY-NC 4.0."],
    ),
}
TRANSLATORS = (*_MODELS, "marian", "bitext", "none")


class Plan(NamedTuple):
    """What a project is to do.

    target: language of the text. sources: the rich languages, the preferred one first. translator:
    one of ``TRANSLATORS``. teachers: by source language a spaCy pipeline, ``hf:NAME`` or ``gold``.
    bitext: the file of translations, for the translator ``bitext``. gpu: whether there is one.
    """

    target: str
    sources: Sequence[str]
    translator: str
    teachers: Mapping[str, str]
    bitext: str | None = None
    gpu: bool = False


def demo_plan() -> Plan:
    """The twenty sentences of the package, whose names a ruler knows."""
    teacher = str(DEMO / "teacher")
    return Plan("sw", ["en"], "bitext", {"en": teacher}, bitext=str(DEMO / "bitext.jsonl"))


def usual_teacher(lang: str) -> str:
    """spaCy's small pipeline of a language; else a multilingual one of the hub."""
    return TEACHERS.get(lang, f"{HF}Davlan/xlm-roberta-base-ner-hrl")


def check_plan(plan: Plan) -> None:
    """Raise XProjError for a language or translator that there is not, and for a bitext that is
    missing or not asked for."""
    for lang in (plan.target, *plan.sources):
        language_code(lang)
    if plan.translator not in TRANSLATORS:
        raise XProjError(
            Errors.XP150.format(
                kind="translator",
                name=plan.translator,
                fix="--translator nllb",
                known=", ".join(TRANSLATORS),
            )
        )
    if (plan.translator == "bitext") != (plan.bitext is not None):
        raise XProjError(Errors.XP930)


def start_project(folder: Path, plan: Plan) -> list[str]:
    """Write ``annotate.cfg`` and ``student.cfg`` into a folder, in which neither is yet, and give
    the commands that install what they need. Raises XProjError for a plan that does not hold."""
    check_plan(plan)
    for name in (ANNOTATE, STUDENT):
        if (folder / name).exists():
            raise XProjError(Errors.XP931.format(path=folder / name))
    write_text(folder / ANNOTATE, annotate_config(folder, plan))
    write_text(folder / STUDENT, student_config(folder, plan))
    return needs(plan)


def annotate_config(folder: Path, plan: Plan) -> str:
    """The text of a config for ``spacy xproj annotate``, with its comments."""
    from jinja2 import Environment, StrictUndefined

    environment = Environment(
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        autoescape=False,  # a config, not a page
    )
    environment.filters["value"] = srsly.json_dumps
    translates = plan.translator != "none"
    several = len(plan.sources) > 1
    pipeline = [
        *(["xproj_translate"] if translates else []),
        *("xproj_source_ner", "xproj_aligner", "xproj_projector"),
        *(["xproj_ensemble"] if several else []),
    ]
    taggers = _taggers(plan)
    how = "translated, entities found in the translation and carried back"
    template = (CONFIGS / f"{ANNOTATE}.jinja").read_text(encoding="utf-8")
    return environment.from_string(template).render(
        target=plan.target,
        sources=list(plan.sources),
        how=how if translates else "entities of given translations carried over",
        path=(folder / ANNOTATE).as_posix(),
        folder=folder.as_posix(),
        pipeline=pipeline,
        tokenizer=default_tokenizer(plan.target),
        translator=_translator(plan) if translates else [],
        taggers=taggers,
        one_tagger=taggers[0][0] == "tagger",
        projection=_projection(plan),
        ensemble=_section("ensemble", "xproj_ensemble") if several else "",
    )


def _section(config: str, component: str) -> str:
    """The blocks of a config of the package from that of a component on."""
    text = shipped_configs()[config].read_text(encoding="utf-8")
    return text[text.index(f"[components.{component}]") :].rstrip()


def _projection(plan: Plan) -> str:
    text = _section("project", "xproj_aligner")
    if not plan.gpu:
        return text
    return text.replace("n_layers = 3\n", 'n_layers = 3\ndevice = "cuda"\nhalf = true\n', 1)


def _translator(plan: Plan) -> list[tuple[list[str], str, dict[str, Any]]]:
    """Comments, name and settings of each block."""
    device = {"device": "cuda" if plan.gpu else "auto"}
    key = "@xproj_translators"
    if plan.translator == "bitext":
        given = {"path": plan.bitext, "source_field": None, "target_field": None}
        note = ["Translations that are given, a JSON object a line, keyed by language."]
        return [(note, "translator", {key: "spacy-xproj.Bitext.v1", **given})]
    cache: tuple[list[str], dict[str, Any]] = (
        ["Each text is translated once, across runs. null: ~/.cache/spacy-xproj"],
        {key: "spacy-xproj.CachedTranslator.v1", "path": None},
    )
    if plan.translator == "marian":
        # A model for each pair of languages, so a block for each source.
        blocks: list[tuple[list[str], str, dict[str, Any]]] = []
        for lang in plan.sources:
            name = f"translators.{lang}"
            model = f"Helsinki-NLP/opus-mt-{plan.target}-{lang}"
            own = {key: "spacy-xproj.Seq2Seq.v1", "model": model, "num_beams": 4, **device}
            why = [f"OPUS-MT, {plan.target} to {lang}; CC BY 4.0. See that there is such a model."]
            blocks += [(cache[0], name, cache[1]), (why, f"{name}.translator", own)]
        return [([], "translators", {}), *blocks]
    block, settings, why = _MODELS[plan.translator]
    chosen = {key: block, **settings, **device}
    return [(cache[0], "translator", cache[1]), (why, "translator.translator", chosen)]


def _taggers(plan: Plan) -> list[tuple[str, dict[str, Any]]]:
    """Name and settings of each block: one for all where they share a teacher."""
    teachers = {lang: plan.teachers.get(lang, usual_teacher(lang)) for lang in plan.sources}
    if len(set(teachers.values())) == 1:
        return [("tagger", _tagger(next(iter(teachers.values())), plan.gpu))]
    return [(f"taggers.{lang}", _tagger(own, plan.gpu)) for lang, own in teachers.items()]


def _tagger(teacher: str, gpu: bool) -> dict[str, Any]:
    key = "@xproj_taggers"
    if teacher == "gold":
        return {key: "spacy-xproj.GoldTagger.v1"}
    if teacher.startswith(HF):
        device = {"device": "cuda" if gpu else "auto"}
        return {key: "spacy-xproj.HFTagger.v1", "model": teacher.removeprefix(HF), **device}
    return {key: "spacy-xproj.SpacyTagger.v1", "model": teacher}


def student_config(folder: Path, plan: Plan) -> str:
    """The text of a config for ``spacy train``: on a transformer where there is a GPU."""
    text = shipped_configs()["ner_trf" if plan.gpu else "ner_cpu"].read_text(encoding="utf-8")
    body = text[text.index("[paths]") :]
    path = folder.as_posix()
    for name in ("train", "dev"):
        file = srsly.json_dumps(f"{path}/corpus/{name}.spacy")
        body = body.replace(f"\n{name} = null\n", f"\n{name} = {file}\n", 1)
    block = default_tokenizer(plan.target)
    lines = "".join(f"{key} = {srsly.json_dumps(value)}\n" for key, value in (block or {}).items())
    lang = srsly.json_dumps(plan.target)
    body = body.replace('lang = "en"', f"lang = {lang}", 1)
    if lines:
        body = body.replace('@tokenizers = "spacy.Tokenizer.v1"\n', lines, 1)
    gpu = " --gpu-id 0" if plan.gpu else ""
    return (
        "# A student: a spaCy NER pipeline, trained on the labels that annotate.cfg gives.\n"
        "# Written by `spacy xproj init`.\n"
        f"# spacy xproj export {path}/labelled {path}/corpus --split 0.8,0.2\n"
        f"# spacy train {path}/{STUDENT} --output {path}/student{gpu}\n"
        "# Only sure labels:  --corpora.train.min_confidence 0.5 --corpora.train.filters "
        "'[\"complete\"]'\n"
        "# Gold mixed in:     --paths.gold FILE --corpora.train.gold_share 0.3\n"
        f"{body}"
    )


def needs(plan: Plan) -> list[str]:
    """The commands that install what a plan uses, beyond the package itself."""
    extras = ["offline"]
    if plan.translator == "ct2":
        extras.append("ct2")
    found = [f"pip install 'spacy-xproj[{','.join(extras)}]'"]
    for lang in plan.sources:
        teacher = plan.teachers.get(lang, usual_teacher(lang))
        if re.fullmatch(r"[a-z]{2,3}_(core|ent)_\w+", teacher):
            found.append(f"python -m spacy download {teacher}")
    return list(dict.fromkeys(found))
