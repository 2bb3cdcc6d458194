from django.conf import settings
from django.db import migrations, models

import app.common.positions

# It stands before all lists of before: app.common.positions.at_the_start.
INBOXES = """
INSERT INTO core_list (id, user_id, name, color, position, is_archived, is_inbox, created_at, updated_at)
SELECT gen_random_uuid(), id, 'Inbox', '#808080',
       '-' || lpad(to_hex((16::numeric ^ 14)::bigint - (extract(epoch FROM now()) * 1000000)::bigint), 14, '0'),
       false, true, now(), now()
FROM core_user
"""


class Migration(migrations.Migration):
    dependencies = [
        ("lists", "0004_presence"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RunSQL("SET LOCAL statement_timeout = 0", migrations.RunSQL.noop),
        migrations.AddField(
            model_name="list",
            name="is_inbox",
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AlterField(
            model_name="list",
            name="position",
            field=app.common.positions.PositionField(db_collation="C", max_length=1000),
        ),
        migrations.RunSQL(INBOXES, migrations.RunSQL.noop),
        migrations.AddConstraint(
            model_name="list",
            constraint=models.UniqueConstraint(
                condition=models.Q(("is_inbox", True)), fields=("user",), name="core_list_one_inbox"
            ),
        ),
        migrations.AddConstraint(
            model_name="list",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("is_inbox", False), models.Q(("deleted_at", None), ("is_archived", False)), _connector="OR"
                ),
                name="core_list_inbox_stays",
            ),
        ),
        migrations.AddConstraint(
            model_name="list",
            constraint=models.CheckConstraint(
                condition=models.Q(("position__regex", "^[-0-9A-Z_a-z]*[0-9A-Z_a-z]$")), name="core_list_position_form"
            ),
        ),
    ]
