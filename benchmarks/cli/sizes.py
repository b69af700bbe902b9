from spacy_xproj.cli.options import write_found
from spacy_xproj.io.tables import Cell, format_table

from .app import command
from .options import ToJson

SHOWN = 4


@command
def sizes_command(json: ToJson = None) -> None:
    """What the package and each extra add to an environment, from what is installed in this one."""
    from ..speed.sizes import measure

    found = measure()
    rows: list[list[Cell]] = []
    for one in found:
        named = [f"{name} {size / 1e6:.0f}" for name, size in list(one.packages.items())[:SHOWN]]
        missing = [f"{name} (not installed)" for name in one.missing]
        size = round(one.size / 1e6)
        rows.append([one.name, len(one.packages), size, ", ".join([*named, *missing])])
    print(format_table(["extra", "packages", "MB", "the largest, in MB"], rows))
    write_found(json, [one._asdict() for one in found])
