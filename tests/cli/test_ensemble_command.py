"""``spacy xproj ensemble``: files projected from several source languages -> one set of labels."""

import pytest
import spacy
import srsly
from spacy.tokens import DocBin

from spacy_xproj.io.formats.files import read_docs
from tests.fixtures.chat import KEY_ENV

GERMAN = "Asha\tB-PER\nging\tO\nDodoma\tB-LOC\n\nKijani\tB-PER\nBank\tO\n\nEs\tO\nregnete\tO\n"
FRENCH = "Asha\tB-PER\npartit\tO\nDodoma\tO\n\nBanque\tB-ORG\nKijani\tI-ORG\n\nIl\tO\nplut\tO\n"


@pytest.fixture
def projected(done, folder):
    """en.spacy, de.spacy and fr.spacy: the three Swahili sentences, labelled from each side."""
    for lang, text, links in (
        ("en", None, "0-0 1-1 2-2\n0-2 1-0 2-3\n1-0\n"),
        ("de", GERMAN, "0-0 1-1 2-2\n0-2 1-0\n1-0\n"),
        ("fr", FRENCH, "0-0 1-1 2-2\n0-0 1-2\n1-0\n"),
    ):
        if text:
            (folder / f"{lang}.conll").write_text(text, encoding="utf-8")
        (folder / f"{lang}.pharaoh").write_text(links, encoding="utf-8")
        done(
            *("project", f"{lang}.conll", "sw.conll", f"{lang}.spacy"),
            *("--source-lang", lang, "--target-lang", "sw", "--alignments", f"{lang}.pharaoh"),
        )
    return ["en.spacy", "de.spacy", "fr.spacy"]


def entities(path):
    return [[(e.text, e.label_) for e in doc.ents] for doc in read_docs(path, lang="sw")]


def test_the_views_are_merged(done, projected):
    output = done("ensemble", *projected, "out.spacy", "--target-lang", "sw")
    assert entities("out.spacy") == [
        [("Asha", "PER"), ("Dodoma.", "LOC")],
        [("Benki ya Kijani", "ORG")],
        [],
    ]
    assert "3 sentences, 3 entities from views de, en, fr" in output
    assert output.splitlines()[1:6] == [
        "views behind it  entities  outvoted",
        "---------------  --------  --------",
        "              3         1         0",
        "              2         2         0",
        "              1         0         1",
    ]
    doc = read_docs("out.spacy", lang="sw")[1]
    assert list(doc._.xproj) == ["en", "de", "fr"]
    (outvoted,) = doc._.xproj_ensemble.outvoted
    assert (outvoted.label, [lang for lang, _ in outvoted.support]) == ("PER", ["de"])


def test_a_run_in_shards_says_what_was_kept_and_what_was_outvoted(done, projected, folder):
    done("ensemble", *projected, "views.spacy", "--target-lang", "sw")
    config = '[nlp]\nlang = "sw"\npipeline = ["xproj_ensemble"]\n[components]\n'
    config += '[components.xproj_ensemble]\nfactory = "xproj_ensemble"\n'
    (folder / "e.cfg").write_text(config, encoding="utf-8")
    output = done("annotate", "views.spacy", "out", "--config", "e.cfg")
    assert "the ensemble kept 3 and outvoted 1:" in output
    assert "              1         0         1" in output
    lines = [one for one in srsly.read_jsonl("out/statuses.jsonl") if one["kind"] == "ensemble"]
    assert [(one["text"], one["label"], one["status"]) for one in lines] == [
        *(("Asha", "PER", "kept"), ("Dodoma.", "LOC", "kept")),
        *(("Benki ya Kijani", "ORG", "kept"), ("Kijani", "PER", "below_threshold")),
    ]
    assert list(lines[1]["support"]) == ["de", "en"]
    assert (lines[3]["start"], lines[3]["end"], list(lines[3]["support"])) == (9, 15, ["de"])
    assert "too low" in lines[3]["reason"]


def test_weights_are_learnt_from_the_files_at_hand(done, projected, folder):
    block = '@xproj_ensembles = "spacy-xproj.SpanVote.v1"\nweights = "learnt"\n'
    config = '[components]\n\n[components.xproj_ensemble]\nfactory = "xproj_ensemble"\n\n'
    config += f"[components.xproj_ensemble.ensemble]\n{block}"
    (folder / "vote.cfg").write_text(config, encoding="utf-8")
    done("ensemble", *projected, "out.spacy", "--target-lang", "sw", "--config", "vote.cfg")
    method = read_docs("out.spacy", lang="sw")[0]._.xproj_ensemble.method
    assert method["ensemble"] == "span_vote"
    assert sorted(method["learnt"]["weights"]["ORG"]) == ["de", "en", "fr"]


