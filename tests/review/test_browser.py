"""The pages in a real browser, with keyboard and mouse. ``pytest -m browser``; XPROJ_PICTURES names
a folder for pictures of what was looked at."""

import os
import re
import shutil
import threading
from pathlib import Path

import pytest

from spacy_xproj.review.browse import write_browser
from spacy_xproj.review.decisions import Decision, add_decision, read_decisions
from spacy_xproj.review.queue import Queue
from spacy_xproj.review.server import ReviewServer

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def chromium():
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        installed = shutil.which("chromium")
        settings = {"executable_path": installed} if installed else {}
        browser = playwright.chromium.launch(args=["--no-sandbox"], **settings)
        yield browser
        browser.close()


@pytest.fixture
def page(chromium, request):
    """A page; what its console says is an error of the test."""
    page = chromium.new_page(viewport={"width": 1100, "height": 900})
    said = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    yield page
    folder = os.environ.get("XPROJ_PICTURES")
    if folder:
        page.screenshot(path=Path(folder) / f"{request.node.name}.png")
    page.close()
    # Chromium logs each answer that is not OK, as that to who was too late.
    assert [text for text in said if "409" not in text] == []


@pytest.fixture
def docs(make_doc):
    """Sentences of which every fifth is in Arabic script; each with a person and a place."""
    docs = []
    for i in range(45):
        name, verb = ("غادرت", "آشا") if i % 5 == 0 else ("Asha", "aliona")
        doc = make_doc(
            f"{name} {verb} Dodoma tena {i}",
            "Asha saw <b>Dodoma</b> again",
            entities=[(0, 1, "PER"), (2, 3, "LOC")],
            links=[(0, 0, 0.9), (1, 1, 0.8), (2, 2, 1.0), (3, 3, 0.4)],
            projections=[
                (0, "PER", "projected", 0, 1, i / 45),
                (1, "LOC", "projected", 2, 3, 0.9)
                if i % 2
                else (1, "LOC", "unaligned", *[None] * 3),
            ],
        )
        (view,) = doc._.xproj.values()
        found = [p for p in view.projections if p.start is not None]
        doc.set_ents([doc.char_span(p.start_char, p.end_char, p.label) for p in found])
        docs.append(doc)
    return docs


@pytest.fixture
def view(page, docs, tmp_path):
    path = tmp_path / "view.html"
    names = [f"Sentence {i}" for i in range(1, len(docs) + 1)]
    write_browser(path, docs, title="corpus", names=names, sort="score")
    page.goto(path.as_uri())
    page.wait_for_selector(".sentence")
    return page


def shows(page, id, pattern):
    """Wait until an element has such a text."""
    from playwright.sync_api import expect

    expect(page.locator(f"#{id}")).to_have_text(re.compile(pattern))


def where(page):
    return page.locator("#where").inner_text()


def test_view_shows_turns_and_filters(view):
    assert where(view) == "1 to 20 of 45 sentences"
    assert view.locator(".sentence").count() == 20
    view.keyboard.press("ArrowRight")
    shows(view, "where", "^21")
    view.select_option("select[name=status]", label="unaligned (23)")
    shows(view, "where", "of 23")
    view.fill("input[name=text]", "tena 7")
    shows(view, "where", "^0 sentences$")
    view.select_option("select[name=status]", label="all statuses")
    shows(view, "where", "of 1 ")
    assert view.locator("h3").inner_text() == "Sentence 8"
    assert view.locator("svg text", has_text="<b>Dodoma</b>").count() == 1


@pytest.fixture
def review(page, docs, tmp_path):
    queue = Queue(docs, tmp_path / "log.jsonl", sort=None)
    server = ReviewServer(queue, title="corpus")
    threading.Thread(target=server.serve_forever, daemon=True).start()
    page.goto(server.address)
    page.wait_for_selector(".word")
    yield page
    server.shutdown()
    server.server_close()


def test_review_with_the_keyboard(review, tmp_path):
    log = tmp_path / "log.jsonl"
    review.fill("#who", "ana")
    review.locator("#words").focus()
    assert where(review) == "1 of 45, 0 decided"
    review.keyboard.press("Enter")
    shows(review, "where", "^2 of")
    # The second: the mark is on its person; drop that, and label two words as a place.
    review.keyboard.press("x")
    for key in ("ArrowRight", "ArrowRight", "Shift+ArrowRight", "1"):
        review.keyboard.press(key)
    review.keyboard.press("a")
    shows(review, "where", "^3 of")
    review.keyboard.press("i")
    shows(review, "where", "^4 of")
    found = read_decisions(log)
    assert found[0].entities == ((0, 5, "PER"),)
    assert found[1].entities == ((12, 23, "LOC"),)
    assert (found[1].reviewer, found[2].answer) == ("ana", "ignore")
    review.reload()
    review.wait_for_selector(".word")
    assert where(review) == "4 of 45, 3 decided"  # it goes on where it was
    review.keyboard.press("ArrowUp")
    shows(review, "said", "ignore by ana")


def test_review_says_when_somebody_else_was_faster(review, docs, tmp_path):
    other = Decision(0, docs[0].text, "accept", (), "ben")
    add_decision(tmp_path / "log.jsonl", other)
    review.keyboard.press("Enter")
    shows(review, "said", "by ben")
    assert read_decisions(tmp_path / "log.jsonl")[0].reviewer == "ben"
    review.keyboard.press("Enter")  # now knowing it
    shows(review, "where", "^2 of")
    assert read_decisions(tmp_path / "log.jsonl")[0].reviewer == ""
