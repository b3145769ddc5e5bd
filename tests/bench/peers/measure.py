"""Saves cases through the peer over one kept-alive connection and prints the median in milliseconds.

measure.py view|admin|psql COUNT FROM: "view" posts JSON to the view, "admin" posts the admin's add form, "psql" starts
psql once a case and calls the product's function.
"""
import http.client
import json
import os
import re
import statistics
import subprocess
import sys
import time
import urllib.parse


def citizen(n):
    day = n // 1000
    body = "320311190%d%02d%02d%03d" % (day // 336 % 10, day // 28 % 12 + 1, day % 28 + 1, n % 1000)
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    return body + "10X98765432"[sum(int(c) * w for c, w in zip(body, weights)) % 11]


MATERIALS = json.loads(os.environ["BENCH_MATERIALS"])


class Peer:
    """One clerk's connection to the peer."""

    def __init__(self):
        self.http = http.client.HTTPConnection("127.0.0.1", int(os.environ["PEER_PORT"]))
        self.cookies = {}

    def ask(self, method, path, body=None, headers=None):
        headers = dict(headers or {})
        if self.cookies:
            headers["Cookie"] = "; ".join(f"{k}={v}" for k, v in self.cookies.items())
        self.http.request(method, path, body, headers)
        answer = self.http.getresponse()
        text = answer.read().decode()
        for value in answer.headers.get_all("Set-Cookie") or []:
            name, _, rest = value.partition("=")
            self.cookies[name] = rest.split(";")[0]
        return answer.status, text

    def form(self, path, fields):
        fields = dict(fields, csrfmiddlewaretoken=self.cookies["csrftoken"])
        return self.ask(
            "POST",
            path,
            urllib.parse.urlencode(fields),
            {"Content-Type": "application/x-www-form-urlencoded", "Referer": "http://127.0.0.1" + path},
        )

    def sign_in(self):
        self.ask("GET", "/admin/login/")
        status, _ = self.form("/admin/login/", {"username": "clerk", "password": os.environ["PEER_PASSWORD"]})
        if status != 302:
            sys.exit(f"the admin's sign-in answered {status}")
        self.ask("GET", "/admin/hall/case/add/")


def save_view(peer, n):
    body = {"item": "0213", "window": "01", "id_number": citizen(n), "name": "王小明", "phone": "13800000000",
            "address": "徐州市泉山区演示路1号", "materials": MATERIALS}
    status, text = peer.ask("POST", "/accept", json.dumps(body),
                            {"Content-Type": "application/json", "Authorization": os.environ["PEER_SECRET"]})
    if status != 200:
        sys.exit(f"the view answered {status}: {text[:300]}")


def save_admin(peer, n):
    fields = {"number": f"A{n}", "query_code": "000000", "division": "320311", "window": "01", "department": "1",
              "item": "0213", "item_version": "1", "state": "accepted", "applicant": "1", "name": "王小明",
              "id_kind": "citizen", "id_number": citizen(n), "phone": "13800000000", "address": "演示路1号", "note": "",
              "accepted_at_0": "2026-01-05", "accepted_at_1": "09:00:00", "accepted_by": "1",
              "promise_due": "2026-01-06", "statute_due": "2026-01-08", "material_set-TOTAL_FORMS": "5",
              "material_set-INITIAL_FORMS": "0", "material_set-MIN_NUM_FORMS": "0",
              "material_set-MAX_NUM_FORMS": "1000", "_save": "Save"}
    for i, m in enumerate(MATERIALS):
        fields.update({f"material_set-{i}-{k}": str(m[k]) for k in ("no", "state", "copies")})
    status, text = peer.form("/admin/hall/case/add/", fields)
    if status != 302:
        sys.exit(f"the admin answered {status}: {re.sub('<[^>]*>', ' ', text)[:600]}")


CALL = ("select api.case__accept(gen_random_uuid(), '01', '0213', 1, 'person', 'citizen', '%s', '王小明', '13800000000',"
        " '徐州市泉山区演示路1号', null, null, '%s', '{\"form\":\"P\"}', null) ->> 'ok'")


def save_psql(_, n):
    done = subprocess.run(["psql", "-X", "-A", "-t", "-c", CALL % (citizen(n), os.environ["BENCH_MATERIALS"])],
                          capture_output=True, text=True, check=False)
    if done.stdout.strip() != "true":
        sys.exit(f"psql: {done.stdout}{done.stderr}")


def main():
    kind, count, start = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    save = {"view": save_view, "admin": save_admin, "psql": save_psql}[kind]
    peer = None if kind == "psql" else Peer()
    if kind == "admin":
        peer.sign_in()
    took = []
    for i in range(count + 10):
        begin = time.perf_counter()
        save(peer, start + i)
        took.append(time.perf_counter() - begin)
    print("%.4f" % (statistics.median(took[10:]) * 1000))


main()
