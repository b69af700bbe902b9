"""A page to look through a labelled corpus: each sentence with its views, links and projections."""

from __future__ import annotations

import base64
import zlib
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import srsly

from ..data.access import Views
from ..data.ensembled import Ensembled
from ..data.labels import is_labelled, open_words
from ..data.status import ViewStatus
from ..errors import Errors, XProjError
from ..io.files import write_text
from .drawing import draw
from .ordering import ordered
from .templates import number_text, render, script_of

if TYPE_CHECKING:
    from spacy.tokens import Doc

BLOCK = 20  # sentences that are packed together, which is also how many are shown at once
SCRIPT = "browse.js"
_SHOWN = 10


class Shown(NamedTuple):
    """A sentence for the page: its HTML, and what the filters look at."""

    html: str
    text: str
    labels: list[str]
    statuses: list[str]


def sentence(doc: Doc, *, title: str, id: str) -> Shown:
    """A document with all its views and what its ensemble decided. id: of the elements."""
    views = Views(doc)
    drawings = [draw(doc, lang, title=title) for lang in views]
    html = render(
        "sentence.html.jinja",
        drawings=drawings,
        id=id,
        title=title,
        text=doc.text,
        entities=[{"text": ent.text, "label": ent.label_} for ent in doc.ents],
        state=_state(doc),
        ensemble=_ensemble(doc),
    )
    labels = {ent.label_ for ent in doc.ents}
    statuses = set()
    for view in views.values():
        labels |= {entity.label for entity in view.entities or ()}
        statuses |= {p.status.value for p in view.projections or ()}
        if view.status is not ViewStatus.OK:
            statuses.add(view.status.value)
    text = "\n".join([doc.text, *(view.text for view in views.values())])
    return Shown(html, text, sorted(labels), sorted(statuses))


def _state(doc: Doc) -> str:
    """What a look at the entities does not tell: that there are none, or that nobody knows."""
    unknown = open_words(doc)
    if unknown:
        words = ", ".join(doc[i].text for i in unknown[:_SHOWN])
        more = f" and {len(unknown) - _SHOWN} more" if len(unknown) > _SHOWN else ""
        return "not labelled" if not is_labelled(doc) else f"open words: {words}{more}"
    return "" if doc.ents else "without entities"


def _ensemble(doc: Doc) -> list[dict[str, Any]]:
    """One row per proposal of an ensemble, in order of position."""
    ensembled = Ensembled(doc)
    rows = [(one, "entity", "") for one in ensembled.entities]
    rows += [(one, one.status.value, one.reason) for one in ensembled.outvoted]  # type: ignore[misc]
    return [
        {
            "text": doc.text[one.start_char : one.end_char],
            "label": one.label,
            "score": number_text(one.score),
            "support": ", ".join(f"{lang} {score:.2f}" for lang, score in one.support),
            "became": became,
            "reason": reason,
        }
        for one, became, reason in sorted(rows, key=lambda row: (row[0].start, row[0].end))
    ]


def write_browser(
    path: str | Path,
    docs: Sequence[Doc],
    *,
    title: str,
    names: Sequence[str],
    sort: str | None = None,
    limit: int | None = None,
) -> int:
    """Write one HTML file that requests nothing; give how many sentences it shows.

    names: what to call each document. sort: see ``ordering.ordered``. limit: the first so many of
    the sorted sentences. Sentences are packed, and unpacked by the page's script as they are looked
    at, so that 10,000 stay usable. Equal input, equal bytes. Raises XProjError where no document
    has a view, and where a view's links or spans lie outside its words.
    """
    if docs and not any(len(Views(doc)) for doc in docs):
        raise XProjError(Errors.XP920.format(n=len(docs), name=title))
    order = ordered(docs, sort)[:limit]
    shown = [sentence(docs[i], title=names[i], id=f"s{i}") for i in order]
    labels, statuses = (
        sorted({value for one in shown for value in getattr(one, field)})
        for field in ("labels", "statuses")
    )
    data = {
        "block": BLOCK,
        "blocks": [
            _pack([one.html for one in shown[start : start + BLOCK]])
            for start in range(0, len(shown), BLOCK)
        ],
        "texts": [one.text.casefold() for one in shown],
        "labels": [[labels.index(label) for label in one.labels] for one in shown],
        "statuses": [[statuses.index(status) for status in one.statuses] for one in shown],
    }
    counts = Counter(status for one in shown for status in one.statuses)
    page = render(
        "browse.html.jinja",
        title=title,
        total=len(docs),
        shown=len(shown),
        sort=sort,
        labels=labels,
        statuses=[(status, counts[status]) for status in statuses],
        **script_of(SCRIPT),
        # Within a script only what could end it is special.
        data=srsly.json_dumps(data).replace("<", "\\u003c"),
    )
    write_text(path, page)
    return len(shown)


def _pack(sentences: list[str]) -> str:
    packed = zlib.compress(srsly.json_dumps(sentences).encode("utf-8"), 9)
    return base64.b64encode(packed).decode("ascii")
