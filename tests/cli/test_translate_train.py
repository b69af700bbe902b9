"""``spacy xproj translate-train``, and the filters for complete sentences."""

import json

import pytest
import srsly
from spacy import registry

from spacy_xproj.data.status import ViewStatus
from spacy_xproj.io.formats.files import read_docs
from spacy_xproj.translation import Translation
from tests.fixtures.chat import KEY_ENV
from tests.fixtures.configs import llm_translate

LANGS = ("--source-lang", "en", "--target-lang", "sw")
WITH_LINKS = (*LANGS, "--alignments", "links.pharaoh")
TABLE = {
    "Asha left Dodoma .": "Asha aliondoka Dodoma .",
    "[Asha] left [Dodoma] .": "[Asha] aliondoka [Dodoma] .",
    "Kijani Bank opened": "Benki ya Kijani ilifunguliwa",
    "[Kijani Bank] opened": "Benki ya Kijani ilifunguliwa",
    "It rained": "Mvua ilinyesha",
    "Asha": "Asha",
    "Dodoma": "Dodoma",
    "Kijani Bank": "Benki ya Kijani",
}


class Fake:
    def translate(self, texts, *, source_lang, target_lang):
        assert (source_lang, target_lang) == ("en", "sw")
        return [Translation(TABLE[text.strip()], ViewStatus.OK) for text in texts]

    def describe(self):
        return {"kind": "fake"}


@registry.xproj_translators("test-cli.Table.v1")  # type: ignore[attr-defined]
def make_table():
    return Fake()


TRANSLATOR = """[components]
[components.xproj_translate]
factory = "xproj_translate"
[components.xproj_translate.translator]
@xproj_translators = "test-cli.Table.v1"
"""


@pytest.fixture
def config(folder):
    (folder / "t.cfg").write_text(TRANSLATOR, encoding="utf-8")
    return "t.cfg"


def entities(path):
    return [[(e.text, e.label_) for e in doc.ents] for doc in read_docs(path, lang="sw")]


def test_markers(done, config):
    output = done("translate-train", "en.conll", "sw.spacy", *LANGS, "--config", config)
    assert entities("sw.spacy") == [[("Asha", "PER"), ("Dodoma", "LOC")], [], []]
    assert "projected            2  0.667" in output
    assert "no_candidate         1  0.333" in output
    view = read_docs("sw.spacy", lang="sw")[1]._.xproj["en"]
    assert view.projections[0].reason == "marker lost: 0 of 1 marked pieces came back"


def test_align(done, folder, config):
    links = f"""[components.xproj_aligner]
factory = "xproj_aligner"
[components.xproj_aligner.aligner]
@xproj_aligners = "spacy-xproj.Pharaoh.v1"
path = "{folder.as_posix()}/links.pharaoh"
"""
    (folder / "t.cfg").write_text(TRANSLATOR + links, encoding="utf-8")
    command = ("translate-train", "en.conll", "sw.spacy", *LANGS, "--config", config)
    output = done(*command, "--method", "align")
    assert entities("sw.spacy") == [
        [("Asha", "PER"), ("Dodoma", "LOC")],
        [("Benki ya Kijani", "ORG")],
        [],
    ]
    assert "3 sentences, 3 source entities" in output
    provenance = read_docs("sw.spacy", lang="sw")[0]._.xproj["en"].provenance
    assert provenance["translator"] == {"kind": "fake"}
    assert provenance["aligner"]["aligner"] == "pharaoh"


def test_spans_that_overlap_go_over_by_alignment(done, refused, folder, config):
    links = f"""[components.xproj_aligner]
factory = "xproj_aligner"
[components.xproj_aligner.aligner]
@xproj_aligners = "spacy-xproj.Pharaoh.v1"
path = "{folder.as_posix()}/links.pharaoh"
"""
    (folder / "t.cfg").write_text(TRANSLATOR + links, encoding="utf-8")
    spans = [{"start": 0, "end": 4, "label": "PER"}, {"start": 0, "end": 9, "label": "VISIT"}]
    record = {
        "text": "Asha left Dodoma .",
        "spans": spans,
        "words": ["Asha", "left", "Dodoma", "."],
    }
    srsly.write_jsonl(folder / "in.jsonl", [record])
    command = ("translate-train", "in.jsonl", "sw.jsonl", *LANGS, "--config", config)
    assert "--spans-key sc" in refused(*command)
    assert "XP529" in refused(*command, "--spans-key", "sc")
    done(*command, "--spans-key", "sc", "--method", "align")
    (doc,) = read_docs("sw.jsonl", lang="sw", spans_key="sc")
    found = [(span.text, span.label_) for span in doc.spans["sc"]]
    assert found == [("Asha", "PER"), ("Asha aliondoka", "VISIT")]


