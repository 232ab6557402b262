"""Prints how near each way to keep some layers is to the teacher before any training, the nearest first."""
import argparse
import itertools
from pathlib import Path

import torch
from tokenizers import Tokenizer

import texts as corpus
from encoder import Encoder, embed, read_weights


def main():
    p = argparse.ArgumentParser(description=__doc__)
    p.add_argument("layers", type=int, help="how many layers to keep")
    p.add_argument("--teacher", type=Path, required=True, help="folder with model.safetensors and tokenizer.json")
    p.add_argument("--texts", type=Path, required=True, help="folder with passages, pairs and questions")
    p.add_argument("--count", type=int, default=600, help="texts to measure on")
    p.add_argument("--longest", type=int, default=256, help="tokens of a text, at most")
    p.add_argument("--seed", type=int, default=1)
    p.add_argument("--threads", type=int, default=2)
    args = p.parse_args()
    torch.set_num_threads(args.threads)
    weights = read_weights(args.teacher / "model.safetensors")
    tokenizer = Tokenizer.from_file(str(args.teacher / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.enable_truncation(args.longest)
    # The texts that distill.py holds back come first.
    ids = [tokenizer.encode(t).ids for _, t in corpus.read(args.texts, args.seed)[: args.count]]
    count = 1 + max(int(k.split(".")[2]) for k in weights if k.startswith("encoder.layer."))
    known = embed(Encoder(weights, range(count)), ids)
    found = []
    for layers in itertools.combinations(range(count), args.layers):
        y = embed(Encoder(weights, layers), ids)
        error = ((y @ y.T - known @ known.T) ** 2).mean().item()
        found.append(((y * known).sum(1).mean().item(), error, layers))
    for cosine, error, layers in sorted(found, reverse=True):
        print(f"{','.join(map(str, layers))}: cosine {cosine:.4f}, squared error of the similarities {error:.5f}", flush=True)


if __name__ == "__main__":
    main()
