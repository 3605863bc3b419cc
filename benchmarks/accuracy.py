"""`make bench-accuracy`: recall, precision, kinds and pairs on the labelled corpus, beside other scanners."""

import argparse
import hashlib
import json
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

if not __package__:  # run as a file
    sys.path[0] = str(Path(__file__).resolve().parent.parent)

import leakscan
from benchmarks import peers
from benchmarks.corpus import Case, load
from benchmarks.peer_values import PEERS
from benchmarks.scoring import Reported, Score, judge, judge_values
from leakscan.detection.cache import Prepared
from leakscan.model import Finding, Role

CORPUS = Path(__file__).resolve().parent.parent / "tests" / "corpus"

Scores = dict[str, Score]  # by category


def main() -> int:
    """Run, print the table, write the JSON."""
    options = _options()
    cases = load(options.corpus, options.seed)
    scripts = Path(options.peers) if options.peers else None
    prepared = leakscan.prepare(engine=options.engine)
    with tempfile.TemporaryDirectory(prefix="leakscan-corpus-") as temporary:
        folder = Path(temporary).resolve() / "cases"
        homes = {case.id: case.write(folder) for case in cases}
        results = {"leakscan": _total_up(cases, _leakscan(cases, homes, prepared))}
        if not options.no_peers:
            results |= _peers(cases, folder, scripts, _identifier_kinds(prepared))
    print(f"{len(cases)} cases, seed {options.seed}\n")
    print("\n".join(_table(results)))
    if options.verbose:
        print("\n".join(_details(results)))
    if options.json:
        tools = {tool: {name: score.as_json() for name, score in scores.items()} for tool, scores in results.items()}
        plain = {"cases": len(cases), "seed": options.seed, "tools": tools}
        Path(options.json).write_text(json.dumps(plain, indent=1), "utf-8")
    return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--corpus", type=Path, default=CORPUS, help="folder of labelled cases (default: tests/corpus)")
    parser.add_argument("--seed", type=int, default=1, help="decides the values that are filled in")
    parser.add_argument("--engine", choices=["reference"], help="do without Hyperscan")
    parser.add_argument("--no-peers", action="store_true", help="leakscan alone")
    parser.add_argument("--peers", metavar="FOLDER", help="where the peers' executables are")
    parser.add_argument("--verbose", action="store_true", help="list misses and false alarms by case")
    parser.add_argument("--json", metavar="FILE", help="write everything there as JSON too")
    return parser.parse_args()


def _total_up(cases: Iterable[Case], scores: Iterable[Score]) -> Scores:
    """The scores of the cases by category, and under "total"."""
    by_category: Scores = defaultdict(Score)
    total = Score()
    for case, score in zip(cases, scores, strict=True):
        by_category[case.category].add(score)
        total.add(score)
    return dict(sorted(by_category.items())) | {"total": total}


# --- the scanners ---------------------------------------------------------------------------------------------------


def _identifier_kinds(prepared: Prepared) -> frozenset[str]:
    return frozenset(rule.kind for rule in prepared.rules.rules if rule.role is Role.IDENTIFIER)


def _sha256(value: str) -> str:
    return hashlib.sha256(value.encode()).hexdigest()


def _leakscan(cases: list[Case], homes: dict[str, Path], prepared: Prepared) -> list[Score]:
    """One scan a case, so that nothing pairs across cases."""
    identifiers = _identifier_kinds(prepared)
    scores = []
    for case in cases:
        report = leakscan.scan(leakscan.find((str(homes[case.id]),), include_ignored=True), prepared, jobs=1)
        score = judge(case, _reported(report.counted), identifiers, _sha256)
        score.remarks += [f"{case.id}: {problem.where}: {problem.message}" for problem in report.problems]
        scores.append(score)
    return scores


def _reported(findings: tuple[Finding, ...]) -> Reported:
    values = {finding.fingerprint: (finding.rule.kind, finding.secret.sha256) for finding in findings}
    by_role: dict[Role, set[tuple[str, str]]] = {role: set() for role in Role}
    optional = set()
    exposure = tuple((values[finding.fingerprint], finding.exposure.audience) for finding in findings)
    names = frozenset(values[finding.fingerprint] for finding in findings if finding.rule.only)
    for finding in findings:
        value = values[finding.fingerprint]
        if finding.rule.only:
            continue
        by_role[finding.rule.role].add(value)
        if finding.rule.role is Role.IDENTIFIER and all("jwt" in place.decoded for place in finding.occurrences):
            optional.add(value)
    pairs = {
        frozenset((values[finding.fingerprint], values[other]))
        for finding in findings
        for other in finding.pair
        if other in values
    }
    secrets, identifiers = by_role[Role.SECRET], by_role[Role.IDENTIFIER]
    return Reported(frozenset(secrets), frozenset(identifiers), frozenset(optional), frozenset(pairs), names, exposure)


def _peers(cases: list[Case], folder: Path, scripts: Path | None, identifiers: frozenset[str]) -> dict[str, Scores]:
    results = {}
    for name, (find, values_in, digest) in PEERS.items():
        program = find(scripts)
        if program is None:
            print(f"{name} is not installed: {peers.INSTALL}", file=sys.stderr)
            continue
        values = values_in(program, folder)
        scores = (judge_values(case, values.get(case.id, set()), identifiers, digest) for case in cases)
        results[name] = _total_up(cases, scores)
    return results


# --- what is printed -----------------------------------------------------------------------------------------------


def _table(results: dict[str, Scores]) -> list[str]:
    own = results["leakscan"]
    others = [name for name in results if name != "leakscan"]
    width = max(map(len, own))
    heads = [
        "cases",
        "secrets",
        "recall",
        "prec.",
        "kinds",
        "pairs",
        "id rec.",
        "id prec.",
        "client",
        "names",
        "n. prec.",
    ]
    top = f"{'':{width}}  {'leakscan':>{7 * len(heads) + 9}}" + "".join(f" | {name:>26}" for name in others)
    second = f"{'category':{width}} " + " ".join(f"{head:>8}" for head in heads)
    second += "".join(f" | {'recall':>8} {'prec.':>8} {'id rec.':>8}" for _ in others)
    lines = [top, second, "-" * len(second)]
    for category, score in own.items():
        if category == "total":
            lines.append("-" * len(second))
        cells = [score.recall, score.precision, score.kind_accuracy, score.pair_accuracy]
        cells += [score.identifier_recall, score.identifier_precision]
        cells += [score.exposure_accuracy, score.name_recall, score.name_precision]
        line = f"{category:{width}} {score.cases:8} {score.secrets:8} " + " ".join(map(_cell, cells))
        for name in others:
            other = results[name][category]
            line += " | " + " ".join(map(_cell, (other.recall, other.precision, other.identifier_recall)))
        lines.append(line)
    return lines


def _cell(ratio: float | None) -> str:
    return f"{'-' if ratio is None else f'{ratio:.3f}':>8}"


def _details(results: dict[str, Scores]) -> list[str]:
    lines = []
    for tool, scores in results.items():
        total = scores["total"]
        lists = {"missed": total.misses, "false alarms": total.false_alarms, "remarks": total.remarks}
        for title, entries in lists.items():
            lines += [f"\n{tool}, {title}: {len(entries)}", *(f"  {entry}" for entry in sorted(entries))]
    return lines


if __name__ == "__main__":
    sys.exit(main())
