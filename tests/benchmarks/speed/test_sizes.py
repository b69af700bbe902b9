"""What extras add is counted from the records of installed packages."""

import pytest

from benchmarks.speed.sizes import closure, measure


@pytest.fixture
def installed(tmp_path, monkeypatch):
    """Put packages with given requirements and sizes on the path."""

    def install(name, size, *lines):
        info = tmp_path / f"{name}-1.0.dist-info"
        info.mkdir()
        head = ["Metadata-Version: 2.1", f"Name: {name}", "Version: 1.0", *lines]
        (info / "METADATA").write_text("\n".join(head) + "\n", encoding="utf-8")
        (tmp_path / f"{name}.py").write_bytes(b"#" * size)
        (info / "RECORD").write_text(f"{name}.py,,\ngone.py,,\n", encoding="utf-8")

    install(
        "xptop",
        7,
        *("Provides-Extra: more", "Provides-Extra: none", "Requires-Dist: xpbase"),
        'Requires-Dist: xpextra[own]; extra == "more"',
        'Requires-Dist: xpgone; extra == "more"',
        'Requires-Dist: xpother; python_version < "3"',
    )
    install("xpbase", 100)
    install("xpextra", 20, "Requires-Dist: XPBase", 'Requires-Dist: xpown; extra == "own"')
    install("xpown", 30, "Requires-Dist: xpextra")
    monkeypatch.syspath_prepend(str(tmp_path))


def test_extras_count_what_the_package_does_not_bring(installed):
    base, more, none = measure("xptop")
    assert base == ("xptop", {"xpbase": 100, "xptop": 7}, [])
    assert more == ("more", {"xpown": 30, "xpextra": 20}, ["xpgone"])
    assert (more.size, none.size) == (50, 0)


def test_requirements_in_a_circle_end(installed):
    assert closure(["xpown"]) == ({"xpown", "xpextra", "xpbase"}, set())
