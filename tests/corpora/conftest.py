import json
from collections.abc import Callable
from pathlib import Path

import pytest
from spacy.tokens import Doc

from spacy_xproj.corpora.docs import blank_vocab, set_entities


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., Path]:
    """Write a file of the given name and content, text or bytes."""

    def write_file(name: str, content: str | bytes) -> Path:
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return write_file


@pytest.fixture(scope="session")
def make() -> Callable[..., Doc]:
    """Make a Doc from words, spaces (default: all) and entities in words."""
    vocab = blank_vocab("en")

    def make_doc(words, entities=(), spaces=None) -> Doc:
        spaces = [True] * len(words) if spaces is None else spaces
        return set_entities(Doc(vocab, words=words, spaces=spaces), entities)

    return make_doc


@pytest.fixture(scope="session")
def content() -> Callable[[Doc], tuple]:
    """What a format has to keep: the words, and the entities over them."""
    return lambda doc: (
        [token.text for token in doc],
        [(ent.start, ent.end, ent.label_) for ent in doc.ents],
    )


class MiniXQuAD:
    """A small XQuAD of our own in a folder: three paragraphs in English, German and Chinese."""

    # Per paragraph and language: the text, with each answer as «id:answer».
    TEXTS = (
        {
            "en": "«q1:Asha Mushi» left «q2:Dodoma». Later «q3:Asha Mushi» met 12 friends in the "
            "«q4:old town». Dodoma was quiet.",
            "de": "«q1:Asha Mushi» verließ «q2:Dodoma». Später traf «q3:Asha Mushi» 12 Freunde in "
            "der «q4:Altstadt». Dodoma war ruhig.",
            "zh": "«q1:阿莎·穆希»离开了«q2:多多马»。后来«q3:阿莎·穆希»在«q4:老城»见了 12 个朋友。"
            "多多马很安静。",
        },
        {
            "en": '«q5:"Kijani Bank"» opened in 1987. It is run by «q6:Baraka», says «q7:Baraka.»',
            "de": "Die «q5:„Kijani-Bank“» öffnete 1987, geführt von «q6:Baraka», so «q7:Baraka.»",
            "zh": "\ufeff«q5:《基贾尼银行》»于 1987 年开业。它由«q6:巴拉卡»管理，«q7:巴拉卡»说。",
        },
        {
            "en": "The Ruaha flows to the «q8:Rufiji». «q9:The Rufiji» is long. It has crocodiles.",
            "de": "Der Ruaha mündet in den «q8:Rufiji»fluss. «q9:Der Rufiji» ist lang. Er hat "
            "Krokodile.",
            "zh": "鲁阿哈河流入«q8:鲁菲吉河»。«q9:鲁菲吉河»很长。那里有鳄鱼。",
        },
    )
    NAMES = {  # noqa: RUF012
        ("Asha", "Mushi"): "PER",
        ("Baraka",): "PER",
        ("Kijani", "Bank"): "ORG",
        ("Dodoma",): "LOC",
        ("Rufiji",): "LOC",
        ("Ruaha",): "MISC",
    }

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        for lang in self.TEXTS[0]:
            self.write(lang)

    def content(self, lang: str) -> dict:
        """The file of a language as data: an article of two paragraphs, and one of one."""
        own = [dict(zip(("context", "qas"), _parse(row[lang]), strict=True)) for row in self.TEXTS]
        articles = {"One": own[:2], "Two": own[2:]}
        data = [{"title": title, "paragraphs": part} for title, part in articles.items()]
        return {"version": "1.1", "data": data}

    def write(self, lang: str, data: dict | None = None) -> Path:
        path = self.folder / f"xquad.{lang}.json"
        text = json.dumps(self.content(lang) if data is None else data, ensure_ascii=False)
        path.write_text(text, encoding="utf-8")
        return path

    def recognise(self, docs) -> list[list[tuple[int, int, str]]]:
        """Finds the names above."""
        found = []
        for doc in docs:
            words = [token.text for token in doc]
            spans = [
                (i, i + len(name), label)
                for i in range(len(words))
                for name, label in self.NAMES.items()
                if tuple(words[i : i + len(name)]) == name
            ]
            found.append(spans)
        return found


def _parse(marked: str) -> tuple[str, list[dict]]:
    """A marked text as SQuAD's context and questions."""
    text, questions = "", []
    for piece in marked.split("«"):
        inside, closed, after = piece.partition("»")
        if not closed:
            text += piece
            continue
        name, _, answer = inside.partition(":")
        answers = [{"answer_start": len(text), "text": answer}]
        questions.append({"id": name, "question": "?", "answers": answers})
        text += answer + after
    return text, questions


@pytest.fixture
def mini_xquad(tmp_path: Path) -> MiniXQuAD:
    """The files of a small XQuAD, and a recogniser for it."""
    return MiniXQuAD(tmp_path)
