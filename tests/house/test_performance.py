"""The tables of the documents say what the benches told, and nothing was typed into them."""

import json
from pathlib import Path

import pytest

from bench import document
from bench.told import Goal


@pytest.mark.parametrize("path", document.DOCUMENTS, ids=lambda path: path.name)
def test_a_document_says_what_was_measured(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert document.MARKED.search(text)
    assert text == document.renewed(text)


@pytest.mark.parametrize(
    ("measured", "limit", "at_least", "verdict"),
    [(1.3, 1.3, False, "met"), (1.31, 1.3, False, "missed"), (0.4, 0.4, True, "met"),
     (0.39, 0.4, True, "missed"), (None, 1.0, False, "not measured")],
)  # fmt: skip
def test_a_goal_is_met_at_its_limit(
    measured: float | None, limit: float, at_least: bool, verdict: str
) -> None:
    goal = Goal("A ratio", measured, limit, at_least=at_least)
    assert document.verdict(json.loads(json.dumps(goal.__dict__))) == verdict
    assert goal.is_met == {"met": True, "missed": False, "not measured": None}[verdict]


def test_what_is_missed_says_why() -> None:
    silent = [
        f"{name}: {goal['text']}"
        for name, told in document.kept()
        for goal in told["goals"]
        if document.verdict(goal) == "missed" and not goal["why"]
    ]
    assert silent == []


def test_every_bench_was_run_whole() -> None:
    assert {name for name, _told in document.kept()} == set(document.BENCHES)
