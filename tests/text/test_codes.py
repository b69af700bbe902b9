import pytest

from spacy_xproj.errors import XProjError
from spacy_xproj.text.codes import is_same_language, model_code, near_codes

NLLB = {
    **{"af": "afr_Latn", "am": "amh_Ethi", "ar": "arb_Arab", "bam": "bam_Latn", "de": "deu_Latn"},
    **{"en": "eng_Latn", "es": "spa_Latn", "ewe": "ewe_Latn", "fon": "fon_Latn", "fr": "fra_Latn"},
    **{"hau": "hau_Latn", "ibo": "ibo_Latn", "ja": "jpn_Jpan", "jv": "jav_Latn", "ka": "kat_Geor"},
    **{
        "kin": "kin_Latn",
        "kk": "kaz_Cyrl",
        "lug": "lug_Latn",
        "luo": "luo_Latn",
        "mos": "mos_Latn",
    },
    **{"my": "mya_Mymr", "nya": "nya_Latn", "sna": "sna_Latn", "sw": "swh_Latn", "swa": "swh_Latn"},
    **{"swh": "swh_Latn", "th": "tha_Thai", "tsn": "tsn_Latn", "twi": "twi_Latn", "tw": "twi_Latn"},
    **{"vi": "vie_Latn", "wol": "wol_Latn", "xho": "xho_Latn", "yo": "yor_Latn", "yor": "yor_Latn"},
    **{"zh": "zho_Hans", "zul": "zul_Latn"},
    # macrolanguages, their members, scripts and territories
    **{"ak": "twi_Latn", "aka": "aka_Latn", "ku": "kmr_Latn", "ckb": "ckb_Arab", "no": "nob_Latn"},
    **{"nb": "nob_Latn", "nn": "nno_Latn", "fa": "pes_Arab", "prs": "prs_Arab", "ps": "pbt_Arab"},
    **{"qu": "quy_Latn", "ff": "fuv_Latn", "et": "est_Latn", "lv": "lvs_Latn", "ms": "zsm_Latn"},
    **{"ne": "npi_Deva", "az": "azj_Latn", "mg": "plt_Latn", "tl": "tgl_Latn", "fil": "tgl_Latn"},
    **{"sr": "srp_Cyrl", "zh-TW": "zho_Hant", "zh_Hant": "zho_Hant", "cmn": "zho_Hans"},
    **{"ks": "kas_Arab", "ks-Deva": "kas_Deva", "ary": "ary_Arab", "arz": "arz_Arab"},
    **{"pt-BR": "por_Latn", "iw": "heb_Hebr", "sw_KE": "swh_Latn", "en-GB": "eng_Latn"},
}


@pytest.fixture(scope="module")
def nllb_codes():
    from transformers.models.nllb.tokenization_nllb import FAIRSEQ_LANGUAGE_CODES

    return FAIRSEQ_LANGUAGE_CODES


@pytest.fixture(scope="module")
def m2m_codes():
    from transformers.models.m2m_100.tokenization_m2m_100 import FAIRSEQ_LANGUAGE_CODES

    return FAIRSEQ_LANGUAGE_CODES["m2m100"]


@pytest.mark.parametrize(("lang", "code"), NLLB.items())
def test_nllb_code(nllb_codes, lang, code):
    assert model_code(lang, nllb_codes) == code


def test_the_order_of_the_codes_does_not_matter_for_nllb(nllb_codes):
    backwards = nllb_codes[::-1]
    assert {lang: model_code(lang, backwards) for lang in NLLB} == NLLB


def test_own_codes_are_kept(nllb_codes, m2m_codes):
    assert [model_code(code, nllb_codes) for code in nllb_codes] == nllb_codes
    assert [model_code(code, m2m_codes) for code in m2m_codes] == m2m_codes


@pytest.mark.parametrize(
    ("lang", "code"), [("swh_Latn", "sw"), ("nso", "ns"), ("nob", "no"), ("zh-Hant", "zh")]
)
def test_m2m_code(m2m_codes, lang, code):
    assert model_code(lang, m2m_codes) == code


def test_mbart_and_marian_codes():
    assert model_code("swh_Latn", ["en_XX", "sw_KE"]) == "sw_KE"
    assert model_code("en", ["en_XX", "sw_KE"]) == "en_XX"
    assert model_code("sw", ["deu", "swa"]) == "swa"
    assert model_code("zh", ["cmn_Hant", "cmn_Hans", "yue"]) == "cmn_Hans"
    assert model_code("pt-BR", ["pt", "pt_PT", "pt_BR"]) == "pt_BR"
    assert model_code("pt", ["pt_PT", "pt_BR", "pt"]) == "pt"


@pytest.mark.parametrize("lang", ["bbj", "pcm", "xx", "mul", "ROMANCE", "", " ", "日本", "\ud800"])
def test_a_language_that_the_model_lacks(nllb_codes, lang):
    with pytest.raises(XProjError, match=r"XP205.*source_code"):
        model_code(lang, nllb_codes)


def test_the_error_names_near_codes(nllb_codes, m2m_codes):
    with pytest.raises(XProjError, match=r"'pcm'.*nearest: eng_Latn"):
        model_code("pcm", nllb_codes)
    with pytest.raises(XProjError, match=r"nearest: ar\."):  # Moroccan is not Standard Arabic
        model_code("ary", m2m_codes)


def test_another_script_is_not_taken(nllb_codes):
    for lang in ("sr-Latn", "swh_Arab"):
        with pytest.raises(XProjError, match=r"nearest: (srp_Cyrl|swh_Latn)"):
            model_code(lang, nllb_codes)


def test_is_same_language():
    assert is_same_language("swh_Latn", "sw")
    assert is_same_language("de", "en") is False
    assert is_same_language("ROMANCE", "fr") is None


def test_near_codes_of_a_typing_error(nllb_codes):
    assert near_codes("swh_Latm", nllb_codes)[0] == "swh_Latn"
