import django.utils.timezone
from django.db import migrations, models
from django.db.models.functions import Now


class Migration(migrations.Migration):
    dependencies = [
        ("exchange", "0001_initial"),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name="import",
            name="core_import_waiting",
        ),
        # The release before reads and writes the column while this one is started. A later release drops it.
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.AlterField(
                    model_name="import",
                    name="touched_at",
                    field=models.DateTimeField(db_default=Now(), default=django.utils.timezone.now),
                ),
            ],
            state_operations=[
                migrations.RemoveField(
                    model_name="import",
                    name="touched_at",
                ),
            ],
        ),
        migrations.AddField(
            model_name="import",
            name="due_at",
            field=models.DateTimeField(db_default=Now(), default=django.utils.timezone.now),
        ),
        migrations.AddField(
            model_name="import",
            name="attempts",
            field=models.PositiveSmallIntegerField(db_default=0, default=0),
        ),
        migrations.AddIndex(
            model_name="import",
            index=models.Index(
                condition=models.Q(("state__in", ["uploaded", "checking"])),
                fields=["due_at"],
                name="core_import_waiting",
            ),
        ),
    ]
