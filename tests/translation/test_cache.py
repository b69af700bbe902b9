"""Translations are paid for once: in this process, the next one, and in several at once."""

import math
import multiprocessing
import os
import pickle
import shutil
import sqlite3
import stat
import threading
from pathlib import Path

import pytest
import spacy

from spacy_xproj.data.status import ViewStatus
from spacy_xproj.errors import XProjError
from spacy_xproj.hf import identity
from spacy_xproj.registry import registry
from spacy_xproj.translation import Bitext, Translation, Translator
from spacy_xproj.translation.cache import CachedTranslator
from spacy_xproj.translation.generation import TransformersGenerator
from spacy_xproj.translation.sentences import Rendering
from spacy_xproj.translation.seq2seq import Seq2Seq
from spacy_xproj.translation.store import SCORES, TRANSLATIONS

OK, TRUNCATED = ViewStatus.OK, ViewStatus.TRUNCATED


class Upper:
    """Translates into capitals, and counts what it is asked."""

    def __init__(self, **settings):
        self.settings = settings
        self.asked = []

    def translate(self, texts, *, source_lang, target_lang):
        self.asked += texts
        return [self.one(text) for text in texts]

    def one(self, text):
        if text == "unknown":
            return Translation("", ViewStatus.NO_TRANSLATION, "not today")
        if text == "nothing":
            return Translation("", ViewStatus.EMPTY_TRANSLATION, "translated to nothing")
        if text == "long":
            return Translation("LON", TRUNCATED, "cut at 3 of 4 tokens")
        return Translation(text.upper(), OK)

    def describe(self):
        return {"kind": "upper", **self.settings}


class Scorer(Upper):
    def score(self, sources, targets, *, source_lang, target_lang):
        pairs = list(zip(sources, targets, strict=True))
        self.asked += pairs
        return [-float(len(a) + 10 * len(b)) if a else -math.inf for a, b in pairs]


@pytest.fixture
def path(tmp_path):
    return str(tmp_path / "deep" / "translations.sqlite")


def cached(translator, path):
    return CachedTranslator(translator=translator, path=path)


def translate(translator, *texts, source_lang="sw", target_lang="en"):
    return translator.translate(texts, source_lang=source_lang, target_lang=target_lang)


# What is kept.


def test_a_second_translator_asks_nothing(path):
    texts = ["mvua", "long", "nothing", "👩🏽\u200d🔬 مرحبا", "\ud800x", "a\x00b"]
    first, second = Upper(), Upper()
    once = translate(cached(first, path), *texts)
    again = translate(cached(second, path), *texts)
    assert again == once == translate(Upper(), *texts)
    assert first.asked == texts
    assert second.asked == []


def test_a_text_is_asked_once_in_a_call_and_order_is_kept(path):
    upper = Upper()
    translator = cached(upper, path)
    translate(translator, "b")
    results = translate(translator, "a", "b", "a", "c", "b")
    assert [r.text for r in results] == ["A", "B", "A", "C", "B"]
    assert upper.asked == ["b", "a", "c"]
    assert (translator.hits, translator.misses) == (1, 3)


def test_blank_texts_are_neither_asked_nor_kept(path):
    upper = Upper()
    translator = cached(upper, path)
    assert translate(translator) == []
    assert [r.status for r in translate(translator, "", " \n", "\u200b")] == [
        ViewStatus.EMPTY_TARGET
    ] * 3
    assert upper.asked == []
    assert not translator.store.path.exists()


def test_what_has_no_translation_now_is_asked_again(path):
    upper = Upper()
    translator = cached(upper, path)
    for _ in range(2):
        (result,) = translate(translator, "unknown")
        assert result.status is ViewStatus.NO_TRANSLATION
    assert upper.asked == ["unknown"] * 2


