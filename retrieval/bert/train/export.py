"""Writes a checkpoint as the model that footnote embeds: word pieces that an
English news reader never needs dropped, weights in 8 bits."""
import argparse
import hashlib
import json
import unicodedata
from pathlib import Path

import numpy as np
import torch
from safetensors.numpy import save

# RUN is how many weights of a row share a scale. One scale a row doubles the
# error of the vectors; runs of 64 take more room and gain nothing.
RUN = 128
# KEPT are the first words of the names of letters that stay: Latin and Greek,
# and those of no script, as in µg, 20 ºC, Hawaiʻi and xⁿ.
KEPT = ("LATIN", "GREEK", "MICRO", "MODIFIER", "SUPERSCRIPT", "FEMININE", "MASCULINE", "SCRIPT", "DOUBLE-STRUCK")
SPECIAL = ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]")


def is_kept(piece):
    """Special pieces, and those of Latin and Greek letters, digits and signs.
    Of other scripts the teacher knows single letters, no words."""
    if piece in SPECIAL:
        return True
    if piece.startswith("[unused"):
        return False
    return all(c.isascii() or not c.isalpha() or unicodedata.name(c, "").split()[0] in KEPT
               for c in piece.removeprefix("##"))


def quantised(weight, run):
    """Rows of 8-bit numbers, and a scale for each run of a row. Of some ways to
    clip a run's largest numbers, the one with the least squared error."""
    rows, cols = weight.shape
    runs = weight.reshape(rows, cols // run, run)
    largest = np.maximum(np.abs(runs).max(2, keepdims=True), 1e-12)
    best = np.zeros_like(runs)
    best_error, best_scale = np.full_like(largest, np.inf), largest
    for clip in (1, 0.95, 0.9, 0.85, 0.8, 0.7):
        scale = largest * clip / 127
        small = np.clip(np.rint(runs / scale), -127, 127)
        error = ((small * scale - runs) ** 2).sum(2, keepdims=True)
        better = error < best_error
        best, best_scale = np.where(better, small, best), np.where(better, scale, best_scale)
        best_error = np.minimum(error, best_error)
    return best.reshape(rows, cols).astype(np.int8), best_scale[:, :, 0].astype(np.float32)


def tensors(state, kept_pieces, longest):
    """The tensors by the names that BERT models give them."""
    get = lambda name: state[name].float().numpy()
    out, e = {}, "embeddings."

    def put(name, weight, run=RUN):
        out[name + ".weight"], out[name + ".weight_scale"] = quantised(weight, run)

    def put_linear(name, weight, bias):
        put(name, weight)
        out[name + ".bias"] = bias

    def put_norm(name, weight, bias):
        out[name + ".weight"], out[name + ".bias"] = weight, bias

    hidden = get("words").shape[1]
    put(e + "word_embeddings", get("words")[kept_pieces], hidden)
    put(e + "position_embeddings", get("positions")[:longest], hidden)
    out[e + "token_type_embeddings.weight"] = np.zeros((1, hidden), np.float32)  # positions hold it
    put_norm(e + "LayerNorm", get("norm"), get("norm_bias"))
    count = 1 + max(int(k.split(".")[1]) for k in state if k.startswith("layers."))
    for i in range(count):
        p, q = f"layers.{i}.", f"encoder.layer.{i}."
        weights, biases = np.split(get(p + "qkv"), 3), np.split(get(p + "qkv_bias"), 3)
        for part, weight, bias in zip(("query", "key", "value"), weights, biases):
            put_linear(f"{q}attention.self.{part}", weight, bias)
        for ours, theirs in (("o", "attention.output.dense"), ("up", "intermediate.dense"), ("down", "output.dense")):
            put_linear(q + theirs, get(p + ours), get(p + ours + "_bias"))
        put_norm(q + "attention.output.LayerNorm", get(p + "norm1"), get(p + "norm1_bias"))
        put_norm(q + "output.LayerNorm", get(p + "norm2"), get(p + "norm2_bias"))
    return {k: np.ascontiguousarray(v) for k, v in out.items()}, count


def main():
    p = argparse.ArgumentParser(description=__doc__)
    p.add_argument("--checkpoint", type=Path, required=True)
    p.add_argument("--teacher", type=Path, required=True)
    p.add_argument("--out", type=Path, required=True, help="folder to write")
    p.add_argument("--longest", type=int, default=256)
    args = p.parse_args()
    pieces = (args.teacher / "vocab.txt").read_text(encoding="utf-8").splitlines()
    kept = [i for i, piece in enumerate(pieces) if is_kept(piece)]
    state = torch.load(args.checkpoint, map_location="cpu")
    weights, layers = tensors(state, kept, args.longest)
    blob = save(weights, metadata={"format": "footnote int8"})
    args.out.mkdir(parents=True, exist_ok=True)
    (args.out / "model.safetensors").write_bytes(blob)
    (args.out / "vocab.txt").write_text("".join(pieces[i] + "\n" for i in kept), encoding="utf-8")
    (args.out / "tokenizer_config.json").write_text(json.dumps({"do_lower_case": True}) + "\n")
    config = {"model_type": "bert", "hidden_size": 384, "num_hidden_layers": layers, "num_attention_heads": 12, "intermediate_size": 1536,
              "vocab_size": len(kept), "max_position_embeddings": args.longest, "layer_norm_eps": 1e-12, "hidden_act": "gelu"}
    (args.out / "config.json").write_text(json.dumps(config, indent=1) + "\n")
    print(f"{len(kept)} of {len(pieces)} word pieces, {len(blob)} bytes, sha256 {hashlib.sha256(blob).hexdigest()}")


if __name__ == "__main__":
    main()
