"""The folder of a run as a corpus."""

import pytest

from spacy_xproj.errors import XProjError
from spacy_xproj.io.shards import shard_paths


@pytest.mark.parametrize("summary", ["{}", "[]", '{"shards": "2"}', '{"shards": -1}'])
def test_a_damaged_summary_is_named(write, tmp_path, summary):
    write("run.json", "{}")
    write("summary.json", summary)
    with pytest.raises(XProjError, match=r"XP634.*summary\.json"):
        shard_paths(tmp_path)
