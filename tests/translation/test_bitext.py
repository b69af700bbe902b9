import json
import subprocess
import sys

import pytest

from spacy_xproj.data.status import ViewStatus
from spacy_xproj.errors import XProjError
from spacy_xproj.registry import registry
from spacy_xproj.translation import Bitext, Translator


def translate(bitext, *texts):
    return bitext.translate(texts, source_lang="sw", target_lang="en")


@pytest.fixture
def write(tmp_path):
    def write(name, content):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return str(path)

    return write


def test_one_translation_per_text_in_order(pairs):
    bitext = Bitext(pairs=pairs)
    assert isinstance(bitext, Translator)
    results = translate(
        bitext, "Mvua ilinyesha jana.", "", "Habari?", "Asha anaishi Nairobi.", " \n"
    )
    assert [r.text for r in results] == [
        "It rained yesterday.",
        "",
        "",
        "Asha lives in Nairobi.",
        "",
    ]
    assert [r.row for r in results] == [2, None, None, 1, None]
    ok, empty, missing = ViewStatus.OK, ViewStatus.EMPTY_TARGET, ViewStatus.NO_TRANSLATION
    assert [r.status for r in results] == [ok, empty, missing, ok, empty]
    assert all(bool(r.reason) == (r.status is not ok) for r in results)


def test_jsonl_with_language_codes_as_keys(write):
    path = write("c.jsonl", '{"sw": "Habari", "en": "Hello"}\n\n{"sw": "Asante", "en": "Thanks"}')
    bitext = Bitext(path=path, source_field="sw", target_field="en")
    # row numbers the pairs: the blank line does not count
    assert [(r.text, r.row) for r in translate(bitext, "Habari", "Asante")] == [
        ("Hello", 0),
        ("Thanks", 1),
    ]


def test_tsv_is_split_at_tabs_only(write):
    path = write("c.tsv", '\ufeffHabari "yako"\tHello\u2028you\r\n\t\nAsante\tThanks\n')
    hello, thanks = translate(Bitext(path=path), 'Habari "yako"', "Asante")
    assert hello.text == "Hello\u2028you"
    assert thanks.row == 2


def test_found_after_normalisation_but_exact_text_first():
    bitext = Bitext(pairs=[("Yaou\u0301nde\u0301  leo", "loose"), ("Yaoúndé leo", "exact")])
    assert [r.text for r in translate(bitext, "Yaoúndé leo", " Yaoúndé\tleo")] == ["exact", "loose"]


def test_first_of_different_translations_is_kept_and_the_others_counted():
    bitext = Bitext(pairs=[("Habari", "Hello"), ("Habari", "News"), ("Habari", "Hello")])
    assert translate(bitext, "Habari")[0].text == "Hello"
    assert (bitext.describe()["pairs"], bitext.describe()["conflicts"]) == (3, 1)


def test_empty_translation():
    (result,) = translate(Bitext(pairs=[("Habari", " ")]), "Habari")
    assert (result.text, result.status, result.row) == ("", ViewStatus.EMPTY_TRANSLATION, 0)


def test_odd_text_is_only_missing():
    odd = ["👩🏽\u200d🔬", "مرحبا\u200f", "a\x00b", "\ud800", "\u200b"]
    results = translate(Bitext(pairs=[("a", "b")]), *odd)
    assert {r.status for r in results} == {ViewStatus.NO_TRANSLATION, ViewStatus.EMPTY_TARGET}


def test_bytes_restore_without_the_file(write, tmp_path):
    bitext = Bitext(path=write("c.tsv", "Habari\tHello\n"))
    data = bitext.to_bytes()
    (tmp_path / "c.tsv").unlink()
    restored = Bitext().from_bytes(data)
    assert translate(restored, "Habari") == translate(bitext, "Habari")
    assert restored.describe() == bitext.describe()
    assert restored.to_bytes() == data


def test_no_file_is_read_before_the_first_use(tmp_path):
    bitext = Bitext(path=str(tmp_path / "later.tsv"))
    assert bitext.describe()["pairs"] is None
    (tmp_path / "later.tsv").write_text("Habari\tHello\n")
    assert translate(bitext, "")[0].status is ViewStatus.EMPTY_TARGET
    assert bitext.describe()["pairs"] == 1


