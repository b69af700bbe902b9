"""A run over a corpus in shards: what it writes, what it lists, what it refuses."""

import errno
import gzip
import json
from pathlib import Path

import pytest
import srsly

from spacy_xproj.errors import ModelNotFoundError, XProjError
from spacy_xproj.io.formats.files import read_docs, write_docs
from spacy_xproj.io.formats.reading import Reading
from spacy_xproj.jobs.job import RunOptions


def statuses(out="out"):
    return list(srsly.read_jsonl(Path(out) / "statuses.jsonl"))


def replace_line(number, text, path="in.jsonl"):
    lines = Path(path).read_text(encoding="utf-8").splitlines()
    lines[number - 1] = text
    Path(path).write_text("\n".join(lines) + "\n", encoding="utf-8")


def test_shards_statuses_and_summary(run):
    summary = run()
    assert summary == srsly.read_json("out/summary.json")
    assert (summary["documents"], summary["shards"]) == (40, 4)
    assert summary["statuses"] == {"projected": 60, "unaligned": 20}
    docs = read_docs("out", lang="sw")  # a finished folder is a corpus
    assert [[(e.text, e.label_) for e in doc.ents] for doc in docs[10:12]] == [
        [("Asha10", "PER"), ("Dodoma", "LOC")],
        [("Asha11", "PER")],
    ]
    assert [doc._.xproj["en"].row for doc in docs] == list(range(40))
    lines = statuses()
    assert len(lines) == 80
    assert lines[21] == {
        **{"row": 10, "place": "in.jsonl:11", "kind": "entity", "lang": "en"},
        **{"source": "Dodoma", "source_start": 18, "source_end": 24, "label": "LOC"},
        **{"status": "projected", "reason": "", "score": lines[21]["score"]},
        **{"text": "Dodoma", "start": 15, "end": 21},
    }
    assert lines[23]["status"] == "unaligned"
    assert "text" not in lines[23]


def test_a_second_run_computes_nothing_and_changes_nothing(run, content, monkeypatch):
    run()
    before = content("out")
    monkeypatch.setattr("spacy_xproj.jobs.job.compute_here", None)
    run()
    assert content("out") == before


def test_no_time_or_place_of_the_run_is_written(run, content, folder):
    run()
    run("elsewhere/out")
    assert content("out") == content("elsewhere/out")
    assert not any(str(folder).encode() in data for data in content("out").values())


@pytest.mark.parametrize("suffix", [".txt", ".conll", ".jsonl.gz", ".spacy", ".spacy.gz", "/"])
def test_every_format_is_read_and_folders_of_them(run, folder, suffix):
    docs = read_docs("in.jsonl", lang="sw")
    if suffix == "/":
        (folder / "in" / "sub").mkdir(parents=True)
        write_docs(docs[:25], "in/a.spacy")
        lines = Path("in.jsonl").read_text(encoding="utf-8").splitlines()[25:]
        (folder / "in/sub/b.jsonl").write_text("\n".join(lines), encoding="utf-8")
        (folder / "in/notes.md").write_text("not a corpus")
        (folder / "in/.hidden.jsonl").write_text("not a corpus")
    elif suffix == ".txt":
        Path("in.txt").write_text("\n".join(doc.text for doc in docs), encoding="utf-8")
    elif suffix == ".jsonl.gz":
        Path("in.jsonl.gz").write_bytes(gzip.compress(Path("in.jsonl").read_bytes()))
    else:
        for doc in docs:  # columns cannot leave open whether a word is in an entity
            doc.set_ents([])
        write_docs(docs, f"in{suffix}")
    summary = run(source=f"in{suffix}")
    assert summary["documents"] == 40
    found = read_docs("out", lang="sw")
    assert [doc.text for doc in found] == [doc.text for doc in docs]
    # Text and columns hold no views; the others keep them.
    projected = 60 if suffix not in (".txt", ".conll") else 0
    assert summary["statuses"].get("projected", 0) == projected


def test_rows_go_through_all_files_of_a_folder(run, folder, line):
    (folder / "in").mkdir()
    for name, rows in {"b": range(13, 40), "a": range(13)}.items():
        text = "\n".join(map(line, rows))
        (folder / f"in/{name}.jsonl").write_text(text, encoding="utf-8")
    run("whole")
    run("parts", source="in")
    for one, other in zip(
        read_docs("whole", lang="sw"), read_docs("parts", lang="sw"), strict=True
    ):
        assert dict(one._.xproj) == dict(other._.xproj)


