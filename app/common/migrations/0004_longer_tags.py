from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("common", "0003_answer_totals"),
    ]

    operations = [
        # The table is not written anew, and the release before this one goes on with its shorter tags.
        migrations.AlterField(
            model_name="storedanswer",
            name="etag",
            field=models.CharField(blank=True, max_length=40),
        ),
    ]
