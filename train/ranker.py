"""Trains the ranker, which tells what is worth reading for a question; see README.md.

    python ranker.py --train asked-train.jsonl --dev asked-dev.jsonl --out ranker.pt
    python ranker.py … --start ../models/ranker.int8.onnx     # to go on from an earlier one

A question and a window of clauses each become a vector, and those of what answers come near those of what is asked. A window's
vector is made when its source comes in, before anybody asks: that is what a finder, which reads both together, cannot have.
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
# Questions of one record that are compared with its windows at once, and windows of it beside those that answer, at most.
QUESTIONS, BESIDE = 20, 12
# Batches of one step: a record's windows are compared with its own questions only, so that several records make a step.
RECORDS = 2
# What the cosine is multiplied with before the softmax, at first; it is learned with the model and then no longer needed.
SHARPNESS = 20.0


class Ranker(Reader):
    """Token ids of texts → vectors of length 1: the mean of what the encoder makes of the tokens."""

    def __init__(self, layers=LAYERS, dropout=0.1, fused=True):
        super().__init__(dropout, fused)
        self.layers = self.layers[:layers]
        # Nothing is told of single clauses.
        del self.pooled, self.mix, self.answers

    def vectors(self, texts, size):
        """One vector per text, in order; texts of a length run together, `size` tokens at a time."""
        order = sorted(range(len(texts)), key=lambda at: len(texts[at]))
        found, batch = [None] * len(texts), []
        for place, at in enumerate(order):
            batch.append(at)
            following = len(texts[order[place + 1]]) if place + 1 < len(order) else None
            if following is None or (len(batch) + 1) * following > size:
                for own, vector in zip(batch, self.together([texts[own] for own in batch])):
                    found[own] = vector
                batch = []
        return torch.stack(found)

    def together(self, texts):
        longest = max(len(ids) for ids in texts)
        ids, mask = torch.zeros(len(texts), longest, dtype=torch.long), torch.zeros(len(texts), longest)
        for row, own in enumerate(texts):
            ids[row, : len(own)], mask[row, : len(own)] = torch.tensor(own), 1.0
        return F.normalize((self.hidden(ids, mask) * mask[:, :, None]).sum(1), dim=1)


def load(path):
    """The records: windows (token ids), and the questions, each with the windows it is compared with and which of them answer."""
    records = {}
    with open(path, encoding="utf-8") as lines:
        for line in lines:
            example = json.loads(line)
            if not example["answerable"]:
                continue
            ids = example["ids"]
            own = [token for clause in example["clauses"] for token in ids[clause["tokens"][0] : clause["tokens"][1]]]
            windows, questions = records.setdefault((example["origin"], example["part"]), ({}, {}))
            window = windows.setdefault((START, *own, END), len(windows))
            asked = questions.setdefault(example["question"], {"ids": ids[: ids.index(END) + 1], "windows": [], "right": []})
            # Windows that answer come once more behind those that are retrieved.
            if window not in asked["windows"]:
                asked["windows"].append(window)
                asked["right"].append(any(clause["answers"] for clause in example["clauses"]))
    parted = lambda asked: any(asked["right"]) and not all(asked["right"])
    kept = [(list(windows), [asked for asked in questions.values() if parted(asked)]) for windows, questions in records.values()]
    return [(windows, questions) for windows, questions in kept if questions]


def batches(records, rng):
    """Some questions of a record with the windows that answer them and some of the others."""
    found = []
    for windows, questions in records:
        questions = rng.sample(questions, len(questions))
        for start in range(0, len(questions), QUESTIONS):
            some = questions[start : start + QUESTIONS]
            right = {w for asked in some for w, answers in zip(asked["windows"], asked["right"]) if answers}
            beside = sorted({w for asked in some for w in asked["windows"]} - right)
            found.append((windows, some, right | set(rng.sample(beside, min(BESIDE, len(beside))))))
    rng.shuffle(found)
    return found


def loss_of(model, sharpness, windows, questions, used, size):
    """That a question's answering windows are the nearest of those that it is compared with."""
    used = sorted(used)
    places = {window: place for place, window in enumerate(used)}
    near = model.vectors([windows[w] for w in used], size)
    asked = model.vectors([q["ids"] for q in questions], size)
    scores = asked @ near.T * sharpness.exp()
    total = 0.0
    for row, question in zip(scores, questions):
        compared = [(places[w], answers) for w, answers in zip(question["windows"], question["right"]) if w in places]
        own = row[[place for place, _ in compared]]
        right = torch.tensor([answers for _, answers in compared])
        total = total + own.logsumexp(0) - own.masked_fill(~right, -1e9).logsumexp(0)
    return total / len(questions)


def report(model, records, size, first=(1, 3, 4, 6, 8)):
    """How many questions have a window that answers among the first so many."""
    model.eval()
    found = []
    with torch.no_grad():
        for windows, questions in records:
            near = model.vectors(windows, size)
            asked = model.vectors([q["ids"] for q in questions], size)
            for vector, question in zip(asked, questions):
                scores = near[question["windows"]] @ vector
                found.append(next(k for k, at in enumerate(scores.argsort(descending=True)) if question["right"][at]))
    model.train()
    return {k: round(sum(place < k for place in found) / len(found), 3) for k in first}


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
    print(f"an answering window is among the first {report(model, dev, args.tokens)}, {time.time() - began:.0f} s", flush=True)


if __name__ == "__main__":
    main()
