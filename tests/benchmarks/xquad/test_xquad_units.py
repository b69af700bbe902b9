"""What holds for any paragraph and any answers: nothing is dropped silently, nothing is cut."""

from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.xquad.files import Answer, Paragraph
from benchmarks.xquad.mentions import find_mentions
from benchmarks.xquad.units import make_units, segments
from spacy_xproj.translation.sentences import split_sentences

WORDS = ["Asha", "Dodoma", '"Ruaha"', "went", "12", "(Momus)", "1987", "home"]


@st.composite
def paragraph(draw, names):
    """A paragraph of some sentences, with an answer of one to three words to each question."""
    sentence = st.lists(st.sampled_from(WORDS), min_size=1, max_size=4)
    sentences = draw(st.lists(sentence, min_size=1, max_size=4))
    text = " ".join(" ".join(["It", *words]) + "." for words in sentences)
    places = [i for i in range(len(text)) if i == 0 or text[i - 1] == " "]
    answers = []
    for name in names:
        start = draw(st.sampled_from(places))
        ends = [i for i in range(start, len(text) + 1) if text[i : i + 1] in ("", " ")]
        end = ends[: draw(st.integers(1, 3))][-1]
        answers.append(Answer(name, start, end, text[start:end]))
    return Paragraph(0, "", 0, text, tuple(answers))


@st.composite
def paragraphs(draw):
    names = [f"q{i}" for i in range(draw(st.integers(0, 5)))]
    kept = [name for name in names if draw(st.booleans())]
    return {
        "en": draw(paragraph(names)),
        "de": draw(paragraph(names)),
        "th": draw(paragraph(kept)),
    }


@given(paragraphs(), st.sampled_from(["sentence", "paragraph"]))
@settings(max_examples=80)
def test_for_any_paragraph(parallel, unit):
    entities = []  # of a source, which do not overlap
    for start, end in sorted({(a.start, a.end) for a in parallel["en"].answers[::2]}):
        if not entities or entities[-1][1] <= start:
            entities.append((start, end))
    found = find_mentions(parallel, [(*e, "LOC") for e in entities], source="en", labels=["LOC"])
    wanted = {question for mention in found.mentions["en"] for question in mention.questions}
    cut = {lang: segments(p.text, lang, split_sentences) for lang, p in parallel.items()}
    units = make_units(parallel, cut, source="en", unit=unit)
    for lang, own in found.mentions.items():
        text = parallel[lang].text
        answered = [question for mention in own for question in mention.questions]
        left_out = [row.question for row in found.left_out if row.lang == lang]
        assert sorted([*answered, *left_out]) == sorted(wanted)
        assert all(a.end <= b.start for a, b in pairwise(own))
        for mention in own:
            inside = [u[lang] for u in units if u[lang][0] <= mention.start < u[lang][1]]
            assert len(inside) == 1
            assert mention.end <= inside[0][1]
        borders = [border for u in units for border in u[lang]]
        assert borders == sorted(borders)
        gaps = zip([0, *borders[1::2]], [*borders[::2], len(text)], strict=True)
        assert not any(text[a:b].strip() for a, b in gaps)
