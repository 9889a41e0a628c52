"""Trains the ranker, which tells what is worth reading for a question; see README.md.

    python ranker.py --train asked-train.jsonl --dev asked-dev.jsonl --out ranker.pt
    python ranker.py … --start ../models/ranker.int8.onnx     # to go on from an earlier one

A question becomes a vector, and so does each clause of a window in what is said around it; those of what answers come near that of
what is asked. The vectors of clauses are made when their source comes in, before anybody asks: that is what a finder, which reads
question and clauses together, cannot have.
"""

import argparse
import json
import random
import time

import torch
from torch import nn
from torch.nn import functional as F

from imported import weights_of
from model import LAYERS, Reader

START, END = 101, 102  # of a text, in the vocabulary
# Numbers of a vector that the product keeps: the first of them mean as much as they can without the others ("Matryoshka
# Representation Learning", Kusupati and others, 2022).
KEPT = 256
# Questions of one record that are compared with its windows at once, and windows of it beside those that answer, at most.
QUESTIONS, BESIDE = 20, 20
# Batches of one step: a record's windows are compared with its own questions only, so that several records make a step.
RECORDS = 2
# What the cosine is multiplied with before the softmax, at first; it is learned with the model and then no longer needed.
SHARPNESS = 20.0


class Ranker(Reader):
    """Token ids of texts → a vector per span of each: the mean of what the encoder makes of its tokens."""

    def __init__(self, layers=LAYERS, dropout=0.1, fused=True):
        super().__init__(dropout, fused)
        self.layers = self.layers[:layers]
        # A clause's vector is the plain mean: there is no layer behind it.
        del self.pooled, self.mix, self.answers

    def vectors(self, texts, size):
        """The vectors of all spans of the texts (token ids, spans), in order; texts of a length run together, `size` tokens at a time."""
        order = sorted(range(len(texts)), key=lambda at: len(texts[at][0]))
        found, batch = [None] * len(texts), []
        for place, at in enumerate(order):
            batch.append(at)
            following = len(texts[order[place + 1]][0]) if place + 1 < len(order) else None
            if following is None or (len(batch) + 1) * following > size:
                for own, vectors in zip(batch, self.together([texts[own] for own in batch])):
                    found[own] = vectors
                batch = []
        return torch.cat(found)

    def together(self, texts):
        longest, most = max(len(ids) for ids, _ in texts), max(len(spans) for _, spans in texts)
        ids, mask = torch.zeros(len(texts), longest, dtype=torch.long), torch.zeros(len(texts), longest)
        pool = torch.zeros(len(texts), most, longest)
        for row, (own, spans) in enumerate(texts):
            ids[row, : len(own)], mask[row, : len(own)] = torch.tensor(own), 1.0
            for at, (start, end) in enumerate(spans):
                pool[row, at, start:end] = 1 / (end - start)
        means = pool @ self.hidden(ids, mask).float()
        return [vectors[: len(spans)] for vectors, (_, spans) in zip(means, texts)]


def whole(ids):
    """A question: one span, which is all of it."""
    return (ids, ((0, len(ids)),))


def nearness(asked, near):
    """How near clauses come to questions, by whole vectors and by what is kept of them."""
    short = [F.normalize(vectors[:, :KEPT], dim=1) for vectors in (asked, near)]
    return F.normalize(asked, dim=1) @ F.normalize(near, dim=1).T, short[0] @ short[1].T


def load(path):
    """The records: windows (token ids, the spans of their clauses), and the questions, each with the windows it is compared with and
    which of their clauses answer."""
    records = {}
    with open(path, encoding="utf-8") as lines:
        for line in lines:
            example = json.loads(line)
            if not example["answerable"]:
                continue
            ids, own, spans = example["ids"], [START], []
            for clause in example["clauses"]:
                start, end = clause["tokens"]
                spans.append((len(own), len(own) + end - start))
                own += ids[start:end]
            windows, questions = records.setdefault((example["origin"], example["part"]), ({}, {}))
            window = windows.setdefault(((*own, END), tuple(spans)), len(windows))
            asked = questions.setdefault(example["question"], {"ids": ids[: ids.index(END) + 1], "windows": {}})
            # Windows that answer come once more behind those that are retrieved.
            asked["windows"].setdefault(window, [clause["answers"] for clause in example["clauses"]])
    parted = lambda asked: any(map(any, asked["windows"].values())) and not all(map(all, asked["windows"].values()))
    kept = [(list(windows), [asked for asked in questions.values() if parted(asked)]) for windows, questions in records.values()]
    return [(windows, questions) for windows, questions in kept if questions]


