"""The texts a student learns from: passages, questions and short pairs of the
folder of openly licensed texts, each source a share of every epoch."""
import gzip
import json
import random
import re

# SHORT is how many texts are taken of each source of short texts: enough that
# each is heard, not so many that glosses and quiz questions drown the prose.
SHORT = {
    "wordnet": 30_000, "wordnet-ex": 8_000, "trivia-qa": 12_000, "qamr": 14_000,
    "squad1-nqg-test": 20_000, "qed-nq": 14_000, "openstax-gloss": 9_000, "clapnq-train": 4_000,
    "opentriviaqa": 8_000, "query-wellformedness": 16_000, "webquestions": 5_810,
}
# LONG is the share of passages that are read together with what follows them
# in their book, up to the length of a passage of footnote: 200 words.
LONG = 0.35
WORDS = 200


def rows(path):
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)


def clean(text):
    """One line without the marks that some sources leave in their texts."""
    text = text.replace("((WN))", " ").replace("``", '"').replace("''", '"')
    text = re.sub(r"^What was the question\?\s+", "", text)
    return re.sub(r"\s+", " ", text).strip()


def passages(folder, rng):
    """Passages, some with their title before them as footnote embeds them,
    some joined with what follows until they have about WORDS words."""
    kept = list(rows(folder / "passages.jsonl.gz"))
    out = []
    i = 0
    while i < len(kept):
        row = kept[i]
        text, source, title = clean(row["x"]), row["s"], row.get("t") or ""
        i += 1
        if rng.random() < LONG:
            while i < len(kept) and kept[i]["s"] == source and (kept[i].get("t") or "") == title:
                if len(text.split()) + len(kept[i]["x"].split()) > WORDS:
                    break
                text += " " + clean(kept[i]["x"])
                i += 1
        if title and rng.random() < 0.5:
            text = clean(title) + "\n" + text
        out.append((source, text))
    return out


def shorts(folder, rng):
    """Questions, answers, glosses and sentences."""
    by_source = {}
    for row in rows(folder / "pairs.jsonl.gz"):
        texts = [clean(row["a"]), clean(row["b"])]
        if row["s"] in ("wordnet", "openstax-gloss"):
            texts = [": ".join(texts)] if rng.random() < 0.7 else texts
        by_source.setdefault(row["s"], []).extend(texts)
    for row in rows(folder / "questions.jsonl.gz"):
        by_source.setdefault(row["s"], []).append(clean(row["q"]))
    out = []
    for source, texts in sorted(by_source.items()):
        texts = sorted(set(t for t in texts if t))
        rng.shuffle(texts)
        out += [(source, t) for t in texts[: SHORT[source]]]
    return out


def read(folder, seed=1):
    """All texts as (source, text), in one order for a seed, no text twice."""
    rng = random.Random(seed)
    seen, out = set(), []
    for source, text in passages(folder, rng) + shorts(folder, rng):
        if text not in seen:
            seen.add(text)
            out.append((source, text))
    rng.shuffle(out)
    return out
