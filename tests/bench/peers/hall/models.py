"""The tables that one acceptance writes, column for column where it matters: twenty columns and three indexes a case."""
from django.db import models


class Staff(models.Model):
    token = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=60)
    division = models.CharField(max_length=6)
    department = models.IntegerField()


class Item(models.Model):
    code = models.CharField(max_length=32, unique=True)
    name = models.CharField(max_length=200)
    department = models.IntegerField()
    promise_days = models.IntegerField()
    statute_days = models.IntegerField()


class Day(models.Model):
    day = models.DateField(primary_key=True)
    is_work = models.BooleanField()
    ordinal = models.IntegerField(db_index=True)


class Counter(models.Model):
    division = models.CharField(max_length=6)
    window = models.CharField(max_length=2)
    day = models.DateField()
    last = models.IntegerField(default=0)

    class Meta:
        unique_together = [("division", "window", "day")]


class Applicant(models.Model):
    division = models.CharField(max_length=6)
    id_kind = models.CharField(max_length=10)
    id_number = models.CharField(max_length=30)
    name = models.CharField(max_length=120)
    phone = models.CharField(max_length=20)
    address = models.CharField(max_length=200, blank=True)

    class Meta:
        unique_together = [("division", "id_kind", "id_number")]


class Case(models.Model):
    number = models.CharField(max_length=24, unique=True)
    query_code = models.CharField(max_length=6)
    division = models.CharField(max_length=6)
    window = models.CharField(max_length=2)
    department = models.IntegerField()
    item = models.CharField(max_length=32)
    item_version = models.IntegerField()
    state = models.CharField(max_length=20)
    applicant = models.ForeignKey(Applicant, on_delete=models.PROTECT)
    name = models.CharField(max_length=120)
    id_kind = models.CharField(max_length=10)
    id_number = models.CharField(max_length=30)
    phone = models.CharField(max_length=20)
    address = models.CharField(max_length=200, blank=True)
    note = models.CharField(max_length=1000, blank=True)
    accepted_at = models.DateTimeField()
    accepted_by = models.IntegerField()
    promise_due = models.DateField()
    statute_due = models.DateField()
    head_hash = models.BinaryField(default=b"")

    class Meta:
        indexes = [models.Index(fields=["department", "promise_due"])]


class Material(models.Model):
    case = models.ForeignKey(Case, on_delete=models.CASCADE)
    no = models.SmallIntegerField()
    state = models.CharField(max_length=10)
    copies = models.SmallIntegerField()


class Event(models.Model):
    case = models.ForeignKey(Case, on_delete=models.CASCADE)
    seq = models.IntegerField()
    action = models.CharField(max_length=20)
    staff = models.IntegerField()
    at = models.DateTimeField()
    prev_hash = models.BinaryField()
    hash = models.BinaryField()


class Paper(models.Model):
    case = models.ForeignKey(Case, on_delete=models.CASCADE)
    document = models.CharField(max_length=20)
    copy_no = models.SmallIntegerField()
    state = models.CharField(max_length=10)
    at = models.DateTimeField()
