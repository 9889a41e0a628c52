"""The lines of `baton examples` as batches of tensors."""

import json

import torch

from model import ANSWERS, QUESTIONS, question_slices

SLICES = question_slices()
SOMEBODY = 8307  # "somebody" in the vocabulary: the word for a side that is not known
HIDE_SIDES = 0.3  # how often all sides of a window are hidden, so that the reader learns to do without, and to tell them
ATTRIBUTES = {
    "commitment": {"strength": "strength", "owed_by": "owed_by", "category": "category", "history": "history"},
    "objection": {"status": "status"},
    "why_bought": {"kind": "why_kind"},
    "technical": {"kind": "technical_kind"},
    "timeline": {"kind": "timeline_kind"},
    "scope": {"in_scope": "in_scope"},
    "risk": {"severity": "severity"},
    "stakeholder": {"stance": "stance", "roles": "role", "leaving": "leaving"},
}
# The labels of history that a clause by itself can show.
SHOWN = {"superseded": "made", "repeated": "made"}


def load(path):
    with open(path, encoding="utf-8") as lines:
        found = [json.loads(line) for line in lines]
    for example in found:
        for clause in example["clauses"]:
            clause["target"] = target(clause)
    return found


def target(clause):
    """What is right for a clause and how much each answer counts: two rows of ANSWERS numbers."""
    right, counts = torch.zeros(ANSWERS), torch.zeros(ANSWERS)
    if clause.get("pair"):
        answer(right, counts, clause["pair"]["question"], clause["pair"]["answer"])
        return right, counts
    fields = QUESTIONS[0][1]
    counts[SLICES["field"]] = 1.0
    for field in clause["unjudged"]:
        counts[fields.index(field)] = 0.0
    for field, attributes in clause["findings"].items():
        right[fields.index(field)] = 1.0
        counts[fields.index(field)] = 1.0
        for name, question in ATTRIBUTES.get(field, {}).items():
            answer(right, counts, question, attributes.get(name))
        if field == "stakeholder":
            answer(right, counts, "leaving", [str(attributes.get("leaving", False)).lower()])
    answer(right, counts, "side", clause["side"])
    if clause["void"] and not clause["findings"]:
        answer(right, counts, "void", clause["void"])
    return right, counts


def answer(right, counts, question, value):
    _, answers, several = next(q for q in QUESTIONS if q[0] == question)
    values = value if isinstance(value, list) else [value]
    values = [SHOWN.get(str(v).lower(), str(v).lower()) for v in values if v is not None]
    known = [answers.index(v) for v in values if v in answers]
    start = SLICES[question].start
    if known or (several and values):
        counts[SLICES[question]] = 1.0
        for at in known:
            right[start + at] = 1.0


def is_pair(example):
    return bool(example["clauses"]) and bool(example["clauses"][0].get("pair"))


def of_round(number, deals, contrast):
    """What one round of training sees: one cut of the deals, all exchanges, one part of the pairs of both."""

    def part(examples):
        return [e for e in examples if e["cut"] == number % (1 + max(e["cut"] for e in examples))]

    pairs = [[e for e in examples if is_pair(e)] for examples in (deals, contrast)]
    windows, exchanges = ([e for e in examples if not is_pair(e)] for examples in (deals, contrast))
    return part(windows) + exchanges + part(pairs[0]) + part(pairs[1])


def batches(examples, size, rng):
    """Batches of examples of like length, in random order."""
    order = sorted(examples, key=lambda e: len(e["ids"]) + rng.uniform(-12, 12))
    # Long windows hold many clauses: fewer of them make a batch.
    out, batch, tokens = [], [], 0
    for example in order:
        if batch and tokens + len(example["ids"]) > size:
            out.append(batch)
            batch, tokens = [], 0
        batch.append(example)
        tokens += len(example["ids"])
    out += [batch] if batch else []
    rng.shuffle(out)
    return out


def collate(batch, rng=None):
    longest, most = max(len(e["ids"]) for e in batch), max(len(e["clauses"]) for e in batch)
    ids = torch.zeros(len(batch), longest, dtype=torch.long)
    mask = torch.zeros(len(batch), longest, dtype=torch.long)
    pool = torch.zeros(len(batch), most, longest)
    right, counts = torch.zeros(len(batch), most, ANSWERS), torch.zeros(len(batch), most, ANSWERS)
    for row, example in enumerate(batch):
        tokens = torch.tensor(example["ids"])
        # A side is often not known: the reader has to do without.
        hidden = bool(rng) and rng.random() < HIDE_SIDES
        if hidden:
            tokens[torch.tensor(example["sides"])] = SOMEBODY
        ids[row, : len(tokens)] = tokens
        mask[row, : len(tokens)] = 1
        for place, clause in enumerate(example["clauses"]):
            start, end = clause["tokens"]
            pool[row, place, start:end] = 1.0 / (end - start)
            right[row, place], counts[row, place] = clause["target"]
            if not hidden:
                counts[row, place, SLICES["side"]] = 0.0
    return ids, mask, pool, right, counts

