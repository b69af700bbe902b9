"""A way to make views."""

import pytest

from spacy_xproj.data.views import SourceView


@pytest.fixture
def view():
    return lambda *words: SourceView("en", words, (True,) * len(words))
