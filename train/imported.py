"""An exported model back to weights that training can go on from: what int8 has rounded stays rounded."""

import numpy as np
import onnx
import torch
from onnx import numpy_helper


def weights_of(path, model):
    """The weights at `path` for `model`, as they were trained or, where the file is an ONNX file, as they were exported."""
    return exported(path, model) if path.endswith(".onnx") else torch.load(path, weights_only=True)


def exported(path, model):
    """The state of `model`, a reader, a finder or a ranker of as many layers, as the ONNX file at `path` has it."""
    graph = onnx.load(path).graph
    stored = {tensor.name: numpy_helper.to_array(tensor) for tensor in graph.initializer}
    own = model.state_dict()
    # The export keeps the names of all but the matrices, which it turns round; they stand in the order in which they are used.
    nameless = [node.input[1] for node in graph.node if node.op_type == "MatMulInteger" and node.input[1] in stored]
    names = [name for name in used_in_order(model.layers) if name in own and f"{name}_quantized" not in stored]
    assert len(nameless) == len(names), f"{path} has {len(nameless)} matrices, the model {len(names)}"
    weights = {name: torch.tensor(plain(stored, name)) for name in own if name not in names}
    weights |= {name: torch.tensor(plain(stored, matrix).T.copy()) for name, matrix in zip(names, nameless)}
    assert all(weights[name].shape == own[name].shape for name in own), f"{path} is another model"
    return weights


def used_in_order(layers):
    inside = [f"attention.{part}" for part in ("query", "key", "value", "out")] + ["inner", "outer"]
    names = [f"layers.{at}.{part}" for at in range(len(layers)) for part in inside] + ["mix", "answers"]
    return [f"{name}.weight" for name in names]


def plain(stored, name):
    """A tensor as numbers, whether it is stored so or in eight bits."""
    name = name.removesuffix("_quantized")
    if name in stored:
        return stored[name].astype(np.float32)
    rounded, zero, scale = (stored[f"{name}_{part}"].astype(np.float32) for part in ("quantized", "zero_point", "scale"))
    return (rounded - zero) * scale
