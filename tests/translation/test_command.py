"""Programs that translate lines: one that keeps running, one that answers at the end, and what is
said of one that does neither."""

import sys

import pytest

from spacy_xproj.data.status import ViewStatus
from spacy_xproj.errors import XProjError
from spacy_xproj.translation.command import Command

# Answers each line at once, in capitals; does odd things where a line asks for them.
LINES = """
import sys, time
for line in sys.stdin:
    text = line.strip()
    if text == "quit": sys.exit("I was told to")
    if text == "sleep": time.sleep(60)
    if text == "twice": text = "one\\ntwice"
    sys.stdout.write(("" if text == "nothing" else text.upper()) + "\\n")
    sys.stdout.flush()
"""
# Reads everything first.
AT_END = """
import sys
lines = sys.stdin.read().splitlines()
print(*[line.upper() + ("\\nMORE" if line == "two" else "") for line in lines], sep="\\n")
"""


def command(code, *arguments, **settings):
    settings = {"timeout": 20.0, **settings}
    return Command(command=[sys.executable, "-c", code, *arguments], **settings)


def translate(translator, *texts):
    return translator.translate(texts, source_lang="sw", target_lang="en")


@pytest.fixture(scope="module")
def keeps_running():
    return command(LINES)


@pytest.mark.parametrize(("code", "keep"), [(LINES, True), (LINES, False), (AT_END, False)])
def test_each_text_gets_its_line(code, keep):
    found = translate(command(code, keep_running=keep), "moja", "", "Mbili.  Tatu\nnne.", "moja")
    assert [t.text for t in found] == ["MOJA", "", "MBILI.  TATU NNE.", "MOJA"]
    assert found[1].status is ViewStatus.EMPTY_TARGET


def test_without_cutting_a_document_is_one_line():
    (found,) = translate(command(LINES, split_sentences=False), "Mbili.\n\nTatu.")
    assert found.text == "MBILI. TATU."


def test_an_empty_line_is_an_empty_translation(keeps_running):
    (found,) = translate(keeps_running, "nothing")
    assert (found.status, found.reason) == (
        ViewStatus.EMPTY_TRANSLATION,
        "translated to nothing",
    )


def test_a_program_that_ends_is_started_again(keeps_running):
    with pytest.raises(XProjError, match=r"XP281.*'quit'.*exit code 1.*I was told to"):
        translate(keeps_running, "moja", "quit")
    assert translate(keeps_running, "moja")[0].text == "MOJA"


def test_a_program_that_is_silent_is_stopped():
    with pytest.raises(XProjError, match=r"XP281.*'sleep'.*nothing for 0.5 seconds"):
        translate(command(LINES, timeout=0.5), "sleep")


@pytest.mark.parametrize(("code", "keep"), [(LINES, True), (AT_END, False)])
def test_the_sentence_with_the_wrong_number_of_lines_is_named(code, keep):
    with pytest.raises(XProjError, match=r"XP281.*'(twice|two)'.*2 lines"):
        translate(command(code, keep_running=keep), "one", "twice" if keep else "two", "three")


def test_a_program_that_is_not_there():
    with pytest.raises(XProjError, match=r"XP280.*no-such-program"):
        translate(Command(command=["no-such-program"]), "moja")


@pytest.mark.parametrize("settings", [{"command": []}, {"command": ["a"], "timeout": 0}])
def test_settings_that_are_not_valid(settings):
    with pytest.raises(XProjError, match="XP207"):
        Command(**settings)


def test_languages_are_named_in_the_arguments():
    echo = "import sys\nfor _ in sys.stdin: print(*sys.argv[1:], flush=True)"
    (found,) = translate(command(echo, "{source}-{target}"), "moja")
    assert found.text == "sw-en"


def test_a_forked_process_starts_its_own(keeps_running):
    import multiprocessing

    translate(keeps_running, "moja")
    with multiprocessing.get_context("fork").Pool(1) as pool:
        found = pool.apply(translate, (keeps_running, "mbili"))
    assert found[0].text == "MBILI"
    assert translate(keeps_running, "tatu")[0].text == "TATU"


# Answers at once, and some lines a moment later once more; "again" in another way each time.
LATE = """
import sys, time
for number, line in enumerate(sys.stdin):
    text = line.strip()
    print(f"{text}{number}" if text == "again" else text.upper(), flush=True)
    if text in ("late", "blank"):
        time.sleep(0.3)
        print("MORE" if text == "late" else "", flush=True)
"""


@pytest.mark.parametrize("odd", ["late", "blank"])
@pytest.mark.parametrize(
    "batches",
    [
        [["moja", "{}", "mbili", "tatu"]],  # in the midst
        [["moja", "mbili", "tatu", "{}"]],  # at the end of a batch
        [["{}"]],
        [["moja"], ["{}"], ["mbili"]],
        [["..."], ["moja", "{}"]],
    ],
)
def test_a_line_too_many_that_comes_late_shifts_no_answer(batches, odd):
    translator = command(LATE)
    for batch in batches:
        texts = [text.format(odd) for text in batch]
        if odd not in texts:
            assert [one.text for one in translate(translator, *texts)] == list(
                map(str.upper, texts)
            )
            continue
        with pytest.raises(XProjError, match=rf"XP281.*'{odd}'.*(asked again|wrote more|2 lines)"):
            translate(translator, *texts)


@pytest.mark.parametrize("texts", [["moja"], ["moja", "mbili"]])
def test_a_line_before_the_first_answer_shifts_none(texts):
    translator = command(f"print('ready', flush=True){LINES}")
    with pytest.raises(XProjError, match=r"XP281.*'moja'.*('ready'|wrote more|2 lines)"):
        translate(translator, *texts)


def test_a_program_that_does_not_answer_the_same_twice_says_so():
    with pytest.raises(XProjError, match=r"XP281.*'again'.*ask_again = false"):
        translate(command(LATE), "again")
    (found,) = translate(command(LATE, ask_again=False), "again")
    assert found.text == "again0"


def test_what_is_asked_again_is_short_and_not_empty():
    code = """import sys
for line in sys.stdin: print("" if len(line) < 4 else line.strip(), flush=True)"""
    seen = command(code)
    for texts in (["a"], ["a", "abc", "a long line"], ["a", "abcd"]):
        translate(seen, *texts)
        assert list(seen._known.values()) == [("abc", "abc")] * (len(texts) > 1)
