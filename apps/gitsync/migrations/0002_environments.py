from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('gitsync', '0001_initial'),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name='syncrun',
            name='sync_run_latest',
        ),
        migrations.AddField(
            model_name='syncrun',
            name='environment',
            field=models.CharField(blank=True, default='', max_length=32),
        ),
        migrations.AddField(
            model_name='syncrun',
            name='pinned',
            field=models.CharField(blank=True, default='', max_length=80),
        ),
        migrations.AddIndex(
            model_name='syncrun',
            index=models.Index(fields=['site', 'node', 'environment', '-id'], name='sync_run_newest'),
        ),
    ]
