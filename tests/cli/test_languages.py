"""All languages that the documentation names, and their longer codes, through the commands, with no
package for any of them; and what is said of a code that is not known."""

import json
import re

import pytest
from spacy.tokens import DocBin
from spacy.vocab import Vocab

from spacy_xproj.io.formats.files import read_docs
from spacy_xproj.text.languages import NAMES

UNSPACED = {
    "th": ("อาชาออกจากโดโดมา", "อาชา"),
    "ja": ("アシャはドドマを出た。", "アシャ"),
    "zh": ("阿莎离开了多多马。", "阿莎"),
    "my": ("အာရှာ ဒိုဒိုမာမှ ထွက်ခွာသည်။", "အာရှာ"),
    "km": ("អាសាចាកចេញពីដូដូម៉ា។", "អាសា"),
    "lo": ("ອາຊາອອກຈາກໂດໂດມາ", "ອາຊາ"),
    "ko": ("아샤는 도도마를 떠났다.", "아샤는"),
    "vi": ("Asha rời Dodoma.", "Asha"),
}
CODES = {
    **{code: code for code in UNSPACED},
    **{"tha": "th", "jpn": "ja", "zho": "zh", "chi": "zh", "cmn": "zh", "mya": "my", "bur": "my"},
    **{"khm": "km", "lao": "lo", "kor": "ko", "vie": "vi"},
}
OTHERS = [*sorted({*NAMES} - {*UNSPACED}), "de", "he", "ru", "tr", "uk", "xx", "swa", "deu", "bam"]


@pytest.fixture
def case(folder):
    """A labelled source sentence, its translation as raw text and as the words that it is cut into,
    and links of the first word to those that make up ``name``."""

    def write(text, name, code):
        record = {"text": "Asha left.", "spans": [{"start": 0, "end": 4, "label": "PER"}]}
        (folder / "src.jsonl").write_text(json.dumps(record) + "\n", encoding="utf-8")
        (folder / "target.txt").write_text(text + "\n", encoding="utf-8")
        (doc,) = read_docs(folder / "target.txt", lang=code)
        own = json.dumps({"text": text, "tokens": [token.text for token in doc]})
        (folder / "target.jsonl").write_text(own + "\n", encoding="utf-8")
        links = " ".join(f"0-{i}" for i in range(len(doc.char_span(0, len(name)))))
        (folder / "links.pharaoh").write_text(links + "\n", encoding="utf-8")

    return write


@pytest.mark.parametrize("code", [*CODES, *OTHERS])
def test_project_and_ensemble(done, folder, case, code):
    """The name is found, and no character is lost."""
    text, name = UNSPACED.get(CODES.get(code, ""), ("Asha aliondoka.", "Asha"))
    case(text, name, code)
    done(
        *("project", "src.jsonl", "target.jsonl", "a.spacy", "--source-lang", "en"),
        *("--target-lang", code, "--alignments", "links.pharaoh"),
    )
    done("ensemble", "a.spacy", "out.spacy", "--target-lang", code)
    for path in ("a.spacy", "out.spacy"):
        (doc,) = DocBin().from_disk(folder / path).get_docs(Vocab())
        assert (doc.text, [(e.text, e.label_) for e in doc.ents]) == (text, [(name, "PER")])


NO_CODES = ["en.stop_words", "\\ud800", "../x", "qqq", "", "e n", "char_classes"]
NEAREST = {
    **{
        "zh-Hans": "zh",
        "pt-BR": "pt",
        "swh": "sw",
        "no": "nb",
        "yue": "zh",
    },
    **{"zho_Hans": "zh", "EN": "en", "ji": "yi"},
    **{"English": "en", "swahili": "sw", "Northern Sotho": "nso"},
}


@pytest.mark.parametrize(("code", "nearest"), NEAREST.items())
def test_a_code_that_is_not_known_is_answered_with_the_nearest(refused, case, code, nearest):
    case("Asha aliondoka.", "Asha", "sw")
    message = refused(
        *("project", "src.jsonl", "target.txt", "o.jsonl", "--source-lang", "en"),
        *("--target-lang", code, "--alignments", "links.pharaoh"),
    )
    assert "XP610" in message
    named = re.findall(r"'([^']*)'", message)
    assert named[0] == code
    assert nearest in named[1:]
    assert "xx" in named


@pytest.mark.parametrize("code", NO_CODES)
def test_what_is_not_a_code_imports_nothing(refused, folder, code):
    record = {"text": "Asha", "source": {"lang": json.loads(f'"{code}"'), "text": "Asha left."}}
    (folder / "in.jsonl").write_text(json.dumps(record) + "\n", encoding="utf-8")
    message = refused("convert", "in.jsonl", "out.spacy", "--lang", "sw")
    assert re.search("XP610|XP622", message)
    assert "in.jsonl:1" in message
