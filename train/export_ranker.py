"""Exports a trained ranker for the product: int8 weights in ONNX, with the names that MiniLM's own file has.

    python export_ranker.py --model ranker.pt --out ../models/ranker.int8.onnx
"""

import argparse

import torch

from export import TOKENS, to_onnx
from export_asked import layers_of
from ranker import Ranker


class Exported(Ranker):
    def forward(self, ids, mask):
        # A text is read alone, so nothing is hidden; without a use the mask would be no input.
        return self.hidden(ids, mask) * mask[:, :, None]


def main():
    args = argparse.ArgumentParser()
    args.add_argument("--model", required=True)
    args.add_argument("--out", required=True)
    args = args.parse_args()
    weights = torch.load(args.model, weights_only=True)
    model = Exported(layers_of(weights))
    model.load_state_dict(weights)
    to_onnx(model, args.out, {}, {"h": TOKENS})


if __name__ == "__main__":
    main()