def test_languages_and_settings_keep_apart(path):
    upper = Upper(num_beams=4)
    translate(cached(upper, path), "a")
    translate(cached(upper, path), "a", target_lang="de")
    translate(cached(upper, path), "a", source_lang="zu")
    translate(cached(upper, path), "a", source_lang="en", target_lang="sw")
    assert upper.asked == ["a"] * 4
    for settings in ({"num_beams": 1}, {"num_beams": 4, "generation": {"x": 1}}, {}):
        other = Upper(**settings)
        translate(cached(other, path), "a")
        assert other.asked == ["a"]
    ordered = Upper(**{"b": 1, "a": 2})
    translate(cached(ordered, path), "a")
    reordered = Upper(**{"a": 2, "b": 1})
    translate(cached(reordered, path), "a")
    assert reordered.asked == []


def test_what_was_done_before_a_failure_is_kept(path, monkeypatch):
    monkeypatch.setattr("spacy_xproj.io.store.CHUNK", 2)
    upper = Upper()
    one = upper.one
    upper.one = lambda text: one(text) if text != "bad" else 1 / 0
    with pytest.raises(ZeroDivisionError):
        translate(cached(upper, path), "a", "b", "c", "bad", "d")
    upper.one = one
    upper.asked.clear()
    translate(cached(upper, path), "a", "b", "c", "bad", "d")
    assert upper.asked == ["c", "bad", "d"]


def test_scores_are_kept_apart_from_translations(path):
    first, second = Scorer(), Scorer()
    sources, targets = ["a", "ab", "a", ""], ["bc", "c", "bc", "x"]
    languages = {"source_lang": "sw", "target_lang": "en"}
    scores = cached(first, path).score(sources, targets, **languages)
    again = cached(second, path)
    assert again.score(sources, targets, **languages) == scores == [-21.0, -12.0, -21.0, -math.inf]
    assert first.asked == [("a", "bc"), ("ab", "c"), ("", "x")]
    assert second.asked == []
    assert (again.store.count(SCORES), again.store.count(TRANSLATIONS)) == (3, 0)
    assert again.score([], [], **languages) == []
    with pytest.raises(XProjError, match="XP209"):
        again.score(["a"], [], **languages)


def test_only_what_can_score_scores(path):
    assert not hasattr(cached(Upper(), path), "score")
    assert hasattr(cached(Seq2Seq(), path), "score")
    assert isinstance(cached(Upper(), path), Translator)


def test_provenance_is_the_translator_s_own_and_does_not_count(path):
    upper = Upper(num_beams=2)
    translator = cached(upper, path)
    before = translator.describe()
    translate(translator, "a")
    translate(translator, "a")
    assert translator.describe() == before == upper.describe()
    assert (translator.hits, translator.misses) == (1, 1)


def test_a_bitext_is_keyed_by_its_pairs_and_saved_with_the_pipeline(path):
    old, new = Bitext(pairs=[("a", "one")]), Bitext(pairs=[("a", "two")])
    assert [translate(cached(b, path), "a")[0].text for b in (old, new, old)] == [
        "one",
        "two",
        "one",
    ]
    assert translate(cached(old, path), "a")[0].row == 0
    translator = cached(Bitext(), path)
    translator.from_bytes(cached(new, path).to_bytes())
    assert translate(translator, "a")[0].text == "two"
    assert cached(Upper(), path).to_bytes() == b""


# Models.


def test_a_second_run_does_not_load_the_model(nllb, pairs, path, monkeypatch):
    texts = [text for text, _ in pairs]
    languages = {"source_lang": "sw", "target_lang": "en"}

    def run(**settings):
        translator = cached(Seq2Seq(model=nllb, max_length=40, **settings), path)
        done = translate(translator, *texts)
        return done, translator.score(texts, [t.text for t in done], **languages)

    first = run(device="cpu", batch_size=2)
    monkeypatch.setattr(TransformersGenerator, "_load", lambda self: pytest.fail("loaded"))
    assert run(device="auto", batch_size=16) == first
    assert [t.text for t in first[0]] == [wanted for _, wanted in pairs]


