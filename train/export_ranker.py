"""Exports a trained ranker for the product: int8 weights in ONNX, with the names that MiniLM's own file has.

    python export_ranker.py --model ranker.pt --out ../models/ranker.int8.onnx
"""

import argparse
import tempfile
from pathlib import Path

import torch
from onnxruntime.quantization import QuantType, quantize_dynamic

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
    model = Exported(layers_of(weights), fused=False)
    model.load_state_dict(weights)
    model.eval()
    ids = torch.ones(1, 16, dtype=torch.long)
    with tempfile.TemporaryDirectory() as folder:
        plain = str(Path(folder) / "ranker.onnx")
        torch.onnx.export(
            model,
            (ids, torch.ones_like(ids)),
            plain,
            input_names=["input_ids", "attention_mask"],
            output_names=["h"],
            dynamic_axes={name: {1: "tokens"} for name in ("input_ids", "attention_mask", "h")},
            opset_version=17,
            dynamo=False,
        )
        quantize_dynamic(plain, args.out, weight_type=QuantType.QInt8, per_channel=True)


if __name__ == "__main__":
    main()
