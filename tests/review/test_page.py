"""The report page: where words, boxes and curves go, and what the file holds."""

import base64
import re
from html.parser import HTMLParser

import pytest

from spacy_xproj.data.status import ViewStatus
from spacy_xproj.errors import XProjError
from spacy_xproj.io.tables import Cell
from spacy_xproj.review.drawing import is_rtl, layout_links
from spacy_xproj.review.page import (
    ReportExample,
    ReportFigure,
    ReportTable,
    write_report,
)
from spacy_xproj.review.templates import LABEL_COLOURS, OTHER_COLOURS, colour_class

VOID = {"meta", "link", "img"}


class Page(HTMLParser):
    """Checks that elements close in order; keeps elements, the text of cells, and all text."""

    def __init__(self, html):
        super().__init__()
        self.open: list[str] = []
        self.elements: list[tuple[str, dict]] = []
        self.cells: list[str] = []
        self.text = ""
        self.feed(html)
        assert not self.open

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)
        if tag in ("td", "th"):
            self.cells.append("")

    def handle_startendtag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if "style" not in self.open:
            self.text += data
        if "td" in self.open or "th" in self.open:
            self.cells[-1] += data

    def find(self, tag):
        return [attrs for name, attrs in self.elements if name == tag]


@pytest.fixture
def write(tmp_path):
    def write(**parts):
        path = tmp_path / "report.html"
        write_report(
            path, **{"title": "Results", "summary": "", "tables": [], "examples": []} | parts
        )
        return path.read_text(encoding="utf-8")

    return write


# Layout


def test_words_stand_in_two_rows_from_left_to_right():
    layout = layout_links(["one", "two"], ["moja", "mbili", "tatu"], [])
    rows = {side: [w for w in layout.words if w.side == side] for side in ("source", "target")}
    assert [w.text for w in rows["source"]] == ["one", "two"]
    assert [w.text for w in rows["target"]] == ["moja", "mbili", "tatu"]
    for row in rows.values():
        assert [w.x for w in row] == sorted(w.x for w in row)
        assert len({w.y for w in row}) == 1
    assert rows["source"][0].y < rows["target"][0].y < layout.height
    assert max(w.x for w in layout.words) < layout.width


def test_wide_characters_take_twice_the_room():
    narrow, wide = layout_links(["abcd"], [], []), layout_links(["東西"], [], [])
    assert narrow.width == wide.width
    assert layout_links(["東西南北"], [], []).width > narrow.width


def test_a_box_holds_its_words_and_is_as_wide_as_its_label():
    words = ["in", "EU", "now"]
    layout = layout_links(words, [], [], source_spans=[(1, 2, "A_VERY_LONG_LABEL")])
    (box,) = layout.boxes
    assert box.width >= 7 * len("A_VERY_LONG_LABEL")
    inside = [w.text for w in layout.words if box.x < w.x < box.x + box.width]
    assert inside == ["EU"]
    assert box.label_y < box.y


def test_the_label_of_a_target_box_is_below_it():
    (box,) = layout_links(["EU"], ["UE"], [], target_spans=[(0, 1, "ORG")]).boxes
    assert box.label_y > box.y + box.height


def test_labels_of_overlapping_entities_do_not_collide():
    spans = [(0, 3, "ORG"), (1, 2, "LOC"), (3, 4, "PER")]
    boxes = layout_links(["a", "b", "c", "d"], [], [], source_spans=spans).boxes
    assert boxes[1].label_y < boxes[0].label_y == boxes[2].label_y
    assert all(box.label_y > 0 for box in boxes)


def test_a_curve_joins_its_two_words_and_knows_its_entity():
    layout = layout_links(
        ["visited", "Rome"],
        ["Roma", "visitata"],
        [(0, 1, 0.4), (1, 0, 0.9)],
        source_spans=[(1, 2, "LOC")],
    )
    x = {w.text: w.x for w in layout.words}
    grey, coloured = layout.curves
    assert (grey.label, grey.strength) == (None, 0.4)
    assert (coloured.label, coloured.strength) == ("LOC", 0.9)
    assert coloured.path.startswith(f"M{x['Rome']:g} ")
    assert f" {x['Roma']:g} " in coloured.path


def test_text_from_right_to_left_starts_at_the_right():
    layout = layout_links(["Leila", "came"], ["جاءت", "ليلى"], [])
    target = [w for w in layout.words if w.side == "target"]
    assert all(w.rtl for w in target)
    assert target[0].x > target[1].x
    assert is_rtl("שלום, Rome!") is False
    assert is_rtl("שלום עולם, EU") is True
    assert is_rtl("") is False


def test_the_shorter_row_is_spread():
    words = ["w"] * 10
    layout = layout_links(["a", "b", "c", "d", "e", "f"], words, [])
    last = {w.side: w.x for w in layout.words}
    assert last["source"] == last["target"]


def test_an_empty_side_and_words_of_whitespace_can_be_drawn():
    layout = layout_links([], ["\n"], [])
    assert [w.text for w in layout.words] == ["␣"]
    assert layout_links([], [], []).words == ()