def test_a_filter_on_markers(done, config):
    command = ("translate-train", "en.conll", "sw.jsonl", *LANGS, "--config", config)
    output = done(*command, "--filter", "comp-ins")
    assert entities("sw.jsonl") == [[("Asha", "PER"), ("Dodoma", "LOC")], []]
    assert "1 sentences dropped (comp-ins 1); rows, counted from 0: 1" in output
    (dropped,) = srsly.read_jsonl("sw.jsonl.dropped.jsonl")
    assert dropped["projections"][0]["reason"].startswith("marker lost")


@pytest.mark.parametrize(
    ("more", "code"),
    [
        (("--filter", "comp-src"), "XP551"),
        (("--filter", "whole"), "XP150"),
        (("--method", "magic"), "XP150"),
    ],
)
def test_settings_that_do_not_hold_are_refused_before_any_work(refused, config, more, code):
    assert code in refused(
        "translate-train", "none", "out.spacy", *LANGS, "--config", config, *more
    )


def test_a_config_without_a_translator(refused, folder, one_layer):
    message = refused("translate-train", "en.conll", "o.spacy", *LANGS, "--config", one_layer)
    assert "XP841" in message
    assert "xproj_aligner" in message
    (folder / "t.cfg").write_text(TRANSLATOR.replace("Table", "Nothing"), encoding="utf-8")
    message = refused("translate-train", "en.conll", "o.spacy", *LANGS, "--config", "t.cfg")
    assert "XP910" in message


def test_a_source_without_labels(refused, folder, config):
    (folder / "en.txt").write_text("Asha left\n", encoding="utf-8")
    message = refused("translate-train", "en.txt", "o.spacy", *LANGS, "--config", config)
    assert "XP614" in message


def project(*more):
    return ("project", "en.conll", "sw.conll", "out.spacy", *WITH_LINKS, *more)


def test_without_a_filter_all_sentences_stay(done, folder):
    assert "dropped" not in done(*project())
    assert len(read_docs("out.spacy", lang="sw")) == 3
    assert not (folder / "out.spacy.dropped.jsonl").exists()


def test_filters_drop_whole_sentences_and_list_them(done, folder):
    """Without the link of "Dodoma", sentence 0 fails two filters; "ya" between two links fails
    COMP-TGT, which alone would keep sentence 0."""
    (folder / "links.pharaoh").write_text("0-0 1-1\n0-2 1-0 2-3\n1-0\n", encoding="utf-8")
    output = done(*project("--filter", "comp-src", "--filter", "comp-ins"))
    assert entities("out.spacy") == [[("Benki ya Kijani", "ORG")], []]
    # The statuses are those of all sentences.
    assert "3 sentences, 3 source entities" in output
    assert "unaligned         1  0.333" in output
    assert "1 sentences dropped (comp-ins 1, comp-src 1); rows, counted from 0: 0" in output
    assert "wrote 2 sentences to out.spacy, those dropped to out.spacy.dropped.jsonl" in output
    (dropped,) = srsly.read_jsonl("out.spacy.dropped.jsonl")
    assert (dropped["row"], dropped["reasons"]) == (0, ["comp-src", "comp-ins"])
    assert dropped["text"].split() == ["Asha", "aliondoka", "Dodoma."]
    assert [p["status"] for p in dropped["projections"]] == ["projected", "unaligned"]
    kept = read_docs("out.spacy", lang="sw")
    assert [doc._.xproj["en"].row for doc in kept] == [1, 2]
    assert kept[0]._.xproj.statuses() == {"projected": 1}
    assert "rows, counted from 0: 1" in done(*project("--filter", "comp-tgt"))


