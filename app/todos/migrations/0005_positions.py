from django.db import migrations, models

import app.common.positions


class Migration(migrations.Migration):
    dependencies = [
        ("todos", "0004_trash_index"),
    ]

    operations = [
        migrations.RunSQL("SET LOCAL statement_timeout = 0", migrations.RunSQL.noop),
        migrations.AlterField(
            model_name="todo",
            name="position",
            field=app.common.positions.PositionField(db_collation="C", max_length=1000),
        ),
        migrations.AddConstraint(
            model_name="todo",
            constraint=models.CheckConstraint(
                condition=models.Q(("position__regex", "^[-0-9A-Z_a-z]*[0-9A-Z_a-z]$")), name="core_todo_position_form"
            ),
        ),
    ]
