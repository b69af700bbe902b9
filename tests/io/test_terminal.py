"""What data may do on a terminal: nothing but stand there."""

import io

import pytest

from spacy_xproj.io.terminal import Harmless, harmless

STEERING = "a\x1b[2J\x9bb\u202ec\r\n\td"


def test_controls_become_blanks_and_no_text_turns_round():
    assert harmless(STEERING) == "a [2J bc   d"
    assert harmless(STEERING, lines=True) == "a [2J bc \n\td"
    assert harmless("Rais wa 東京, a\u200db") == "Rais wa 東京, a\u200db"


def test_what_cannot_be_encoded_is_shown_as_that():
    assert harmless("a\udcff").encode() == "a\ufffd".encode()


def test_a_stream_lets_nothing_else_pass():
    stream = io.StringIO()
    print("one\x1b[31m", "two", file=Harmless(stream))
    assert stream.getvalue() == "one [31m two\n"
    with pytest.raises(TypeError):
        Harmless(stream).write(b"bytes")


def test_an_error_of_the_stream_has_its_name():
    class Full(io.StringIO):
        def flush(self):
            raise OSError(28, "No space left on device")

    with pytest.raises(OSError, match="standard output"):
        Harmless(Full()).flush()
