import math
import shutil
import sys
from typing import Any

import pytest

from spacy_xproj.data.status import ViewStatus
from spacy_xproj.errors import ModelNotFoundError, XProjError
from spacy_xproj.registry import registry
from spacy_xproj.translation import Translator
from spacy_xproj.translation.sentences import NOTHING, Rendering, answered, by_sentences
from spacy_xproj.translation.seq2seq import Seq2Seq


@pytest.fixture(scope="module")
def translator(nllb):
    return Seq2Seq(model=nllb, device="cpu", max_length=40)


def to_english(translator, *texts):
    return translator.translate(texts, source_lang="sw", target_lang="en")


def test_translates_both_ways(translator, pairs):
    swahili, english = zip(*pairs, strict=True)
    assert [r.text for r in to_english(translator, *swahili)] == list(english)
    back = translator.translate(english, source_lang="en", target_lang="sw")
    assert [r.text for r in back] == list(swahili)
    assert all(r.status is ViewStatus.OK and not r.reason for r in back)


def test_languages_are_in_the_input_and_first_in_the_output(translator, pairs, calls):
    to_english(translator, pairs[0][0])
    translator.translate([pairs[0][1]], source_lang="eng_Latn", target_lang="swa")
    tokenizer = translator.generator.tokenizer()
    english, swahili = tokenizer.convert_tokens_to_ids(["eng_Latn", "swh_Latn"])
    for (kwargs, output), source, target in zip(
        calls, (swahili, english), (english, swahili), strict=True
    ):
        assert kwargs["input_ids"][0, 0] == source
        assert output[0, 1] == target  # 0 is where the decoder starts


def test_the_pool_is_cut_into_batches_and_put_back_in_order(nllb, pairs, calls):
    translator = Seq2Seq(model=nllb, device="cpu", batch_size=2, num_beams=2, max_length=40)
    texts = [pairs[i][0] for i in (2, 0, 3, 1)] + ["Habari za leo", pairs[0][0]]
    together = to_english(translator, *texts)
    sizes = [len(kwargs["input_ids"]) for kwargs, _ in calls]
    assert sizes == [2, 2, 1]  # a repeated sentence is translated once
    lengths = [row.sum().item() for kwargs, _ in calls for row in kwargs["attention_mask"]]
    assert lengths == sorted(lengths, reverse=True)
    assert together == [to_english(translator, text)[0] for text in texts]
    assert [r.text for r in together[:4]] == [pairs[i][1] for i in (2, 0, 3, 1)]


def test_sentences_are_translated_one_by_one(translator, pairs, calls):
    text = f" {pairs[0][0]}  {pairs[2][0]}\n\n{pairs[1][0]}"
    (result,) = to_english(translator, text)
    assert sum(len(kwargs["input_ids"]) for kwargs, _ in calls) == 3
    assert result.text == f"{pairs[0][1]}  {pairs[2][1]}\n\n{pairs[1][1]}"
    assert result.status is ViewStatus.OK


def test_sentences_can_stay_together(nllb, pairs, calls):
    whole = Seq2Seq(model=nllb, device="cpu", split_sentences=False, num_beams=1, max_length=40)
    to_english(whole, f"{pairs[0][0]} {pairs[2][0]}")
    assert [len(kwargs["input_ids"]) for kwargs, _ in calls] == [1]


def test_sentences_without_space_between_get_one_unless_the_language_has_none():
    done = {"甲。": Rendering("One."), "乙。": Rendering("Two.")}
    for lang, text in (("en", "One. Two."), ("ja", "One.Two.")):
        assert by_sentences(["甲。乙。"], lambda _: done, target_lang=lang)[0].text == text


def test_blank_texts_never_reach_the_model(translator, pairs, calls):
    results = to_english(translator, "", " \n\t", "\u200b\u200d", "\x07", pairs[1][0])
    assert [r.status for r in results] == [ViewStatus.EMPTY_TARGET] * 4 + [ViewStatus.OK]
    assert [len(kwargs["input_ids"]) for kwargs, _ in calls] == [1]
    assert all(r.reason for r in results[:4])


