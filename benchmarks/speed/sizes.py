"""What the package and each of its extras add to an environment, in bytes of installed files."""

import os
from collections.abc import Iterable
from importlib.metadata import PackageNotFoundError, distribution
from typing import NamedTuple

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

PACKAGE = "spacy-xproj"


class Added(NamedTuple):
    """name: of an extra, or of the package itself. packages: what it needs beyond the package, by
    size in bytes, the largest first. missing: what of it is not installed here, so not counted."""

    name: str
    packages: dict[str, int]
    missing: list[str]

    @property
    def size(self) -> int:
        return sum(self.packages.values())


def measure(package: str = PACKAGE) -> list[Added]:
    """The package with what it requires, and then each extra alone with what it requires besides.
    Extras share packages, so that sizes do not add up."""
    base, missing = closure([package])
    extras = sorted(distribution(package).metadata.get_all("Provides-Extra") or [])
    found = [_added(package, base, missing)]
    for extra in extras:
        names, missing = closure([f"{package}[{extra}]"])
        found.append(_added(extra, names - base, missing))
    return found


def _added(name: str, packages: Iterable[str], missing: Iterable[str]) -> Added:
    sizes = {one: installed_size(one) for one in packages}
    by_size = sorted(sizes.items(), key=lambda item: (-item[1], item[0]))
    return Added(name, dict(by_size), sorted(missing))


def closure(requirements: Iterable[str]) -> tuple[set[str], set[str]]:
    """The names of all packages that requirements lead to and that are installed, and of those
    that are not."""
    todo = [Requirement(one) for one in requirements]
    found: set[str] = set()
    missing: set[str] = set()
    seen: set[tuple[str, frozenset[str]]] = set()
    while todo:
        requirement = todo.pop()
        name, extras = canonicalize_name(requirement.name), frozenset(requirement.extras)
        if (name, extras) in seen:
            continue
        seen.add((name, extras))
        try:
            needed = distribution(name).requires or []
        except PackageNotFoundError:
            missing.add(name)
            continue
        found.add(name)
        for one in map(Requirement, needed):
            marker = one.marker
            if marker is None or any(marker.evaluate({"extra": e}) for e in ("", *extras)):
                todo.append(one)
    return found, missing


def installed_size(name: str) -> int:
    """Bytes of the files that a package's record names and that are there."""
    own = distribution(name)
    paths = (own.locate_file(file) for file in own.files or [])
    return sum(os.path.getsize(path) for path in map(str, paths) if os.path.isfile(path))
