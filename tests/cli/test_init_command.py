"""``spacy xproj init`` and ``check``: the configs of a new project, and whether they would run."""

import json

import pytest
import spacy
from spacy.cli.debug_config import debug_config
from spacy.util import load_config, load_model_from_config


def findings(path):
    return [(one["level"], one["about"]) for one in json.loads(path.read_text(encoding="utf-8"))]


@pytest.mark.parametrize(
    ("flags", "pipes"),
    [
        (["--demo"], 4),
        (["--target", "sw"], 4),
        (["--target", "sw", "--source", "en,de", "--translator", "marian"], 5),
        (["--target", "sw", "--translator", "m2m100", "--teacher", "hf:x/y", "--gpu"], 4),
        (["--target", "th", "--source", "en,de,fr", "--teacher", "de=teacher"], 5),
        (["--target", "yo", "--translator", "none"], 3),
    ],
)
def test_both_configs_load_as_they_stand(done, folder, flags, pipes):
    output = done("init", "new", *flags)
    assert "wrote new/annotate.cfg and new/student.cfg" in output
    assert "pip install 'spacy-xproj[offline]'" in output
    nlp = load_model_from_config(load_config(folder / "new" / "annotate.cfg"))  # not filled in
    assert len(nlp.pipe_names) == pipes
    assert not any((nlp.analyze_pipes() or {})["problems"].values()) or pipes == 3
    student = load_config(folder / "new" / "student.cfg")
    assert student["nlp"]["lang"] == nlp.lang
    if "--gpu" not in flags:
        debug_config(folder / "new" / "student.cfg", overrides={})


def test_comments_say_how_to_go_on(done, folder):
    done("init", "new", "--target", "sw")
    text = (folder / "new" / "annotate.cfg").read_text(encoding="utf-8")
    assert "# spacy xproj annotate TEXT new/labelled --config new/annotate.cfg" in text
    assert "CC BY-NC 4.0" in text  # the licence of the default translator


def test_nothing_is_overwritten(done, refused):
    done("init", "new", "--demo")
    assert "is there already, so nothing was written" in refused("init", "new", "--demo")


def test_questions_are_only_for_who_can_answer(run):
    result = run("init", "new")
    assert result.exit_code == 2
    assert "nobody can be asked" in result.stderr


def test_what_does_not_go_together(refused, run):
    assert "go together" in refused("init", "a", "--target", "sw", "--translator", "bitext")
    assert "known: nllb" in refused("init", "b", "--target", "sw", "--translator", "magic")
    assert "XP" in refused("init", "c", "--target", "nonsense")
    assert run("init", "d", "--target", "sw", "--teacher", "de=x").exit_code == 2


# check


@pytest.fixture
def config(done, folder, teacher):
    """A config whose parts are all here: a bitext and a ruler; it needs no encoder."""
    done("init", "new", "--demo")
    path = folder / "new" / "annotate.cfg"
    text = path.read_text(encoding="utf-8")
    before, rest = text.split("[components.xproj_aligner]")
    after = rest[rest.index("[components.xproj_projector]") :]
    links = folder / "links.pharaoh"
    links.write_text("0-0\n" * 20, encoding="utf-8")
    block = f"""[components.xproj_aligner]
factory = "xproj_aligner"

[components.xproj_aligner.aligner]
@xproj_aligners = "spacy-xproj.Pharaoh.v1"
path = "{links.as_posix()}"

"""
    path.write_text(before + block + after, encoding="utf-8")
    return path


def test_a_config_that_would_run_is_tried(done, config, folder):
    output = done("check", config, folder / "new" / "text.txt", "--json", "found.json")
    assert "20 sentences in 1 files" in output
    assert "nothing wrong; run it: spacy xproj annotate" in output
    about = findings(folder / "found.json")
    assert ("ok", "trial") in about
    assert ("ok", "time") in about
    assert all(level == "ok" for level, _ in about)


def test_without_an_input_nothing_is_loaded(done, config, monkeypatch):
    monkeypatch.setattr(spacy, "load", lambda *_: pytest.fail("a model was loaded"))
    assert "nothing wrong" in done("check", config)


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ("components.xproj_source_ner.tagger.model=de_core_news_sm", "python -m spacy download"),
        ("components.xproj_translate.translator.path=gone.jsonl", "there is no gone.jsonl"),
        ('components.xproj_translate.source_langs=["sw"]', "correct nlp.lang or source_langs"),
        ('nlp.pipeline=["xproj_translate","xproj_projector","xproj_aligner"]', "XP877"),
        ("components.xproj_projector.projector.threshold=[]", "threshold"),
    ],
)
def test_what_is_wrong_is_named_with_its_fix(run, config, value, message):
    result = run("check", config, "--set", value)
    assert result.exit_code == 1
    assert message in result.stdout
    assert "wrong" in result.stdout


def test_wrong_keys_and_files(run, config, folder):
    text = config.read_text(encoding="utf-8")
    config.write_text(text.replace("[nlp]", "[nlp]\nbatch_sise = 3", 1), encoding="utf-8")
    assert "Did you mean 'batch_size'" in run("check", config).stdout
    assert run("check", folder / "none.cfg").exit_code == 1


def test_an_input_that_cannot_be_read(run, config, folder):
    result = run("check", config, folder / "gone.txt")
    assert result.exit_code == 1
    assert "gone.txt" in result.stdout


def test_an_input_that_says_another_language(done, config, folder):
    done("convert", folder / "new" / "text.txt", "text.spacy", "--lang", "de")
    output = done("check", config, "text.spacy")
    assert "it says that it is 'de', the config says 'sw': --set nlp.lang=de" in output


def test_without_a_config_it_is_about_the_machine(done):
    assert done("check") == done("info")
