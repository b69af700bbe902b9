"""CTranslate2 gives what transformers gives, from a model that is converted once."""

import json
import multiprocessing
import os
import pickle
import shutil
import subprocess
import sys

import pytest
import spacy
import srsly

from spacy_xproj.data.status import ViewStatus
from spacy_xproj.errors import ModelNotFoundError, XProjError
from spacy_xproj.registry import registry
from spacy_xproj.translation import Translator, conversion, ct2, trust
from spacy_xproj.translation.attention import attention_links, token_chars
from spacy_xproj.translation.cache import CachedTranslator
from spacy_xproj.translation.conversion import converted_folder, read_notes
from spacy_xproj.translation.ct2 import CTranslate2
from spacy_xproj.translation.seq2seq import Seq2Seq
from spacy_xproj.translation.trust import read_checks

ctranslate2 = pytest.importorskip("ctranslate2")


@pytest.fixture(scope="module")
def cache(tmp_path_factory):
    """A folder for converted models."""
    return str(tmp_path_factory.mktemp("ct2"))


@pytest.fixture(scope="module")
def both(cache):
    """The same model with both backends."""

    def make(model, **settings):
        settings = {"model": model, "device": "cpu", "max_length": 40, **settings}
        return Seq2Seq(**settings), CTranslate2(**settings, cache=cache)

    return make


@pytest.fixture(scope="module")
def texts(pairs):
    swahili = [text for text, _ in pairs]
    return [
        *swahili,
        "Juma na Asha",
        f"{swahili[2]}  {swahili[0]}",
        "",
        "\u200b",
        "👩🏽\u200d🔬 a\x00b",
    ]


def translate(translator, texts, source_lang="sw", target_lang="en"):
    return translator.translate(texts, source_lang=source_lang, target_lang=target_lang)


# The same as transformers.


def test_nllb(both, nllb, texts):
    reference, fast = both(nllb, num_beams=1)
    assert translate(fast, texts) == translate(reference, texts)


def test_nllb_with_beams(cache, nllb, pairs):
    """With patience: else the search may end with short outputs, before the best is complete."""
    swahili, english = map(list, zip(*pairs, strict=True))
    fast = CTranslate2(
        model=nllb, device="cpu", max_length=40, generation={"patience": 2.0}, cache=cache
    )
    assert translate(fast, swahili) == [(text, ViewStatus.OK, "", None, None) for text in english]
    assert [r.text for r in translate(fast, english, "en", "sw")] == swahili


@pytest.mark.parametrize("num_beams", [1, 2])
def test_m2m(both, m2m, texts, num_beams):
    """Untrained, so that all outputs reach the limit."""
    reference, fast = both(m2m, num_beams=num_beams, max_length=30)
    assert translate(fast, texts) == translate(reference, texts)


@pytest.mark.parametrize("num_beams", [1, 4])
def test_marian(both, marian_learnt, texts, pairs, num_beams):
    reference, fast = both(marian_learnt, num_beams=num_beams, max_length=32)
    results = translate(fast, texts[:2])
    assert results == [(text, ViewStatus.OK, "", None, None) for _, text in pairs[:2]]
    assert results == translate(reference, texts[:2])
    languages = {"source_lang": "sw", "target_lang": "en"}
    scores = [t.score(texts[:2], [r.text for r in results], **languages) for t in (reference, fast)]
    # For transformers the padding is a token that could follow, too.
    assert scores[1] == pytest.approx(scores[0], abs=0.01)


