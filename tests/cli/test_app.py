"""How a command ends: exit codes, and what is said of errors and faults."""

import errno
import re
import signal
import subprocess
import sys
import tempfile
import time

import pytest

LANGS = ("--source-lang", "en", "--target-lang", "sw")
PROJECT = ("project", "en.conll", "sw.txt", "out.spacy", *LANGS, "--alignments", "links.pharaoh")

# Exit codes: a command line for each row of the table in docs/commands.md.

LINES = {
    "0": ("score", "en.conll", "en.conll"),
    "1": ("score", "en.conll", "gone.conll"),
    "2": ("score", "en.conll"),
    "130, 143": ("--code", "slow.py", *PROJECT),
}


def _stopped(folder, line, number):
    """The exit code of a command that gets a signal while it works, as a shell gives it."""
    (folder / "slow.py").write_text(
        "import pathlib, time\npathlib.Path('began').touch()\ntime.sleep(60)\n", encoding="utf-8"
    )
    (folder / "began").unlink(missing_ok=True)

    def take_signals():  # which a shell takes from what it runs in the background
        signal.signal(signal.SIGINT, signal.SIG_DFL)

    process = subprocess.Popen(
        [sys.executable, "-m", "spacy_xproj", *line],
        cwd=folder,
        stderr=subprocess.DEVNULL,
        preexec_fn=take_signals,
    )
    for _ in range(600):
        if (folder / "began").exists():
            break
        time.sleep(0.1)
    process.send_signal(number)
    code = process.wait(timeout=60)
    return code if code >= 0 else 128 - code


def test_exit_codes_are_those_of_the_docs(run, folder, root):
    text = (root / "docs/commands.md").read_text(encoding="utf-8")
    table = text.split("## Exit codes")[1].split("##")[0]
    assert re.findall(r"^\| ([\d, ]+) \|", table, re.MULTILINE) == list(LINES)
    for codes, line in LINES.items():
        if len(codes) == 1:
            assert run(*line).exit_code == int(codes), line
        else:
            found = [_stopped(folder, line, one) for one in (signal.SIGINT, signal.SIGTERM)]
            assert found == [int(code) for code in codes.split(", ")]


# Faults of the machine.


@pytest.mark.parametrize(
    ("number", "fix"),
    [
        (errno.ENOSPC, "Free some space"),
        (errno.EROFS, "Give this user the right to it"),
        (errno.EACCES, "Give this user the right to it"),
    ],
)
@pytest.mark.parametrize(
    ("line", "path"),
    [
        (("convert", "en.conll", "new.jsonl"), "new.jsonl"),
        (("convert", "en.conll", "new.parquet"), "new.parquet"),
        (("score", "en.conll", "en.conll", "--json", "s.json"), "s.json"),
        (("export", "en.conll", "corpus", "--lang", "en"), "corpus"),
        (("view", "out.spacy", "page.html"), "page.html"),
        (("init", "new", "--demo"), "new/annotate.cfg"),
    ],
)
def test_what_cannot_be_written_is_named_with_what_to_do(
    done, refused, folder, monkeypatch, line, path, number, fix
):
    if line[0] == "view":
        done(*PROJECT)

    def fail(**_):
        raise OSError(number, "it does not go")

    monkeypatch.setattr(tempfile, "mkdtemp", fail)
    message = refused(*line)
    assert message.startswith("Error: [XP927] ")
    assert f"{path}: it does not go. {fix}, and run the same command again." in message
    assert not (folder / path).exists()


def test_no_memory_is_a_fault_too(refused, monkeypatch):
    def fail(*_, **__):
        raise MemoryError

    monkeypatch.setattr("spacy_xproj.io.formats.files.read_corpus", fail)
    assert "This machine: out of memory. Use fewer --workers" in refused(
        "convert", "en.conll", "a.conll"
    )


# What data may do on a terminal.


def test_data_does_not_steer_the_terminal(run, refused, done, folder):
    for name in ("e\x1b[31mvil.conll", "e\u202evil.conll"):
        (folder / name).write_text("Asha\tB-PER\n", encoding="utf-8")
        message = refused("score", name, f"{name}x")
        assert "vil.conllx" in message
        assert not {"\x1b", "\u202e"} & set(message)
        assert not {"\x1b", "\u202e"} & set(done("convert", name, f"{name}.conll"))
        assert not {"\x1b", "\u202e"} & set(run("--verbose", "score", name, f"{name}x").stderr)


def test_what_goes_to_standard_output_stands_there_alone(folder):
    run = subprocess.run(
        [
            sys.executable,
            "-m",
            "spacy_xproj",
            "score",
            "en.conll",
            "en.conll",
            "--json",
            "/dev/stdout",
        ],
        cwd=folder,
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    assert run.stdout.startswith("{")
    assert run.stdout.endswith("}\n")
    assert "token accuracy" in run.stderr
