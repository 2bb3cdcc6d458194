from django.db import migrations


class Migration(migrations.Migration):
    """The constraint that todos referred to before they followed their list into the trash."""

    dependencies = [
        ("lists", "0003_trash"),
        ("todos", "0003_trash"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="list",
            name="core_list_owner",
        ),
    ]
