"""Times the encoder in Go against onnxruntime: the same weights in float32, one
thread each, by turns, so that what else the machine does meets both alike.
"""
import argparse
import json
import os
import re
import statistics
import subprocess
import tempfile
import time
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto, helper, numpy_helper
from safetensors.numpy import load_file

LENGTHS = (16, 128, 256)
PACKAGE = Path(__file__).resolve().parents[1]


class Graph:
    """An ONNX graph as it grows; values go by their names."""

    def __init__(self):
        self.nodes, self.constants = [], []

    def constant(self, value):
        name = f"c{len(self.constants)}"
        self.constants.append(numpy_helper.from_array(np.ascontiguousarray(value), name))
        return name

    def add(self, op, *inputs, **attributes):
        name = f"v{len(self.nodes)}"
        self.nodes.append(helper.make_node(op, inputs, [name], **attributes))
        return name

    def linear(self, x, weight, bias):
        return self.add("Add", self.add("MatMul", x, self.constant(weight.T)), self.constant(bias))

    def norm(self, x, weight, bias, epsilon):
        return self.add("LayerNormalization", x, self.constant(weight), self.constant(bias), axis=-1, epsilon=epsilon)


def read_weights(folder):
    """All weights in float32; those of 8 bits times the scales of their rows."""
    stored = {name.removeprefix("bert."): value for name, value in load_file(folder / "model.safetensors").items()}
    weights = {}
    for name, value in stored.items():
        if value.dtype == np.int8:
            weights[name] = value.astype(np.float32) * stored[name + "_scale"].astype(np.float32).reshape(-1, 1)
        elif np.issubdtype(value.dtype, np.floating):
            weights[name] = value.astype(np.float32)
    return weights


def attention(g, x, weights, prefix, heads, size):
    def split(part, axes):
        rows = g.linear(x, weights[f"{prefix}self.{part}.weight"], weights[f"{prefix}self.{part}.bias"])
        shape = g.constant(np.array([0, 0, heads, size], np.int64))
        return g.add("Transpose", g.add("Reshape", rows, shape), perm=axes)

    query, key, value = split("query", [0, 2, 1, 3]), split("key", [0, 2, 3, 1]), split("value", [0, 2, 1, 3])
    scores = g.add("Mul", g.add("MatMul", query, key), g.constant(np.float32(size**-0.5)))
    gathered = g.add("MatMul", g.add("Softmax", scores, axis=-1), value)
    rows = g.add("Reshape", g.add("Transpose", gathered, perm=[0, 2, 1, 3]), g.constant(np.array([0, 0, heads * size], np.int64)))
    return g.linear(rows, weights[prefix + "output.dense.weight"], weights[prefix + "output.dense.bias"])


def gelu(g, x):
    erf = g.add("Erf", g.add("Mul", x, g.constant(np.float32(0.5**0.5))))
    return g.add("Mul", g.add("Mul", x, g.add("Add", erf, g.constant(np.float32(1)))), g.constant(np.float32(0.5)))


def build(weights, config):
    """A model from ids [1, tokens] to the states after the last layer."""
    g, epsilon = Graph(), config.get("layer_norm_eps", 1e-12)
    hidden, heads = config["hidden_size"], config["num_attention_heads"]
    w = lambda name: weights["embeddings." + name]
    places = g.constant(w("position_embeddings.weight") + w("token_type_embeddings.weight")[0])
    count = g.add("Slice", g.add("Shape", "ids"), g.constant(np.array([1])), g.constant(np.array([2])))
    x = g.add("Add", g.add("Gather", g.constant(w("word_embeddings.weight")), "ids"),
              g.add("Slice", places, g.constant(np.array([0])), count, g.constant(np.array([0]))))
    x = g.norm(x, w("LayerNorm.weight"), w("LayerNorm.bias"), epsilon)
    for i in range(config["num_hidden_layers"]):
        p = f"encoder.layer.{i}."
        a = attention(g, x, weights, p + "attention.", heads, hidden // heads)
        x = g.norm(g.add("Add", x, a), weights[p + "attention.output.LayerNorm.weight"],
                   weights[p + "attention.output.LayerNorm.bias"], epsilon)
        inner = gelu(g, g.linear(x, weights[p + "intermediate.dense.weight"], weights[p + "intermediate.dense.bias"]))
        down = g.linear(inner, weights[p + "output.dense.weight"], weights[p + "output.dense.bias"])
        x = g.norm(g.add("Add", x, down), weights[p + "output.LayerNorm.weight"], weights[p + "output.LayerNorm.bias"], epsilon)
    graph = helper.make_graph(
        g.nodes, "bert", [helper.make_tensor_value_info("ids", TensorProto.INT64, [1, "tokens"])],
        [helper.make_tensor_value_info(x, TensorProto.FLOAT, [1, "tokens", hidden])], g.constants)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)])
    model.ir_version = 8
    onnx.checker.check_model(model)
    return model.SerializeToString()


def session(model):
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    return onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])


def time_onnx(s, ids, seconds=1.0):
    """The mean time of a run in ms, the pooling left out, which is next to none."""
    s.run(None, {"ids": ids})
    runs, start = 0, time.perf_counter()
    while time.perf_counter() - start < seconds:
        s.run(None, {"ids": ids})
        runs += 1
    return (time.perf_counter() - start) / runs * 1000


def compile_go(out):
    subprocess.run(["go", "test", "-c", "-o", out, "."], cwd=PACKAGE, check=True)


def time_go(binary, folder, tokens):
    """The mean time of a text in ms."""
    env = dict(os.environ, FOOTNOTE_TEST_MODEL=str(folder), GOMAXPROCS="1")
    run = subprocess.run([binary, "-test.run", "^$", "-test.bench", f"^BenchmarkFolder$/^{tokens}_tokens$", "-test.benchtime", "1s"],
                         cwd=PACKAGE, env=env, capture_output=True, text=True, check=True)
    found = re.search(r"([\d.]+) ns/op", run.stdout)
    if not found:
        raise SystemExit(f"the benchmark of {tokens} tokens printed no time:\n{run.stdout}")
    return float(found[1]) / 1e6


def main():
    p = argparse.ArgumentParser(description=__doc__)
    p.add_argument("folder", type=Path, help="holds config.json, model.safetensors and the tokenizer")
    p.add_argument("--turns", type=int, default=9)
    args = p.parse_args()
    folder = args.folder.resolve()
    config = json.loads((folder / "config.json").read_text())
    weights = read_weights(folder)
    s = session(build(weights, config))
    rng = np.random.default_rng(1)
    with tempfile.TemporaryDirectory() as scratch:
        binary = Path(scratch) / "bert.test"
        compile_go(binary)
        print(f"load average at the start: {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors")
        for tokens in LENGTHS:
            ids = rng.integers(0, len(weights["embeddings.word_embeddings.weight"]), (1, tokens))
            turns = [(time_go(binary, folder, tokens), time_onnx(s, ids)) for _ in range(args.turns)]
            go, reference = (statistics.median(times) for times in zip(*turns))
            ratio = statistics.median(g / r for g, r in turns)
            print(f"{tokens:4} tokens: Go {go:.2f} ms, onnxruntime {reference:.2f} ms; ratio {ratio:.2f} (medians of {args.turns})")


if __name__ == "__main__":
    main()
