import django.db.models.lookups
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("lists", "0002_versions"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="list",
            name="deleted_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="list",
            name="is_deleted",
            field=models.GeneratedField(
                db_persist=True,
                expression=django.db.models.lookups.IsNull(models.F("deleted_at"), False),
                output_field=models.BooleanField(),
            ),
        ),
        migrations.AddConstraint(
            model_name="list",
            constraint=models.UniqueConstraint(fields=("id", "user", "is_deleted"), name="core_list_owner_presence"),
        ),
    ]