def test_a_model_is_its_content(nllb, tmp_path, path):
    copy = shutil.copytree(nllb, tmp_path / "copy")
    first, same = (cached(Seq2Seq(model=str(m)), path) for m in (nllb, copy))
    languages = ("sw", "en")
    assert first._settings(languages) == same._settings(languages)
    with (copy / "config.json").open("a") as stream:
        stream.write("\n")
    other = cached(Seq2Seq(model=str(copy)), path)
    assert other._settings(languages) != first._settings(languages)


def test_a_large_model_is_not_read_again_by_the_next_process(nllb, path, monkeypatch):
    first = cached(Seq2Seq(model=nllb), path)
    known = first._settings(("sw", "en"))
    monkeypatch.setattr(identity, "digests", {})  # as in a new process
    monkeypatch.setattr("spacy_xproj.translation.cache.digests", identity.digests)
    monkeypatch.setattr(Path, "open", lambda *_, **__: pytest.fail("read again"))
    assert cached(Seq2Seq(model=nllb), path)._settings(("sw", "en")) == known


def test_a_translator_that_never_knows_what_it_is(path):
    upper = Upper()
    upper.identity = lambda: None
    with pytest.raises(XProjError, match=r"XP264.*Upper.*without"):
        translate(cached(upper, path), "a")


def test_settings_that_change_nothing_are_no_part_of_the_key(nllb):
    plain = Seq2Seq(model=nllb).identity()
    assert Seq2Seq(model=nllb, device="cpu", batch_size=3).identity() == plain
    for settings in (
        {"num_beams": 2},
        {"max_length": 50},
        {"split_sentences": False},
        {"generation": {"no_repeat_ngram_size": 3}},
        {"target_code": "eng_Latn"},
        {"half": True},
    ):
        assert Seq2Seq(model=nllb, **settings).identity() != plain


def test_a_model_that_is_to_be_fetched_is_known_after_that(path, monkeypatch):
    """Its commit is not known before, so nothing is looked up, but what it made is kept."""
    versions = iter([None, "commit:abc", "commit:abc"])
    monkeypatch.setattr("spacy_xproj.translation.seq2seq.model_version", lambda *_: next(versions))
    asked = []

    def run(self, sentences, source_lang, target_lang):
        asked.extend(sentences)
        return {sentence: Rendering(sentence.upper()) for sentence in sentences}

    monkeypatch.setattr(Seq2Seq, "_run", run)
    for _ in range(2):
        translator = cached(Seq2Seq(model="someone/model"), path)
        assert translate(translator, "a")[0].text == "A"
    assert asked == ["a"]


# Several at once.


def work(path, worker, barrier):
    upper = Upper()
    translator = cached(upper, path)
    barrier.wait()
    for i in range(25):
        texts = [f"shared {i}", f"{worker} {i}"]
        assert [t.text for t in translate(translator, *texts)] == [t.upper() for t in texts]


