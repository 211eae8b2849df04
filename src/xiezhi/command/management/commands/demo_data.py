"""``xiezhi demo_data``: load the synthetic house into an empty database and print its accounts."""

from typing import Any

from django.core.management.base import BaseCommand

from xiezhi.command import demo_data
from xiezhi.people.models import Account


class Command(BaseCommand):
    help = "Load clearly synthetic demo data into an empty database; print the demo accounts."

    def handle(self, *args: Any, **options: Any) -> None:
        demo_data.load()
        shown = [
            person for person in demo_data.PEOPLE if Account.objects.filter(username=person.username, demo=True)
        ]
        if not shown:
            return
        self.stdout.write("示例账号（合成数据，免动态口令；密码均为 " + demo_data.PASSWORD + "）：")
        for person in shown:
            self.stdout.write(f"  {person.username:14} {person.name}")