def test_a_row_that_the_input_names_is_kept(run, line):
    record = json.loads(line(0))
    record["source"]["row"] = 7  # a row without a link for the town
    replace_line(1, json.dumps(record))
    run()
    doc = read_docs("out", lang="sw")[0]
    assert doc._.xproj["en"].row == 7
    assert [e.text for e in doc.ents] == ["Asha0"]


def test_limit(run):
    assert run(limit=15)["documents"] == 15
    assert len(read_docs("out", lang="sw")) == 15


# sentences that fail


def test_a_sentence_without_a_source_is_listed_and_labels_of_the_input_are_counted(run):
    for number in (3, 12):
        spans = [{"start": 0, "end": 6, "label": "LOC"}]
        replace_line(number, json.dumps({"text": "Dodoma iko wapi", "spans": spans}))
    summary = run()
    assert summary["view_statuses"] == {"no_source": 2}
    assert (summary["replaced_entities"], summary["replaced_documents"]) == (2, 2)
    found = [line for line in statuses() if line["status"] == "no_source"]
    assert [(line["row"], line["place"]) for line in found] == [
        (2, "in.jsonl:3"),
        (11, "in.jsonl:12"),
    ]
    assert summary["failed_documents"] == 0


def test_a_malformed_line_is_listed_and_the_run_goes_on(run):
    replace_line(17, '{"text": ')
    summary = run()
    (failure,) = summary["failures"]
    assert (failure["row"], failure["place"], failure["component"]) == (16, "in.jsonl:17", "read")
    assert "XP620" in failure["reason"]
    assert (summary["documents"], summary["failed"]) == (40, {"read": 1})
    docs = read_docs("out", lang="sw")
    assert len(docs[16]) == 0  # an empty document keeps its place
    assert [e.text for e in docs[18].ents] == ["Asha18", "Dodoma"]  # and the rows after are right
    assert [one["row"] for one in statuses() if one["kind"] == "sentence"] == [16]


def test_bytes_that_are_no_text_and_rows_that_are_no_columns(run, folder):
    (folder / "in.txt").write_bytes(b"Asha alifika\nDodoma \xe9\nMvua\n")
    rows = ["Asha\tB-PER\n\n", "Dodoma\n\n", "Mvua\tO\nkubwa\tQ-LOC\n\n", "Jua\tO\n"]
    (folder / "in.conll").write_text("".join(rows), encoding="utf-8")
    text = run("text", source="in.txt")
    assert [f["place"] for f in text["failures"]] == ["in.txt:2"]
    columns = run("columns", source="in.conll")
    assert [f["row"] for f in columns["failures"]] == [1, 2]
    assert "in.conll:6" in columns["failures"][1]["reason"]
    assert [doc.text for doc in read_docs("columns", lang="sw")] == ["Asha", "", "", "Jua"]


def test_a_sentence_that_a_component_cannot_process(run, line):
    replace_line(12, line(11, "kosa"))
    summary = run()
    (failure,) = summary["failures"]
    assert failure["component"] == "toy"
    assert failure["reason"] == "this word is not to my taste"
    assert summary["statuses"]["error"] == 2  # its source entities
    assert summary["documents"] == 40


def test_fail_fast_stops_and_keeps_what_is_complete(run, line, content):
    replace_line(12, line(11, "kosa"))
    with pytest.raises(XProjError, match=r"XP854.*in\.jsonl:12: toy failed") as caught:
        run(fail_fast=True)
    assert "The 1 shards that are complete are kept" in str(caught.value)
    assert Path("out/shard-00000.spacy").exists()
    assert not Path("out/summary.json").exists()
    run()  # without it, the run goes on
    run("fresh")
    assert content("out") == content("fresh")


def test_where_nothing_works_nothing_is_written(run, folder):
    (folder / "links.pharaoh").write_text("0-9\n" * 40)
    with pytest.raises(XProjError, match=r"XP857.*in\.jsonl:1, failed in xproj_aligner.*XP406"):
        run()
    assert not list(Path("out").glob("shard-*"))


def test_a_model_that_is_missing_stops_the_run(run):
    aligner = {"@xproj_aligners": "spacy-xproj.SoftAlign.v1"}
    aligner["encoder"] = {"@xproj_encoders": "spacy-xproj.HFEncoder.v1", "name": "./nowhere"}
    with pytest.raises(ModelNotFoundError, match="XP902"):
        run(overrides={"components.xproj_aligner.aligner": aligner})


