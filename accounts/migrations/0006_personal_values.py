"""Personal values of earlier events move to the side table, so that they can be erased as well.

The one time that the trail is rewritten: nothing was sealed before, and the triggers are off within
this transaction alone. An event says how many were rewritten.
"""

from django.db import migrations

from accounts.append_only import lifted
from accounts.audit.personal import split


def move(apps, schema_editor):
    """Each event whose values the inventory calls personal; the others are not touched."""
    events = apps.get_model("accounts", "AuditEvent").objects
    values = apps.get_model("accounts", "AuditValue").objects
    moved = []
    for event in events.order_by("pk").iterator(chunk_size=500):
        before, kept = split(event.act, event.subject, "before", event.before)
        after, more = split(event.act, event.subject, "after", event.after)
        if kept or more:
            moved.append((event.pk, before, after, kept + more))
    if not moved:
        return
    with lifted(schema_editor.connection):
        for pk, before, after, _kept in moved:
            events.filter(pk=pk).update(before=before, after=after)
    for pk, _before, _after, kept in moved:
        for one in kept:
            values.create(
                event_id=pk,
                side=one.side,
                path=one.path,
                field=one.path.rpartition("/")[2][:60],
                salt=one.salt,
                value=one.value,
            )
    events.create(
        act="move_personal_values",
        subject="accounts.auditevent",
        subject_id="",
        after={"events": len(moved)},
    )


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0005_audit_seals"),
    ]

    operations = [migrations.RunPython(move, migrations.RunPython.noop)]
