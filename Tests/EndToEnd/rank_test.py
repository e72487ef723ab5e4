"""Whether one sample tends to be larger than another: the Mann-Whitney U test, in plain Python."""

import math
from collections import Counter
from dataclasses import dataclass


@dataclass(frozen=True)
class RankTest:
    """What the ranks of two samples tell."""

    #: Two-sided, by the normal approximation with corrections for ties and continuity; good from some ten values each.
    p_value: float
    #: The common-language effect size: how probably a value of the second sample is above one of the first, ties being
    #: halves. One half: none of them tends to be larger.
    effect: float


def rank_test(first, second):
    """Compares two samples, neither of them empty."""
    counts = Counter(first) + Counter(second)
    rank, below = {}, 0
    for value in sorted(counts):
        rank[value] = below + (counts[value] + 1) / 2
        below += counts[value]
    pairs = len(first) * len(second)
    wins = sum(rank[value] for value in second) - len(second) * (len(second) + 1) / 2
    variance = variance_of_wins(first, second)
    distance = max(0.0, abs(wins - pairs / 2) - 0.5)
    p_value = math.erfc(distance / math.sqrt(2 * variance)) if variance > 0 else 1.0
    return RankTest(p_value, wins / pairs)


def variance_of_wins(first, second):
    """How far the number of pairs that the second sample wins scatters when chance alone deals the values out."""
    size = len(first) + len(second)
    ties = sum(count ** 3 - count for count in Counter([*first, *second]).values())
    return len(first) * len(second) / 12 * (size + 1 - ties / (size * (size - 1)))
