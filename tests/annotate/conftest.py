"""An encoder with the layers that the configs name, and labelled pairs to project."""

import shutil

import pytest
import spacy
from spacy.tokens import Doc

from spacy_xproj.pipeline.parallel import pair


@pytest.fixture(scope="session")
def encoder(tiny_encoder, tmp_path_factory):
    """The folder of an untrained encoder of 8 layers."""
    import torch
    import transformers

    folder = tmp_path_factory.mktemp("encoder")
    for file in tiny_encoder.iterdir():
        if "token" in file.name or file.name == "vocab.txt":
            shutil.copy(file, folder)
    config = transformers.AutoConfig.from_pretrained(tiny_encoder)
    config.num_hidden_layers = 8
    torch.manual_seed(0)
    transformers.BertModel(config).save_pretrained(folder, safe_serialization=True)
    return str(folder)


@pytest.fixture
def docs():
    """Three Swahili documents, each with the view of its labelled English sentence."""
    source, target = spacy.blank("en").vocab, spacy.blank("sw").vocab
    sources = [
        Doc(source, ["Asha", "left", "Dodoma"], ents=["B-PER", "O", "B-LOC"]),
        Doc(source, ["Kijani", "Bank", "opened"], ents=["B-ORG", "I-ORG", "O"]),
        Doc(source, ["It", "rained"], ents=["O", "O"]),
    ]
    targets = [
        Doc(target, ["Asha", "aliondoka", "Dodoma"]),
        Doc(target, ["Benki", "ya", "Kijani", "ilifunguliwa"]),
        Doc(target, ["Mvua", "ilinyesha"]),
    ]
    return pair(sources, targets, source_lang="en", names=("en", "sw"))