def test_nothing_to_drop_gives_an_empty_list(done, folder):
    (folder / "out.spacy.dropped.jsonl").write_text("of an earlier run", encoding="utf-8")
    assert "0 sentences dropped" in done(*project("--filter", "comp-src"))
    assert (folder / "out.spacy.dropped.jsonl").read_text() == ""


def test_sentences_that_failed_are_dropped_too(done, folder):
    (folder / "links.pharaoh").write_text("0-0 2-2\n0-9\n\n", encoding="utf-8")
    output = done(*project("--filter", "comp-src"))
    assert "1 sentences dropped (failed 1); rows, counted from 0: 1" in output
    assert [row["reasons"] for row in srsly.read_jsonl("out.spacy.dropped.jsonl")] == [["failed"]]


def test_if_no_sentence_passes_nothing_is_written(refused, folder):
    (folder / "en.conll").write_text("Asha\tB-PER\n\n" * 3, encoding="utf-8")
    (folder / "links.pharaoh").write_text("\n\n\n", encoding="utf-8")
    message = refused(*project("--filter", "comp-src"))
    assert "XP840" in message
    assert "comp-src 3" in message
    assert not (folder / "out.spacy").exists()


def test_a_long_list_of_rows_is_cut_and_an_unknown_filter_refused(done, refused, folder):
    (folder / "en.conll").write_text("Asha\tB-PER\n\n" * 30, encoding="utf-8")
    (folder / "sw.conll").write_text("Asha\tO\n\n" * 30, encoding="utf-8")
    (folder / "links.pharaoh").write_text("\n" * 29 + "0-0\n", encoding="utf-8")
    output = done(*project("--filter", "comp-src"))
    assert "18, 19 and 9 more" in output
    assert len(list(srsly.read_jsonl("out.spacy.dropped.jsonl"))) == 29
    assert "XP150" in refused(*project("--filter", "whole"))


@pytest.mark.parametrize("method", ["markers", "align"])
def test_what_is_asked_of_a_model_is_counted_first_and_told(done, run, folder, chat, method):
    chat.answer = lambda body: {"translation": json.loads(body["messages"][1]["content"])["text"]}
    config = f"[components]\n{llm_translate(url=chat.url, model='toy', key_env=KEY_ENV)}"
    (folder / "llm.cfg").write_text(config, encoding="utf-8")
    line = ("translate-train", "en.conll", "out.spacy", *LANGS, "--config", "llm.cfg")
    line = (*line, "--method", method)
    output = done(*line, "--set", "components.xproj_translate.translator.client.dry_run=true")
    assert "planned_calls" in output
    assert "out.spacy is not written" in output
    assert chat.bodies == []
    assert not (folder / "out.spacy").exists()
    if method == "markers":
        assert "translator: " in done(*line)
        assert len(read_docs("out.spacy", lang="sw")) == 3
    else:
        few = "components.xproj_translate.translator.client.max_calls=1"
        result = run(*line, "--set", few)
        assert result.exit_code == 1
        assert " s, calls 1, prompt_tokens 100" in result.stdout
        assert not (folder / "out.spacy").exists()


def test_what_the_aligner_lacks_is_said_before_anything_is_asked(run, folder, chat):
    chat.answer = lambda body: {"translation": json.loads(body["messages"][1]["content"])["text"]}
    aligner = (
        '[components.xproj_aligner]\nfactory = "xproj_aligner"\n'
        "[components.xproj_aligner.aligner]\n"
        '@xproj_aligners = "spacy-xproj.Pharaoh.v1"\npath = "none.pharaoh"\n'
    )
    translate = llm_translate(url=chat.url, model="toy", key_env=KEY_ENV)
    (folder / "llm.cfg").write_text(f"[components]\n{translate}{aligner}", encoding="utf-8")
    line = ("translate-train", "en.conll", "out.spacy", *LANGS, "--config", "llm.cfg")
    result = run(*line, "--method", "align")
    assert result.exit_code == 1
    assert "XP405" in result.stderr
    assert chat.bodies == []
