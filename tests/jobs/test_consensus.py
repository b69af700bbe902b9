"""The labels that all shards of a run agree on, however the run was cut and stopped."""

import json
from pathlib import Path

import pytest
import srsly

from spacy_xproj.corpus.consensus import apply_consensus
from spacy_xproj.errors import XProjError
from spacy_xproj.io.formats.files import read_docs
from spacy_xproj.jobs.job import Interrupted
from spacy_xproj.jobs.outdir import OutDir

ODD = (4, 30)  # sentences whose teacher calls the town a company; 20 have a town that is projected


@pytest.fixture(autouse=True)
def towns(folder):
    lines = [json.loads(line) for line in (folder / "in.jsonl").read_text().splitlines()]
    for row in ODD:
        lines[row]["source"]["spans"][1]["label"] = "ORG"
    (folder / "in.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))


def labels(out="out"):
    return [[(e.text, e.label_) for e in doc.ents] for doc in read_docs(out, lang="sw")]


def test_the_few_take_the_label_of_the_many_and_the_output_says_so(run):
    summary = run()
    assert summary["consensus"] == {"labels_changed": 2}
    assert srsly.read_json("out/summary.json") == summary
    docs = read_docs("out", lang="sw")
    for row in ODD:
        assert [(e.text, e.label_) for e in docs[row].ents] == [
            (f"Asha{row}", "PER"),
            ("Dodoma", "LOC"),
        ]
        assert [span.label_ for span in docs[row].spans["xproj_en"]] == ["PER", "LOC"]
        view = docs[row]._.xproj["en"]
        assert view.projections[1].label == "LOC"
        assert view.projections[1].reason == (
            "LOC in place of ORG, as most projections onto these words"
        )
        assert view.entities[1].label == "ORG"  # what the source says stays
    changed = [s for s in srsly.read_jsonl("out/statuses.jsonl") if "source_label" in s]
    assert [(s["row"], s["label"], s["source_label"]) for s in changed] == [
        (row, "LOC", "ORG") for row in ODD
    ]
    assert all(s["reason"].startswith("LOC in place of ORG") for s in changed)


def test_as_a_list_of_documents_would_agree(run):
    run("with")
    run("without", consensus=False)
    docs = read_docs("without", lang="sw")
    assert apply_consensus(docs) == 2
    assert labels("with") == [[(e.text, e.label_) for e in doc.ents] for doc in docs]


@pytest.mark.parametrize("shard_size", [1, 7, 100])
def test_the_same_in_any_shards(run, shard_size):
    run()
    run("other", shard_size=shard_size)
    assert labels("other") == labels()


@pytest.mark.parametrize("stopped_at", [1, 4, 5, 6])
def test_the_same_bytes_where_it_was_stopped_between(run, content, monkeypatch, stopped_at):
    """Writes 1 to 4 are of the shards, 5 and 6 of those that the consensus changes."""
    run("whole")
    write, times = OutDir.write, []

    def stop(self, piece):
        times.append(piece.name)
        if len(times) == stopped_at:
            raise KeyboardInterrupt
        write(self, piece)

    monkeypatch.setattr(OutDir, "write", stop)
    with pytest.raises(Interrupted):
        run()
    assert not Path("out/summary.json").exists()
    monkeypatch.setattr(OutDir, "write", write)
    assert run()["consensus"] == {"labels_changed": 2}
    assert content("out") == content("whole")
    run()
    assert content("out") == content("whole")


def test_a_shard_that_was_half_rewritten_is_made_again(run, content):
    run("whole")
    run()
    damaged = Path("out/shard-00000.spacy")
    damaged.write_bytes(damaged.read_bytes()[:-10])
    run()
    assert content("out") == content("whole")


def test_it_can_be_left_out_and_is_part_of_what_a_run_is(run):
    summary = run(consensus=False)
    assert summary["consensus"] is None
    assert labels()[4][1] == ("Dodoma", "ORG")
    with pytest.raises(XProjError, match=r"(?s)XP850.*options.consensus: False -> True"):
        run()


def test_views_that_an_ensemble_merges_have_voted_already(run, folder):
    config = (
        (folder / "run.cfg")
        .read_text()
        .replace('"xproj_projector"]', '"xproj_projector", "xproj_ensemble"]')
    )
    (folder / "run.cfg").write_text(
        f'{config}[components.xproj_ensemble]\nfactory = "xproj_ensemble"\n'
    )
    assert run()["consensus"] is None
    assert labels()[4][1] == ("Dodoma", "ORG")
