"""Hypertext: what is seen, and where counted characters lie in it."""

from html import escape

from hypothesis import given
from hypothesis import strategies as st

from spacy_xproj.io.formats.hypertext import ways_to_count

TEXT = st.text("ab <&é\U0001f469", min_size=1, max_size=4)
PIECE = st.tuples(TEXT, st.sampled_from(["{}", "<b>{}</b>", "<p>{}</p>", "{}<br>", "<td>{}</td>"]))


@given(pieces=st.lists(PIECE, max_size=6), counts=st.booleans())
def test_each_character_that_is_counted_is_found(pieces, counts):
    """Whether a line break counts or not, each text node is where its offsets say."""
    markup = "".join(form.format(escape(own)) for own, form in pieces)
    ways = ways_to_count(f"<style>a</style>{markup}")
    way = ways[1 if counts else -1] if len(ways) > 2 else ways[-1]
    position = 0
    for own, form in pieces:
        found = way.text[way.start(position) : way.end(position + len(own))]
        assert found == own
        position += len(own) + (counts and "<br>" in form)


@given(st.text("<>/pbrscript style&;a \n", max_size=40))
def test_any_markup_is_read(markup):
    for way in ways_to_count(markup):
        assert all(place is None or way.text[place] for place in way.places)
