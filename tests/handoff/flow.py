#!/usr/bin/python3
"""A case goes up, is decided in the city, and comes back to the county's window; and what may happen instead."""
import json
import sys

from desk import *
from halls import Pair, Tap, literal, uuid

t = Tap()
pair = Pair.fresh("flow")
city, county = pair.city, pair.county


def reviewed_in_city(number):
    must(city.act(CITY_DESK, number, "review_agree", "经审查，材料齐全，符合条件。", CITY_WINDOW))


def states(number):
    return county.state(number), city.state(number)


def chains_hold(number, *halls):
    for hall, login in halls:
        answer = hall.call(login, "api.case__verify", number)
        t.ok(answer["ok"], "the chain holds in " + hall.division, answer)


def granted():
    number = sent_up(pair)
    t.eq(county.state(number), "sent_up", "the case waits, frozen, for the city")
    t.eq(county.act(COUNTY_DESK, number, "review_agree", "再审一次。", COUNTY_WINDOW)["code"], "GT041",
         "nobody can move a case whose message is under way")
    t.eq(pair.carry(county), [("up", "taken")], "the city takes the message")
    t.eq(states(number), ("above", "received"), "one owner: the city")
    shown = city.call(CITY_DESK, "api.case__show", number)
    t.eq(shown["package"]["opinion"], "经初审，材料齐全，同意上报。", "the county's opinion lies in the package")
    t.eq([m["state"] for m in shown["package"]["materials"]], ["original"] * 5 + ["missing"], "all materials came along")
    t.eq(shown["package"]["origin"], "丰县", "the origin is shown")
    t.eq([m["state"] for m in shown["materials"]], ["original"] * 5 + ["missing"], "they stand on the city's own list")
    t.eq([r["origin"] for r in city.rows(CITY_DESK, "select * from api.case__queue(%s, null, 20)" % literal(number))],
         ["丰县"], "the city's queue names the origin")
    there = county.call(COUNTY_DESK, "api.case__show", number)
    t.eq(there["handoff"][0]["state"], "taken", "the county's page says that the city took it")
    t.eq(there["handoff"][0]["more"]["promise_due"], shown["due"]["promise_due"], "and shows the city's clock")
    t.ok(there["due"]["days_left"] is None and there["due"]["promise_due"], "its own clock stands beside it, run out of hand")
    reviewed_in_city(number)
    must(city.act(CITY_CHIEF, number, "grant", "经审查，符合法定条件，准予。", CITY_WINDOW))
    t.eq(city.state(number), "result_out", "the decision waits for the county")
    t.eq(pair.carry(city), [("result", "taken")], "the county takes the result")
    t.eq(states(number), ("granted", "handed_back"), "one owner: the county's window")
    there = county.call(COUNTY_DESK, "api.case__show", number)
    t.ok("decision_grant" in there["documents"], "the decision can be printed at the window", there["documents"])
    for action in ("make", "seal", "issue"):
        must(county.act(COUNTY_DESK, number, action, None, COUNTY_WINDOW))
    t.eq(county.state(number), "closed", "handed over at the county's window")
    chains_hold(number, (county, COUNTY_DESK), (city, CITY_DESK))


def refused_above():
    number = sent_up(pair)
    pair.carry(county)
    must(city.act(CITY_DESK, number, "review_refuse", "经审查，不符合法定条件。", CITY_WINDOW))
    must(city.act(CITY_CHIEF, number, "refuse", "不符合规定条件，不予许可。", CITY_WINDOW))
    pair.carry(city)
    t.eq(county.state(number), "refused", "a refusal comes back too")
    paper = county.call(COUNTY_DESK, "api.case__document", number, "decision_refuse")
    text = json.dumps(paper, ensure_ascii=False)
    t.ok("不符合规定条件" in text, "with the reason on its document", text)
    t.ok("徐州市应急" in text, "and the authority that decided", text)