@pytest.mark.parametrize("link", [(1, 0, 0.5), (0, 1, 0.5), (0, 0, 0.0), (0, 0, 1.5)])
def test_a_link_outside_the_words_is_named(link):
    with pytest.raises(XProjError, match=rf"XP707.*'Ex'.*{link[0]}-{link[1]}"):
        layout_links(["a"], ["b"], [link], title="Ex")


def test_a_span_outside_the_words_is_named():
    with pytest.raises(XProjError, match=r"XP708.*'Ex'.*target span \[0, 2\) PER"):
        layout_links(["a"], ["b"], [], target_spans=[(0, 2, "PER")], title="Ex")


# Colours


def luminance(colour):
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one, other):
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("colours", [*LABEL_COLOURS.values(), *OTHER_COLOURS])
def test_labels_are_readable_in_both_themes(colours):
    """WCAG 2 asks for 4.5 for text; labels stand on their tint and on the panel."""
    for ground in (colours.tint, "#ffffff", "#f7f8fa"):
        assert contrast(colours.ink, ground) >= 4.5
    for ground in (colours.dark_tint, "#14171b", "#1a1e23"):
        assert contrast(colours.dark_ink, ground) >= 4.5
    assert contrast("#1b1f24", colours.tint) >= 7
    assert contrast("#e4e7eb", colours.dark_tint) >= 7


def test_common_labels_have_a_colour_of_their_own_and_others_a_stable_one():
    assert len({colour_class(label) for label in LABEL_COLOURS}) == len(LABEL_COLOURS)
    assert colour_class("PER") == "c-per"
    assert colour_class("WORK_OF_ART") == colour_class("WORK_OF_ART") == "c-3"
    assert re.fullmatch(r"c-\d", colour_class('x"><script>'))


# Page


def test_tables_align_numbers_and_mark_the_best(write):
    rows: list[list[Cell]] = [
        ["a", 0.51234, 0.2, 7, None],
        ["b", -0.5, 0.1, 9, "new"],
        ["c", None, 0.3, 8, "old"],
    ]
    columns = ["System", "F1", "AER", "n", "Remark"]
    html = write(tables=[ReportTable("T", columns, rows, "A note.", lower_is_better=["AER"])])
    page = Page(html)
    assert page.cells[5:] == [
        *("a", "0.512", "0.200", "7", "–"),
        *("b", "−0.500", "0.100", "9", "new"),
        *("c", "–", "0.300", "8", "old"),
    ]
    assert re.findall(r'<strong class="best">(.*?)</strong>', html) == ["0.512", "0.100"]
    assert [a.get("class") for a in page.find("th")[:5]] == [None, "num", "num", "num", None]
    assert [a["scope"] for a in page.find("th")] == ["col"] * 5 + ["row"] * 3
    assert "A note." in page.text


def test_equal_scores_have_no_best(write):
    rows: list[list[Cell]] = [["a", 0.50001, float("nan")], ["b", 0.5, 0.25]]
    html = write(tables=[ReportTable("T", ["s", "x", "y"], rows)])
    assert "<strong" not in html
    assert "nan" not in Page(html).cells


def test_an_example_shows_both_sides_and_every_entity(write, doc):
    html = write(examples=[ReportExample("Visit", doc, "en", [(1, 3, "PER"), (5, 6, "DATE")])])
    page = Page(html)
    head = ["Source entity", "Label", "Target span", "Score", "Status", "Reason", "Gold"]
    assert [cell.strip() for cell in page.cells] == [
        *head,
        *("Samia Suluhu", "PER", "Samia Suluhu", "0.725", "projected", "", "✓"),
        *("Dodoma", "LOC", "Dodoma", "1.000", "projected", "", "✗"),
        *("yesterday", "DATE", "–", "–", "unaligned", "no word has a link", "–"),
    ]
    marks = [a["aria-label"] for a in page.find("span") if "mark" in a.get("class", "")]
    assert marks == [
        *("is in gold", "is not in gold"),
        *("found by the projection", "missed by the projection"),
    ]
    assert len(page.find("rect")) == 5
    assert [a["opacity"] for a in page.find("path")] == ["0.9", "0.95", "0.5", "0.8", "1"]
    classes = [a.get("class") for a in page.find("path")]
    assert classes == [None, "c-per", "c-per", None, "c-loc"]
    (svg,) = page.find("svg")
    assert svg["role"] == "img"
    assert "<title id=" in html
    assert {a["lang"] for a in page.find("text") if "lang" in a} == {"en", "sw"}


def test_without_gold_nothing_is_marked_and_without_reasons_there_is_no_column(write, make_doc):
    doc = make_doc("Roma", "Rome", entities=[(0, 1, "LOC")], lang="xx")
    html = write(examples=[ReportExample("x", doc, "en")])
    page = Page(html)
    assert page.cells == [
        *("Source entity", "Label", "Target span", "Score", "Status"),
        *("Rome", "LOC", "–", "–", "–"),
    ]
    assert not [a for a in page.find("span") if "mark" in a.get("class", "")]
    assert {a["lang"] for a in page.find("text") if "lang" in a} == {"en", "und"}


