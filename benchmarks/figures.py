"""Results as lines of text."""

from collections.abc import Sequence

from benchmarks.processes import Result

_NAME = 26


def table(results: Sequence[Result], count: int, size: int, *, each: str) -> list[str]:
    """A line for each result; `count` things called `each`, of `size` bytes, are what all of them went through."""
    head = f"{'wall s':>8} {'(range)':>15} {'CPU s':>8} {each + '/s':>11} {'MB/s':>8} {'peak MB':>8} {'exit':>6}"
    lines = [f"{'':{_NAME}} {head}"]
    for result in results:
        spread = f"{result.fastest:.2f}-{result.slowest:.2f}"
        rates = f"{count / result.wall:11,.0f} {size / 1e6 / result.wall:8,.0f}"
        lines.append(
            f"{result.name:{_NAME}} {result.wall:8.3f} {spread:>15} {result.processor:8.2f} {rates} "
            f"{result.peak / 1e6:8.0f} {'/'.join(map(str, result.exit_codes)):>6}"
        )
    return lines


def memory(results: Sequence[Result]) -> list[str]:
    """What each process of a program took at most, and all together, where that was looked at."""
    lines = []
    for result in results:
        if result.memory is None:
            continue
        peaks = ", ".join(f"{peak / 1e6:.0f}" for peak in result.memory.processes[:8])
        more = f" and {len(result.memory.processes) - 8} smaller" if len(result.memory.processes) > 8 else ""
        together = f"together at most {result.memory.together / 1e6:.0f} MB"
        lines.append(f"{result.name}: memory by process {peaks}{more} MB; {together}")
    return lines


def ratio(own: Result, other: Result) -> str:
    """How much faster one is than another."""
    times = other.wall / own.wall
    verdict = f"{times:.2f} times faster" if times >= 1 else f"{1 / times:.2f} times slower"
    return f"{own.name} is {verdict} than {other.name} (processor time: {other.processor / own.processor:.2f})"