def sent_back():
    number = sent_up(pair)
    pair.carry(county)
    reviewed_in_city(number)
    answer = city.act(CITY_CHIEF, number, "send_back", "请补充身份证。", CITY_WINDOW, None, "2")
    t.eq((answer.get("code"), answer.get("field")), ("GT084", "asked"), "a material in the package cannot be asked for again")
    t.eq(city.state(number), "reviewed", "and nothing has happened")
    answer = city.act(CITY_CHIEF, number, "send_back", "请补充文化程度证明。", CITY_WINDOW, None, "9")
    t.eq(answer.get("code"), "GT026", "nor one that the item does not know")
    must(city.act(CITY_CHIEF, number, "send_back", "请补充文化程度证明或承诺书。", CITY_WINDOW, None, "6"))
    t.eq(pair.carry(city), [("return", "taken")], "the county takes it back")
    t.eq(states(number), ("accepted", "handed_back"), "one owner: the county's desk")
    leg = county.call(COUNTY_DESK, "api.case__show", number)["handoff"][-1]
    t.eq((leg["reason"], [a["no"] for a in leg["asked"]]), ("请补充文化程度证明或承诺书。", [6]), "with reason, and what is asked for")
    t.eq(county.act(COUNTY_DESK, number, "supplement", None, COUNTY_WINDOW, None, None, [])["code"], "GT005",
         "to add nothing is refused")
    must(county.act(COUNTY_DESK, number, "supplement", None, COUNTY_WINDOW, None, None, [{"no": 6, "state": "copy", "copies": 1},
                                                                                        {"no": 1, "state": "missing"}]))
    shown = county.call(COUNTY_DESK, "api.case__show", number)
    t.eq([m["state"] for m in shown["materials"]], ["original"] * 5 + ["copy"], "added, and nothing taken out")
    must(county.act(COUNTY_DESK, number, "review_agree", "补正后材料齐全，同意上报。", COUNTY_WINDOW))
    must(county.act(COUNTY_CHIEF, number, "send_up", "同意再次上报。", COUNTY_WINDOW))
    t.eq(pair.carry(county), [("up", "taken")], "it goes up again")
    t.eq(states(number), ("above", "received"), "the same case, a second round")
    shown = city.call(CITY_DESK, "api.case__show", number)
    t.eq((shown["case"]["round"], shown["materials"][5]["state"]), (2, "copy"), "with what was added")
    chains_hold(number, (county, COUNTY_DESK), (city, CITY_DESK))
    reviewed_in_city(number)
    must(city.act(CITY_CHIEF, number, "grant", "符合条件，准予。", CITY_WINDOW))
    pair.carry(city)
    t.eq(states(number), ("granted", "handed_back"), "and is granted in the end")
    chains_hold(number, (county, COUNTY_DESK), (city, CITY_DESK))


def answer_lost():
    number = sent_up(pair)
    pair.carry(county, lose_answer=True)
    t.eq(states(number), ("sent_up", "received"), "the city has it, the county does not know yet: it stays frozen")
    first = pair.log[-1][3]["answers"][0]
    t.eq(pair.carry(county), [("up", "taken")], "sent again, it is taken")
    t.eq(pair.log[-1][3]["answers"][0], first, "with the same receipt")
    t.eq(city.admin("select count(*) from data.case_file where number = %s" % literal(number)), "1", "and there is one case")
    t.eq(states(number), ("above", "received"), "one owner")


def answers_cross():
    number = sent_up(pair)
    pair.carry(county, lose_answer=True)
    reviewed_in_city(number)
    must(city.act(CITY_CHIEF, number, "send_back", "请补充文化程度证明。", CITY_WINDOW, None, "6"))
    t.eq(pair.carry(city), [("return", "later")], "a return that overtakes our own receipt is early, not refused")
    pair.carry(county)
    t.eq(pair.carry(city, lose_answer=True), [("return", "taken")], "and taken when the receipt has come")
    must(county.act(COUNTY_DESK, number, "supplement", None, COUNTY_WINDOW, None, None, [{"no": 6, "state": "copy", "copies": 1}]))
    must(county.act(COUNTY_DESK, number, "review_agree", "补正后同意上报。", COUNTY_WINDOW))
    must(county.act(COUNTY_CHIEF, number, "send_up", "同意再次上报。", COUNTY_WINDOW))
    t.eq(pair.carry(county), [("up", "later")], "so is the case that comes again before the city knows that it went back")
    pair.carry(city)
    t.eq(pair.carry(county), [("up", "taken")], "and then it is taken")
    t.eq(states(number), ("above", "received"), "one owner")
    chains_hold(number, (county, COUNTY_DESK), (city, CITY_DESK))


