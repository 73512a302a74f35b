#!/usr/bin/env python3
"""A counter's whole day over the API, from the first scan to the numbers in the evening. Needs nothing but Python 3.

    aftercare token create --user lin           # whoever stands at the counter; the last word printed is the token
    aftercare token create --user zhou          # the manager, who approves and checks
    AFTERCARE_TOKEN=… AFTERCARE_MANAGER_TOKEN=… python3 docs/counter.py http://127.0.0.1:8080 HZ01

Shows what every client needs: an Idempotency-Key so that a repeat does nothing twice, If-Match so that nobody overwrites what
they have not seen, and problem+json when something is refused. Prints what it does; ends with 1 at the first surprise.
"""
import json
import os
import struct
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
import uuid
import zlib


class Refused(Exception):
    """What the server did not do, with its stable code."""

    def __init__(self, status, problem):
        super().__init__(f"{status} {problem.get('code')}: {problem.get('title')} {problem.get('fields') or ''}")
        self.status, self.code = status, problem.get("code")


class Surprise(Exception):
    """The server did something else than this script says it does."""


class Aftercare:
    """One person's way to the server."""

    def __init__(self, url, token):
        self.url, self.token = url.rstrip("/"), token

    def send(self, method, path, data=None, headers=None):
        headers = {"Authorization": f"Bearer {self.token}", "Accept": "application/json", "Accept-Language": "en", **(headers or {})}
        request = urllib.request.Request(self.url + path, data=data, headers=headers, method=method)
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                return answer.read()
        except urllib.error.HTTPError as error:
            body = error.read()
            try:
                problem = json.loads(body)
            except ValueError:
                problem = {"code": "no-json", "title": body[:200].decode(errors="replace")}
            raise Refused(error.code, problem) from None

    def call(self, method, path, body=None, version=None, key=None):
        headers = {}
        if body is not None:
            headers["Content-Type"] = "application/json"
        if version is not None:
            headers["If-Match"] = f'"v{version}"'
        if key is not None:
            headers["Idempotency-Key"] = key
        answer = self.send(method, path, None if body is None else json.dumps(body).encode(), headers)
        return json.loads(answer) if answer else None

    def command(self, case, name, **fields):
        """Moves the case on; the answer carries its new version, which the next command names."""
        changed = self.call("POST", f"/api/v1/cases/{case['id']}/{name}", fields, version=case["version"])
        print(f"  {name:<8} -> {changed['state']} (step {changed['step']}, version {changed['version']})")
        return changed

    def photo(self, case, name, content):
        """Adds a photo to the case as a browser does."""
        edge = uuid.uuid4().hex
        head = f'--{edge}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\nContent-Type: image/png\r\n\r\n'
        data = head.encode() + content + f"\r\n--{edge}--\r\n".encode()
        answer = self.send("POST", f"/api/v1/cases/{case['id']}/files", data, {"Content-Type": f"multipart/form-data; boundary={edge}"})
        return json.loads(answer)


class Customer:
    """Somebody with a link and a telephone: no account, only pages."""

    def __init__(self, url):
        self.url = url.rstrip("/")

    def open(self, path, fields=None):
        data = None if fields is None else urllib.parse.urlencode(fields).encode()
        headers = {} if fields is None else {"Content-Type": "application/x-www-form-urlencoded", "Origin": self.url}
        request = urllib.request.Request(self.url + path, data=data, headers=headers)
        with urllib.request.urlopen(request, timeout=30) as answer:
            return answer.read().decode()


def expect(what, is_, should):
    if is_ != should:
        raise Surprise(f"{what}: {is_!r}, not {should!r}")


def refused(what, code, do):
    """Does something that must be refused with this code."""
    try:
        do()
    except Refused as refusal:
        expect(what, refusal.code, code)
        print(f"  refused, as it should: {what} ({refusal.status} {refusal.code})")
        return
    raise Surprise(f"{what} was not refused")


def picture():
    """A small grey PNG, as a camera would send a large colourful one."""
    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
    rows = b"".join(b"\0" + bytes([100 + y]) * 64 for y in range(64))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", 64, 64, 8, 0, 0, 0, 0)) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def scanned(counter):
    """The first customer of the day puts a unit on the counter."""
    print("scan")
    cases = counter.call("GET", "/api/v1/cases?limit=1")["items"]
    if cases:
        found = counter.call("GET", "/api/v1/scan?" + urllib.parse.urlencode({"code": cases[0]["number"]}))
        print(f"   {cases[0]['number']}: {found['result']} · {found['say'] or 'no sentence to say'}")
    nothing = counter.call("GET", "/api/v1/scan?" + urllib.parse.urlencode({"code": "NOSUCHSERIAL0"}))
    expect("an unknown code finds nothing", nothing["result"], "nothing")