def test_blank_texts_alone_do_not_even_load_it():
    results = to_english(Seq2Seq(model="no/such-model"), "", " ")
    assert [r.status for r in results] == [ViewStatus.EMPTY_TARGET] * 2
    assert to_english(Seq2Seq(model="no/such-model")) == []


def test_too_long_a_sentence_is_cut_and_says_so(nllb, pairs):
    translator = Seq2Seq(model=nllb, device="cpu", num_beams=1, max_length=24)
    text = f"{pairs[2][0]} " + "juma na asha " * 20
    (result,) = to_english(translator, text + "wa Dodoma")
    assert result.status is ViewStatus.TRUNCATED
    assert result.text  # what did fit
    assert "of" in result.reason
    assert "cut at 24 of" in result.reason


def test_an_output_that_reaches_the_limit_is_truncated(nllb, pairs):
    translator = Seq2Seq(
        model=nllb, device="cpu", num_beams=1, max_length=40, generation={"max_new_tokens": 4}
    )
    (result,) = to_english(translator, pairs[0][0])
    assert result.status is ViewStatus.TRUNCATED
    assert "up to 4 tokens" in result.reason
    assert pairs[0][1].startswith(result.text)


def test_an_empty_result():
    def one(*answers):
        done = dict(zip(["Asha left.", "It rained."], map(answered, answers), strict=True))
        return by_sentences(["Asha left. It rained."], lambda _: done, target_lang="en")[0]

    nothing = one("", "")
    assert (nothing.text, nothing.status) == ("", ViewStatus.EMPTY_TRANSLATION)
    part = one("E", "")
    assert (part.text, part.status) == ("E", ViewStatus.TRUNCATED)
    assert part.reason == f"1 of 2 sentences incomplete: {NOTHING}"


def test_links_of_sentences_become_those_of_the_text():
    done = {
        "Asha aliondoka.": Rendering("Asha left.", links=((0, 4, 0, 4), (5, 14, 5, 9))),
        "Mvua ilinyesha.": Rendering("Rain fell.", links=((0, 4, 0, 4),)),
    }
    text = "\n Asha aliondoka.   Mvua ilinyesha."
    (found,) = by_sentences([text], lambda _: done, target_lang="en")
    assert found.text == "Asha left.   Rain fell."
    assert [(text[a:b], found.text[c:d]) for a, b, c, d in found.links] == [
        *(("Asha", "Asha"), ("aliondoka", "left"), ("Mvua", "Rain")),
    ]


def test_a_batch_that_does_not_fit_into_memory_is_run_in_parts(nllb, pairs, monkeypatch, caplog):
    translator = Seq2Seq(model=nllb, device="cpu", num_beams=1, max_length=40)
    _, model = translator.generator._load()
    works = model.generate

    def generate(input_ids, **kwargs):
        if len(input_ids) > 1:
            raise RuntimeError("CUDA out of memory. Tried to allocate 20.00 MiB")
        return works(input_ids=input_ids, **kwargs)

    monkeypatch.setattr(model, "generate", generate)
    results = to_english(translator, *(text for text, _ in pairs))
    assert [r.text for r in results] == [text for _, text in pairs]
    assert "A smaller batch_size" in caplog.text


def test_odd_text_raises_nothing(nllb):
    translator = Seq2Seq(model=nllb, device="cpu", num_beams=1, max_length=16)
    odd = ["👩🏽\u200d🔬🙂", "مرحبا\u200f!", "a\x00b\x1b", "\ud800x", "</s>", "<pad> swh_Latn", "."]
    assert len(to_english(translator, *odd)) == len(odd)


