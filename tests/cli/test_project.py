"""``spacy xproj project`` and ``align``: labels and links for a line-by-line translation."""

import json

import pytest

from spacy_xproj.alignment import read_pharaoh
from spacy_xproj.data.labels import is_labelled
from spacy_xproj.io.formats.files import read_docs

LANGS = ("--source-lang", "en", "--target-lang", "sw")
WITH_LINKS = (*LANGS, "--alignments", "links.pharaoh")


def entities(path):
    return [[(e.text, e.label_) for e in doc.ents] for doc in read_docs(path, lang="sw")]


WANTED = [
    [("Asha", "PER"), ("Dodoma.", "LOC")],
    [("Benki ya Kijani", "ORG")],
    [],
]


@pytest.mark.parametrize("suffix", ["conll", "spacy", "jsonl", "conll.gz"])
def test_columns_to_each_format(done, suffix):
    """Tokens stay as the target file has them: "Dodoma." is one."""
    output = done("project", "en.conll", "sw.conll", f"out.{suffix}", *WITH_LINKS)
    assert entities(f"out.{suffix}") == WANTED
    assert "3 sentences, 3 source entities" in output
    assert "projected         3  1.000" in output
    assert f"wrote out.{suffix}" in output


def test_written_columns_are_the_words_that_were_given(done, folder):
    done("project", "en.conll", "sw.conll", "out.conll", *WITH_LINKS)
    words = [line.split("\t")[0] for line in (folder / "out.conll").read_text().splitlines()]
    given = [line.split("\t")[0] for line in (folder / "sw.conll").read_text().splitlines()]
    assert [w for w in words if w] == [w for w in given if w]


def test_raw_text_is_tokenised(done):
    """ "Dodoma." is two tokens here, so the same link falls on the name alone."""
    done("project", "en.conll", "sw.txt", "out.jsonl", *WITH_LINKS)
    assert entities("out.jsonl") == [[("Asha", "PER"), ("Dodoma", "LOC")], *WANTED[1:]]


def test_docbin_keeps_the_views(done):
    done("project", "en.conll", "sw.conll", "out.spacy", *WITH_LINKS)
    doc = read_docs("out.spacy", lang="sw")[1]
    view = doc._.xproj["en"]
    assert view.words == ("Kijani", "Bank", "opened")
    assert view.provenance["aligner"] == {"aligner": "pharaoh", "path": "links.pharaoh"}
    assert doc._.xproj.statuses() == {"projected": 1}


def test_an_encoder_and_a_config(done, one_layer, tiny_encoder):
    done("project", "en.conll", "sw.conll", "a.spacy", *LANGS, "--config", one_layer)
    done(
        *("project", "en.conll", "sw.conll", "b.spacy", *LANGS),
        *("--config", one_layer, "--encoder", tiny_encoder),
    )
    for path in ("a.spacy", "b.spacy"):
        docs = read_docs(path, lang="sw")
        assert [doc._.xproj["en"].provenance["aligner"]["encoder"]["layers"] for doc in docs] == [
            [1]
        ] * 3
        assert docs[0].ents[0].text == "Asha"
    assert entities("a.spacy") == entities("b.spacy")


def test_a_default_aligner_with_another_encoder(done, folder, tiny_encoder):
    """The layers suit its depth, which is 4."""
    done("project", "en.conll", "sw.conll", "out.spacy", *LANGS, "--encoder", tiny_encoder)
    view = read_docs(folder / "out.spacy", lang="sw")[0]._.xproj["en"]
    assert view.provenance["aligner"]["encoder"]["layers"] == [1, 2, 3]


def test_layers_that_the_encoder_does_not_have(refused, folder, tiny_encoder, bad_layer):
    message = refused(
        *("project", "en.conll", "sw.conll", "out.conll", *LANGS),
        *("--encoder", tiny_encoder, "--config", bad_layer),
    )
    assert "XP914" in message
    assert "it has layers 0 to 4. Set layers = [3]" in message
    assert not (folder / "out.conll").exists()


