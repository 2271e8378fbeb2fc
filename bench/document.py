"""What the benches told, kept in docs/measured/ and written out in docs/.

    python -P bench/document.py        make the tables anew from what is kept

Between the marks of a document nothing is typed: a test makes the text anew and compares.
`<!-- measured: all -->` stands for everything, another word for the tables of that bench.
"""

import json
import re
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench.told import ratio

ROOT = Path(__file__).resolve().parents[1]
KEPT = ROOT / "docs" / "measured"
DOCUMENTS = (ROOT / "docs" / "performance.md", ROOT / "docs" / "scaling.md")
MARKED = re.compile("(<!-- measured: ([a-z]+) -->\n).*?(<!-- measured: end -->)", re.DOTALL)
# In the order in which they are run and told.
BENCHES = ("figures", "known", "serving", "charts", "pages", "start", "posting", "writers", "lists",
           "exports", "imports", "statements")  # fmt: skip
SIZES = ("large", "small")  # what was measured large is told, else what was measured small
Found = dict[str, Any]


def keep(name: str, size: str, told: Found) -> None:
    """Remember what a bench told, in the place of what it told before of the same size."""
    KEPT.mkdir(exist_ok=True)
    text = json.dumps(told, indent=1, ensure_ascii=False, sort_keys=True)
    (KEPT / f"{name}-{size}.json").write_text(text + "\n", encoding="utf-8")


def kept() -> Iterator[tuple[str, Found]]:
    """What is remembered, by name: each bench in each size in which it was run."""
    for name in BENCHES:
        for size in SIZES:
            path = KEPT / f"{name}-{size}.json"
            if path.exists():
                yield name, json.loads(path.read_text(encoding="utf-8"))


def written(what: str) -> str:
    """What stands between marks: for `all` the goals first, then bench by bench."""
    found = list(kept())
    best: dict[str, Found] = {}
    for name, told in found:
        best.setdefault(name, told)
    if what != "all":
        return "\n\n".join(_tables(best[what])) if what in best else ""
    parts = [_goals(best), *(section(told) for _name, told in found)]
    return "\n\n".join(part for part in parts if part)


def section(told: Found) -> str:
    """One bench as Markdown: how it was measured, its tables, its goals, its notes."""
    run = told.get("run", {})
    parts = [f"### {told['title']}" + (f" ({run['size']})" if run else "")]
    if run:
        before, after = run["load"]
        parts.append(
            f"Measured on {run['on']} in {run['minutes']} minutes; {run['machine']}; "
            f"load {before} before, {after} after."
        )
    parts += _tables(told)
    if told["goals"]:
        parts.append(_table(GOAL_HEAD, [_goal(goal) for goal in told["goals"]]))
    parts += [f"- {note}" for note in told["notes"]]
    return "\n\n".join(parts)


def _tables(told: Found) -> list[str]:
    return [f"{one['caption']}\n\n{_table(one['header'], one['rows'])}" for one in told["tables"]]


GOAL_HEAD = ("goal", "measured", "limit", "")


def _goal(goal: Found) -> list[str]:
    limit = (
        f"{'at least' if goal['at_least'] else 'at most'} {_number(goal['limit'], goal['unit'])}"
    )
    return [_with_reason(goal), _number(goal["measured"], goal["unit"]), limit, verdict(goal)]


def _with_reason(goal: Found) -> str:
    missed = verdict(goal) == "missed"
    return f"{goal['text']}. {goal['why']}" if missed and goal["why"] else str(goal["text"])


def verdict(goal: Found) -> str:
    """met, missed, or that this run did not measure it."""
    if goal["measured"] is None:
        return "not measured"
    held = goal["measured"] >= goal["limit"] if goal["at_least"] else (
        goal["measured"] <= goal["limit"]
    )  # fmt: skip
    return "met" if held else "missed"


def _goals(best: dict[str, Found]) -> str:
    rows = [[f"{told['title']}: {goal['text']}", *_goal(goal)[1:]]
            for told in best.values() for goal in told["goals"]]  # fmt: skip
    if not rows:
        return ""
    met = sum(row[-1] == "met" for row in rows)
    counted = sum(row[-1] != "not measured" for row in rows)
    return f"{met} of {counted} goals are met.\n\n{_table(GOAL_HEAD, rows)}"


def _number(value: float | None, unit: str) -> str:
    if value is None:
        return "–"
    if not unit:
        return ratio(value)
    figure = f"{value:,.0f}" if abs(value) >= 100 or value == int(value) else f"{value:.3g}"
    return f"{figure} {unit}"


def _table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join(f"| {' | '.join(str(cell) for cell in line)} |" for line in lines)


def renewed(text: str) -> str:
    """The text of a document with what stands between its marks made anew."""
    return MARKED.sub(lambda found: f"{found[1]}\n{written(found[2])}\n\n{found[3]}", text)


def write() -> None:
    """Make the marked parts of the documents anew."""
    for path in DOCUMENTS:
        path.write_text(renewed(path.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    write()