def test_an_aligner_that_would_have_to_learn_first_is_refused(run):
    aligner = {"@xproj_aligners": "spacy-xproj.Statistical.v1"}
    with pytest.raises(XProjError, match=r"XP858.*xproj_aligner learns.*path = "):
        run(overrides={"components.xproj_aligner.aligner": aligner})
    assert not Path("out").exists()
    combined = {
        "@xproj_aligners": "spacy-xproj.Combined.v1",
        "aligners": {"learnt": aligner},
        "weights": {"learnt": 1.0},
    }
    with pytest.raises(XProjError, match="XP858"):
        run(overrides={"components.xproj_aligner.aligner": combined})


# other settings


def test_another_config_is_refused_with_what_differs(run, content):
    run()
    before = content("out")
    overrides = {"components.xproj_source_ner.ignore_labels": ["LOC"]}
    with pytest.raises(XProjError) as caught:
        run(overrides=overrides, limit=20)
    message = str(caught.value)
    assert "components.xproj_source_ner.ignore_labels: [] -> ['LOC']" in message
    assert "options.limit: None -> 20" in message
    assert "--overwrite" in message
    assert content("out") == before
    assert run(overrides=overrides, limit=20, overwrite=True)["ignored"] == {"LOC": 20}
    assert len(list(Path("out").glob("shard-*"))) == 2


def test_changed_links_and_input_are_noticed(run, line):
    run(limit=20)
    Path("links.pharaoh").write_text("0-0\n" * 40)
    with pytest.raises(
        XProjError, match=r"components\.xproj_aligner\.aligner\.path\.content: content"
    ):
        run(limit=20)
    run("other", limit=20)
    replace_line(40, line(99))
    with pytest.raises(XProjError, match=r"input\.in\.jsonl: content \w+\.\.\. -> content"):
        run("other", limit=20)


def test_what_changes_no_output_may_change_between_runs(run, monkeypatch):
    """A batch size is what one makes smaller when memory runs out; a cache may be moved."""
    run()
    monkeypatch.setattr("spacy_xproj.jobs.job.compute_here", None)
    assert run(overrides={"nlp.batch_size": 3})["documents"] == 40


def test_overwrite_resumes_where_nothing_differs(run, monkeypatch):
    run()
    monkeypatch.setattr("spacy_xproj.jobs.job.compute_here", None)
    run(overwrite=True)


def test_folders_that_are_no_place_for_a_run(run, folder):
    (folder / "mine").mkdir()
    (folder / "mine/thesis.tex").write_text("")
    with pytest.raises(XProjError, match=r"XP852.*thesis\.tex"):
        run("mine")
    with pytest.raises(XProjError, match=r"XP852.*it is a file"):
        run("run.cfg")
    with pytest.raises(XProjError, match="XP853"):
        run("./out", source=".")
    assert (folder / "mine/thesis.tex").exists()


def test_an_unfinished_folder_is_no_corpus(run, line):
    replace_line(12, line(11, "kosa"))
    with pytest.raises(XProjError, match="XP854"):
        run(fail_fast=True)
    with pytest.raises(XProjError, match=r"XP617.*Run it again"):
        read_docs("out", lang="sw")
    with pytest.raises(XProjError, match="XP631"):
        read_docs(".", lang="sw")


@pytest.mark.parametrize(
    ("settings", "code"),
    [
        ({"workers": 0}, "XP151"),
        ({"shard_size": 0}, "XP151"),
        ({"limit": 0}, "XP151"),
        ({"engine": "spark"}, "XP150"),
    ],
)
def test_options_that_do_not_hold(settings, code):
    with pytest.raises(XProjError, match=code):
        RunOptions(**settings)


def test_empty_and_missing_input(run, folder):
    (folder / "empty").mkdir()
    (folder / "empty.txt").write_text("")
    for source, code in {"empty": "XP616", "empty.txt": "XP613", "nowhere.txt": "XP601"}.items():
        with pytest.raises(XProjError, match=code):
            run(source=source)


def test_code_that_cannot_be_imported(run, folder):
    (folder / "bad.py").write_text("1/0")
    with pytest.raises(XProjError, match=r"XP865.*ZeroDivisionError"):
        run(code="bad.py")


# shards that were lost or changed


