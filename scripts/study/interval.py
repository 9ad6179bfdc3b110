"""Intervals on a reset rate that was measured in blocks."""
import math


def bisect(is_low, low, high):
    for _ in range(100):
        middle = (low + high) / 2
        low, high = (middle, high) if is_low(middle) else (low, middle)
    return (low + high) / 2


def t_quantile(freedom, probability):
    """Of Student's distribution, above the median: its density summed up (Simpson)."""
    scale = math.exp(math.lgamma((freedom + 1) / 2) - math.lgamma(freedom / 2)) / math.sqrt(freedom * math.pi)

    def density(x):
        return scale * (1 + x * x / freedom) ** (-(freedom + 1) / 2)

    def share_below(x, steps=400):
        inner = sum((4 if i % 2 else 2) * density(x * i / steps) for i in range(1, steps))
        return 0.5 + x / steps / 3 * (density(0) + inner + density(x))

    return bisect(lambda x: share_below(x) < probability, 0, 200)


def at_most(events, trials, rate):
    """The chance of so many events or fewer."""
    if rate <= 0 or rate >= 1:
        return 1.0 if rate <= 0 or events >= trials else 0.0
    return sum(
        math.exp(math.lgamma(trials + 1) - math.lgamma(k + 1) - math.lgamma(trials - k + 1)
                 + k * math.log(rate) + (trials - k) * math.log1p(-rate))
        for k in range(events + 1))


def exact(events, trials, confidence):
    """Clopper and Pearson's."""
    tail = (1 - confidence) / 2
    low = bisect(lambda p: 1 - at_most(events - 1, trials, p) < tail, 0, 1) if events else 0.0
    high = bisect(lambda p: at_most(events, trials, p) > tail, 0, 1) if events < trials else 1.0
    return low, high


def of_blocks(blocks, confidence):
    """(low, high, kind) for blocks of (resets, attempts).

    Attempts of a block depend on each other: who is reset leaves room to the next. Blocks do not: so the
    scatter between them is what counts (t). A block without resets says that there are too few for that, and
    then the exact interval for independent attempts is taken where it reaches further (t+exact).
    """
    resets = sum(r for r, _ in blocks)
    attempts = sum(a for _, a in blocks)
    rate = resets / attempts
    count = len(blocks)
    squares = sum((r - rate * a) ** 2 for r, a in blocks)
    error = math.sqrt(squares * count / (count - 1)) / attempts
    half = t_quantile(count - 1, (1 + confidence) / 2) * error
    low, high = max(0.0, rate - half), min(1.0, rate + half)
    if all(r > 0 for r, _ in blocks):
        return low, high, "t"
    exact_low, exact_high = exact(resets, attempts, confidence)
    return min(low, exact_low), max(high, exact_high), "t+exact"
