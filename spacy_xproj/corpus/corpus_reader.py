"""Training documents straight from projected corpora: filtered, weighted, mixed with gold."""

import logging
import math
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, TypeAlias

from spacy.language import Language
from spacy.tokens import Doc
from spacy.training import Corpus, Example
from spacy.training.corpus import walk_corpus
from spacy.util import logger
from spacy.vocab import Vocab

from ..errors import Errors, XProjError
from ..io.shards import is_annotated, shard_paths
from .selection import Criteria, select_docs
from .splits import fraction

Paths: TypeAlias = str | Path | list[str | Path] | None


class ProjectedCorpus:
    """A corpus as ``spacy train`` takes it: called with a pipeline, it yields examples.

    ``counts`` says, after a call, what was read, kept, dropped and used of each path. With the
    default settings the examples are those of ``spacy.Corpus.v1``, in the same order.
    """

    def __init__(
        self,
        paths: Sequence[str | Path],
        *,
        criteria: Criteria,
        weights: Sequence[float] | None = None,
        limits: Sequence[int] | None = None,
        gold_paths: Sequence[str | Path] = (),
        gold_share: float | None = None,
        max_length: int = 0,
        gold_preproc: bool = False,
        augmenter: Callable[..., Any] | None = None,
    ) -> None:
        if not paths:
            raise XProjError(Errors.XP670)
        for name, values in (("weights", weights), ("limits", limits)):
            if values is not None and len(values) != len(paths):
                raise XProjError(Errors.XP672.format(name=name, n=len(values), n_paths=len(paths)))
            for value in values or ():
                if not 0 <= value < math.inf:
                    raise XProjError(Errors.XP151.format(name=name, value=value, least=0, fix=0))
        if gold_share is not None and not (0 < gold_share < 1 and gold_paths):
            raise XProjError(Errors.XP674.format(share=gold_share, n=0))
        criteria.check()
        self.paths, self.gold_paths = [Path(p) for p in paths], [Path(p) for p in gold_paths]
        self.criteria = criteria
        self.weights = [1.0] * len(paths) if weights is None else list(weights)
        self.limits = [0] * len(paths) if limits is None else list(limits)
        self.gold_share = gold_share
        self.gold_preproc = gold_preproc
        # spaCy's own reader makes the examples; it is given documents in place of its path.
        self._examples = Corpus(
            self.paths[0], gold_preproc=gold_preproc, max_length=max_length, augmenter=augmenter
        )
        self.counts: list[dict[str, Any]] = []

    def __call__(self, nlp: Language) -> Iterator[Example]:
        docs = self.read(nlp.vocab)
        make = self._examples.make_examples
        if self.gold_preproc:
            make = self._examples.make_examples_gold_preproc
        for example in make(nlp, docs):
            yield from self._examples.augmenter(nlp, example)

    def read(self, vocab: Vocab) -> list[Doc]:
        """The documents of an epoch. Raises XProjError where a path holds no file or a broken one,
        and where no projected document is left."""
        gold = [(path, self._read(path, vocab)) for path in self.gold_paths]
        # Gold labels are the better ones: a projected repeat gives way to them.
        known = [doc.text for _, docs in gold for doc in docs]
        counts: list[dict[str, Any]] = []
        result: list[Doc] = []
        total = 0
        for path, weight, limit in zip(self.paths, self.weights, self.limits, strict=True):
            docs = self._read(path, vocab)
            total += len(docs)
            selected = select_docs(docs, self.criteria, known=known)
            kept = selected.kept[: limit or None]
            known += [doc.text for doc in kept]
            used = self._weigh(kept, weight)
            result += used
            count = {
                "path": str(path), "gold": False, "read": len(docs), "kept": len(kept),
                "dropped": selected.counts(), "unlabelled": len(selected.unlabelled),
                "over_limit": len(selected.kept) - len(kept), "used": len(used),
            }  # fmt: skip
            counts.append(count)
        if not result:
            reasons = sum((Counter(count["dropped"]) for count in counts), Counter())
            named = ", ".join(f"{name} {n}" for name, n in sorted(reasons.items()))
            raise XProjError(Errors.XP675.format(n=total, counts=named or "weights of 0"))
        result, gold_counts = self._mix(result, gold)
        self._report(counts + gold_counts)
        return result

    def _read(self, path: Path, vocab: Vocab) -> list[Doc]:
        """The documents of a ``.spacy`` file, of those in a folder, in order of name, or of the
        shards that ``annotate`` wrote; without those that have no tokens, as spaCy's own reader
        does. Raises XProjError for a folder that ``annotate`` has not completed."""
        docs: list[Doc] = []
        for file in docbin_files(path):
            try:
                docs += self._examples.read_docbin(vocab, [file])
            except (ValueError, TypeError, KeyError, IndexError, AttributeError) as error:
                raise XProjError(Errors.XP615.format(path=file, reason=error)) from error
        return docs

    def _mix(
        self, projected: list[Doc], gold: list[tuple[Path, list[Doc]]]
    ) -> tuple[list[Doc], list[dict[str, Any]]]:
        """The projected documents, with gold ones after them as often as ``gold_share`` asks."""
        n_gold = sum(len(docs) for _, docs in gold)
        weight = 1.0
        if self.gold_share is not None:
            if not n_gold:
                raise XProjError(Errors.XP674.format(share=self.gold_share, n=0))
            weight = self.gold_share / (1 - self.gold_share) * len(projected) / n_gold
        counts: list[dict[str, Any]] = []
        for path, docs in gold:
            used = self._weigh(docs, weight)
            projected = projected + used
            counts.append(
                {"path": str(path), "gold": True, "read": len(docs), "kept": len(docs)}
                | {"dropped": {}, "unlabelled": 0, "over_limit": 0, "used": len(used)}
            )
        return projected, counts

    def _weigh(self, docs: list[Doc], weight: float) -> list[Doc]:
        """Each document ``weight`` times; of a fraction those that a hash of seed and text picks,
        exactly as many as the weight asks for."""
        whole = math.floor(weight)
        more = math.floor((weight - whole) * len(docs) + 0.5)
        seed = self.criteria.seed
        order = sorted(range(len(docs)), key=lambda i: (fraction(seed, docs[i].text, str(i)), i))
        picked = set(order[:more])
        return docs * whole + [doc for i, doc in enumerate(docs) if i in picked]

    def _report(self, counts: list[dict[str, Any]]) -> None:
        """Keep the counts, and log them once: spaCy reads a corpus several times. What was left
        out is a warning, since ``spacy train`` shows others with ``--verbose`` only."""
        first, self.counts = not self.counts, counts
        for count in counts if first else ():
            dropped = ", ".join(f"{name} {n}" for name, n in count["dropped"].items()) or "none"
            left_out = count["dropped"] or count["unlabelled"] or count["over_limit"]
            logger.log(
                logging.WARNING if left_out else logging.INFO,
                "%s: %d documents, %d kept (dropped: %s; over the limit: %d), %d entities taken "
                "away, %d examples%s",
                count["path"], count["read"], count["kept"], dropped, count["over_limit"],
                count["unlabelled"], count["used"], ", gold" if count["gold"] else "",
            )  # fmt: skip


