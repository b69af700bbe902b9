"""Views go where their document goes: bytes, pickle, DocBin, and those of versions before."""

import base64
import copy
import pickle
from contextlib import suppress

import pytest
import spacy
import srsly
from hypothesis import given, settings
from spacy.tokens import Doc, DocBin
from spacy.vocab import Vocab

from spacy_xproj import Entity, Links, Projection, SourceView, Status
from spacy_xproj.data.status import ViewStatus
from spacy_xproj.data.stored import KEY, Stored
from spacy_xproj.errors import XProjError

from .conftest import source_views

# A DocBin that 0.1.0 wrote: the fixture ``doc``, with a view "de" without a sentence.
OLD = base64.b64decode(
    "eJy1lM9PE0EUx7sFFHvRAyRcNGu8o8Z40UMlQPxBhQY9eKtj57ldu52p86agXKR400vbBBJCjLXt7loxaDh5MrUt"
    "mtCQ6EmNidGLJxL8D3Q2uxBuJCS8y3s7b3Y+3/ed7D5xp0CgyVn1zOBZm0gp8NnQ8NVrY7Hr4xPxDa29oa1taB8d"
    "ydPAcC3c++9PfyRbFuz+zO3nFz70XQrtM7Q9+rF3w8cK9Ivo2voxtvpNy++Xs1e8XT2yfmruSmo7HxQn1H/60Kfj"
    "5xbH1wdOtm5d/HpQmErzdWzz+6M32/mgOA5mSRKw3aNp6ipdC5ghU9ju7lE9F6UwmYGL5ReDzginPENqk8RE+wbJ"
    "mGSZWKaEzB2wgDjU7wqvi163liQSi7P2XYsYWMyvpggmcizN+DRL+MjmssosYQiey2KxrRXqOQSRoESS4pr2M28/"
    "yAp+b64C7GnNIsxQhT3NBcX5elwAmhSY9JW4UyYqKTTQqMT6hPlWq9VsOiiJzGGFpx0BBDkrv1RvmtIELC1o4Wp8"
    "dDJytBPdWumb+X15ZaGruxqbGB440bAtk6XxsYs8J9RhpZDmSiIMkF5ZV9b4VpU60b++lZ3oL79Y9oRDUqrPEUtL"
    "IY9QD5aAauGeSCe66e8sl0LhTvSz/7CkeeR6jiljDQa04cV7xnUfq3vD6ybqni6guuS6KRsNV+3lAmi+NjJ0czT8"
    "SoGmgBGWhLzrHyTmHIs8VL+H0uFeO8MpWBU4XxV8uqtCIfCWgu9tIbCuELi2wnhCCsLQIt44gYN1xqUuUyBgx8rA"
    "rsbu2Xe0ze5SNeuRG/8B3VNFWQ=="
)


@settings(max_examples=150)
@given(source_views())
def test_views_are_the_same_after_msgpack(view):
    stored = Stored({view.lang: view}, key=7, stale=frozenset([view.lang]))
    data = srsly.msgpack_dumps(stored)
    for again in (srsly.msgpack_loads(data), srsly.msgpack_loads(data, use_list=False)):
        assert again == stored
        assert again[view.lang] == view


@settings(max_examples=40)
@given(source_views(), source_views())
def test_views_survive_doc_bytes_docbin_copies_and_pickle(first, second):
    doc = Doc(Vocab(), words=["Rais", "Samia"])
    views = {view.lang: view for view in (first, second)}
    doc._.xproj.update(views)
    docbin = DocBin(store_user_data=True, docs=[doc]).to_bytes()
    for again in (
        Doc(Vocab()).from_bytes(doc.to_bytes()),
        next(DocBin().from_bytes(docbin).get_docs(Vocab())),
        pickle.loads(pickle.dumps(doc)),
        copy.deepcopy(doc),
        doc.copy(),
    ):
        assert dict(again._.xproj) == views
        assert list(again._.xproj) == list(views)


def test_types_are_back_after_the_round_trip(doc):
    view = Doc(doc.vocab).from_bytes(doc.to_bytes())._.xproj["en"]
    assert view.entities[0] == Entity(1, 2, "PER", 10, 15, 0.99)
    assert isinstance(view.links, Links)
    assert isinstance(view.status, ViewStatus)
    assert isinstance(view.projections[0], Projection)
    assert view.projections[0].status is Status.PROJECTED
    assert view.provenance == {"aligner": {"layers": [7, 8], "model": "e5"}}


def test_what_one_document_stores_the_other_does_not(doc):
    other = doc.copy()
    doc._.xproj["en"] = doc._.xproj["en"].replace(row=7)
    del other._.xproj["en"]
    assert doc._.xproj["en"].row == 7
    assert len(other._.xproj) == 0


def old_docs():
    return list(DocBin().from_bytes(OLD).get_docs(spacy.blank("sw").vocab))


def test_documents_that_an_earlier_version_wrote_are_read(doc):
    (old,) = old_docs()
    assert isinstance(old.user_data[KEY], dict)
    view = doc._.xproj["en"]
    found = view.projections[0]._replace(runner_up=(0, 2), margin=0.25)
    wanted = view.replace(
        links=Links([(0, 0), (1, 1, 0.5)]), projections=(found, view.projections[1]), row=3
    )
    assert old._.xproj["en"] == wanted
    assert old._.xproj["de"] == SourceView(
        "de", status=ViewStatus.NO_TRANSLATION, reason="not there"
    )
    again = Doc(Vocab()).from_bytes(old.to_bytes())
    assert again._.xproj["en"] == wanted
    assert len(old.to_bytes()) < len(old_docs()[0].to_bytes())


def test_of_those_too_it_is_said_where_the_words_no_longer_fit():
    for read in (True, False):
        (old,) = old_docs()
        if read:
            old._.xproj["en"]
        with old.retokenize() as retokenizer:
            retokenizer.merge(old[0:2])
        with pytest.raises(XProjError, match="XP108"):
            old._.xproj["en"]


def test_links_as_triples_and_projections_with_fewer_fields_are_read(doc):
    (old,) = old_docs()
    plain = dict(old.user_data[KEY]["en"])
    plain["links"] = [[0, 0, 1.0], [1, 1, 0.5]]
    plain["projections"] = [p[:9] for p in plain["projections"]]
    old.user_data[KEY] = {"en": plain}
    assert old._.xproj["en"].links == Links([(0, 0), (1, 1, 0.5)])
    assert old._.xproj["en"].projections == doc._.xproj["en"].projections


def test_what_is_broken_is_an_error_of_ours(doc):
    plain = srsly.msgpack_loads(srsly.msgpack_dumps(doc.user_data[KEY].to_plain()), use_list=True)
    good = doc.user_data[KEY].to_plain()
    for place in range(len(good["views"][0])):
        for junk in (7, "x", b"x", [1], [[1, 2, 3, 4]], {"a": 1}):
            row = list(good["views"][0])
            row[place] = junk
            with suppress(XProjError):
                Stored.from_plain({**good, "views": [row]})
    assert plain == doc.user_data[KEY]
