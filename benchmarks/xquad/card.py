"""The dataset card of XQuAD-NER: what it holds, how it was made, what it is not."""

import textwrap
from collections.abc import Mapping
from typing import Any

from spacy_xproj.io.records import to_json


def card(summary: Mapping[str, Any]) -> str:
    """The card as Markdown, from the summary of ``build_xquad_ner``."""
    labels = summary["labels"]
    languages = summary["languages"]
    source = languages["en"]
    rules, left_out = source["rules"], source["left_out"]
    accepted = sum(n for rule, n in rules.items() if rule.startswith("label "))
    by_label = ", ".join(
        f"{n} {rule.removeprefix('label ')}"
        for rule, n in rules.items()
        if rule.startswith("label ")
    )
    unit = (
        "Sentences of each language are aligned with the English ones by their length, with "
        "answers and numbers as anchors. A unit is the smallest group of sentences that ends where "
        "sentences of all languages end. Where an answer lies in units of different number in two "
        "languages, or spreads over several, these are joined, so that no mention is cut. Thai, "
        "Lao and Khmer mark no sentence ends: they may be cut at any blank, and unit borders there "
        "are less certain."
        if summary["unit"] == "sentence"
        else "A unit is a whole paragraph."
    )
    rows = [
        [
            lang,
            *(str(own["mentions"][label]) for label in labels),
            str(sum(own["mentions"].values())),
            str(own["tokens"]),
            str(own["tokens_cut"]),
            _listed(own["left_out"]),
        ]
        for lang, own in languages.items()
    ]
    columns = ["language", *labels, "mentions", "tokens", "tokens cut", "questions left out"]
    settings = to_json(summary["recogniser"], sort_keys=True)
    return _filled(f"""# XQuAD-NER

Parallel text in {len(languages)} languages ({", ".join(languages)}) with gold named-entity
mentions, made from XQuAD by {summary["made_by"]}.

An XQuAD answer that is, in English, exactly a named entity is a gold mention. Its label is the
English one; its span in every language is the answer that human translators marked there.
**Mentions are a subset of all entities**: text that is not a mention may hold entities, so that
precision is undefined, and the files have mentions in `doc.spans["xquad_ner"]` and no `doc.ents`.

## Contents

{summary["paragraphs"]} paragraphs, {summary["questions"]} questions, {summary["units"]} units
({summary["units_that_are_whole_paragraphs"]} of them whole paragraphs).

{_table(columns, rows)}

- `LANG.spacy`: one Doc a unit, in the same order in every language. `doc.user_data["id"]` is
  article, paragraph and unit; `doc.user_data["xquad"]` has them apart, and the ids of the questions
  of each mention. The `span_id` of a mention is the id of its first question.
- `bitext.jsonl`: the texts, one object a unit: `id`, and the text by language.
- `summary.json`: these counts, checksums of the input, and each question that was left out.

## How it was made

- **Recogniser** of the English entities, run on English sentences: `{settings}`. Its labels, mapped
  to common names, decide what is an entity; {accepted} answers are one ({by_label}). Kept labels:
  {", ".join(labels)}.
- **Exactly an entity**: quotes, blanks and commas at the ends of an answer do not count
  ({rules.get("entity_and_quotes", 0)} answers are entities but for these,
  {rules.get("entity_and_period", 0)} but for a final period), and are not part of a mention in any
  language. An article does count: {rules.get("article_and_entity", 0)} answers that are an article
  and an entity are not a mention. Brackets, in which translators give the original name, stay.
- **Occurrences**: `answer_start`, in code points, decides. The same name elsewhere in the paragraph
  is not a mention.
- **Several questions with the same English answer** are one mention
  ({rules.get("questions_merged", 0)} merged). Where their answers differ in another language, the
  span that most agree on is taken, then the shortest, then the first.
- **Overlap** within a language: the longest mention is kept, the others are left out
  (`overlaps_longer`); two with the same span and label are one, with different labels the first is
  kept (`same_span_other_label`).
- **Tokens**: spaCy's rules of the language; Chinese, Japanese, Thai, Burmese, Khmer and Lao in
  characters, Korean and Vietnamese by general rules. Character offsets are canonical: a token that
  the border of a mention cuts becomes two ("tokens cut").
- **Units**: {unit}
- **Left out**: answers whose `answer_start` does not point to their text (`answer_start_mismatch`,
  {left_out.get("answer_start_mismatch", 0)} in English), questions that a language does not have
  (`question_missing`), without answer (`no_answer`) or with punctuation only (`only_punctuation`).

## Scores

Recall: the share of mentions with exact span and label. Accuracy: the share of mention tokens with
the right IOB2 tag; in languages cut into characters these are characters.

## Limits

- What the recogniser misses or mislabels in English is missing or mislabelled in every language.
- Answers are what annotators found worth asking for: names in them are not a random sample.
- Translators marked answers, not names: a span may hold an article, a case ending, a title or the
  original name in brackets.
- XQuAD is licensed CC BY-SA 4.0 (Artetxe, Ruder and Yogatama 2020); what is made from it is, too.
""")


def _filled(text: str) -> str:
    """Each paragraph and item as lines of up to 100 characters; headings and tables as they are."""
    lines: list[str] = []
    for line in text.splitlines():
        goes_on = line and line[0] not in "#|-" and lines and lines[-1] and lines[-1][0] not in "#|"
        if goes_on:
            lines[-1] += " " + line.strip()
        else:
            lines.append(line)
    return "".join(
        line + "\n"
        if line.startswith(("#", "|"))
        else textwrap.fill(
            line,
            100,
            subsequent_indent="  " if line.startswith("- ") else "",
            break_long_words=False,
            break_on_hyphens=False,
        )
        + "\n"
        for line in lines
    )


def _table(columns: list[str], rows: list[list[str]]) -> str:
    lines = [columns, ["---"] * len(columns), *rows]
    return "\n".join("| " + " | ".join(cells) + " |" for cells in lines)


def _listed(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{n} {reason}" for reason, n in counts.items()) or "-"
