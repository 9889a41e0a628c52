"""Exports a trained ranker for the product: int8 weights in ONNX, which tell what is kept of the vector of each clause.

    python export_ranker.py --model ranker.pt --out ../models/ranker.int8.onnx
"""

import argparse

import torch

from export import export
from export_asked import layers_of
from ranker import KEPT, Ranker


class Exported(Ranker):
    def forward(self, ids, mask, pool):
        # In the export the mask has no other use.
        return ((pool * mask[:, None, :]) @ self.hidden(ids, mask))[:, :, :KEPT]


def main():
    args = argparse.ArgumentParser()
    args.add_argument("--model", required=True)
    args.add_argument("--out", required=True)
    args = args.parse_args()
    weights = torch.load(args.model, weights_only=True)
    model = Exported(layers_of(weights))
    model.load_state_dict(weights)
    export(model, args.out)


if __name__ == "__main__":
    main()
