from django.db import migrations, models

import app.common.models


class Migration(migrations.Migration):
    dependencies = [
        ("todos", "0002_versions"),
        ("lists", "0003_trash"),
    ]

    operations = [
        migrations.AddField(
            model_name="todo",
            name="deleted_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="todo",
            name="list_is_deleted",
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.RemoveConstraint(
            model_name="todo",
            name="core_todo_list_owner",
        ),
        migrations.AddConstraint(
            model_name="todo",
            constraint=app.common.models.CascadingForeignKey(
                columns=("list_id", "user_id", "list_is_deleted"),
                follows=True,
                name="core_todo_list_owner",
                table="core_list",
                targets=("id", "user_id", "is_deleted"),
            ),
        ),
    ]
