"""What the checks of a file find."""

from dataclasses import dataclass, field

MOST = 500


@dataclass(frozen=True)
class Problem:
    """What is wrong (the code of a rule), where, and a sentence."""

    rule: str
    where: str
    sentence: str


@dataclass
class Found:
    """The problems of one file, the first `MOST` of them."""

    problems: list[Problem] = field(default_factory=list)

    def add(self, rule: str, where: str, sentence: str) -> None:
        if len(self.problems) < MOST:
            self.problems.append(Problem(rule, where, sentence))