def test_each_status_is_counted_and_failures_are_listed(done, folder):
    (folder / "links.pharaoh").write_text("0-0\n0-9\n\n", encoding="utf-8")
    output = done("project", "en.conll", "sw.conll", "out.conll", *WITH_LINKS)
    for status in ("projected", "unaligned", "error"):
        assert f"{status} " in output
    assert "1 sentences failed and are not labelled:" in output
    assert "sentence 2, xproj_aligner: [XP406] links.pharaoh:2" in output
    assert entities("out.conll") == [[("Asha", "PER")], []]
    assert "1 sentences dropped (no-labels 1); rows, counted from 0: 1" in output
    assert '"row": 1' in (folder / "out.conll.dropped.jsonl").read_text()


def test_a_long_list_of_failures_is_cut(done, folder):
    (folder / "en.conll").write_text("Asha\tB-PER\n\n" * 13, encoding="utf-8")
    (folder / "sw.conll").write_text("Asha\tO\n\n" * 13, encoding="utf-8")
    (folder / "links.pharaoh").write_text("0-0\n" + "0-9\n" * 12, encoding="utf-8")
    output = done("project", "en.conll", "sw.conll", "out.conll", *WITH_LINKS)
    assert "12 sentences failed" in output
    assert "sentence 11," in output
    assert "sentence 12," not in output
    assert "and 2 more" in output


def test_sides_of_different_length(refused, folder):
    (folder / "short.txt").write_text("Asha aliondoka\n", encoding="utf-8")
    message = refused("project", "en.conll", "short.txt", "out.conll", *WITH_LINKS)
    assert "en.conll has 3 sentences, short.txt has 1" in message
    assert not (folder / "out.conll").exists()


def test_a_source_without_labels(refused, folder):
    (folder / "en.txt").write_text("Asha left\nBank\nIt\n", encoding="utf-8")
    assert "XP614" in refused("project", "en.txt", "sw.txt", "out.conll", *WITH_LINKS)
    assert not (folder / "out.conll").exists()


def test_an_unknown_suffix_is_refused_before_any_work(refused, folder):
    """The source is not even looked for."""
    message = refused("project", "nowhere.conll", "sw.txt", "out.xyz", *WITH_LINKS)
    assert "XP612" in message
    assert "'.xyz'" in message


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["nowhere.conll", "sw.txt", "out.conll", *WITH_LINKS], "XP601"),
        (["en.conll", "sw.txt", "out.conll", *LANGS, "--alignments", "nowhere"], "XP405"),
        (["en.conll", "sw.txt", "out.conll", *LANGS, "--config", "nowhere.cfg"], "XP910"),
        (["en.conll", "sw.txt", "out.conll", *LANGS, "--encoder", "./nowhere"], "XP902"),
        (["en.conll", "sw.txt", "out.conll", *WITH_LINKS, "--encoder", "a/b"], "XP912"),
        (
            ["en.conll", "sw.conll", "out.conll", "--source-lang", "en", "--target-lang", "qqq"],
            "XP610",
        ),
    ],
)
def test_what_was_written_before_stays_when_a_later_step_fails(refused, folder, arguments, message):
    (folder / "out.conll").write_text("before", encoding="utf-8")
    assert message in refused("project", *arguments)
    assert (folder / "out.conll").read_text(encoding="utf-8") == "before"


def test_an_output_that_cannot_be_written(refused, folder):
    (folder / "file").write_text("", encoding="utf-8")
    assert "file" in refused("project", "en.conll", "sw.txt", "file/out.conll", *WITH_LINKS)


def test_align_writes_one_line_a_pair(done, folder, one_layer):
    output = done("align", "en.conll", "sw.txt", "out.pharaoh", "--config", one_layer)
    links = read_pharaoh("out.pharaoh")
    assert len(links) == 3
    assert (0, 0) in links[0].pairs
    assert f"wrote {sum(map(len, links))} links of 3 sentence pairs to out.pharaoh" in output
    done("project", "en.conll", "sw.txt", "out.conll", *LANGS, "--alignments", "out.pharaoh")
    done("project", "en.conll", "sw.txt", "direct.conll", *LANGS, "--config", one_layer)
    assert (folder / "out.conll").read_bytes() == (folder / "direct.conll").read_bytes()


def test_align_takes_raw_text_with_empty_lines(done, folder, one_layer):
    (folder / "en.txt").write_text("Asha left\n\nIt rained\n", encoding="utf-8")
    done("align", "en.txt", "sw.txt", "out.pharaoh", "--config", one_layer)
    links = read_pharaoh("out.pharaoh")
    assert [bool(one) for one in links] == [True, False, True]


