"""``spacy xproj view``."""


def test_a_page_of_a_projected_corpus(done, labelled, folder):
    assert done("view", labelled, "out.html") == "wrote 3 sentences to out.html\n"
    html = (folder / "out.html").read_text(encoding="utf-8")
    assert "<title>out.spacy</title>" in html
    assert ">LOC</option>" in html
    assert "wrote 1 sentences" in done(
        "view", labelled, "out.html", "--sort", "score", "--limit", 1
    )


def test_a_corpus_without_views_has_nothing_to_draw(refused, folder):
    message = refused("view", "en.conll", "out.html")
    assert "None of the 3 sentences of en.conll has a source view" in message
    assert not (folder / "out.html").exists()


def test_a_run_whose_pipeline_makes_no_views(done, refused, folder):
    (folder / "plain.cfg").write_text(
        '[nlp]\nlang = "sw"\npipeline = ["sentencizer"]\n'
        '[components]\n[components.sentencizer]\nfactory = "sentencizer"\n'
    )
    (folder / "plain.txt").write_text("Asha aliondoka.\n", encoding="utf-8")
    done("annotate", "plain.txt", "run", "--config", "plain.cfg")
    message = refused("view", "run", "out.html")
    assert "None of the 1 sentences of run has a source view" in message
    assert "Views are made by xproj_translate, or come with the input" in message


def test_an_order_that_there_is_not(refused, labelled):
    assert "known: margin, score, status" in refused("view", labelled, "out.html", "--sort", "x")
