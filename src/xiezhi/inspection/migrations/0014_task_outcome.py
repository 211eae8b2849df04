"""A task knows what its visit came to: the lists are narrowed by it without meeting every result."""

from django.db import migrations, models
from django.db.models import OuterRef, Subquery


def fill(apps, schema_editor):
    """What ``inspection.result_filed`` would have written on the tasks of results that are there already."""
    task, result = (apps.get_model("inspection", name) for name in ("Task", "TaskResult"))
    outcomes = result.objects.filter(task=OuterRef("pk")).values("outcome")
    task.objects.filter(pk__in=result.objects.values("task")).update(outcome=Subquery(outcomes))


class Migration(migrations.Migration):

    dependencies = [
        ('inspection', '0013_levels_of_draws'),
    ]

    operations = [
        migrations.AddField(
            model_name='task',
            name='outcome',
            field=models.CharField(blank=True, choices=[('clean', '未发现问题'), ('fixed', '发现问题，现场已整改'), ('rectify', '发现问题，责令限期改正'), ('stop', '发现问题，责令停止施工'), ('transfer', '发现问题，移送处理'), ('uncooperative', '不配合检查，情节严重'), ('ended', '已完工、停工或关停'), ('unreachable', '通过登记的住所无法联系'), ('refused', '检查不在清单或计划之内，对象依法拒绝')], default='', max_length=14),
        ),
        migrations.AddIndex(
            model_name='task',
            index=models.Index(fields=['outcome', '-window_from', 'number', 'id'], name='task_list_by_outcome'),
        ),
        migrations.AddIndex(
            model_name='task',
            index=models.Index(fields=['outcome', 'window_to', 'id'], name='task_outcome_by_end'),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