def taken_in(counter, store):
    """A draft that is kept while the customer looks for the receipt, then the case."""
    print("intake")
    offered = counter.call("GET", "/api/v1/symptoms?category=washer")["symptoms"]
    print("  symptoms of washing machines:", ", ".join(f"{one['code']} ({one['fault_class']})" for one in offered[:3]), "…")
    draft = counter.call("POST", "/api/v1/drafts", {"fields": {"subject": ["洗衣机脱水时响声大"], "product": ["清泉 滚筒洗衣机"]}})
    kept = [one["id"] for one in counter.call("GET", "/api/v1/drafts")["items"]]
    expect("the draft is kept", draft["id"] in kept, True)
    request = {
        "store": store,
        "kind": "repair",
        "channel": "counter",
        "subject": "洗衣机脱水时响声大",
        "body": "脱水到一半开始剧烈抖动，声音很大。",
        "customer": {"name": "王丽华", "consent": True, "phone": f"138{int(time.time() * 1000) % 10 ** 8:08d}"},
        "product": "清泉 滚筒洗衣机 XQG100-B14",
        "symptoms": ["washer.noise"],
        "draft": draft["id"],
    }
    key = str(uuid.uuid4())
    case = counter.call("POST", "/api/v1/cases", request, key=key)
    again = counter.call("POST", "/api/v1/cases", request, key=key)
    expect("a repeat with the same key is the same case", again["id"], case["id"])
    left = [one["id"] for one in counter.call("GET", "/api/v1/drafts")["items"]]
    expect("a draft that was taken in is gone", draft["id"] in left, False)
    print("  taken in:", case["number"], "due", case["due"])
    counter.photo(case, "bearing.png", picture())
    expect("the photo is there", len(counter.call("GET", f"/api/v1/cases/{case['id']}/files")["items"]), 1)
    said = counter.call("POST", f"/api/v1/cases/{case['id']}/texts", {"text": "received"})["said"]
    counter.call("POST", f"/api/v1/cases/{case['id']}/copied", {"what": "received", "said": said})
    print("  receipt copied to WeChat:", said.splitlines()[0])
    print("  solved before:", len(counter.call("GET", f"/api/v1/cases/{case['id']}/similar")["items"]))
    return case


def worked_on(counter, manager, case):
    """Looked at, a task for a colleague, and a plan whose goodwill is beyond what the counter may give."""
    print("work")
    me, boss = counter.call("GET", "/api/v1/me"), manager.call("GET", "/api/v1/me")
    case = counter.command(case, "accept", owner=me["id"], priority="high", kind="repair")
    case = counter.command(case, "analyse")
    task = counter.call("POST", "/api/v1/tasks", {"case_id": case["id"], "title": "确认减震器库存", "body": "要两只", "to": f"user:{boss['id']}", "due": "4h"})
    task = manager.call("GET", f"/api/v1/tasks/{task['id']}")
    task = manager.call("POST", f"/api/v1/tasks/{task['id']}/accept", {}, version=task["version"])
    manager.call("POST", f"/api/v1/tasks/{task['id']}/finish", {"text": "库里有三只"}, version=task["version"])
    print("  task done by", boss["name"])
    case = {**case, "version": counter.call("GET", f"/api/v1/cases/{case['id']}")["version"]}
    options = [
        {"text": "更换减震器两只，重新调平", "lines": [{"text": "配件", "amount": 8_600, "bearer": "maker"}]},
        {"text": "更换减震器，并送一次上门清洗", "lines": [{"text": "配件", "amount": 8_600, "bearer": "maker"}, {"text": "清洗", "amount": 12_000, "bearer": "store"}]},
    ]
    return counter.command(case, "propose", findings="减震器老化，内筒偏心", options=options)


def approved(counter, manager, case):
    """The goodwill waits for the manager; what needs no second yes does not wait."""
    print("approval")
    mine = manager.call("GET", "/api/v1/approvals?show=mine")["items"]
    waiting = [one for one in mine if one["record_id"] == case["id"]]
    expect("one question waits for the manager", len(waiting), 1)
    question = waiting[0]
    print(f"  asked: {question['extra'] / 100:.2f} yuan beyond the law, {question['sentence']}")
    refused(
        "one's own question",
        "approvals-own",
        lambda: counter.call("POST", f"/api/v1/approvals/{question['id']}/grant", {}, version=question["version"]),
    )
    done = manager.call("POST", f"/api/v1/approvals/{question['id']}/grant", {"reason": "老顾客"}, version=question["version"])
    expect("the manager's yes counts", done["state"], "granted")
    print("  granted by the manager")
    return {**case, "version": counter.call("GET", f"/api/v1/cases/{case['id']}")["version"]}


