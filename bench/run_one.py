"""Runs one bench and writes what it tells as JSON: `python -P bench/run_one.py figures`.

`bench/run.py` starts it, a process for each, so that none inherits another's memory or settings.
Benches are modules of `bench`, never of this folder alone: some are called as other packages are.
"""

import argparse
import importlib
import json
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def main() -> None:
    asked = argparse.ArgumentParser()
    asked.add_argument("name")
    asked.add_argument("--size", choices=("small", "large"), default="small")
    asked.add_argument("--out", type=Path)
    given = asked.parse_args()
    sys.path.insert(0, str(ROOT))
    told = importlib.import_module(f"bench.{given.name}").measure(given.size)
    text = json.dumps(told.as_json(), indent=1)
    if given.out:
        given.out.write_text(text, encoding="utf-8")
    else:
        sys.stdout.write(text + "\n")


if __name__ == "__main__":
    main()