@pytest.mark.parametrize(
    ("name", "damage", "finished"),
    [
        ("shard-00002.spacy", "truncated", True),
        ("shard-00002.spacy", "altered", False),
        ("shard-00002.spacy", "deleted", True),
        ("parts/shard-00002.jsonl.gz", "truncated", False),
        ("parts/shard-00002.json", "truncated", True),
    ],
)
def test_a_damaged_shard_is_made_again(run, content, name, damage, finished):
    run()
    before = content("out")
    path = Path("out") / name
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    if damage == "deleted":
        path.unlink()
    else:
        path.write_bytes(data if damage == "altered" else data[: len(data) // 2])
    if not finished:
        Path("out/summary.json").unlink()
    run()
    assert content("out") == before


def test_a_broken_run_file_is_not_taken_for_another_run_silently(run):
    run()
    Path("out/run.json").write_text("{")
    with pytest.raises(XProjError, match="XP850"):
        run()


@pytest.mark.parametrize("says", [False, True])
def test_an_own_part_counts_by_all_its_settings_or_by_what_it_says(run, folder, says):
    identity = "    def identity(self):\n        return {'kind': 'own'}\n"
    (folder / "own.py").write_text(
        "from spacy_xproj.alignment import Pharaoh\n"
        "from spacy_xproj.registry import registry\n\n"
        "class Own(Pharaoh):\n"
        f"{identity if says else '    pass'}\n"
        "@registry.xproj_aligners('test.own_links.v1')\n"
        "def make(path: str, batch_size: int):\n"
        "    return Own(path=path)\n",
        encoding="utf-8",
    )
    text = Path("run.cfg").read_text(encoding="utf-8").replace('"toy", ', "")
    text = text.replace('[components.toy]\nfactory = "toy"\n', "")
    block = '"test.own_links.v1"\nbatch_size = 4'
    Path("run.cfg").write_text(text.replace('"spacy-xproj.Pharaoh.v1"', block), encoding="utf-8")
    run(code="own.py")
    smaller = {"components.xproj_aligner.aligner.batch_size": 2}
    if says:
        assert run(code="own.py", overrides=smaller)["documents"] == 40
        return
    message = (
        r"(?s)XP850.*aligner\.batch_size: 4 -> 2.*All settings of config\.components\."
        r"xproj_aligner\.aligner count, as it has no identity\(\)"
    )
    with pytest.raises(XProjError, match=message):
        run(code="own.py", overrides=smaller)
    # What is not a setting of its own is said without that.
    with pytest.raises(XProjError) as caught:
        run(code="own.py", limit=20)
    assert "identity()" not in str(caught.value)


def test_a_full_disk_leaves_nothing_half_written(run, content, monkeypatch):
    run("whole")
    write, written = Path.write_bytes, []

    def full(self, data):
        if self.name == "shard-00002.spacy":
            write(self, data[:100])
            raise OSError(errno.ENOSPC, "No space left on device")
        written.append(self.name)
        return write(self, data)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "write_bytes", full)
        with pytest.raises(XProjError, match=r"XP855.*No space left.*The 2 shards") as caught:
            run()
    assert "run the same command again" in str(caught.value)
    assert "shard-00001.spacy" in written
    assert not [name for name in content("out") if "00002" in name]
    run()
    assert content("out") == content("whole")


def test_words_are_forgotten_and_nothing_changes(run, content, monkeypatch):
    """A vocabulary is replaced when it has seen many words, so that memory stays bounded."""
    run("whole")
    made = []

    class Counted(Reading):
        def __init__(self, lang, **settings):
            made.append(lang)
            super().__init__(lang, **settings)

    monkeypatch.setattr("spacy_xproj.text.tokenizers.MAX_WORDS", 0)
    monkeypatch.setattr("spacy_xproj.jobs.source.Reading", Counted)
    run()
    assert len(made) == 4  # one a shard
    assert content("out") == content("whole")


def test_components_of_this_package_need_no_features_of_words(run):
    """Where all are of it, features are not computed; the files read as those of other pipelines,
    whose components may look at them."""
    pipeline = ["xproj_source_ner", "xproj_aligner", "xproj_projector"]
    run("own", code=None, overrides={"nlp.pipeline": pipeline})
    run("other")
    own, other = (
        [[(t.text, t.norm_, t.shape_, t.is_alpha, t.ent_type_) for t in doc] for doc in docs]
        for docs in (read_docs(out, lang="sw") for out in ("own", "other"))
    )
    assert own == other
    assert own[0][0][1:4] == ("asha0", "Xxxxd", False)