def test_an_unset_bitext_can_be_saved_but_not_used():
    assert Bitext().from_bytes(Bitext().to_bytes()).describe() == Bitext().describe()
    with pytest.raises(XProjError, match=r'XP201.*path = "corpus.jsonl"'):
        translate(Bitext(), "Habari")


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        (
            "c.jsonl",
            '{"source": "a", "target": "b"}\n{"source": "a"}\n',
            r"c\.jsonl:2.*'target'.*it has 'source'",
        ),
        ("c.jsonl", '{"source": "a", "target": 1}', r"c\.jsonl:1.*two texts"),
        ("c.jsonl", '["a", "b"]', r"c\.jsonl:1.*JSON object"),
        ("c.jsonl", "[" * 100_000, r"c\.jsonl:1.*not a JSON"),
        ("c.jsonl", '{"source": "\\ud800", "target": "b"}', r"c\.jsonl:1.*surrogate"),
        ("c.tsv", "a\tb\nonly one\n", r"c\.tsv:2.*found 1"),
        ("c.tsv", "a\tb\tc\n", r"c\.tsv:1.*found 3"),
        ("c.tsv", b"a\tb\n\xff\tb\n", r"c\.tsv:2.*not UTF-8"),
        ("c.xml", "a\tb\n", r"XP203.*c\.xml"),
    ],
)
def test_errors_name_file_and_line(write, name, content, message):
    with pytest.raises(XProjError, match=message):
        translate(Bitext(path=write(name, content)), "a")


def test_a_missing_file_and_a_bad_pair():
    with pytest.raises(XProjError, match=r"XP204.*nowhere.tsv"):
        translate(Bitext(path="nowhere.tsv"), "a")
    with pytest.raises(XProjError, match=r"pair 1: .*two texts"):
        Bitext(pairs=[("a", "b"), ("a", None)])  # type: ignore[list-item]


def test_the_keys_may_be_any(write):
    record = json.dumps({"target": "Hello", "source": "Habari", "id": 7})
    assert translate(Bitext(path=write("c.ndjson", record)), "Habari")[0].text == "Hello"


def test_registered():
    assert registry.get("xproj_translators", "spacy-xproj.Bitext.v1") is Bitext


def test_importing_the_room_loads_no_transformers():
    code = "import sys, spacy_xproj.translation; print('transformers' in sys.modules)"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.split() == ["False"]


class TestKeyedByLanguage:
    """target_field or source_field None: the key is the language asked for."""

    LINES = (
        '{"sw": "Habari", "en": "Hello", "de": "Hallo", "id": 1}\n'
        '{"sw": "Asante", "en": "Thanks", "de": null}\n'
    )

    def ask(self, bitext, text, source, target):
        (result,) = bitext.translate([text], source_lang=source, target_lang=target)
        return result

    def test_one_file_serves_several_languages(self, write):
        bitext = Bitext(path=write("c.jsonl", self.LINES), source_field="sw", target_field=None)
        assert self.ask(bitext, "Habari", "sw", "en").text == "Hello"
        assert self.ask(bitext, "Habari", "sw", "de").text == "Hallo"
        assert bitext.describe()["pairs"] == 2

    def test_both_ways(self, write):
        bitext = Bitext(path=write("c.jsonl", self.LINES), source_field=None, target_field=None)
        assert self.ask(bitext, "Hallo", "de", "sw").text == "Habari"

    def test_a_line_without_the_language_has_no_translation_and_keeps_its_row(self, write):
        bitext = Bitext(path=write("c.jsonl", self.LINES), source_field="sw", target_field=None)
        result = self.ask(bitext, "Asante", "sw", "de")
        assert (result.status, result.row) == (ViewStatus.NO_TRANSLATION, 1)
        assert self.ask(bitext, "Asante", "sw", "en").row == 1

    def test_a_key_that_no_line_has(self, write):
        bitext = Bitext(path=write("c.jsonl", self.LINES), source_field="sw", target_field=None)
        with pytest.raises(XProjError, match=r"c\.jsonl.*no line has the key 'fr'.*'sw', 'en'"):
            self.ask(bitext, "Habari", "sw", "fr")

    def test_it_is_saved_whole(self, write, tmp_path):
        bitext = Bitext(path=write("c.jsonl", self.LINES), source_field="sw", target_field=None)
        data = bitext.to_bytes()
        (tmp_path / "c.jsonl").unlink()
        restored = Bitext().from_bytes(data)
        assert self.ask(restored, "Habari", "sw", "de").text == "Hallo"
        assert restored.to_bytes() == data


def test_conflicts_are_counted_before_the_first_text():
    assert Bitext(pairs=[("Habari", "Hello"), ("Habari", "News")]).describe()["conflicts"] == 1