def batches(records, rng):
    """Some questions of a record with the windows that answer them and some of the others."""
    found = []
    for windows, questions in records:
        questions = rng.sample(questions, len(questions))
        for start in range(0, len(questions), QUESTIONS):
            some = questions[start : start + QUESTIONS]
            right = {window for asked in some for window, answers in asked["windows"].items() if any(answers)}
            beside = sorted({window for asked in some for window in asked["windows"]} - right)
            found.append((windows, some, right | set(rng.sample(beside, min(BESIDE, len(beside))))))
    rng.shuffle(found)
    return found


def compared(question, windows, used):
    """The places of the clauses that a question is compared with, among those of the windows that are `used`; and which answer."""
    places, right, place = [], [], 0
    for window in used:
        clauses = len(windows[window][1])
        if window in question["windows"]:
            places += range(place, place + clauses)
            right += question["windows"][window]
        place += clauses
    return places, torch.tensor(right)


def loss_of(model, sharpness, windows, questions, used, size):
    """That a question's answering clauses are the nearest of those that it is compared with."""
    used = sorted(used)
    near = model.vectors([windows[window] for window in used], size)
    asked = model.vectors([whole(question["ids"]) for question in questions], size)
    total = 0.0
    for scores in nearness(asked, near):
        for row, question in zip(scores * sharpness.exp(), questions):
            places, right = compared(question, windows, used)
            own = row[places]
            total = total + own.logsumexp(0) - own.masked_fill(~right, -1e9).logsumexp(0)
    return total / (2 * len(questions))


def report(model, records, size, first=(5, 8, 12, 16, 20, 30)):
    """How many questions have a clause that answers among the first so many, by whole vectors and by what is kept of them."""
    model.eval()
    found = []
    with torch.no_grad():
        for windows, questions in records:
            near = model.vectors(windows, size)
            asked = model.vectors([whole(question["ids"]) for question in questions], size)
            for question, *scores in zip(questions, *nearness(asked, near)):
                places, right = compared(question, windows, range(len(windows)))
                found.append([next(k for k, at in enumerate(own[places].argsort(descending=True)) if right[at]) for own in scores])
    model.train()
    return [{k: round(sum(place < k for place in places) / len(found), 3) for k in first} for places in zip(*found)]


def main():
    args = argparse.ArgumentParser()
    args.add_argument("--train", required=True)
    args.add_argument("--dev", required=True)
    args.add_argument("--start", help="the weights of an earlier ranker to go on from")
    args.add_argument("--out", required=True)
    args.add_argument("--epochs", type=int, default=1)
    args.add_argument("--rate", type=float, default=5e-5)
    args.add_argument("--tokens", type=int, default=4000, help="tokens that run together")
    args.add_argument("--seed", type=int, default=1)
    args = args.parse_args()
    torch.manual_seed(args.seed)
    rng = random.Random(args.seed)
    train, dev = load(args.train), load(args.dev)
    model, sharpness = Ranker().load_encoder(), nn.Parameter(torch.tensor(SHARPNESS).log())
    if args.start:
        model.load_state_dict(weights_of(args.start, model))
    plan = [batch for _ in range(args.epochs) for batch in batches(train, rng)]
    trained = [weights for weights in model.parameters() if weights.requires_grad]
    groups = [{"params": trained, "lr": args.rate}, {"params": [sharpness], "lr": 1e-2}]
    optimizer = torch.optim.AdamW(groups, weight_decay=0.01)
    steps = len(plan) // RECORDS
    # A tenth of the steps up, the others down to nothing.
    schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda at: min(1.0, (at + 1) / (0.1 * steps)) * max(0.0, 1 - at / steps))
    began, total = time.time(), 0.0
    model.train()
    for number, (windows, questions, used) in enumerate(plan, 1):
        loss = loss_of(model, sharpness, windows, questions, used, args.tokens)
        (loss / RECORDS).backward()
        total += loss.item()
        if number % RECORDS == 0:
            torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimizer.step()
            schedule.step()
            optimizer.zero_grad()
        if number % 100 == 0:
            print(f"  {number} of {len(plan)}: loss {total / 100:.4f}, {time.time() - began:.0f} s", flush=True)
            total = 0.0
    torch.save(model.state_dict(), args.out)
    print(f"an answering clause is among the first {report(model, dev, args.tokens)}, {time.time() - began:.0f} s", flush=True)


if __name__ == "__main__":
    main()
