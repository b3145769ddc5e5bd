"""One acceptance in the ORM: the same reads and the same rows as the product's function, in one transaction."""
import hashlib
import json

from django.db import transaction
from django.http import HttpResponseForbidden, JsonResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt

from .models import Applicant, Case, Counter, Day, Event, Item, Material, Paper, Staff


def due(today, days):
    return Day.objects.get(is_work=True, ordinal=today.ordinal + days).day


def serial(division, window, day):
    counter, _ = Counter.objects.select_for_update().get_or_create(division=division, window=window, day=day)
    counter.last += 1
    counter.save(update_fields=["last"])
    return counter.last


def applicant_of(division, data):
    applicant, _ = Applicant.objects.get_or_create(
        division=division,
        id_kind="citizen",
        id_number=data["id_number"],
        defaults={"name": data["name"], "phone": data["phone"], "address": data["address"]},
    )
    return applicant


def hang_on(case, staff, materials, now):
    Material.objects.bulk_create(
        [Material(case=case, no=m["no"], state=m["state"], copies=m["copies"]) for m in materials]
    )
    first = hashlib.sha256(case.number.encode()).digest()
    Event.objects.create(
        case=case, seq=1, action="accept", staff=staff.id, at=now, prev_hash=first, hash=bytes(case.head_hash)
    )
    return Paper.objects.create(case=case, document="receipt", copy_no=1, state="queued", at=now)


@csrf_exempt
@transaction.atomic
def accept(request):
    data = json.loads(request.body)
    staff = Staff.objects.filter(token=request.headers.get("Authorization", "")).first()
    if staff is None:
        return HttpResponseForbidden()
    now = timezone.now()
    item = Item.objects.get(code=data["item"])
    today = Day.objects.get(day=timezone.localdate(now))
    applicant = applicant_of(staff.division, data)
    number = f"{staff.division}{data['window']}{today.day:%y%m%d}{serial(staff.division, data['window'], today.day):04d}"
    case = Case.objects.create(
        number=number,
        query_code=number[-6:],
        division=staff.division,
        window=data["window"],
        department=item.department,
        item=item.code,
        item_version=1,
        state="accepted",
        applicant=applicant,
        name=data["name"],
        id_kind="citizen",
        id_number=data["id_number"],
        phone=data["phone"],
        address=data["address"],
        accepted_at=now,
        accepted_by=staff.id,
        promise_due=due(today, item.promise_days),
        statute_due=due(today, item.statute_days),
        head_hash=hashlib.sha256((number + data["id_number"]).encode()).digest(),
    )
    paper = hang_on(case, staff, data["materials"], now)
    return JsonResponse({"ok": True, "number": number, "paper": paper.id})
