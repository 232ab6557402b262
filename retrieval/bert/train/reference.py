"""Writes what PyTorch makes of some texts, {"text", "vector"} a line: with the
teacher's weights, or with a student's before they were put in 8 bits. It is
what the encoder in Go is held to: by the few texts in mini/testdata always, by
any number of texts where FOOTNOTE_TEST_REFERENCE names the file, for the model
that FOOTNOTE_TEST_MODEL names or, without it, for footnote-mini."""
import argparse
import json
from pathlib import Path

import torch
from tokenizers import Tokenizer
from tokenizers.implementations import BertWordPieceTokenizer

import texts as corpus
from encoder import Encoder, embed, read_weights

TEXTS = [
    "Is South Korea sending lethal aid?",
    "a",
    "Who won the women's 100 metres in Zürich?",
    "The bank raised its key rate by 0.75 percentage points, to 1.5 %, on Thursday.",
    "naïve café résumé coöperate Ångström",
    "ΑΘΗΝΑ και Θεσσαλονίκη",
    "¿Dónde está la biblioteca?",
    "U.S.-led talks on the 1,200-km border (since 2014) broke down; no date was set.",
    "🙂 thumbs up 👍🏽 for the team!",
    "What did the minister say about the ceasefire?",
    "supercalifragilisticexpialidocious antidisestablishmentarianism",
    "Headline: floods cut off villages\nRescue teams reached the valley by boat on Sunday, the governor's office said.",
    "1 22 333 4444 55555 666666",
    "x" * 300,
    " ".join(f"Sentence {i} tells of the harvest, the price of wheat and the port." for i in range(40)),
]


def main():
    p = argparse.ArgumentParser(description=__doc__)
    p.add_argument("--teacher", type=Path, required=True)
    p.add_argument("--checkpoint", type=Path, help="a student's; without it the teacher embeds")
    p.add_argument("--model", type=Path, help="the folder that was exported of the student, for its word pieces")
    p.add_argument("--texts", type=Path, help="folder with passages, pairs and questions, to take --count more texts from")
    p.add_argument("--count", type=int, default=1000)
    p.add_argument("--out", type=Path, required=True)
    args = p.parse_args()
    texts = TEXTS + ([t for _, t in corpus.read(args.texts)[: args.count]] if args.texts else [])
    weights = read_weights(args.teacher / "model.safetensors")
    tokenizer = Tokenizer.from_file(str(args.teacher / "tokenizer.json"))
    number = tokenizer.token_to_id
    if args.checkpoint:
        state = torch.load(args.checkpoint, map_location="cpu")
        count = 1 + max(int(k.split(".")[1]) for k in state if k.startswith("layers."))
        net = Encoder(weights, range(count))
        net.load_state_dict(state)
        tokenizer = BertWordPieceTokenizer(str(args.model / "vocab.txt"), lowercase=True)
    else:
        net = Encoder(weights, range(6))
    tokenizer.no_padding()
    tokenizer.enable_truncation(256)
    # A student's pieces have the teacher's numbers, of which it keeps some.
    vectors = embed(net, [[number(piece) for piece in tokenizer.encode(text).tokens] for text in texts])
    args.out.parent.mkdir(parents=True, exist_ok=True)
    with open(args.out, "w", encoding="utf-8") as out:
        for text, vector in zip(texts, vectors):
            out.write(json.dumps({"text": text, "vector": [round(x, 5) for x in vector.tolist()]}, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
