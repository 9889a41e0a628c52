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

# Parts of what is read for a question that one round shows: such as answer it, and such as do not, at most. They are others in each
# round.
RIGHT, BESIDE = 2, 4
# The token behind a text, in the vocabulary.
END = 102
# Tokens of clauses that a window holds, and of the words that say who speaks, as the product counts them (`src/reader/asked.rs`).
CORE, NAME = 128, 6
# How much the best clause of a part weighs beside the mean of all.
BEST = 0.3
# Tokens of clauses that are read for a question, as the product reads them (`TOKENS`, `src/ask/reading.rs`): in training more or
# fewer by chance, so that what is read for a question and does not answer it is now near it and now not.
TOKENS, FEWEST, MOST = 500, 150, 600


class Finder(Reader):
    """As the reader, but one number per clause: whether it answers the question that stands before the clauses. What the last layer
    makes of each token by itself, two thirds of its work, it makes of each clause's mean."""

    def __init__(self, layers, dropout=0.1, fused=True):
        super().__init__(dropout, fused)
        self.layers = self.layers[:layers]
        self.answers = nn.Linear(HIDDEN, 1)

    def forward(self, ids, mask, pool):
        x, bias = self.words_of(ids, mask)
        *layers, last = self.layers
        for layer in layers:
            x = layer(x, bias, self.fused)
        # In the export the mask has no other use.
        clauses = (pool * mask[:, None, :]) @ last.together(x, bias, self.fused).float()
        return self.answers_of(last.each(clauses))

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
    """The windows of each question that are looked at, and those that answer it."""
    questions = defaultdict(list)
    with open(path, encoding="utf-8") as lines:
        for line in lines:
            example = json.loads(line)
            questions[example["origin"], example["part"], example["question"]].append(example)
    return list(questions.values())


def answers(example):
    return any(clause["answers"] for clause in example["clauses"])


def read(windows, most):
    """What is read for a question: the clauses most worth it, each with its neighbours in the excerpt, of `most` tokens together."""
    excerpts = defaultdict(list)
    for example in windows:
        if example["excerpt"] is not None:
            excerpts[example["excerpt"]].append(example)
    looked_at = [(own[0], clauses_of(own)) for own in excerpts.values()]
    worth = [(-clause["worth"], at, place) for at, (_, clauses) in enumerate(looked_at) for place, clause in enumerate(clauses)]
    wanted, used = [set() for _ in looked_at], 0
    for _, at, place in sorted(worth):
        clauses = looked_at[at][1]
        new = with_neighbours(place, clauses) - wanted[at]
        used += sum(len(clauses[near]["ids"]) for near in new)
        if used > most:
            break
        wanted[at] |= new
    return [part for own, places in zip(looked_at, wanted) for part in parts(*own, places)]


def with_neighbours(place, clauses):
    return {place - 1, place, place + 1} & set(range(len(clauses)))


def clauses_of(windows):
    """The clauses of windows that follow each other, each with its token ids and the words that say who speaks."""
    found = []
    for example in windows:
        behind, name, turn = example["head"], None, None
        for clause in example["clauses"]:
            start, end = clause["tokens"]
            name = name if clause["turn"] == turn else (behind, start)
            behind, turn = end, clause["turn"]
            sides = [side - name[0] for side in example["sides"] if name[0] <= side < name[1]]
            found.append(clause | {"ids": example["ids"][start:end], "name": example["ids"][slice(*name)], "sides": sides})
    return found


def parts(example, clauses, places):
    """These of the clauses, as parts of such as follow each other and fit into a window; `example` is one of the question."""
    stretches, used = [], 0
    for place in sorted(places):
        begins_turn = place == 0 or clauses[place - 1]["turn"] != clauses[place]["turn"]
        size = len(clauses[place]["ids"]) + (NAME if begins_turn else 0)
        if place - 1 not in places or used + size > CORE or not stretches:
            stretches.append([])
            used = 0
        stretches[-1].append(clauses[place])
        used += size
    return [part_of(example, stretch) for stretch in stretches]


def part_of(example, clauses):
    """The question with these clauses, each turn behind the words that say who speaks."""
    ids, sides, judged, turn = example["ids"][: example["head"]], [], [], None
    for clause in clauses:
        if clause["turn"] != turn:
            sides += [len(ids) + side for side in clause["sides"]]
            ids = ids + clause["name"]
        turn = clause["turn"]
        judged.append({"tokens": [len(ids), len(ids) + len(clause["ids"])], "answers": clause["answers"]})
        ids = ids + clause["ids"]
    return example | {"ids": [*ids, END], "sides": sides, "clauses": judged}


def one_round(questions, rng):
    """For every question some of what would be read for it: such parts as answer, and such as do not. What answers and would not be
    read is shown with its neighbours."""
    seen = []
    for windows in questions:
        shown = read(windows, rng.randint(FEWEST, MOST))
        right = [part for part in shown if answers(part)]
        if not right:
            right = [part for e in windows if answers(e) for part in around(e, rng)]
        beside = [part for part in shown if not answers(part)]
        seen += rng.sample(right, min(RIGHT, len(right)))
        seen += rng.sample(beside, min(BESIDE if right else BESIDE + RIGHT, len(beside)))
    return seen


def around(example, rng):
    """A clause that answers and its neighbours."""
    clauses = clauses_of([example])
    place = rng.choice([place for place, clause in enumerate(clauses) if clause["answers"]])
    return [part for part in parts(example, clauses, with_neighbours(place, clauses)) if answers(part)]


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
    dev = [part for windows in load(args.dev) for part in read(windows, TOKENS)]
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
