"""Messages: in order of their numbers, each used, each saying what to do in plain English."""

import re

import pytest

from spacy_xproj.errors import Errors, XProjError, reason_of

NAMES = [name for name in vars(Errors) if name.startswith("XP")]


def test_messages_stand_in_order_of_their_numbers():
    assert sorted(NAMES) == NAMES
    assert all(re.fullmatch(r"XP\d{3}", name) for name in NAMES)


def test_every_message_is_used(root):
    files = [*(root / "spacy_xproj").rglob("*.py"), *(root / "benchmarks").rglob("*.py")]
    code = "\n".join(path.read_text(encoding="utf-8") for path in files)
    assert [name for name in NAMES if not re.search(rf"Errors\.{name}\b", code)] == []


def test_a_message_begins_with_its_number():
    assert Errors.XP102.startswith("[XP102] ")


def test_messages_are_in_plain_english():
    """'X is not a Y', never 'X is no Y'; that there is no Y is fine."""
    odd = re.compile(r"(?<!\bthere )\b(is|are|was|were|be|of|as|takes|holds) no\b", re.IGNORECASE)
    assert [name for name in NAMES if odd.search(getattr(Errors, name))] == []


def test_no_two_messages_say_the_same():
    """Near-twins are one message with what differs as a field."""

    def words(name):
        plain = re.sub(r"\{[^}]*\}", " ", getattr(Errors, name).lower())
        return set(re.findall(r"[a-z]{3,}", plain))

    alike = []
    for i, one in enumerate(NAMES):
        for other in NAMES[i + 1 :]:
            a, b = words(one), words(other)
            if len(a) >= 4 and len(a & b) >= 0.85 * len(a | b):
                alike.append((one, other))
    assert alike == []


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (XProjError("[XP105] no words"), "[XP105] no words"),
        (OSError(28, "No space left on device"), "[Errno 28] No space left on device"),
        (MemoryError(), "out of memory"),
        (KeyError("weights"), "KeyError: 'weights'"),
        (ValueError(), "ValueError"),
        (ValueError("nan"), "ValueError: nan"),
        (RuntimeError("there is no such layer"), "there is no such layer"),
    ],
)
def test_a_reason_is_more_than_a_word(error, said):
    assert reason_of(error) == said