ARBITER = """
[components]

[components.xproj_ensemble]
factory = "xproj_ensemble"

[components.xproj_ensemble.ensemble]
@xproj_ensembles = "spacy-xproj.LLMArbiter.v1"

[components.xproj_ensemble.ensemble.client]
@xproj_clients = "spacy-xproj.ChatClient.v1"
url = "{url}"
model = "toy"
key_env = "{key_env}"
"""


def test_an_arbiter_is_counted_first_and_then_asked(done, projected, folder, chat):
    chat.answer = lambda body: {"keep": []}
    config = ARBITER.format(url=chat.url, key_env=KEY_ENV)
    (folder / "arbiter.cfg").write_text(config, encoding="utf-8")
    args = ("out.spacy", "--target-lang", "sw", "--config", "arbiter.cfg")
    dry = "components.xproj_ensemble.ensemble.client.dry_run=true"
    output = done("ensemble", *projected, *args, "--set", dry)
    assert "planned_calls 1, planned_tokens" in output
    assert chat.bodies == []
    assert "out.spacy is not written" in output
    assert not (folder / "out.spacy").exists()
    output = done("ensemble", *projected, *args)
    assert "calls 1, prompt_tokens 100, completion_tokens 10" in output
    assert entities("out.spacy") == [[("Asha", "PER"), ("Dodoma.", "LOC")], [], []]
    report = read_docs("out.spacy", lang="sw")[1]._.xproj_ensemble.report()
    assert "asked toy:" in report
    assert "answered none; the vote takes" in report
    assert "1 conflicts were put to the arbiter; the vote decided 0 of them" in output


def test_that_the_vote_decided_everything_is_told_with_the_reason(done, projected, folder, chat):
    """In one file and in shards: else the run looks as if the arbiter had been asked."""
    chat.faults = [401] * 2
    config = ARBITER.format(url=chat.url, key_env=KEY_ENV)
    (folder / "arbiter.cfg").write_text(config, encoding="utf-8")
    args = ("--target-lang", "sw", "--config", "arbiter.cfg", "--json", "found.json")
    output = done("ensemble", *projected, "out.spacy", *args)
    reason = f"HTTP 401: it refuses the key in ${KEY_ENV}"
    assert "1 conflicts were put to the arbiter; the vote decided 1 of them" in output
    warning = f"warning: the arbiter decided nothing; most often (1 times), as {reason}\n"
    assert warning in output
    found = srsly.read_json("found.json")
    assert (found["rulings"], found["unruled"]) == (1, {reason: 1})
    head = '[nlp]\nlang = "sw"\npipeline = ["xproj_ensemble"]\n'
    (folder / "shards.cfg").write_text(head + config, encoding="utf-8")
    output = done("annotate", "out.spacy", "out", "--config", "shards.cfg")
    assert warning in output
    assert srsly.read_json("out/summary.json")["unruled"] == {reason: 1}
    # Of an answer that cannot be used the reason is told, not the answer, which differs each time.
    chat.answer = lambda body: "I would keep 1."
    output = done("ensemble", *projected, "out.spacy", *args)
    assert "as the answer does not fit its form: Invalid JSON" in output
    assert "I would" not in output


def test_a_run_that_is_stopped_says_what_it_has_spent(run, projected, folder, chat, monkeypatch):
    chat.answer = lambda body: {"keep": []}
    config = ARBITER.format(url=chat.url, key_env=KEY_ENV)
    (folder / "arbiter.cfg").write_text(config, encoding="utf-8")

    def stop(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr("spacy_xproj.components.ensemble.outcomes", stop)
    args = ("out.spacy", "--target-lang", "sw", "--config", "arbiter.cfg")
    result = run("ensemble", *projected, *args)
    assert result.exit_code == 130
    assert "calls 1, prompt_tokens 100" in result.stdout
    assert not (folder / "out.spacy").exists()


def test_input_that_does_not_fit_together(refused, projected, folder):
    args = ("out.spacy", "--target-lang", "sw")
    message = refused("ensemble", "en.spacy", "en.spacy", *args)
    assert "[XP578]" in message
    assert "'en'" in message
    vocab = spacy.blank("sw").vocab
    docs = list(DocBin().from_disk("de.spacy").get_docs(vocab))
    DocBin(docs=docs[:2], store_user_data=True).to_disk("short.spacy")
    assert "[XP802]" in refused("ensemble", "en.spacy", "short.spacy", *args)
    DocBin(docs=docs[::-1], store_user_data=True).to_disk("other.spacy")
    message = refused("ensemble", "en.spacy", "other.spacy", *args)
    assert "first at sentence 1: 3 and 2 words" in message
    assert "[XP580]" in refused("ensemble", "sw.conll", *args)
    (folder / "empty.cfg").write_text("[components]\n", encoding="utf-8")
    assert "[XP581]" in refused("ensemble", *projected, *args, "--config", "empty.cfg")
