#!/usr/bin/python3
"""A case goes up, is decided in the city, and comes back to the county's window; and what may happen instead."""
import json
import sys

from desk import *
from halls import Pair, Tap, literal

t = Tap()
pair = Pair.fresh("flow")
city, county = pair.city, pair.county


def city_decides(number, action, opinion="经审查，符合法定条件，准予。"):
    must(city.act(CITY_DESK, number, "review_agree", "经审查，材料齐全，符合条件。", CITY_WINDOW))
    return must(city.act(CITY_CHIEF, number, action, opinion, CITY_WINDOW))


def owners(number):
    """Halls where the case can be worked on, or whose message about it is under way."""
    return [h.division for h in (county, city)
            if h.admin("select place from data.state s join data.case_file f on f.state = s.code where f.number = %s"
                       % literal(number)) in ("here", "leaving")]


def granted():
    number = sent_up(pair)
    t.eq(county.state(number), "sent_up", "the case waits, frozen, for the city")
    t.eq(county.act(COUNTY_DESK, number, "review_agree", "再审一次。", COUNTY_WINDOW)["code"], "GT042",
         "nobody can move a case whose message is under way")
    t.eq(pair.carry(county), [("up", "taken")], "the city takes the message")
    t.eq((county.state(number), city.state(number)), ("above", "received"), "one owner: the city")
    shown = city.call(CITY_DESK, "api.case__show", number)
    t.eq(shown["package"]["opinion"], "经初审，材料齐全，同意上报。", "the county's opinion lies in the package")
    t.eq(len([m for m in shown["package"]["materials"] if m["state"] == "original"]), 5, "all materials came along")
    t.eq(shown["package"]["origin"], "丰县", "the origin is shown")
    t.eq([m["state"] for m in shown["materials"]], ["original"] * 5, "they stand on the city's own list")
    there = county.call(COUNTY_DESK, "api.case__show", number)
    t.eq(there["handoff"][0]["state"], "taken", "the county's page says that the city took it")
    t.eq(there["handoff"][0]["more"]["promise_due"], shown["due"]["promise_due"], "and shows the city's clock")
    t.ok(there["due"]["promise_due"] is not None, "beside its own")
    city_decides(number, "grant")
    t.eq(city.state(number), "result_out", "the decision waits for the county")
    t.eq(pair.carry(city), [("result", "taken")], "the county takes the result")
    t.eq((county.state(number), city.state(number)), ("granted", "handed_back"), "one owner: the county's window")
    there = county.call(COUNTY_DESK, "api.case__show", number)
    t.ok("decision_grant" in there["documents"], "the decision can be printed at the window", there["documents"])
    for action in ("make", "seal", "issue"):
        must(county.act(COUNTY_DESK, number, action, None, COUNTY_WINDOW))
    t.eq(county.state(number), "closed", "handed over at the county's window")
    for hall, login in ((county, COUNTY_DESK), (city, CITY_DESK)):
        t.eq(hall.call(login, "api.case__verify", number)["ok"], True, "the chain holds in " + hall.division)
    return number


def refused_above():
    number = sent_up(pair)
    pair.carry(county)
    must(city.act(CITY_DESK, number, "review_refuse", "经审查，不符合法定条件。", CITY_WINDOW))
    must(city.act(CITY_CHIEF, number, "refuse", "不符合规定条件，不予许可。", CITY_WINDOW))
    pair.carry(city)
    t.eq(county.state(number), "refused", "a refusal comes back too")
    paper = county.call(COUNTY_DESK, "api.case__document", number, "decision_refuse")
    t.ok("不符合规定条件" in json.dumps(paper, ensure_ascii=False), "with the reason on its document", paper)
    t.ok("徐州市" in json.dumps(paper, ensure_ascii=False), "and who decided", paper)


def sent_back():
    number = sent_up(pair, item=OPTIONAL_ITEM, window=OPTIONAL_WINDOW, extra=OPTIONAL_EXTRA, missing=(OPTIONAL_NO,))
    return number


granted()
refused_above()
pair.drop() if not t.failed else None
sys.exit(t.done())