def test_what_a_view_lacks_is_said(write, make_doc):
    doc = make_doc("jambo", "", status=ViewStatus.EMPTY_TRANSLATION, reason="no output")
    view = doc._.xproj["en"]
    doc._.xproj["en"] = view.replace(projections=None, links=None, ignored={"MISC": 2})
    text = Page(write(examples=[ReportExample("x", doc, "en", [])])).text
    assert "empty_translation (no output)" in text
    assert "Not aligned, projected yet." in text
    assert "left out by the settings: MISC 2" in text
    assert "no entities" in text


def test_everything_from_outside_is_escaped(write, make_doc):
    evil = "<script>alert(1)</script>"
    quote = '"onload="x'
    doc = make_doc(
        f"{evil} {quote}",
        f"{evil} {quote}",
        entities=[(0, 1, evil), (1, 2, quote)],
        links=[(0, 0, 1.0), (1, 1, 1.0)],
        projections=[
            (0, evil, "projected", 0, 1, 1.0, evil),
            (1, quote, "projected", 1, 2, 1.0, quote),
        ],
        lang=quote,
        status=ViewStatus.TRUNCATED,
        reason=evil,
        ignored={evil: 1},
    )
    html = write(
        title=evil,
        summary=evil,
        tables=[ReportTable(evil, [evil, quote], [[evil, quote]], evil)],
        examples=[ReportExample(evil + quote, doc, "en", [(0, 1, evil)])],
    )
    page = Page(html)
    assert not page.find("script")
    assert not [a for _, a in page.elements if "onload" in a]
    assert page.text.count(evil) > 15


def test_the_page_requests_nothing_and_needs_no_script(write, doc):
    html = write(
        tables=[ReportTable("T", ["a"], [["b"]])], examples=[ReportExample("x", doc, "en")]
    )
    assert not re.search(r"https?:|\bsrc=|url\(|@import|<script|javascript:", html)
    (icon,) = Page(html).find("link")
    assert icon["href"] == "data:,"
    assert "prefers-color-scheme: dark" in html
    assert 'name="viewport"' in html


def test_ids_are_unique_and_references_hold(write, doc):
    example = ReportExample("x", doc, "en", [])
    table = ReportTable("T", ["a"], [["b"]])
    page = Page(write(tables=[table, table], examples=[example, example]))
    ids = [attrs["id"] for _, attrs in page.elements if "id" in attrs]
    assert len(ids) == len(set(ids))
    for _, attrs in page.elements:
        assert set(attrs.get("aria-labelledby", "").split()) <= set(ids)


def test_equal_input_gives_equal_bytes(write, doc):
    example = ReportExample("x", doc, "en", [(1, 3, "PER")])
    parts = {"summary": "One.\n\nTwo.", "examples": [example]}
    first = write(**parts)
    assert write(**parts) == first
    assert "<p>One.</p>\n<p>Two.</p>" in first


def test_an_empty_report_is_a_page(write):
    assert Page(write(summary="Nothing yet.")).text.split() == ["Results"] * 2 + ["Nothing", "yet."]


def test_a_failed_report_leaves_no_file(tmp_path, doc):
    path = tmp_path / "out" / "report.html"
    parts: dict = {"title": "t", "summary": "", "tables": [], "examples": []}
    failures: dict[str, dict] = {
        r"XP104.*'fr'.*it has 'en'": {"examples": [ReportExample("x", doc, "fr")]},
        r"XP706.*Row 1 of the table 'T'": {"tables": [ReportTable("T", ["a", "b"], [["c"]])]},
        r"XP708.*gold span \[5, 9\)": {"examples": [ReportExample("x", doc, "en", [(5, 9, "A")])]},
    }
    for message, part in failures.items():
        with pytest.raises(XProjError, match=message):
            write_report(path, **parts | part)
    assert not path.exists()


def test_a_projection_of_no_entity_is_named(write, doc):
    doc._.xproj["en"] = doc._.xproj["en"].with_entities([(1, 3, "PER")])
    with pytest.raises(XProjError, match=r"XP709.*source entity 1, but the view 'en' has 1"):
        write(examples=[ReportExample("x", doc, "en")])


def test_a_figure_is_an_image_of_its_own(write):
    """So its styles do not meet those of the page, and text in it cannot break out."""
    svg = '<svg xmlns="http://www.w3.org/2000/svg"><text>ẹ̀ & "</text></svg>'
    page = Page(write(figures=[ReportFigure('Recall & "K"', svg, "a note")]))
    (image,) = page.find("img")
    kind, data = image["src"].split(",")
    assert kind == "data:image/svg+xml;base64"
    assert base64.b64decode(data).decode("utf-8") == svg
    assert image["alt"].startswith('Recall & "K"')
    assert "a note" in page.text