def test_links_are_those_of_the_first_head_of_the_last_layer(cache, marian_learnt, pairs):
    """The same as transformers says, which is run on what was translated."""
    import torch
    import transformers

    sentence = pairs[0][0]
    text = f" {sentence}  {pairs[1][0]}"
    fast = CTranslate2(
        model=marian_learnt, device="cpu", max_length=40, num_beams=1, cache=cache, links=True
    )
    plain = CTranslate2(model=marian_learnt, device="cpu", max_length=40, num_beams=1, cache=cache)
    (single, double), (without,) = translate(fast, [sentence, text]), translate(plain, [sentence])
    assert (without.text, without.links) == (single.text, None)
    model = transformers.MarianMTModel.from_pretrained(
        marian_learnt, attn_implementation="eager"
    ).eval()
    tokenizer = fast.generator.tokenizer()
    given = tokenizer(sentence, return_tensors="pt").input_ids
    made = tokenizer(text_target=single.text, return_tensors="pt").input_ids
    start = torch.full((1, 1), model.config.decoder_start_token_id)
    out = model(
        input_ids=given,
        decoder_input_ids=torch.cat([start, made[:, :-1]], dim=1),
        output_attentions=True,
    )
    best = out.cross_attentions[-1][0, 0].argmax(dim=1).tolist()
    names = [tokenizer.convert_ids_to_tokens(ids[0].tolist()) for ids in (given, made)]
    chars = [token_chars(n, t) for n, t in zip(names, (sentence, single.text), strict=True)]
    wanted = attention_links(*chars, best)
    assert single.links == wanted
    assert wanted
    # The second time it stands after a blank, and another sentence comes after.
    assert double.links[: len(wanted)] == tuple((a + 1, b + 1, c, d) for a, b, c, d in wanted)
    for start, end, first, last in double.links:
        assert text[start:end].strip() == text[start:end]
        assert double.text[first:last].strip() == double.text[first:last] != ""


def test_links_become_those_of_words(cache, marian_learnt, pairs):
    nlp = spacy.blank("sw")
    block = {
        **{"@xproj_translators": "spacy-xproj.CTranslate2.v1", "model": marian_learnt},
        **{"device": "cpu", "max_length": 40, "num_beams": 1, "cache": cache, "links": True},
    }
    nlp.add_pipe("xproj_translate", config={"translator": block})
    aligner = {"@xproj_aligners": "spacy-xproj.FromTranslator.v1"}
    nlp.add_pipe("xproj_aligner", config={"aligner": aligner})
    doc = nlp(pairs[0][0])
    view = doc._.xproj["en"]
    assert len(view.links)
    assert {target for _, target in view.links.pairs} <= set(range(len(doc)))


def test_marian_with_several_targets(both, marian_many, pairs):
    reference, fast = both(marian_many, num_beams=1, max_length=12)
    for target in ("sw", "de", "zh"):
        assert_same_start(*(translate(t, [pairs[0][1]], "en", target) for t in (reference, fast)))
    with pytest.raises(XProjError, match=r"XP205.*'fr'"):
        translate(fast, ["a"], "en", "fr")


@pytest.mark.parametrize("kind", ["MBart50Tokenizer", "MBartTokenizer"])
def test_mbart(both, spm_file, texts, tmp_path, kind):
    """mBART-50 forces the language after the start, the first mBART starts with it."""
    reference, fast = both(make_mbart(kind, spm_file, tmp_path), num_beams=1)
    assert_same_start(*(translate(t, texts[:5], "en", "de") for t in (reference, fast)))
    languages = {"source_lang": "en", "target_lang": "de"}
    scores = [t.score(texts[:4], texts[1:5], **languages) for t in (reference, fast)]
    # transformers also scores the language after the end, where the first mBART starts with it.
    tolerance = 1e-5 if kind == "MBart50Tokenizer" else 0.02
    assert scores[1] == pytest.approx(scores[0], abs=tolerance)


def make_mbart(kind, spm_file, folder):
    pytest.importorskip("google.protobuf")
    import torch
    import transformers

    tokenizer = getattr(transformers, kind)(str(spm_file))
    sizes = {"encoder_layers": 1, "decoder_layers": 1, "encoder_ffn_dim": 8, "d_model": 16}
    torch.manual_seed(0)
    config = transformers.MBartConfig(
        vocab_size=len(tokenizer), decoder_ffn_dim=8, decoder_start_token_id=2, **sizes
    )
    transformers.MBartForConditionalGeneration(config).save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return str(folder)


def assert_same_start(reference, fast):
    """transformers puts an end at the limit for some models, CTranslate2 one token more."""
    for expected, result in zip(reference, fast, strict=True):
        assert result.status is expected.status
        assert result.text.startswith(expected.text)


def test_scores(both, nllb, m2m, pairs):
    swahili, english = zip(*pairs, strict=True)
    languages = {"source_lang": "sw", "target_lang": "en"}
    for model in (nllb, m2m):
        reference, fast = both(model, batch_size=3)
        for targets in (english, english[::-1]):
            expected = reference.score(swahili, targets, **languages)
            assert fast.score(swahili, targets, **languages) == pytest.approx(expected, abs=1e-5)
    assert fast.score(["", "a"], ["a", " "], **languages) == [-float("inf")] * 2