def test_scores_are_the_negative_loss(translator, pairs):
    tokenizer, model = translator.generator._load()
    sources = [english for _, english in pairs]
    targets = [pairs[0][0], pairs[2][0], pairs[2][0], "Asha Juma"]
    scores = translator.score(sources, targets, source_lang="en", target_lang="sw")
    tokenizer.src_lang, tokenizer.tgt_lang = "eng_Latn", "swh_Latn"
    for source, target, score in zip(sources, targets, scores, strict=True):
        pair = tokenizer(source, text_target=target, return_tensors="pt")
        assert score == pytest.approx(-model(**pair).loss.item(), abs=1e-5)
    assert scores[0] > scores[1]  # the right translation is likelier


def test_score_does_not_depend_on_the_batch(nllb, pairs):
    swahili, english = zip(*pairs, strict=True)
    languages = {"source_lang": "sw", "target_lang": "en"}
    one, many = (Seq2Seq(model=nllb, device="cpu", batch_size=n, max_length=40) for n in (1, 4))
    expected = one.score(swahili, english[::-1], **languages)
    assert many.score(swahili, english[::-1], **languages) == pytest.approx(expected, abs=1e-5)


def test_scores_of_blank_and_unequal(translator):
    languages = {"source_lang": "sw", "target_lang": "en"}
    scores = translator.score(["", "a", "a"], ["a", " ", "a"], **languages)
    assert scores[:2] == [-math.inf, -math.inf]
    assert math.isfinite(scores[2])
    with pytest.raises(XProjError, match=r"XP209.*1 sources, 2 targets"):
        translator.score(["a"], ["a", "b"], **languages)


def test_a_language_without_code_and_how_to_name_one(nllb, translator, pairs):
    with pytest.raises(XProjError, match=r"XP205.*'pcm'.*eng_Latn.*source_code"):
        translator.translate(["a"], source_lang="pcm", target_lang="en")
    named = Seq2Seq(model=nllb, device="cpu", source_code="swh_Latn", max_length=40)
    (result,) = named.translate([pairs[0][0]], source_lang="bbj", target_lang="en")
    assert result.text == pairs[0][1]
    wrong = Seq2Seq(model=nllb, device="cpu", target_code="eng_Latm")
    with pytest.raises(XProjError, match=r"XP206.*target_code.*nearest: eng_Latn"):
        to_english(wrong, "a")


def test_marian(marian, pairs, calls):
    translator = Seq2Seq(model=marian, device="cpu", num_beams=2, max_length=16)
    texts = [pairs[1][0], "", f"{pairs[0][0]} {pairs[2][0]}"]
    together = to_english(translator, *texts)
    assert sum(len(kwargs["input_ids"]) for kwargs, _ in calls) == 3
    assert "forced_bos_token_id" not in calls[0][0]
    assert together == [to_english(translator, text)[0] for text in texts]
    # Marian's settings force an end at the limit: still known as cut
    assert together[0].status is ViewStatus.TRUNCATED


def test_marian_scores(marian, pairs):
    translator = Seq2Seq(model=marian, device="cpu", max_length=32)
    tokenizer, model = translator.generator._load()
    (score,) = translator.score(
        [pairs[0][0]], [pairs[0][1]], source_lang="swh_Latn", target_lang="eng"
    )
    pair = tokenizer(pairs[0][0], text_target=pairs[0][1], return_tensors="pt")
    assert score == pytest.approx(-model(**pair).loss.item(), abs=1e-5)


def test_marian_of_the_wrong_direction(marian):
    with pytest.raises(XProjError, match=r"XP208.*from 'sw'.*source_code"):
        Seq2Seq(model=marian, device="cpu").translate(["a"], source_lang="en", target_lang="sw")


def test_marian_with_several_targets_gets_the_language_as_prefix(marian_many, pairs, calls):
    translator = Seq2Seq(model=marian_many, device="cpu", num_beams=1, max_length=12)
    for target, code in (("sw", ">>swa<<"), ("de", ">>deu<<"), ("zh", ">>cmn_Hans<<")):
        translator.translate([pairs[0][1]], source_lang="en", target_lang=target)
        first = calls[-1][0]["input_ids"][0, 0].item()
        assert translator.generator.tokenizer().convert_ids_to_tokens(first) == code
    with pytest.raises(XProjError, match=r"XP205.*'fr'"):
        translator.translate(["a"], source_lang="en", target_lang="fr")