def test_align_writes_nothing_where_a_pair_fails(refused, folder, tiny_encoder, bad_layer):
    message = refused(
        *("align", "en.conll", "sw.txt", "out.pharaoh"),
        *("--encoder", tiny_encoder, "--config", bad_layer),
    )
    assert "XP913" in message
    assert "3 sentence pairs could not be aligned; the first is pair 1" in message
    assert not (folder / "out.pharaoh").exists()


def test_a_statistical_aligner_learns_from_the_corpus_at_hand(done, folder):
    pytest.importorskip("thot", reason="needs the extra [stat]")
    (folder / "en.txt").write_text("red house\nred\nhouse\n" * 4, encoding="utf-8")
    (folder / "sw.txt").write_text("nyumba nyekundu\nnyekundu\nnyumba\n" * 4, encoding="utf-8")
    (folder / "own.cfg").write_text(
        '[components]\n[components.xproj_aligner]\nfactory = "xproj_aligner"\n'
        "[components.xproj_aligner.aligner]\n"
        '@xproj_aligners = "spacy-xproj.Statistical.v1"\n',
        encoding="utf-8",
    )
    done("align", "en.txt", "sw.txt", "out.pharaoh", "--config", "own.cfg")
    links = {(k, l): a for k, l, a in read_pharaoh("out.pharaoh")[0]}
    assert min(links[0, 1], links[1, 0]) > max(links.get((0, 0), 0), links.get((1, 1), 0))


def test_labels_of_the_target_do_not_vanish_without_a_word(done, folder):
    text = (folder / "sw.conll").read_text(encoding="utf-8").replace("Asha\tO", "Asha\tB-VIP")
    (folder / "gold.conll").write_text(text, encoding="utf-8")
    output = done("project", "en.conll", "gold.conll", "out.conll", *WITH_LINKS, "--json", "o.json")
    assert "1 entities that 1 sentences of gold.conll had are replaced" in output
    assert "spacy xproj score gold.conll out.conll" in output
    found = json.loads((folder / "o.json").read_text(encoding="utf-8"))
    assert (found["replaced_entities"], found["replaced_documents"]) == (1, 1)
    assert entities("out.conll") == WANTED
    output = done("project", "en.conll", "sw.conll", "out.conll", *WITH_LINKS)
    assert "are replaced" not in output


def test_spans_of_the_target_neither(done, folder):
    for name, text in (("en", "Asha left Dodoma"), ("sw", "Asha aliondoka Dodoma")):
        spans = [{"start": 0, "end": 4, "label": "PER"}, {"start": 0, "end": 8, "label": "X"}]
        line = json.dumps({"text": text, "spans": spans[: 1 if name == "en" else 2]})
        (folder / f"{name}.jsonl").write_text(f"{line}\n", encoding="utf-8")
    (folder / "links.pharaoh").write_text("0-0 1-1 2-2\n", encoding="utf-8")
    line = ("project", "en.jsonl", "sw.jsonl", "out.spacy", *WITH_LINKS, "--spans-key", "sc")
    assert "2 entities that 1 sentences of sw.jsonl had" in done(*line)
    done("convert", "out.spacy", "sw.spacy")
    line = ("project", "en.jsonl", "sw.spacy", "out.spacy", *WITH_LINKS, "--spans-key", "sc")
    assert "1 entities that 1 sentences of sw.spacy had" in done(*line)


def test_a_target_without_a_source_sentence_is_counted_and_not_labelled(done, folder):
    (folder / "en.jsonl").write_text(
        '{"text": "Asha left", "spans": [{"start": 0, "end": 4, "label": "PER"}]}\n'
        '{"text": "", "spans": []}\n{"text": "", "spans": []}\n',
        encoding="utf-8",
    )
    (folder / "sw.jsonl").write_text(
        '{"text": "Asha aliondoka"}\n{"text": "Habari"}\n{"text": ""}\n', encoding="utf-8"
    )
    (folder / "links.pharaoh").write_text("0-0\n\n\n", encoding="utf-8")
    output = done("project", "en.jsonl", "sw.jsonl", "out.spacy", *WITH_LINKS)
    assert "1 sentences: no_translation" in output
    assert [is_labelled(doc) for doc in read_docs("out.spacy", lang="sw")] == [True, False, True]
    output = done("project", "en.jsonl", "sw.jsonl", "out.conll", *WITH_LINKS)
    assert "1 sentences dropped (no-labels 1); rows, counted from 0: 1" in output
