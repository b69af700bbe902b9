from pathlib import Path
from typing import Annotated

from typer import Argument

from .app import command


@command
def check_assets_command(
    project: Annotated[Path, Argument(help="The project.yml that lists them")] = Path(
        "project.yml"
    ),
) -> None:
    """Check the files that a project has downloaded against their checksums (MD5)."""
    from ..datasets.checksums import check_project, read_assets

    assets = read_assets(project)
    there = [asset.path for asset in assets if asset.path.is_file()]
    checked = check_project(there, project)
    print(f"{len(assets)} assets: {len(there)} are there, {checked} have a checksum, and it fits")
