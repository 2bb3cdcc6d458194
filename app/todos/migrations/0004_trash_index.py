from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("todos", "0003_trash"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddIndex(
            model_name="todo",
            index=models.Index(
                condition=models.Q(("deleted_at__isnull", False)),
                fields=["user", "deleted_at", "id"],
                name="core_todo_user_deleted",
            ),
        ),
    ]
