"""A program that is called is given what it is to read in order, whatever it writes meanwhile."""

import sys
import threading

from spacy_xproj.translation.program import Program

# Says something unasked, reads late, then says what it reads.
EAGER = """
import sys, time
print("ready", flush=True)
time.sleep(0.3)
for line in sys.stdin:
    print(line.split()[0], flush=True)
"""


def test_what_is_sent_arrives_in_order_though_answers_come_unasked():
    program = Program([sys.executable, "-c", EAGER], timeout=20.0)
    long = b" padding" * 100_000  # more than a pipe holds, so that the first is still being written
    program.ask(b"0" + long + b"\n", bool)
    for number in range(1, 20):
        program.ask(b"%d\n" % number, lambda _: True)  # waits for no answer
    found = program.ask(b"end\n", lambda data: data.endswith(b"end\n"))
    assert found.split() == [b"%d" % number for number in range(20)] + [b"end"]
    program.close()


def test_a_program_that_is_closed_leaves_no_thread():
    before = threading.active_count()
    program = Program([sys.executable, "-c", EAGER], timeout=20.0)
    for _ in range(3):
        program.ask(b"one\n", lambda data: b"one\n" in data)
        program.close()
    for thread in threading.enumerate():
        if thread.daemon:
            thread.join(5.0)
    assert threading.active_count() == before