def taken_back():
    number = sent_up(pair)
    must(county.act(COUNTY_CHIEF, number, "recall", "发现材料有误，撤回。", COUNTY_WINDOW))
    t.eq(county.state(number), "accepted", "what never left is back at once")
    t.eq(pair.carry(county), [], "and is not sent")

    number = sent_up(pair)
    late = pair.claim(county)[0][1]  # on its way, nobody knows how far
    must(county.act(COUNTY_CHIEF, number, "recall", "发现材料有误，撤回。", COUNTY_WINDOW))
    t.eq(county.state(number), "recalling", "what has left is asked for")
    pair.due_now(county)
    claimed = [(i, e) for i, e in pair.claim(county)]
    recall = [m for m in claimed[0][1]["messages"] if m["kind"] == "recall"]
    envelope = dict(claimed[0][1], messages=recall)
    answer = pair.receive(city, envelope)
    t.eq(answer["answers"][0]["answer"], "recalled", "the city has not seen it, and promises never to take it")
    t.eq(pair.receive(city, late)["answers"][0]["answer"], "recalled", "indeed: what comes late is not taken")
    t.eq(city.state(number), "", "no case in the city")
    pair.answered(county, [recall[0]["id"]], answer)
    t.eq(county.state(number), "accepted", "the county has it back")
    must(county.act(COUNTY_DESK, number, "review_agree", "改正后同意上报。", COUNTY_WINDOW))
    must(county.act(COUNTY_CHIEF, number, "send_up", "同意上报。", COUNTY_WINDOW))
    t.eq(pair.carry(county), [("up", "taken")], "and can send it up anew")
    t.eq(states(number), ("above", "received"), "one owner")

    number = sent_up(pair)
    pair.claim(county)  # to a hall that could not be reached
    must(county.act(COUNTY_CHIEF, number, "recall", "发现材料有误，撤回。", COUNTY_WINDOW))
    t.eq(pair.carry(county), [("up", "recalled"), ("recall", "recalled")], "a case and its recall may come together: it is not taken")
    t.eq(states(number), ("accepted", ""), "one owner: the county")
    answers = pair.log[-1][3]["answers"]
    t.eq(pair.receive(city, pair.log[-1][2])["answers"], answers, "and come again with the same receipts")

    number = sent_up(pair)
    pair.carry(county, lose_answer=True)
    must(county.act(COUNTY_CHIEF, number, "recall", "发现材料有误，撤回。", COUNTY_WINDOW))
    t.eq(sorted(pair.carry(county)), [("recall", "too_late"), ("up", "taken")], "too late: the city had it")
    t.eq(states(number), ("above", "received"), "one owner")
    chains_hold(number, (county, COUNTY_DESK), (city, CITY_DESK))


def declined():
    number = sent_up(pair)
    city.call(None, "api_admin.item__end", uuid(), city.division, ITEM, today(city), "徐政发〔演示〕9号", "finish")
    t.eq(pair.carry(county), [("up", "refused")], "an item that has ended in the city is refused")
    t.eq(states(number), ("accepted", ""), "the case is back at the county's desk")
    shown = county.call(COUNTY_DESK, "api.case__show", number)
    t.ok("徐政发〔演示〕9号" in json.dumps(shown["handoff"], ensure_ascii=False), "its page says why", shown["handoff"])
    alarms = county.rows("jianhong", "select * from api.alarm__list(null, null, 20)")
    t.ok(any(a["number"] == number for a in alarms), "and the supervisor sees it", alarms)


def today(hall):
    return hall.admin("select data.today()")