def decided(counter, customer, case):
    """The customer chooses on the telephone, by a link that works once."""
    print("decision")
    old = case["version"] - 1
    refused("an old version", "stale", lambda: counter.command({**case, "version": old}, "confirm", option=1, proof="phone", note="去电"))
    link = counter.call("POST", f"/api/v1/cases/{case['id']}/links", {"purpose": "decide"})["path"]
    expect("a link is short", len(link), len("/c/") + 22)
    customer.open(link)
    customer.open(f"{link}/decide", {"option": 2, "answer": "yes"})
    whole = counter.call("GET", f"/api/v1/cases/{case['id']}")
    expect("the customer said yes", whole["state"], "executing")
    print("  chosen by the customer: the second way")
    return {"id": case["id"], "version": whole["version"]}


def finished(counter, manager, customer, case):
    """Repaired, handed over, closed, rated; the check comes days later, by somebody else."""
    print("finish")
    counter.call("POST", f"/api/v1/cases/{case['id']}/messages", {"visibility": "public", "body": "师傅明天上午九点上门。"})
    case = {**case, "version": counter.call("GET", f"/api/v1/cases/{case['id']}")["version"]}
    case = counter.command(case, "resolve", outcome="fixed", cause="product", note="已更换减震器并试机")
    case = counter.command(case, "close", by="customer", proof="phone", note="回访，顾客确认已修好")
    refused(
        "the check of one's own work",
        "cases-check-own",
        lambda: counter.call("POST", f"/api/v1/cases/{case['id']}/check", {"result": "worked", "note": "没有再响"}),
    )
    check = manager.call("POST", f"/api/v1/cases/{case['id']}/check", {"result": "worked", "note": "回访，没有再响"})
    print("  checked by the manager:", check["result"])
    skipped = manager.call("GET", "/api/v1/surveys?show=skipped&limit=50")["items"]
    asked = manager.call("GET", "/api/v1/surveys?show=invited&limit=50")["items"]
    if case["id"] in [one["case"] for one in asked]:
        link = counter.call("POST", f"/api/v1/cases/{case['id']}/links", {"purpose": "rate"})["path"]
        customer.open(link, {"csat": 5, "more": "yes", "nps": 9, "effort": 4, "solved": "yes", "words": "师傅很专业"})
        answered = [one["case"] for one in manager.call("GET", "/api/v1/surveys?show=answered&limit=50")["items"]]
        expect("the rating is there", case["id"] in answered, True)
        print("  rated by the customer: 5 of 5")
    else:
        why = [one["skipped"] for one in skipped if one["case"] == case["id"]]
        expect("who is not asked is known with the reason", len(why), 1)
        print("  not asked to rate, by the rule:", why[0])


def in_the_evening(counter, manager, case):
    """What stays: the record, the list as a file, the numbers."""
    print("evening")
    timeline = counter.call("GET", f"/api/v1/cases/{case['id']}/timeline")
    print("  timeline:", len(timeline["items"]), "entries")
    counter.call("POST", "/api/v1/case-lists", {"name": "今天的洗衣机", "filter": "tab=all&q=洗衣机"})
    expect("the filter is kept", "今天的洗衣机" in [one["name"] for one in counter.call("GET", "/api/v1/case-lists")["items"]], True)
    found = counter.call("GET", "/api/v1/search?" + urllib.parse.urlencode({"q": "响声"}))
    print("  found by two characters:", len(found["items"]))
    lines = manager.send("GET", "/api/v1/cases/export?tab=all").decode("utf-8-sig").splitlines()
    print("  exported lines:", len(lines))
    expect("no line of the export is a formula", any(line[:1] in "=+@" for line in lines), False)
    metrics = manager.call("GET", "/api/v1/metrics")
    print("  numbers:", ", ".join(metric["id"] for metric in metrics["items"][:5]), "…")


def main(url, store):
    counter = Aftercare(url, os.environ["AFTERCARE_TOKEN"])
    manager = Aftercare(url, os.environ["AFTERCARE_MANAGER_TOKEN"])
    customer = Customer(url)
    print("at the counter:", counter.call("GET", "/api/v1/me")["name"], "· manager:", manager.call("GET", "/api/v1/me")["name"])
    scanned(counter)
    case = taken_in(counter, store)
    case = worked_on(counter, manager, case)
    case = approved(counter, manager, case)
    case = decided(counter, customer, case)
    finished(counter, manager, customer, case)
    in_the_evening(counter, manager, case)
    print("done")


if __name__ == "__main__":
    if len(sys.argv) != 3 or "AFTERCARE_TOKEN" not in os.environ or "AFTERCARE_MANAGER_TOKEN" not in os.environ:
        sys.exit(__doc__)
    try:
        main(sys.argv[1], sys.argv[2])
    except (Refused, Surprise, urllib.error.URLError) as wrong:
        sys.exit(f"SURPRISE: {wrong}")
