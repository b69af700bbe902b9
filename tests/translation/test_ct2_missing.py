"""Without the extra [ct2]."""

import sys

import pytest

from spacy_xproj.errors import XProjError
from spacy_xproj.translation.ct2 import CTranslate2


def test_the_error_says_what_to_install(nllb, tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "ctranslate2", None)
    translator = CTranslate2(model=nllb, cache=str(tmp_path))
    with pytest.raises(XProjError, match=r"XP250.*pip install 'spacy-xproj\[ct2\]'"):
        translator.translate(["a"], source_lang="sw", target_lang="en")
    assert list(tmp_path.iterdir()) == []