def docbin_files(path: Path) -> list[Path]:
    """A ``.spacy`` file, those of a folder in order of name, or the shards that ``annotate`` wrote.
    Raises XProjError where there is none, and for a folder that ``annotate`` has not completed."""
    files: list[Path] = []
    if is_annotated(path):
        files = shard_paths(path)
    elif path.exists():
        files = walk_corpus(path, ".spacy") if path.is_dir() else [path]
    if not files:
        raise XProjError(Errors.XP671.format(path=path, cwd=Path.cwd()))
    return files


def as_list(paths: Paths) -> list[str | Path]:
    """The paths of a setting that takes one, several or none."""
    if paths is None:
        return []
    return list(paths) if isinstance(paths, list) else [paths]


def make_projected_corpus(
    paths: Paths,
    weights: list[float] | None = None,
    limits: list[int] | None = None,
    gold_paths: Paths = None,
    gold_share: float | None = None,
    filters: list[str] | None = None,
    min_confidence: float | None = None,
    on_low: str = "drop",
    without_views: str = "keep",
    dedup: str | None = None,
    max_empty_share: float = 1.0,
    seed: int = 0,
    max_length: int = 0,
    gold_preproc: bool = False,
    augmenter: Callable[..., Any] | None = None,
) -> ProjectedCorpus:
    """``spacy-xproj.ProjectedCorpus.v1``: training documents from projected corpora.

    paths: DocBin files, or folders of them. weights: for each path how often each kept document is
    seen in an epoch, 2 for twice, 0.5 for half of them. limits: for each path the most documents
    to keep, 0 for all. gold_paths: DocBins with gold labels, which no filter touches. gold_share:
    the share of gold documents in an epoch, reached by repeating or leaving out gold ones; by
    default each is seen once. filters, min_confidence, on_low, without_views, dedup,
    max_empty_share, seed: as of ``spacy xproj export``; dedup also looks across paths and at gold.
    max_length, gold_preproc, augmenter: as of ``spacy.Corpus.v1``.
    """
    return ProjectedCorpus(
        as_list(paths),
        criteria=Criteria(
            filters=filters or [],
            min_confidence=min_confidence,
            on_low=on_low,
            without_views=without_views,
            dedup=dedup,
            max_empty_share=max_empty_share,
            seed=seed,
        ),
        weights=weights,
        limits=limits,
        gold_paths=as_list(gold_paths),
        gold_share=gold_share,
        max_length=max_length,
        gold_preproc=gold_preproc,
        augmenter=augmenter,
    )
