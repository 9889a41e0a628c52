"""Trains the reader on labelled deals and contrast sets; see README.md.

    python train.py --train train.jsonl --contrast contrast.jsonl --dev dev.jsonl --out reader.pt
"""

import argparse
import random
import time

import torch
from torch.nn import functional as F

import examples
from imported import weights_of
from model import QUESTIONS, Reader, question_slices, short_numbers

SLICES = question_slices()

def loss_of(logits, right, counts):
    """Binary loss where several answers may hold, cross entropy where one does; the field counts most."""
    total, field = 0.0, 0.0
    for name, _, several in QUESTIONS:
        at = SLICES[name]
        own, truth, weight = logits[..., at], right[..., at], counts[..., at]
        if several:
            loss = (F.binary_cross_entropy_with_logits(own, truth, reduction="none") * weight).sum()
            loss = loss / weight.sum().clamp(min=1.0)
            scale = 8.0 if name == "field" else 0.5
            field = loss.item() if name == "field" else field
        else:
            judged = weight[..., 0] > 0
            if not judged.any():
                continue
            loss = F.cross_entropy(own[judged], truth[judged].argmax(-1))
            scale = {"clause": 0.8, "later": 0.8, "strength": 0.3, "owed_by": 0.3, "side": 0.3, "void": 0.2}.get(name, 0.1)
        total = total + scale * loss
    return total, field


def evaluate(model, deals, size):
    """Probabilities and truths of every clause of the first cut."""
    model.eval()
    found, truth, counted = [], [], []
    rng = random.Random(0)
    with torch.no_grad():
        for batch in examples.batches([e for e in deals if e["cut"] == 0 or examples.is_pair(e)], size, rng):
            ids, mask, pool, right, counts = examples.collate(batch)
            logits = model(ids, mask, pool)
            real = pool.sum(-1) > 0
            found.append(logits[real])
            truth.append(right[real])
            counted.append(counts[real])
    model.train()
    return torch.cat(found), torch.cat(truth), torch.cat(counted)


def best_f1(found, truth, counted):
    """Micro F1 of the fields at the best single threshold, on clauses."""
    at = SLICES["field"]
    p, t, c = found[:, at].sigmoid(), truth[:, at], counted[:, at]
    best = (0.0, 0.0)
    for threshold in [x / 20 for x in range(2, 19)]:
        hit = ((p >= threshold) & (c > 0)).float()
        right = (hit * t).sum().item()
        f1 = 2 * right / max(1.0, hit.sum().item() + t.sum().item())
        best = max(best, (f1, threshold))
    return best


def tie_scores(found, truth, counted):
    """Of the pairs, how many answers are right, and F1 of what agrees or differs."""
    scores = {}
    for name in ("clause", "later"):
        at = SLICES[name]
        own = counted[:, at.start] > 0
        told, right = found[own][:, at].argmax(-1), truth[own][:, at].argmax(-1)
        tied = ((told == right) & (right < 2)).sum().item()
        f1 = 2 * tied / max(1, (told < 2).sum().item() + (right < 2).sum().item())
        scores[name] = (round((told == right).float().mean().item(), 3), round(f1, 3))
    return scores


def optimizer_of(model, rounds, args):
    """AdamW with a faster rate for the layers over the encoder; the rate rises over a tenth of the steps and falls from there."""
    head = ("pooled", "mix", "answers")
    own = [(n.split(".")[0] in head, p) for n, p in model.named_parameters() if p.requires_grad]
    groups = [
        {"params": [p for is_head, p in own if is_head], "lr": args.rate * 5},
        {"params": [p for is_head, p in own if not is_head], "lr": args.rate},
    ]
    optimizer = torch.optim.AdamW(groups, weight_decay=0.01)
    steps = sum(len(examples.batches(seen, args.tokens, random.Random(0))) for seen in rounds)
    warm = max(1, steps // 10)
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda step: min((step + 1) / warm, max(0.02, (steps - step) / max(1, steps - warm)))
    )
    return optimizer, schedule


def main():
    args = argparse.ArgumentParser()
    args.add_argument("--train", required=True)
    args.add_argument("--contrast", required=True)
    args.add_argument("--dev", required=True)
    args.add_argument("--out", required=True)
    args.add_argument("--start", help="go on from this model, trained or exported, instead of the plain encoder")
    args.add_argument("--epochs", type=int, default=6)
    args.add_argument("--rate", type=float, default=1e-4)
    args.add_argument("--tokens", type=int, default=1500, help="tokens in a batch")
    args.add_argument("--seed", type=int, default=7)
    args = args.parse_args()
    torch.manual_seed(args.seed)
    rng = random.Random(args.seed)
    deals, contrast, dev = (examples.load(path) for path in (args.train, args.contrast, args.dev))
    print(f"{len(deals)} windows, {len(contrast)} exchanges, {len(dev)} windows to watch", flush=True)

    model = Reader().load_encoder()
    if args.start:
        model.load_state_dict(weights_of(args.start, model))
    rounds = [examples.of_round(number, deals, contrast) for number in range(args.epochs)]
    optimizer, schedule = optimizer_of(model, rounds, args)
    began = time.time()
    for epoch, seen in enumerate(rounds):
        model.train()
        total, count = 0.0, 0
        for batch in examples.batches(seen, args.tokens, rng):
            ids, mask, pool, right, counts = examples.collate(batch, rng)
            with short_numbers():
                logits = model(ids, mask, pool)
            loss, field = loss_of(logits.float(), right, counts)
            optimizer.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimizer.step()
            schedule.step()
            total, count = total + field, count + 1
            if count % 50 == 0:
                print(f"  epoch {epoch} step {count} loss {total / count:.4f} {time.time() - began:.0f}s", flush=True)
        seen_dev = evaluate(model, dev, args.tokens)
        print(
            f"epoch {epoch}: loss {total / count:.4f}, dev clause F1 {best_f1(*seen_dev)}, pairs {tie_scores(*seen_dev)},"
            f" {time.time() - began:.0f} s",
            flush=True,
        )
        torch.save(model.state_dict(), args.out)


if __name__ == "__main__":
    main()
