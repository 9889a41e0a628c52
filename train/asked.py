"""Trains the finder, which tells the clauses that answer a question; see README.md.

    python asked.py --train asked-train.jsonl --dev asked-dev.jsonl --start reader.pt --out finder.pt
"""

import argparse
import json
import math
import random
import time
from collections import defaultdict

import torch
from torch import nn
from torch.nn import functional as F

import examples
from imported import weights_of
from model import HIDDEN, LAYERS, Reader, short_numbers
from train import optimizer_of

# Parts of windows that a question is shown with in one round: such as answer it, and such as do not, at most. They are others in each
# round.
RIGHT, BESIDE = 2, 4
# The token behind a text, in the vocabulary.
END = 102
# How much the best clause of a part weighs beside the mean of all.
BEST = 0.3
# Clauses of a question that are read with their neighbours, as the product reads them (`CLAUSES`, `src/ask/reading.rs`): in training
# more or fewer by chance, so that what is read for a question and does not answer it is now near it and now not.
CLAUSES, FEWEST, MOST = 16, 6, 24


class Finder(Reader):
    """As the reader, but one number per clause: whether it answers the question that stands before the clauses."""

    def __init__(self, layers, dropout=0.1, fused=True):
        super().__init__(dropout, fused)
        self.layers = self.layers[:layers]
        self.answers = nn.Linear(HIDDEN, 1)

    def start_from(self, path, layers):
        """The reader's weights, or those of an earlier finder to go on from; of its layers those that are given, in order. A finder
        of as many layers may also be given as it was exported."""
        weights = weights_of(path, self)
        if len(weights["answers.bias"]) > 1:
            weights["answers.weight"], weights["answers.bias"] = self.answers.weight.data, torch.full((1,), -2.5)
        kept = {name: values for name, values in weights.items() if not name.startswith("layers.")}
        for own, theirs in enumerate(layers):
            prefix = f"layers.{theirs}."
            kept |= {f"layers.{own}." + name[len(prefix) :]: w for name, w in weights.items() if name.startswith(prefix)}
        self.load_state_dict(kept)
        self.words.requires_grad_(False)
        return self


def load(path):
    """The windows of each question."""
    questions = defaultdict(list)
    with open(path, encoding="utf-8") as lines:
        for line in lines:
            example = json.loads(line)
            questions[example["origin"], example["part"], example["question"]].append(example)
    return list(questions.values())


def answers(example):
    return any(clause["answers"] for clause in example["clauses"])


def read(windows, most):
    """What is read for a question: of all clauses the `most` worth it, each with its neighbours, as parts of their windows."""
    ranked = [e for e in windows if e["rank"] is not None]
    clauses = [(clause["worth"], at, place) for at, e in enumerate(ranked) for place, clause in enumerate(e["clauses"])]
    wanted = defaultdict(set)
    for _, at, place in sorted(clauses, reverse=True)[:most]:
        wanted[at] |= {place - 1, place, place + 1} & set(range(len(ranked[at]["clauses"])))
    return [part for at, places in wanted.items() for part in parts(ranked[at], places)]


def parts(example, places):
    """The window with these of its clauses only: one part for those that follow each other."""
    stretches = []
    for place in sorted(places):
        if stretches and stretches[-1][-1] == place - 1:
            stretches[-1].append(place)
        else:
            stretches.append([place])
    return [part_of(example, stretch) for stretch in stretches]


def part_of(example, places):
    """The window with these of its clauses only, each turn behind the words that say who speaks."""
    ids, sides, clauses = example["ids"][: example["head"]], [], []
    before, speaker, told = example["head"], None, None
    for place, clause in enumerate(example["clauses"]):
        start, end = clause["tokens"]
        speaker = (before, start) if start > before else speaker
        before = end
        if place not in places:
            continue
        if speaker != told and speaker:
            sides += [len(ids) + side - speaker[0] for side in example["sides"] if speaker[0] <= side < speaker[1]]
            ids = ids + example["ids"][speaker[0] : speaker[1]]
        told = speaker
        clauses.append(clause | {"tokens": [len(ids), len(ids) + end - start]})
        ids = ids + example["ids"][start:end]
    return example | {"ids": [*ids, END], "sides": sides, "clauses": clauses}


def one_round(questions, rng):
    """For every question some of what would be read for it: such parts as answer, and such as do not. What answers and would not be
    read is shown with its neighbours, too."""
    seen = []
    for windows in questions:
        shown = read(windows, rng.randint(FEWEST, MOST))
        right = [part for part in shown if answers(part)]
        if not right:
            right = [part_of(e, around(e, rng)) for e in windows if answers(e)]
        beside = [part for part in shown if not answers(part)]
        seen += rng.sample(right, min(RIGHT, len(right)))
        seen += rng.sample(beside, min(BESIDE if right else BESIDE + RIGHT, len(beside)))
    return seen


def around(example, rng):
    """The places of a clause that answers and of its neighbours."""
    place = rng.choice([place for place, clause in enumerate(example["clauses"]) if clause["answers"]])
    return {place - 1, place, place + 1}


