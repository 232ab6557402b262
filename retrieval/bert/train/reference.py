"""Writes what PyTorch makes of some texts with a student's weights before they
were put in 8 bits: what the encoder in Go is held to, {"text", "vector"} a line."""
import argparse
import json
from pathlib import Path

import torch
from tokenizers import Tokenizer
from tokenizers.implementations import BertWordPieceTokenizer

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
    p.add_argument("--checkpoint", type=Path, required=True)
    p.add_argument("--teacher", type=Path, required=True)
    p.add_argument("--model", type=Path, required=True, help="the exported folder, for its word pieces")
    p.add_argument("--out", type=Path, required=True)
    args = p.parse_args()
    state = torch.load(args.checkpoint, map_location="cpu")
    count = 1 + max(int(k.split(".")[1]) for k in state if k.startswith("layers."))
    student = Encoder(read_weights(args.teacher / "model.safetensors"), range(count))
    student.load_state_dict(state)
    student.eval()
    whole = Tokenizer.from_file(str(args.teacher / "tokenizer.json"))
    small = BertWordPieceTokenizer(str(args.model / "vocab.txt"), lowercase=True)
    small.enable_truncation(256)
    # The pieces that were kept, by their numbers in the teacher.
    ids = [[whole.token_to_id(piece) for piece in small.encode(text).tokens] for text in TEXTS]
    vectors = embed(student, ids)
    args.out.parent.mkdir(parents=True, exist_ok=True)
    with open(args.out, "w", encoding="utf-8") as out:
        for text, vector in zip(TEXTS, vectors):
            out.write(json.dumps({"text": text, "vector": [round(x, 5) for x in vector.tolist()]}, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