def test_m2m(m2m, pairs, calls):
    translator = Seq2Seq(model=m2m, device="cpu", num_beams=1, max_length=12)
    translator.translate([pairs[0][0]], source_lang="swh_Latn", target_lang="eng")
    tokenizer = translator.generator.tokenizer()
    kwargs, output = calls[0]
    assert kwargs["input_ids"][0, 0] == tokenizer.get_lang_id("sw")
    assert output[0, 1] == tokenizer.get_lang_id("en")


def test_mbart(spm_file, pairs, calls):
    from transformers import (
        MBart50Tokenizer,
        MBartConfig,
        MBartForConditionalGeneration,
        MBartTokenizer,
    )

    # mBART-50 forces the language after the start, the first mBART starts with it.
    for kind, position in ((MBart50Tokenizer, 1), (MBartTokenizer, 0)):
        tokenizer = kind(str(spm_file))
        sizes: Any = {"encoder_layers": 1, "decoder_layers": 1, "encoder_ffn_dim": 8, "d_model": 16}
        config = MBartConfig(vocab_size=len(tokenizer), decoder_ffn_dim=8, **sizes)
        translator = Seq2Seq(model="mbart", num_beams=1, max_length=12)
        translator.generator._loaded = tokenizer, MBartForConditionalGeneration(config).eval()
        translator.translate([pairs[0][1]], source_lang="en", target_lang="deu_Latn")
        english, german = map(tokenizer.convert_tokens_to_ids, ("en_XX", "de_DE"))
        kwargs, output = calls[-1]
        assert english in kwargs["input_ids"][0].tolist()
        assert output[0, position] == german


def test_describe_is_plain_data_and_independent_of_use(nllb):
    import srsly

    translator = Seq2Seq(model=nllb, revision=None, device="cpu", num_beams=1, max_length=8)
    before = translator.describe()
    to_english(translator, "Asha")
    assert translator.describe() == before
    assert srsly.json_loads(srsly.json_dumps(before)) == before
    assert (before["kind"], before["model"]) == ("seq2seq", nllb)
    assert isinstance(translator, Translator)


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"batch_size": 0}, "batch_size"),
        ({"num_beams": 0}, "num_beams"),
        ({"max_length": 2}, "max_length"),
        ({"generation": {"do_sample": True}}, "do_sample"),
    ],
)
def test_invalid_settings(settings, message):
    with pytest.raises(XProjError, match=rf"XP207.*{message}"):
        Seq2Seq(**settings)


def test_a_generation_setting_that_does_not_exist(nllb):
    with pytest.raises(XProjError, match=r"XP207.*'lenght_penalty'"):
        to_english(Seq2Seq(model=nllb, generation={"lenght_penalty": 2.0}), "a")


def test_a_model_that_is_not_there(tmp_path):
    with pytest.raises(ModelNotFoundError, match=r"nowhere"):
        to_english(Seq2Seq(model=str(tmp_path / "nowhere")), "a")


def test_registered():
    assert registry.get("xproj_translators", "spacy-xproj.Seq2Seq.v1") is Seq2Seq


def test_a_package_that_a_tokenizer_needs_is_named(spm_file, tmp_path, monkeypatch):
    import transformers

    transformers.MBartConfig().save_pretrained(tmp_path)
    shutil.copy(spm_file, tmp_path / "sentencepiece.bpe.model")
    (tmp_path / "tokenizer_config.json").write_text('{"tokenizer_class": "MBartTokenizer"}')
    monkeypatch.setitem(sys.modules, "google.protobuf", None)
    with pytest.raises(XProjError, match=r"XP915.*protobuf.*'spacy-xproj\[mbart\]'"):
        to_english(Seq2Seq(model=str(tmp_path), device="cpu"), "Asha")
