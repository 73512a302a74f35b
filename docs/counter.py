#!/usr/bin/env python3
"""One request from the counter to the customer's rating, over the API. Needs nothing but Python 3.

    aftercare token create --user zhou          # the last word printed is the token
    AFTERCARE_TOKEN=… python3 docs/counter.py http://127.0.0.1:8080 HZ01

Shows what every client needs: an Idempotency-Key so that a repeat does nothing twice, If-Match so that nobody overwrites what
they have not seen, and problem+json when something is refused.
"""
import json
import os
import sys
import urllib.error
import urllib.parse
import urllib.request
import uuid


class Refused(Exception):
    """What the server did not do, with its stable code."""

    def __init__(self, problem):
        super().__init__(f"{problem.get('code')}: {problem.get('title')}")
        self.problem = problem


class Aftercare:
    def __init__(self, url, token):
        self.url, self.token = url.rstrip("/"), token

    def call(self, method, path, body=None, version=None, key=None):
        headers = {"Authorization": f"Bearer {self.token}", "Accept": "application/json", "Accept-Language": "en"}
        data = None
        if body is not None:
            headers["Content-Type"] = "application/json"
            data = json.dumps(body).encode()
        if version is not None:
            headers["If-Match"] = f'"v{version}"'
        if key is not None:
            headers["Idempotency-Key"] = key
        request = urllib.request.Request(self.url + path, data=data, headers=headers, method=method)
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                return json.load(answer)
        except urllib.error.HTTPError as error:
            raise Refused(json.load(error)) from None

    def command(self, case, name, **fields):
        """Moves the case on; the answer carries its new version, which the next command names."""
        changed = self.call("POST", f"/api/v1/cases/{case['id']}/{name}", fields, version=case["version"])
        print(f"  {name:<8} -> {changed['state']} (step {changed['step']}, version {changed['version']})")
        return changed


def main(url, store):
    api = Aftercare(url, os.environ["AFTERCARE_TOKEN"])
    me = api.call("GET", "/api/v1/me")
    print("signed in as", me["name"])

    offered = api.call("GET", "/api/v1/symptoms?category=washer")["symptoms"]
    print("symptoms of washing machines:", ", ".join(f"{one['code']} ({one['fault_class']})" for one in offered[:3]), "…")

    key = str(uuid.uuid4())
    request = {
        "store": store,
        "kind": "repair",
        "channel": "counter",
        "subject": "洗衣机脱水时响声大",
        "body": "脱水到一半开始剧烈抖动，声音很大。",
        "customer": {"name": "王丽华", "phone": "138 0000 5678"},
        "product": "清泉 滚筒洗衣机 XQG100-B14",
        "symptoms": ["washer.noise"],
    }
    case = api.call("POST", "/api/v1/cases", request, key=key)
    again = api.call("POST", "/api/v1/cases", request, key=key)
    assert again["id"] == case["id"], "a repeat with the same key is the same case"
    print("taken in:", case["number"], "due", case["due"])

    similar = api.call("GET", f"/api/v1/cases/{case['id']}/similar")["items"]
    print("solved before:", len(similar))
    case = api.command(case, "accept", owner=me["id"], priority="high", kind="repair")
    case = api.command(case, "analyse")
    options = [{"text": "更换减震器两只，重新调平", "lines": [{"text": "配件", "amount": 8600, "bearer": "maker"}]}]
    case = api.command(case, "propose", findings="减震器老化，内筒偏心", options=options)
    try:
        api.command({**case, "version": case["version"] - 1}, "confirm", option=1, proof="phone", note="去电，顾客同意")
    except Refused as refused:
        print("  an old version is refused:", refused)
    case = api.command(case, "confirm", option=1, proof="phone", note="去电，顾客同意")
    api.call("POST", f"/api/v1/cases/{case['id']}/messages", {"visibility": "public", "body": "师傅明天上午九点上门。"})
    case = {**case, "version": api.call("GET", f"/api/v1/cases/{case['id']}")["version"]}
    case = api.command(case, "resolve", outcome="fixed", cause="product", note="已更换减震器并试机")
    case = api.command(case, "close", by="customer", proof="phone", note="回访，顾客确认已修好")

    timeline = api.call("GET", f"/api/v1/cases/{case['id']}/timeline")
    print("timeline:", len(timeline["items"]), "entries")
    found = api.call("GET", "/api/v1/search?" + urllib.parse.urlencode({"q": "响声"}))
    print("found by two characters:", len(found["items"]))
    metrics = api.call("GET", "/api/v1/metrics")
    print("metrics:", ", ".join(metric["id"] for metric in metrics["items"][:5]), "…")


if __name__ == "__main__":
    if len(sys.argv) != 3 or "AFTERCARE_TOKEN" not in os.environ:
        sys.exit(__doc__)
    main(sys.argv[1], sys.argv[2])
