from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("lists", "0005_inbox_and_order"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddIndex(
            model_name="list",
            index=models.Index(
                condition=models.Q(("deleted_at__isnull", False)),
                fields=["user", "deleted_at", "id"],
                name="core_list_user_deleted",
            ),
        ),
    ]
