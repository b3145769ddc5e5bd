"""The people and items of the demonstration that hand-off tests use."""
import itertools

from halls import literal, uuid

def citizen(n):
    """A citizen number of nobody: a day of 1901, right check digit."""
    body = "32032119010101%03d" % n
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    return body + "10X98765432"[sum(int(d) * w for d, w in zip(body, weights)) % 11]


serial = itertools.count(1)

ITEM = "1204"  # 特种作业操作证核发: accepted in Feng county, decided by the city
EXTRA = {"work": "1", "exam_date": "2026-11-20", "school": "丰县安全培训中心"}
TRANSFER_EXTRA = {"company_name": "徐州云龙演示有限公司", "capital": "100000.00", "legal_name": "贾小䶮", "legal_id": citizen(1)}
COUNTY_WINDOW, CITY_WINDOW = "13", "16"
COUNTY_DESK, COUNTY_CHIEF = "anping", "bianfang"
CITY_DESK, CITY_CHIEF = "tian", "dong"


def accept(hall, login=COUNTY_DESK, window=COUNTY_WINDOW, item=ITEM, extra=None, applicant=None, missing=(6,)):
    """A case taken in with all materials but `missing`; the answer."""
    shown = hall.call(login, "api.item__show", item, None)
    materials = [{"no": m["no"], "state": "missing" if m["no"] in missing else "original", "copies": 1}
                 for m in shown["materials"]]
    number = applicant or citizen(next(serial))
    return hall.call(login, "api.case__accept", uuid(), window, item, shown["version"], "person", "citizen", number,
                     "贾小䶮", "13800002071", "丰县中阳大道1号", None, None, materials, EXTRA if extra is None else extra, None)


def sent_up(pair, **more):
    """A case accepted and reviewed in the county, and sent up; its number."""
    number = accept(pair.county, **more)["number"]
    must(pair.county.act(COUNTY_DESK, number, "review_agree", "经初审，材料齐全，同意上报。", COUNTY_WINDOW))
    must(pair.county.act(COUNTY_CHIEF, number, "send_up", "同意初审意见，上报市局。", COUNTY_WINDOW))
    return number


def must(answer):
    """An act that the test takes for granted."""
    if not answer.get("ok"):
        raise RuntimeError(str(answer))
    return answer
