"""Messages: in order of their numbers, each used, each saying what to do in plain English."""

import re

from spacy_xproj.errors import Errors

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
