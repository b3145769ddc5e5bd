"""Fills the peer's database: one clerk, one item, the calendar, and a user for the admin."""
import datetime
import os

import django

os.environ["DJANGO_SETTINGS_MODULE"] = "settings"
django.setup()

from django.contrib.auth.models import User  # noqa: E402
from django.core.management import call_command  # noqa: E402
from hall.models import Applicant, Day, Item, Staff  # noqa: E402

call_command("makemigrations", "hall", verbosity=0)
call_command("migrate", verbosity=0)
User.objects.create_superuser("clerk", "", os.environ["PEER_PASSWORD"])
Staff.objects.create(token=os.environ["PEER_SECRET"], name="测试人员", division="320311", department=1)
Item.objects.create(code="0213", name="个体工商户设立登记", department=1, promise_days=1, statute_days=3)
Applicant.objects.create(division="320311", id_kind="citizen", id_number="0", name="测试人", phone="13800000000")
first = datetime.date.today() - datetime.timedelta(days=400)
days, ordinal = [], 0
for i in range(1200):
    day = first + datetime.timedelta(days=i)
    ordinal += day.weekday() < 5
    days.append(Day(day=day, is_work=day.weekday() < 5, ordinal=ordinal))
Day.objects.bulk_create(days)