def test_too_long_sentences_and_outputs_at_the_limit(both, nllb, pairs):
    long = f"{pairs[2][0]} " + "juma na asha " * 20
    reference, fast = both(nllb, num_beams=1, max_length=24)
    assert translate(fast, [long]) == translate(reference, [long])
    cut = CTranslate2(
        model=nllb,
        device="cpu",
        max_length=40,
        generation={"max_decoding_length": 4},
        cache=fast.generator.cache,
    )
    (result,) = translate(cut, [pairs[0][0]])
    assert result.status is ViewStatus.TRUNCATED
    assert "up to 4 tokens" in result.reason
    assert pairs[0][1].startswith(result.text)


def test_batches_do_not_matter(both, nllb, texts):
    _, one = both(nllb, batch_size=1)
    _, many = both(nllb, batch_size=7)
    assert translate(one, texts) == translate(many, texts)


# Integers for weights.


def integers(nllb, cache, **settings):
    settings = {"max_length": 40, "num_beams": 1, "compute_type": "int8", **settings}
    return CTranslate2(model=nllb, device="cpu", cache=cache, **settings)


@pytest.mark.parametrize("compute_type", ["int8", "auto"])
def test_integers(cache, nllb, pairs, compute_type, caplog):
    small = integers(nllb, cache, compute_type=compute_type, inter_threads=2)
    results = translate(small, [text for text, _ in pairs])
    assert [r.text for r in results] == [text for _, text in pairs]
    assert small.generator._load().translator.compute_type == "int8_float32"
    assert not caplog.records


# Without torch and transformers, which ctranslate2 imports where it finds them, it starts at once.
USE = """
import json, sys

sys.modules["torch"] = sys.modules["transformers"] = None
import ctranslate2

translator = ctranslate2.Translator(sys.argv[1], device="cpu", compute_type="int8")
rows, prefixes = json.loads(sys.argv[2])
results = translator.translate_batch(rows, prefixes, beam_size=1, max_decoding_length=40)
print(json.dumps([result.hypotheses[0] for result in results]))
"""
# As on CPUs that have no more than this: where this one has less, as it is.
LESS = [
    *(("ONEDNN_MAX_CPU_ISA", isa) for isa in ("SSE41", "AVX2", "AVX512_CORE")),
    ("CT2_FORCE_CPU_ISA", "GENERIC"),
]


@pytest.mark.parametrize(("name", "value"), LESS)
def test_integers_on_other_processors(cache, nllb, pairs, name, value):
    """Without VNNI, weights of 8 bits saturate and come out as garbage."""
    tokenizer = CTranslate2(model=nllb, device="cpu", cache=cache).generator.tokenizer()
    tokenizer.src_lang = "swh_Latn"
    rows, expected = (
        [tokenizer.convert_ids_to_tokens(tokenizer(text).input_ids) for text in texts]
        for texts in zip(*pairs, strict=True)
    )
    expected = [["eng_Latn", *row[1:-1]] for row in expected]
    folder = converted_folder(nllb, cache=cache, integers=True)
    given = json.dumps([rows, [["eng_Latn"]] * len(rows)])
    run = subprocess.run(
        [sys.executable, "-c", USE, folder, given],
        env={**os.environ, name: value, "OMP_NUM_THREADS": "1"},
        check=True,
        capture_output=True,
        text=True,
    )
    assert json.loads(run.stdout) == expected


def test_integers_that_cannot_be_trusted_are_not_used(nllb, tmp_path, pairs, monkeypatch, caplog):
    monkeypatch.setattr(conversion, "_narrow", spoil)
    first = integers(nllb, str(tmp_path))
    assert translate(first, [pairs[0][0]])[0].text == pairs[0][1]
    assert first.generator._load().translator.compute_type == "float32"
    (record,) = caplog.records
    assert record.name.startswith("spacy_xproj.")
    assert "agrees with 32 bits by 0." in record.getMessage()
    # It is known from then on, and still said.
    monkeypatch.setattr(ct2, "agreement", lambda *_: pytest.fail("tried again"))
    second = integers(nllb, str(tmp_path))
    assert translate(second, [pairs[1][0]])[0].text == pairs[1][1]
    assert len(caplog.records) == 2


