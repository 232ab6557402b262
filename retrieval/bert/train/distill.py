"""Distils a student from the teacher and writes its weights as a checkpoint."""
import argparse
import json
import random
import time
from pathlib import Path

import torch
import torch.nn.functional as F
from tokenizers import Tokenizer

import texts as corpus
from encoder import Encoder, batches, embed, pad, pool, read_weights


def arguments():
    p = argparse.ArgumentParser(description=__doc__)
    p.add_argument("--teacher", type=Path, required=True, help="folder with model.safetensors and tokenizer.json")
    p.add_argument("--texts", type=Path, required=True, help="folder with passages, pairs and questions")
    p.add_argument("--out", type=Path, required=True, help="checkpoint to write")
    p.add_argument("--layers", default="0,2,4,5", help="layers of the teacher that the student starts from")
    p.add_argument("--steps", type=int, default=620)
    p.add_argument("--budget", type=int, default=6144, help="token places a step")
    p.add_argument("--rate", type=float, default=3e-4)
    p.add_argument("--words-rate", type=float, default=5e-5, help="learning rate of the word pieces")
    p.add_argument("--similarity", type=float, default=5.0, help="weight of the similarity matrices")
    p.add_argument("--tokens", type=float, default=0.5, help="weight of the last states of all tokens")
    p.add_argument("--between", type=float, default=0.1, help="weight of the states between")
    p.add_argument("--longest", type=int, default=256, help="tokens of a text, at most")
    p.add_argument("--limit", type=int, default=0, help="texts to learn from, at most; 0 is all")
    p.add_argument("--unseen", default="", help="sources kept back to measure on")
    p.add_argument("--seed", type=int, default=1)
    p.add_argument("--threads", type=int, default=2)
    return p.parse_args()


def endless(ids, budget, rng):
    """Batches of texts of about one length, epoch after epoch, shuffled: texts
    are sorted within runs of a few thousand only, so that no batch repeats."""
    order = list(range(len(ids)))
    while True:
        rng.shuffle(order)
        out = []
        for start in range(0, len(order), 8192):
            run = order[start : start + 8192]
            out += [[run[i] for i in b] for b in batches([ids[i] for i in run], budget)]
        rng.shuffle(out)
        yield from out


def relative(student, teacher, mask):
    """Mean over the tokens of |student - teacher|² / |teacher|²."""
    error = ((student - teacher) ** 2).sum(2) / (teacher**2).sum(2)
    return (error * mask).sum() / mask.sum()


def loss_of(states, known, kept, mask, args):
    """How far the student's states are from those the teacher has, known."""
    y, target = pool(states[-1], mask), pool(known[-1], mask)
    loss = (1 - (y * target).sum(1)).mean()
    loss = loss + args.similarity * F.mse_loss(y @ y.T, target @ target.T)
    if args.tokens:
        loss = loss + args.tokens * relative(states[-1], known[-1], mask)
    if args.between:
        pairs = list(zip(states[:-1], kept[:-1]))
        loss = loss + args.between * sum(relative(s, known[i], mask) for s, i in pairs) / max(1, len(pairs))
    return loss


def main():
    args = arguments()
    torch.set_num_threads(args.threads)
    torch.manual_seed(args.seed)
    rng = random.Random(args.seed)
    weights = read_weights(args.teacher / "model.safetensors")
    tokenizer = Tokenizer.from_file(str(args.teacher / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.enable_truncation(args.longest)

    unseen = set(filter(None, args.unseen.split(",")))
    all_texts = corpus.read(args.texts, args.seed)
    held = [t for s, t in all_texts if s in unseen][:400]
    rest = [t for s, t in all_texts if s not in unseen]
    dev, train = rest[:600], rest[600:][: args.limit or None]
    encode = lambda ts: [e.ids for e in tokenizer.encode_batch(ts)]
    ids, dev, held = encode(train), encode(dev), encode(held)
    print(f"{len(ids)} texts, {sum(map(len, ids))} tokens", flush=True)

    teacher = Encoder(weights, range(6)).requires_grad_(False)
    student = Encoder(weights, map(int, args.layers.split(",")))
    student.positions.requires_grad_(False)
    known_dev, known_held = embed(teacher, dev), embed(teacher, held)

    def agreement():
        a = (embed(student, dev) * known_dev).sum(1).mean().item()
        b = (embed(student, held) * known_held).sum(1).mean().item() if held else 0.0
        return f"cosine {a:.4f} to the teacher on texts held back" + (f", {b:.4f} on sources held back" if held else "")

    print(args.layers, agreement(), flush=True)
    words = [student.words]
    others = [p for n, p in student.named_parameters() if p.requires_grad and n != "words"]
    groups = [{"params": others, "lr": args.rate}]
    if args.words_rate:
        groups.append({"params": words, "lr": args.words_rate})
    else:
        student.words.requires_grad_(False)
    warmup = max(1, min(100, args.steps // 8))
    optimiser = torch.optim.AdamW(groups, weight_decay=0, betas=(0.9, 0.98))
    plan = torch.optim.lr_scheduler.LambdaLR(
        optimiser, lambda step: min(1, (step + 1) / warmup) * max(0.02, 1 - step / args.steps))

    start, seen, used = time.time(), 0, set()
    for step, batch in zip(range(1, args.steps + 1), endless(ids, args.budget, rng)):
        x, mask = pad([ids[i] for i in batch])
        with torch.no_grad():
            known = teacher(x, mask)
        loss = loss_of(student(x, mask), known, student.kept, mask, args)
        optimiser.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(others, 1.0)
        optimiser.step()
        plan.step()
        seen += int(mask.sum())
        used.update(batch)
        if step % 20 == 0:
            print(f"step {step} loss {loss.item():.4f} {seen} tokens {(time.time() - start) / 60:.1f} min", flush=True)
        if step % 200 == 0 or step == args.steps:
            print(f"step {step}", agreement(), flush=True)
            torch.save(student.state_dict(), args.out)
    report = {**{k: str(v) for k, v in vars(args).items()}, "texts": len(ids), "texts_seen": len(used), "tokens_seen": seen, "warmup": warmup, "agreement": agreement(),
              "minutes": round((time.time() - start) / 60, 1)}
    args.out.with_suffix(".json").write_text(json.dumps(report, indent=1))
    print(json.dumps(report), flush=True)


if __name__ == "__main__":
    main()
