"""What is wrong with a file of a publication, as it is stored with it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class FileProblem:
    """The file, the rule that it breaks, the place, and a sentence."""

    file: str
    rule: str
    where: str
    sentence: str
