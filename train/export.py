"""Exports a trained reader for the product: int8 weights in ONNX, and the questions with their calibration in JSON.

    python export.py --model reader.pt --dev dev.jsonl --out ../models

Of several models the mean of their weights is exported: "Model soups" (Wortsman and others, 2022).
"""

import argparse
import json
import math
import random
import tempfile
from pathlib import Path

import numpy as np
import onnxruntime
import torch
from onnxruntime.quantization import QuantType, quantize_dynamic

import examples
from model import FIELDS, QUESTIONS, Reader, question_slices

SLICES = question_slices()


def export(model, path):
    """Writes a reader, a finder or a ranker: token ids, mask and the shares of tokens in clauses → a row of numbers per clause."""
    ids = torch.ones(1, 16, dtype=torch.long)
    tokens, clauses = {1: "tokens"}, {1: "clauses"}
    model.fused = False
    model.eval()
    with tempfile.TemporaryDirectory() as folder:
        plain = str(Path(folder) / "plain.onnx")
        torch.onnx.export(
            model,
            (ids, torch.ones_like(ids), torch.full((1, 3, 16), 1 / 16)),
            plain,
            input_names=["input_ids", "attention_mask", "pool"],
            output_names=["answers"],
            dynamic_axes={"input_ids": tokens, "attention_mask": tokens, "pool": clauses | {2: "tokens"}, "answers": clauses},
            opset_version=17,
            dynamo=False,
        )
        # A scale for each column of a matrix, not one for all of it: what eight bits cost is then hardly seen (README.md).
        quantize_dynamic(plain, path, weight_type=QuantType.QInt8, per_channel=True)


def logits_of(session, deals):
    """What the exported model answers, window by window as the product runs it."""
    found, truth, counted = [], [], []
    for example in deals:
        ids, mask, pool, right, counts = examples.collate([example])
        inputs = {"input_ids": ids.numpy(), "attention_mask": mask.numpy(), "pool": pool.numpy()}
        found.append(session.run(None, inputs)[0][0])
        truth.append(right[0].numpy())
        counted.append(counts[0].numpy())
    return np.concatenate(found), np.concatenate(truth), np.concatenate(counted)


def calibration(found, truth, counted):
    """Platt scaling of each field: `1 / (1 + exp(-(scale * logit + shift)))` is how often such a clause is a finding.

    Rare fields borrow from all: the fit is drawn towards that over all fields with the weight of a few examples.
    """

    def fit(z, y, scale, shift, prior):
        for _ in range(400):
            p = 1 / (1 + np.exp(-np.clip(scale * z + shift, -30, 30)))
            g, w = p - y, np.maximum(p * (1 - p), 1e-6)
            gs, gb = (g * z).sum() + prior * (scale - start[0]), g.sum() + prior * (shift - start[1])
            hss, hbb, hsb = (w * z * z).sum() + prior, w.sum() + prior, (w * z).sum()
            det = hss * hbb - hsb * hsb
            ds, db = (hbb * gs - hsb * gb) / det, (hss * gb - hsb * gs) / det
            step = min(1.0, 1.0 / max(abs(ds), abs(db), 1e-9))
            scale, shift = scale - step * ds, shift - step * db
            if max(abs(ds), abs(db)) < 1e-6:
                break
        return float(scale), float(shift)

    at = SLICES["field"]
    z, y, c = found[:, at], truth[:, at], counted[:, at] > 0
    start = (1.0, 0.0)
    start = fit(z[c], y[c], 1.0, 0.0, 1e-3)
    return {field: fit(z[c[:, i], i], y[c[:, i], i], *start, prior=8.0) for i, field in enumerate(FIELDS)}


def main():
    args = argparse.ArgumentParser()
    args.add_argument("--model", required=True, nargs="+")
    args.add_argument("--dev", required=True)
    args.add_argument("--out", required=True)
    args = args.parse_args()
    out = Path(args.out)
    model = Reader()
    trained = [torch.load(path, weights_only=True) for path in args.model]
    model.load_state_dict({name: sum(one[name] for one in trained) / len(trained) for name in trained[0]})
    weights = out / "reader.int8.onnx"
    export(model, str(weights))
    dev = [e for e in examples.load(args.dev) if e["cut"] == 0]
    session = onnxruntime.InferenceSession(str(weights))
    fits = calibration(*logits_of(session, dev))
    document = {
        "questions": [{"name": name, "answers": answers} for name, answers, _ in QUESTIONS],
        "calibration": {field: {"scale": round(s, 4), "shift": round(b, 4)} for field, (s, b) in fits.items()},
    }
    (out / "reader.json").write_text(json.dumps(document, indent=1) + "\n", encoding="utf-8")
    print(f"{weights}: {weights.stat().st_size / 1e6:.1f} MB")
    print(json.dumps(document["calibration"]))


if __name__ == "__main__":
    main()