def transferred():
    answer = accept(city, "zhang", "03", "0221", TRANSFER_EXTRA, None, ())
    number = must(answer)["number"]
    t.eq(city.act("zhang", number, "transfer", "属丰县管辖，转办。", "03", "320399")["code"], "GT085", "only to a hall that is known")
    must(city.act("zhang", number, "transfer", "属丰县管辖，转办。", "03", "320321"))
    t.eq(pair.carry(city), [("transfer", "taken")], "the county takes a case that is the county's")
    t.eq((city.state(number), county.state(number)), ("transferred", "accepted"), "one owner, for good")
    must(county.act("haoyun", number, "review_agree", "经审查同意。", "03"))
    must(county.act("gongping", number, "grant", "准予许可。", "03"))
    t.eq(county.state(number), "granted", "and decides it")
    chains_hold(number, (city, "zhang"), (county, "haoyun"))


def guidance():
    must(city.call("dong", "api.note__send", uuid(), "320321", None, "初审要点", "特种作业初审请核对培训机构备案。"))
    t.eq(pair.carry(city), [("notice", "taken")], "guidance reaches the county")
    note = county.rows(COUNTY_DESK, "select * from api.note__list(null, null, 5)")[0]
    t.eq((note["subject"], note["read_at"]), ("初审要点", None), "it lies unread in the list")
    t.ok("备案" in county.call(COUNTY_DESK, "api.note__show", note["id"])["text"], "can be read")
    t.ok(county.rows(COUNTY_DESK, "select * from api.note__list(null, null, 5)")[0]["read_at"], "and is then marked as read")
    for number, subject, text, code, field in (("3203-1", "初审要点", "请核对备案。", "GT007", "number"), (None, "初审\u202e要点", "请核对备案。", "GT008", "subject"),
                                               (None, "初审要点", "请核对\u001b[2J备案。", "GT008", "text"), (None, "初审要点", " ", "GT005", "text")):
        answer = city.call("dong", "api.note__send", uuid(), "320321", number, subject, text)
        t.eq((answer["code"], answer["field"]), (code, field), "bad guidance is told by its place: " + field)
    answer = county.call(COUNTY_CHIEF, "api.note__send", uuid(), "320300", None, "请示", "请明确。")
    t.eq(answer["code"], "GT085", "guidance goes downwards")
    county.admin("select sync.message_add(p, null, '', 0, 'notice', null, '{\"subject\": \"请示\", \"text\": \"请明确。\", \"case\": null, \"by\": \"某\"}') "
                 "from sync.peer p where p.division = '320300'")
    t.eq(pair.carry(county), [("notice", "refused")], "even when a hall below sends it all the same")
    t.eq(city.admin("select count(*) from sync.note where not outgoing"), "0", "nobody reads it")


def known_above():
    applicant = citizen(900)
    number = must(accept(county, "haoyun", "03", "0221", TRANSFER_EXTRA, applicant, ()))["number"]
    county.call(county.courier, "api.report__compose")
    pair.carry(county)
    rows = city.rows("zhao", "select * from api.registry__list(%s, null, 5)" % literal(number))
    t.eq([(r["division_name"], r["name"]) for r in rows], [("丰县", "贾*䶮")], "the city's supervisor sees every case of the county, masked")
    t.eq(city.rows("zhang", "select * from api.registry__list(null, null, 5)"), [], "and nobody else there does")
    asked = city.call("zhang", "api.duplicate__question", "0221", "citizen", applicant)
    t.eq([f["number"] for f in asked["found"]], [number], "the same application at a city window is noticed")
    t.ok(applicant not in json.dumps(city.admin("select string_agg(r::text, '') from sync.registry r")), "without the number being reported")


for scene in (granted, refused_above, sent_back, answer_lost, answers_cross, taken_back, transferred, guidance, known_above, declined):
    try:
        scene()
    except (RuntimeError, KeyError, IndexError, TypeError) as problem:
        t.ok(False, scene.__name__ + " came to its end", problem)
if not t.failed:
    pair.drop()
sys.exit(t.done())
