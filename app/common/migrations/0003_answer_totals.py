from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("common", "0002_stored_answers"),
    ]

    operations = [
        migrations.AddField(
            model_name="storedanswer",
            name="total",
            field=models.BigIntegerField(db_default=0),
        ),
        migrations.AddIndex(
            model_name="storedanswer",
            index=models.Index(fields=["user_id", "total"], name="core_stored_answer_user_total"),
        ),
    ]