def spoil(spec):
    """Weights that are not those of the model."""
    for name, value in spec.variables().items():
        if getattr(value, "dtype", None) == "int8" and value.shape and "decoder" in name:
            value.array[:] = value.array[::-1]


def test_a_check_that_cannot_be_kept_is_made_anew(nllb, tmp_path, pairs, monkeypatch):
    def refuse(path, data):
        raise PermissionError(13, "Permission denied", str(path))

    folder = converted_folder(nllb, cache=str(tmp_path), integers=True)
    converted_folder(nllb, cache=str(tmp_path))
    monkeypatch.setattr(trust, "write_json", refuse)
    for _ in range(2):
        small = integers(nllb, str(tmp_path))
        assert translate(small, [pairs[0][0]])[0].text == pairs[0][1]
    assert read_checks(folder) == {}


@pytest.mark.parametrize("kind", ["MBart50Tokenizer", "MBartTokenizer"])
def test_integers_of_mbart(spm_file, tmp_path, kind):
    """Untrained, so that it is only tried whether it can be run."""
    model = make_mbart(kind, spm_file, tmp_path / "model")
    small = integers(model, str(tmp_path / "cache"))
    translate(small, ["Asha"], "en", "de")
    folder = converted_folder(model, cache=str(tmp_path / "cache"), integers=True)
    assert len(read_checks(folder)) == 1


# Converted once, and kept.


def test_the_second_translator_converts_nothing(cache, nllb, pairs, monkeypatch):
    folder = converted_folder(nllb, cache=cache)
    assert folder.parent == type(folder)(cache)
    assert folder.name.startswith("nllb")
    monkeypatch.setattr(conversion, "_convert", lambda *_: pytest.fail("converted again"))
    monkeypatch.setattr(conversion, "load_model", lambda *_, **__: pytest.fail("loaded"))
    again = CTranslate2(model=nllb, device="cpu", max_length=40, num_beams=1, cache=cache)
    assert translate(again, [pairs[0][0]])[0].text == pairs[0][1]


def test_a_changed_model_is_converted_anew(nllb, tmp_path):
    model = shutil.copytree(nllb, tmp_path / "model")
    first = converted_folder(str(model), cache=str(tmp_path / "cache"))
    settings = srsly.read_json(model / "generation_config.json")
    srsly.write_json(model / "generation_config.json", {**settings, "no_repeat_ngram_size": 3})
    second = converted_folder(str(model), cache=str(tmp_path / "cache"))
    assert first != second
    sizes = [read_notes(f)["generation"]["no_repeat_ngram_size"] for f in (first, second)]
    assert sizes == [0, 3]


def test_the_model_s_own_settings_are_used(nllb, tmp_path, pairs):
    model = shutil.copytree(nllb, tmp_path / "model")
    settings = srsly.read_json(model / "generation_config.json")
    srsly.write_json(model / "generation_config.json", {**settings, "repetition_penalty": 50.0})

    def run(**generation):
        fast = CTranslate2(
            model=str(model),
            device="cpu",
            max_length=40,
            num_beams=1,
            cache=str(tmp_path),
            generation=generation,
        )
        return translate(fast, [pairs[0][0]])[0].text

    assert run() != pairs[0][1]  # its letters may not come back
    assert run(repetition_penalty=1.0) == pairs[0][1]


def test_a_failed_conversion_leaves_nothing(nllb, tmp_path, monkeypatch):
    from ctranslate2.converters import TransformersConverter

    def convert(self, folder, **kwargs):
        (type(tmp_path)(folder)).mkdir()
        raise ValueError("no such layer.")

    monkeypatch.setattr(TransformersConverter, "convert", convert)
    with pytest.raises(XProjError, match=r"XP251.*no such layer\. Use .*Seq2Seq"):
        converted_folder(nllb, cache=str(tmp_path))
    assert [path.suffix for path in tmp_path.iterdir()] == [".lock"]


def convert(model, cache, barrier, results):
    barrier.wait()
    folder = converted_folder(model, cache=cache)
    results.put((str(folder), (folder / "model.bin").stat().st_ino))


