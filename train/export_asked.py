"""Exports a trained finder for the product: int8 weights in ONNX.

    python export_asked.py --model finder.pt --out ../models/finder.int8.onnx
"""

import argparse

import torch

from asked import Finder
from export import export


def layers_of(weights):
    """How many layers the weights have."""
    return 1 + max(int(name.split(".")[1]) for name in weights if name.startswith("layers."))


def main():
    args = argparse.ArgumentParser()
    args.add_argument("--model", required=True, nargs="+")
    args.add_argument("--out", required=True)
    args = args.parse_args()
    trained = [torch.load(path, weights_only=True) for path in args.model]
    model = Finder(layers_of(trained[0]))
    model.load_state_dict({name: sum(one[name] for one in trained) / len(trained) for name in trained[0]})
    export(model, args.out)


if __name__ == "__main__":
    main()
