"""The tours of docs/tours: one screen each, with pictures that are there and small."""

import re

import pytest

from tests.house import project

TOURS = project.ROOT / "docs" / "tours"
PICTURES = project.ROOT / "docs" / "pictures"
NAMES = ["administrator", "board", "member-state", "officer", "public", "reviewer"]
PICTURE = re.compile(r"!\[[^\]]+\]\(\.\./pictures/([\w-]+\.png)\)")
WORDS_ON_PAGES = re.compile(r"\*\*([^*]+)\*\*")  # bold: the words stand on a page of the tour
MOST_LINES, MOST_BYTES, MOST_BYTES_TOGETHER = 40, 120_000, 2_500_000


def test_there_is_a_tour_for_each_role_and_the_readme_names_it():
    assert sorted(path.stem for path in TOURS.glob("*.md")) == NAMES
    readme = (project.ROOT / "README.md").read_text("utf-8")
    assert [name for name in NAMES if f"docs/tours/{name}.md" not in readme] == []


@pytest.mark.parametrize("name", NAMES)
def test_a_tour_is_one_screen_with_three_to_five_pictures_that_are_there(name):
    text = (TOURS / f"{name}.md").read_text("utf-8")
    pictures = PICTURE.findall(text)
    assert len(text.splitlines()) <= MOST_LINES
    assert 3 <= len(pictures) <= 5
    assert pictures == [f"{name}-{number}.png" for number in range(1, len(pictures) + 1)]
    assert text.count("![") == len(pictures)  # each with words for who does not see it
    assert [one for one in pictures if not (PICTURES / one).is_file()] == []


def test_pictures_are_small_and_each_is_shown():
    sizes = {path.name: path.stat().st_size for path in PICTURES.iterdir()}
    assert {name: size for name, size in sizes.items() if size > MOST_BYTES} == {}
    assert sum(sizes.values()) <= MOST_BYTES_TOGETHER
    shown = "".join(path.read_text("utf-8") for path in project.documents())
    assert [name for name in sizes if f"pictures/{name})" not in shown] == []