def test_processes_wait_for_the_one_that_converts(nllb, tmp_path):
    context = multiprocessing.get_context("fork" if sys.platform == "linux" else "spawn")
    barrier, results = context.Barrier(3), context.Queue()
    args = (nllb, str(tmp_path), barrier, results)
    workers = [context.Process(target=convert, args=args) for _ in range(3)]
    for worker in workers:
        worker.start()
    found = {results.get(timeout=60) for _ in workers}
    for worker in workers:
        worker.join(60)
    assert len(found) == 1  # one folder, written once


@pytest.mark.parametrize("file", ["model.bin", "shared_vocabulary.json", "xproj.json"])
def test_a_damaged_folder_is_named(nllb, tmp_path, file):
    folder = converted_folder(nllb, cache=str(tmp_path))
    (folder / file).write_bytes(b"")
    with pytest.raises(XProjError, match=rf"XP253.*{folder.name}.*Remove that folder"):
        translate(CTranslate2(model=nllb, device="cpu", cache=str(tmp_path)), ["a"])


# Processes.


def test_it_is_pickled_without_the_weights(both, nllb, pairs):
    _, fast = both(nllb, num_beams=1)
    translate(fast, [pairs[0][0]])
    copy = pickle.loads(pickle.dumps(fast))
    assert copy.generator._loaded is None
    assert translate(copy, [pairs[0][0]])[0].text == pairs[0][1]


def use(translator, text, results):
    results.put(translate(translator, [text])[0].text)


@pytest.mark.skipif(sys.platform != "linux", reason="forks")
def test_a_forked_process_loads_its_own(both, nllb, pairs):
    """The threads of the parent's do not survive the fork; waiting for them would take for ever."""
    context = multiprocessing.get_context("fork")
    _, fast = both(nllb, num_beams=1)
    translate(fast, [pairs[0][0]])
    results = context.Queue()
    worker = context.Process(target=use, args=(fast, pairs[1][0], results))
    worker.start()
    assert results.get(timeout=60) == pairs[1][1]
    worker.join(60)
    assert worker.exitcode == 0


# Settings.


def test_describe_and_identity(nllb, cache):
    shared = {"model": nllb, "cache": cache}
    plain = CTranslate2(**shared)
    described = plain.describe()
    assert srsly.json_loads(srsly.json_dumps(described)) == described
    assert (described["kind"], described["model"]) == ("ctranslate2", nllb)
    assert isinstance(plain, Translator)
    other = CTranslate2(model=nllb, batch_size=2, inter_threads=2, device="cpu")
    assert other.identity() == plain.identity()
    assert CTranslate2(**shared, compute_type="int8").identity() != plain.identity()
    assert Seq2Seq(model=nllb).identity() != plain.identity()


def test_with_a_cache_of_translations(nllb, cache, tmp_path, pairs, monkeypatch):
    from spacy_xproj.translation.ct2 import CT2Generator

    def run():
        fast = CTranslate2(model=nllb, device="cpu", max_length=40, cache=cache)
        cached = CachedTranslator(translator=fast, path=str(tmp_path / "t.sqlite"))
        return translate(cached, [text for text, _ in pairs])

    first = run()
    monkeypatch.setattr(CT2Generator, "_load", lambda self: pytest.fail("loaded"))
    assert run() == first


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"batch_size": 0}, "batch_size"),
        ({"inter_threads": 0}, "inter_threads"),
        ({"intra_threads": -1}, "intra_threads"),
        ({"generation": {"beam_size": 2}}, "'beam_size' is not one of coverage_penalty"),
    ],
)
def test_invalid_settings(settings, message):
    with pytest.raises(XProjError, match=rf"XP207.*{message}"):
        CTranslate2(**settings)


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"device": "mps"}, "mps"),
        ({"device": "cpu", "compute_type": "int3"}, "int3.*there is .*int8"),
        ({"device": "cpu:x"}, "cpu:x"),
    ],
)
def test_what_cannot_run_here(nllb, cache, settings, message):
    with pytest.raises(XProjError, match=rf"XP252.*{message}"):
        translate(CTranslate2(model=nllb, cache=cache, **settings), ["a"])


def test_a_model_that_is_not_there(tmp_path):
    with pytest.raises(ModelNotFoundError, match="nowhere"):
        translate(CTranslate2(model=str(tmp_path / "nowhere"), cache=str(tmp_path)), ["a"])


def test_registered():
    name = "spacy-xproj.CTranslate2.v1"
    assert registry.get("xproj_translators", name) is CTranslate2
