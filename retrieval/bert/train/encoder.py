"""BERT in PyTorch, small enough to read: the teacher as it comes, and students
made of some of its layers."""
import torch
import torch.nn.functional as F
from safetensors.torch import load_file
from torch import nn

HIDDEN, HEADS = 384, 12


class Layer(nn.Module):
    def __init__(self, weights, prefix):
        super().__init__()
        get = lambda name: weights[prefix + name].clone()
        parts = ("query", "key", "value")
        self.qkv = nn.Parameter(torch.cat([get(f"attention.self.{p}.weight") for p in parts]))
        self.qkv_bias = nn.Parameter(torch.cat([get(f"attention.self.{p}.bias") for p in parts]))
        for name, source in (("o", "attention.output.dense"), ("up", "intermediate.dense"), ("down", "output.dense"),
                             ("norm1", "attention.output.LayerNorm"), ("norm2", "output.LayerNorm")):
            setattr(self, name, nn.Parameter(get(source + ".weight")))
            setattr(self, name + "_bias", nn.Parameter(get(source + ".bias")))

    def forward(self, h, mask):
        b, s, d = h.shape
        q, k, v = F.linear(h, self.qkv, self.qkv_bias).view(b, s, 3, HEADS, d // HEADS).permute(2, 0, 3, 1, 4)
        a = F.scaled_dot_product_attention(q, k, v, attn_mask=mask).transpose(1, 2).reshape(b, s, d)
        h = F.layer_norm(h + F.linear(a, self.o, self.o_bias), (d,), self.norm1, self.norm1_bias, 1e-12)
        inner = F.gelu(F.linear(h, self.up, self.up_bias))
        return F.layer_norm(h + F.linear(inner, self.down, self.down_bias), (d,), self.norm2, self.norm2_bias, 1e-12)


class Encoder(nn.Module):
    """The layers of a BERT that are asked for, counted from 0."""

    def __init__(self, weights, layers):
        super().__init__()
        e, self.kept = "embeddings.", list(layers)
        self.words = nn.Parameter(weights[e + "word_embeddings.weight"].clone())
        self.positions = nn.Parameter(weights[e + "position_embeddings.weight"][:512].clone() + weights[e + "token_type_embeddings.weight"][0])
        self.norm = nn.Parameter(weights[e + "LayerNorm.weight"].clone())
        self.norm_bias = nn.Parameter(weights[e + "LayerNorm.bias"].clone())
        self.layers = nn.ModuleList(Layer(weights, f"encoder.layer.{i}.") for i in self.kept)

    def forward(self, ids, mask):
        """The states after each layer, [layers][texts, tokens, HIDDEN]."""
        h = F.layer_norm(F.embedding(ids, self.words) + self.positions[: ids.shape[1]], (HIDDEN,), self.norm, self.norm_bias, 1e-12)
        states = []
        for layer in self.layers:
            h = layer(h, mask[:, None, None, :].bool())
            states.append(h)
        return states


def pool(h, mask):
    """The mean over the tokens, at length 1: [texts, HIDDEN]."""
    return F.normalize((h * mask[:, :, None]).sum(1) / mask.sum(1, keepdim=True), dim=1)


def read_weights(path):
    return {k.removeprefix("bert."): v.float() for k, v in load_file(path).items() if v.is_floating_point()}


def pad(ids):
    longest = max(map(len, ids))
    x, mask = torch.zeros(len(ids), longest, dtype=torch.long), torch.zeros(len(ids), longest)
    for row, text in enumerate(ids):
        x[row, : len(text)] = torch.tensor(text)
        mask[row, : len(text)] = 1
    return x, mask


def batches(ids, budget):
    """Indices of texts of about one length, at most budget token places each."""
    order = sorted(range(len(ids)), key=lambda i: len(ids[i]))
    out, batch, longest = [], [], 0
    for i in order:
        longest = max(longest, len(ids[i]))
        if batch and longest * (len(batch) + 1) > budget:
            out.append(batch)
            batch, longest = [], len(ids[i])
        batch.append(i)
    return out + [batch] if batch else out


@torch.no_grad()
def embed(net, ids, budget=8192):
    """One vector of length 1 a text, in the order of ids."""
    out = torch.zeros(len(ids), HIDDEN)
    for batch in batches(ids, budget):
        x, mask = pad([ids[i] for i in batch])
        out[batch] = pool(net(x, mask)[-1], mask)
    return out