def collate(batch, rng=None):
    longest, most = max(len(e["ids"]) for e in batch), max(len(e["clauses"]) for e in batch)
    ids = torch.zeros(len(batch), longest, dtype=torch.long)
    mask = torch.zeros(len(batch), longest, dtype=torch.long)
    pool = torch.zeros(len(batch), most, longest)
    right, counts = torch.zeros(len(batch), most), torch.zeros(len(batch), most)
    for row, example in enumerate(batch):
        tokens = torch.tensor(example["ids"])
        # A side is often not known: the finder has to do without.
        if rng and rng.random() < examples.HIDE_SIDES and example["sides"]:
            tokens[torch.tensor(example["sides"])] = examples.SOMEBODY
        ids[row, : len(tokens)] = tokens
        mask[row, : len(tokens)] = 1
        for place, clause in enumerate(example["clauses"]):
            start, end = clause["tokens"]
            pool[row, place, start:end] = 1.0 / (end - start)
            right[row, place] = float(clause["answers"])
            counts[row, place] = 1.0
    return ids, mask, pool, right, counts


def loss_of(logits, right, counts):
    """Of all clauses; and once more of the best of each window, because that is what an answer quotes first."""
    each = F.binary_cross_entropy_with_logits(logits, right, reduction="none")
    best = logits.masked_fill(counts == 0, -math.inf).argmax(1, keepdim=True)
    return (each * counts).sum() / counts.sum() + BEST * each.gather(1, best).mean()


def judge(model, windows, size):
    """Per question: whether it is answerable, and its clauses' scores with whether they answer, best first."""
    model.eval()
    found = defaultdict(list)
    with torch.no_grad():
        for batch in examples.batches(windows, size, random.Random(0)):
            ids, mask, pool, right, counts = collate(batch)
            with short_numbers():
                logits = model(ids, mask, pool).float().squeeze(-1)
            for row, example in enumerate(batch):
                key = (example["origin"], example["question"], example["answerable"])
                found[key] += [(logits[row, p].item(), right[row, p].item()) for p in range(len(example["clauses"]))]
    model.train()
    return {key: sorted(clauses, reverse=True) for key, clauses in found.items()}


def report(found):
    """Answerable questions with an answering clause among the first 1, 3 and 5, and how well the best score parts them from the others."""
    yes = [clauses for (_, _, answerable), clauses in found.items() if answerable]
    no = [clauses for (_, _, answerable), clauses in found.items() if not answerable]
    first = {k: sum(any(r for _, r in clauses[:k]) for clauses in yes) / len(yes) for k in (1, 3, 5)}
    tops = sorted([(clauses[0][0], 1) for clauses in yes] + [(clauses[0][0], 0) for clauses in no])
    best = (0.0, 0.0)
    for threshold, _ in tops:
        kept = sum(1 for clauses in yes if clauses[0][0] >= threshold and any(r for _, r in clauses[:4])) / len(yes)
        declined = sum(1 for clauses in no if clauses[0][0] < threshold) / len(no)
        best = max(best, (min(kept, declined), threshold, round(kept, 3), round(declined, 3)))
    pairs = sum(1.0 if y[0][0] > n[0][0] else 0.0 for y in yes for n in no) / (len(yes) * len(no))
    return f"first {({k: round(v, 3) for k, v in first.items()})}, parted {pairs:.3f}, both {best}"


def main():
    args = argparse.ArgumentParser()
    args.add_argument("--train", required=True)
    args.add_argument("--dev", required=True)
    args.add_argument("--start", required=True, help="the weights of the reader, or of a finder to go on from")
    args.add_argument("--out", required=True)
    args.add_argument("--layers", type=int, nargs="+", default=list(range(LAYERS)), help="of the start, those to keep")
    args.add_argument("--epochs", type=int, default=4)
    args.add_argument("--rate", type=float, default=8e-5)
    args.add_argument("--tokens", type=int, default=1500, help="tokens in a batch")
    args.add_argument("--seed", type=int, default=7)
    args = args.parse_args()
    torch.manual_seed(args.seed)
    rng = random.Random(args.seed)
    train = load(args.train)
    dev = [part for windows in load(args.dev) for part in read(windows, CLAUSES)]
    model = Finder(len(args.layers)).start_from(args.start, args.layers)
    rounds = [one_round(train, rng) for _ in range(args.epochs)]
    optimizer, schedule = optimizer_of(model, rounds, args)
    began = time.time()
    for epoch, seen in enumerate(rounds):
        model.train()
        total, count = 0.0, 0
        for batch in examples.batches(seen, args.tokens, rng):
            ids, mask, pool, right, counts = collate(batch, rng)
            with short_numbers():
                logits = model(ids, mask, pool)
            loss = loss_of(logits.float().squeeze(-1), right, counts)
            optimizer.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimizer.step()
            schedule.step()
            total, count = total + loss.item(), count + 1
            if count % 50 == 0:
                print(f"  epoch {epoch} step {count} loss {total / count:.4f} {time.time() - began:.0f}s", flush=True)
        print(f"epoch {epoch}: {report(judge(model, dev, args.tokens))}, {time.time() - began:.0f} s", flush=True)
        torch.save(model.state_dict(), args.out)


if __name__ == "__main__":
    main()