@pytest.mark.parametrize(("method", "n"), [("fork", 4), ("spawn", 2)])
def test_processes_share_a_file(path, method, n):
    if method not in multiprocessing.get_all_start_methods():
        pytest.skip(f"no {method} on this system")
    context = multiprocessing.get_context(method)
    translator = cached(Upper(), path)
    if method == "fork":
        translate(translator, "before the fork")
    barrier = context.Barrier(n)
    workers = [context.Process(target=work, args=(path, w, barrier)) for w in range(n)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(60)
    assert [worker.exitcode for worker in workers] == [0] * n
    expected = 25 * (n + 1) + (method == "fork")
    assert translator.store.count(TRANSLATIONS) == expected
    translate(translator, *(f"{w} {i}" for w in range(n) for i in range(25)))
    assert translator.misses == (method == "fork")


def test_a_lock_that_does_not_last_is_waited_for(path, monkeypatch):
    """SQLite gives up at once where another process is the last to close the file."""
    translator = cached(Upper(), path)
    prepare, attempts = translator.store._prepare, []

    def locked(connection):
        attempts.append(connection)
        if len(attempts) % 3:
            raise sqlite3.OperationalError("database is locked")
        prepare(connection)

    monkeypatch.setattr(translator.store, "_prepare", locked)
    assert translate(translator, "a")[0].text == "A"
    assert translator.store.count(TRANSLATIONS) == 1
    assert len(attempts) > 3
    monkeypatch.setattr("spacy_xproj.io.store._PATIENCE", 0)
    with pytest.raises(XProjError, match=r"XP262.*locked"):
        translate(translator, "b")


def test_threads_share_a_translator(path):
    translator = cached(Upper(), path)
    done = []
    threads = [
        threading.Thread(
            target=lambda i=i: done.append(translate(translator, f"{i}", "shared")[1].text)
        )
        for i in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert done == ["SHARED"] * 8
    assert translator.store.count(TRANSLATIONS) == 9


def test_it_is_pickled_with_what_it_knows(path):
    translator = cached(Upper(), path)
    translate(translator, "a")
    copy = pickle.loads(pickle.dumps(translator))
    copy.translator.asked.clear()
    assert translate(copy, "a")[0].text == "A"
    assert copy.translator.asked == []


def test_many_texts_at_once(path):
    texts = [f"text {i}" for i in range(2500)]
    first, second = Upper(), Upper()
    assert translate(cached(first, path), *texts) == translate(cached(second, path), *texts)
    assert (len(first.asked), len(second.asked)) == (2500, 0)


# Files.


def assert_refused(path, code, *also):
    before = Path(path).read_bytes()
    with pytest.raises(XProjError, match=code) as info:
        translate(cached(Upper(), str(path)), "a")
    assert all(part in str(info.value) for part in (str(path), *also))
    assert Path(path).read_bytes() == before


def test_a_file_of_another_kind_is_left_alone(tmp_path):
    notes = tmp_path / "notes.txt"
    notes.write_text("my only copy\n" * 100)
    assert_refused(notes, "XP260")
    database = tmp_path / "mine.sqlite"
    with sqlite3.connect(database) as connection:
        connection.execute("CREATE TABLE translations (mine TEXT)")
    connection.close()
    assert_refused(database, "XP260")
    assert sorted(file.name for file in tmp_path.iterdir()) == ["mine.sqlite", "notes.txt"]


def test_a_file_of_a_later_version_is_left_alone(path):
    translate(cached(Upper(), path), "a")
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA user_version = 99")
    connection.close()
    assert_refused(path, "XP261", "99")


def test_a_file_of_the_version_before_is_brought_up_to_date(path):
    translate(cached(Upper(), path), "a")
    connection = sqlite3.connect(path)
    connection.execute("ALTER TABLE translations DROP COLUMN links")
    connection.close()
    again = cached(Upper(), path)
    assert [t.text for t in translate(again, "a", "b")] == ["A", "B"]
    assert (again.hits, again.misses) == (1, 1)


def test_links_are_kept(path):
    class Linking(Upper):
        def translate(self, texts, *, source_lang, target_lang):
            return [Translation(t.upper(), ViewStatus.OK, links=((0, 1, 0, 1),)) for t in texts]

    first = translate(cached(Linking(), path), "a")
    assert first[0].links == ((0, 1, 0, 1),)
    assert translate(cached(Linking(), path), "a") == first


def test_a_damaged_file_is_left_alone(path):
    translate(cached(Upper(), path), *(f"text {i}" for i in range(1000)))
    data = bytearray(Path(path).read_bytes())
    data[4096:] = b"\xff" * (len(data) - 4096)
    Path(path).write_bytes(data)
    assert_refused(path, "XP263", "malformed")


def test_a_place_that_cannot_be_written_to(tmp_path):
    with pytest.raises(XProjError, match=r"XP262.*unable to open"):
        translate(cached(Upper(), str(tmp_path)), "a")
    (tmp_path / "file").touch()
    with pytest.raises(XProjError, match="XP262"):
        translate(cached(Upper(), str(tmp_path / "file" / "cache.sqlite")), "a")


def test_a_warm_file_in_a_place_that_cannot_be_written_to_is_read(path, monkeypatch):
    translate(cached(Upper(), path), "a", "b")
    connect = sqlite3.connect

    def read_only(database, **settings):
        if not settings.get("uri"):
            raise sqlite3.OperationalError("attempt to write a readonly database")
        return connect(database, **settings)

    monkeypatch.setattr(sqlite3, "connect", read_only)
    warm = cached(Upper(), path)
    assert [r.text for r in translate(warm, "b", "a")] == ["B", "A"]
    assert (warm.hits, warm.misses) == (2, 0)
    with pytest.raises(XProjError, match=r"XP262.*readonly"):
        translate(warm, "c")


def test_damaged_rows_are_asked_for_anew(path):
    translate(cached(Upper(), path), "a", "b", "c")
    with sqlite3.connect(path) as connection:
        for column, value, text in [("status", "odd", b"A"), ("text", b"\xff", b"B")]:
            connection.execute(
                f"UPDATE translations SET {column} = ? WHERE text = ?", (value, text)
            )
    connection.close()
    for misses in (2, 0):
        again = cached(Upper(), path)
        assert [r.text for r in translate(again, "a", "b", "c")] == ["A", "B", "C"]
        assert again.misses == misses


@pytest.mark.skipif(os.name != "posix", reason="modes of folders")
def test_folders_of_the_cache_are_the_user_s_alone(tmp_path):
    translate(cached(Upper(), str(tmp_path / "cache" / "deep" / "t.sqlite")), "a")
    for folder in (tmp_path / "cache", tmp_path / "cache" / "deep"):
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_a_full_disk(path, monkeypatch):
    translator = cached(Upper(), path)
    translate(translator, "a")
    prepare = translator.store._prepare

    def full(connection):
        prepare(connection)
        connection.execute(f"PRAGMA max_page_count = {1}")

    monkeypatch.setattr(translator.store, "_prepare", full)
    with pytest.raises(XProjError, match=r"XP262.*full"):
        translate(translator, *(f"text {i}" * 50 for i in range(500)))
    monkeypatch.undo()
    assert translator.store.count(TRANSLATIONS) == 1


def test_an_empty_file_is_a_new_one_and_nothing_is_left_beside(tmp_path):
    path = tmp_path / "translations.sqlite"
    path.touch()
    translate(cached(Upper(), str(path)), "a")
    assert [file.name for file in tmp_path.iterdir()] == [path.name]
    with sqlite3.connect(path) as connection:
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    connection.close()


def test_the_default_place_is_the_user_s_cache(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    translator = CachedTranslator(translator=Upper())
    assert translator.store.path == tmp_path / "spacy-xproj" / "translations.sqlite"
    assert not translator.store.path.parent.exists()  # nothing is made before it is used


# In a pipeline.

CONFIG = """
[nlp]
lang = "sw"
pipeline = ["xproj_translate"]

[components]

[components.xproj_translate]
factory = "xproj_translate"
source_lang = "en"

[components.xproj_translate.translator]
@xproj_translators = "spacy-xproj.CachedTranslator.v1"
path = "PATH"

[components.xproj_translate.translator.translator]
@xproj_translators = "spacy-xproj.Seq2Seq.v1"
model = "MODEL"
device = "cpu"
max_length = 40
"""


def test_in_a_pipeline_documents_are_the_same_with_and_without(nllb, pairs, path):
    def run(config):
        nlp = spacy.util.load_model_from_config(
            spacy.util.load_config_from_str(config), auto_fill=True
        )
        docs = list(nlp.pipe(text for text, _ in pairs))
        return [doc.to_bytes() for doc in docs], nlp.get_pipe("xproj_translate").backend

    config = CONFIG.replace("MODEL", nllb).replace("PATH", path)
    first, backend = run(config)
    second, warm = run(config)
    block = "[components.xproj_translate.translator"
    head, _, inner = config.split(block)
    plain_config = f"{head}{block}{inner.removeprefix('.translator')}"
    plain, _ = run(plain_config)
    assert first == second == plain
    assert (backend.misses, warm.misses, warm.hits) == (4, 0, 4)


def test_registered():
    name = "spacy-xproj.CachedTranslator.v1"
    assert registry.get("xproj_translators", name) is CachedTranslator
    assert CachedTranslator.__doc__
