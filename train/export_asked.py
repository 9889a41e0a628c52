"""Exports a trained finder for the product: int8 weights in ONNX.

    python export_asked.py --model finder.pt --out ../models/finder.int8.onnx
"""

import argparse

import torch

from asked import Finder
from export import export


def main():
    args = argparse.ArgumentParser()
    args.add_argument("--model", required=True, nargs="+")
    args.add_argument("--out", required=True)
    args = args.parse_args()
    model = Finder()
    trained = [torch.load(path, weights_only=True) for path in args.model]
    model.load_state_dict({name: sum(one[name] for one in trained) / len(trained) for name in trained[0]})
    export(model, args.out)


if __name__ == "__main__":
    main()
