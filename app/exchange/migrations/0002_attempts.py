from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("exchange", "0001_initial"),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name="import",
            name="core_import_waiting",
        ),
        migrations.RenameField(
            model_name="import",
            old_name="touched_at",
            new_name="due_at",
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
