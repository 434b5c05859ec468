"""What a model prints while it runs: for some of them bars that fill up, the only progress there is."""

MARKS = 10
"""Lines between nothing and all."""
BAR = 10


def printed(*, steps: int, share: float, seed: object, backwards: bool = False) -> str:
    """The log after so much of a run, from 0 to 1; ``steps`` is 0 for a model that counts nothing."""
    if not steps:
        return "Running pipeline...\n" + ("Done.\n" if share >= 1 else "")
    lines = [f"Using seed: {seed}"] if seed is not None else []
    reached = sorted({steps * mark // MARKS for mark in range(int(share * MARKS) + 1)})
    return "\n".join([*lines, *(_bar(steps - at if backwards else at, steps) for at in reached)]) + "\n"


def _bar(done: int, steps: int) -> str:
    full = BAR * done // steps
    bar = "█" * full + " " * (BAR - full)
    return f"{100 * done // steps:3}%|{bar}| {done}/{steps} [00:{done:02}<00:{steps - done:02}, 1.00it/s]"
