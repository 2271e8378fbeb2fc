"""What must hold of the books after people acted, measured by what they were told."""

import re

from tests.stack.acts import Told
from tests.stack.running import Portal


def problems(portal: Portal, told: list[Told]) -> list[str]:
    """What is wrong with the books, measured by what the people were told; nothing, if sound."""
    found = []
    sequences = [row[0] for row in portal.ask("SELECT sequence FROM income_posting ORDER BY 1")]
    head = portal.one("SELECT sum(sequence)::bigint FROM income_ledger")  # the books are one
    if sequences != list(range(1, head + 1)):
        found.append(f"the sequence has gaps or duplicates below {head}")
    verified = portal.manage("verify_ledger")
    if verified.returncode:
        found.append(f"verify_ledger: {verified.stdout[-500:]} {verified.stderr[-500:]}")
    found += _acts(portal, told) + _imports(portal, told) + _partial(portal)
    if deadlocks := [path for path in ("web", "worker") if "deadlock" in portal.log(path)]:
        found.append(f"deadlocks in the logs of {deadlocks}")
    return found


def _acts(portal: Portal, told: list[Told]) -> list[str]:
    """What was told as done is posted once, under its number; what was refused is not."""
    posted: dict[str, list[int]] = {}
    for token, sequence in portal.ask("SELECT token, sequence FROM income_posting"):
        posted.setdefault(token, []).append(sequence)
    months = [row[0] for row in portal.ask("SELECT month FROM income_month")]
    closed = {f"{month // 100}-{month % 100:02}" for month in months}
    found = []
    for one in told:
        if one.act == "bring_in":
            continue
        stands = one.token in closed if one.act == "close" else posted.get(one.token, [])
        should = one.is_done if one.act == "close" else list(one.sequences)
        if one.act == "close" and not one.is_done:
            continue  # somebody else closed it, perhaps
        if stands != should:
            found.append(f"{one} stands as {stands}")
        if not one.is_done and not re.search(r"\w+ \w+", one.sentence):
            found.append(f"{one} was refused without a sentence")
    return found


def _imports(portal: Portal, told: list[Told]) -> list[str]:
    rows = dict(
        portal.ask(
            "SELECT i.uuid::text, count(r.source_id) FROM income_import i "
            "LEFT JOIN income_importedrow r ON r.source_id = i.id GROUP BY 1"
        )
    )
    files = [one for one in told if one.act == "bring_in" and "/imports/" in one.token]
    return [
        f"{one} has {rows.get(one.token.split('/')[3], 0)} rows"
        for one in files
        if rows.get(one.token.split("/")[3], 0) != one.rows
    ]


def _partial(portal: Portal) -> list[str]:
    """Rows that only a broken act would leave."""
    questions = {
        "postings without their entries": "SELECT count(*) FROM income_posting p WHERE entry_count"
        " <> (SELECT count(*) FROM income_entry e WHERE e.posting_id = p.id)",
        "contributions without entries": "SELECT count(*) FROM income_contribution c WHERE NOT"
        " EXISTS (SELECT 1 FROM income_entry e WHERE e.contribution_id = c.id)",
        "posted drafts without a posting": "SELECT count(*) FROM income_draft WHERE"
        " (state = 'posted') <> (posting_id IS NOT NULL)",
        "jobs that are not over": "SELECT count(*) FROM jobs_job WHERE state IN"
        " ('waiting', 'running')",
    }
    found = {name: portal.one(sql) for name, sql in questions.items()}
    return [f"{count} {name}" for name, count in found.items() if count]
