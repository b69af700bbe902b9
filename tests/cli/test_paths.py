"""Files that a command line names: none that is read is written over."""

import inspect
import os
from pathlib import Path
from typing import get_args, get_type_hints

import pytest

from spacy_xproj.cli import app
from spacy_xproj.cli.paths import WRITTEN
from tests.fixtures.commands import SWAHILI

LANGS = ("--source-lang", "en", "--target-lang", "sw")
READ = {
    *("source", "target", "input_path", "inputs", "gold", "pred", "config", "code", "alignments"),
    *("folder", "decisions", "bitext"),
}


def test_each_path_of_a_command_is_known_to_be_read_or_written():
    for command in app.registered_commands:
        hints = get_type_hints(inspect.unwrap(command.callback))
        paths = {name for name, kind in hints.items() if Path in (kind, *get_args(kind))}
        paths |= {name for name, kind in hints.items() if kind == list[Path]}
        assert paths <= READ | set(WRITTEN), command.name


@pytest.fixture
def names_of(folder):
    """Ways to name en.conll."""
    (folder / "link.conll").symlink_to("en.conll")
    os.link(folder / "en.conll", folder / "hard.conll")
    (folder / "there").symlink_to(folder, target_is_directory=True)
    return [
        "en.conll",
        "./en.conll",
        folder / "en.conll",
        "link.conll",
        "hard.conll",
        "there/en.conll",
    ]


@pytest.mark.parametrize(
    "line",
    [
        ("convert", "en.conll", "OUT"),
        ("project", "en.conll", "sw.txt", "OUT", *LANGS),
        ("project", "en.conll", "sw.txt", "new.conll", *LANGS, "--json", "OUT"),
        ("project", "sw.conll", "en.conll", "OUT", *LANGS),
        ("align", "en.conll", "sw.txt", "OUT", *LANGS),
        ("predict", "nowhere", "en.conll", "OUT"),
        ("ensemble", "sw.conll", "en.conll", "OUT"),
        ("export", "en.conll", "OUT"),
        ("annotate", "en.conll", "OUT", "--config", "project"),
        ("score", "sw.conll", "en.conll", "--json", "OUT"),
        ("view", "en.conll", "OUT"),
        ("review", "en.conll", "--merge", "OUT"),
        ("review", "en.conll", "--export", "OUT"),
    ],
)
def test_nothing_that_is_read_is_written_over(refused, folder, names_of, line):
    before = (folder / "en.conll").read_bytes()
    for name in names_of:
        message = refused(*(name if part == "OUT" else part for part in line))
        assert "XP926" in message
        assert "en.conll" in message
    assert (folder / "en.conll").read_bytes() == before
    assert (folder / "link.conll").is_symlink()


def test_nor_a_file_of_a_folder_nor_one_that_belongs_to_another(done, refused, folder):
    (folder / "in").mkdir()
    (folder / "in/a.conll").write_text(SWAHILI, encoding="utf-8")
    assert "XP926" in refused("convert", "in", "in/a.conll")
    done("convert", "in", "in/new.conll")
    done("convert", "en.conll", "b.ann", "--lang", "en")
    assert "XP926" in refused("convert", "b.ann", "b.txt", "--lang", "en")
    assert "XP926" in refused("convert", "b.txt", "b.ann", "--lang", "en")
    assert "XP926" in refused("review", "en.conll", "--merge", "x.conll", "--json", "en.conll")


def test_outputs_are_told_apart(refused, folder):
    (folder / "x.conll").write_text("", encoding="utf-8")
    message = refused("project", "en.conll", "sw.txt", "x.conll", *LANGS, "--json", "x.conll")
    assert "XP926" in message


@pytest.mark.parametrize(
    "line", [("score", "en.conll", "sw.conll", "--json"), ("convert", "en.conll")]
)
def test_a_dash_is_not_a_file(refused, folder, line):
    assert "XP928" in refused(*line, "-")
    assert not (folder / "-").exists()


def test_a_place_where_nothing_can_be_written_is_told_before_the_work(refused, folder, monkeypatch):
    assert "XP927" in refused("convert", "en.conll", "sw.txt/out.conll")
    monkeypatch.setattr(os, "access", lambda *_, **__: False)
    message = refused("convert", "gone.conll", "deep/out.conll")
    assert "XP927" in message
    assert "deep/out.conll: this user may not write in" in message
    assert "Give this user the right to it" in message
