#!/usr/bin/env python3
"""Plays a chat tool beside Aftercare, with the standard library only.

    python3 chat_tool.py --url http://127.0.0.1:8080 --channel CODE --secret SECRET send "收到的锅有划痕"
    python3 chat_tool.py --secret SECRET listen --port 9000

`send` tells Aftercare of a customer's message. `listen` is the callback: it checks the signature of every reply and prints it once.
Register http://127.0.0.1:9000/ as the channel's callback; addresses of the own network have to be allowed:
aftercare demo --private-host 127.0.0.1 (or AFTERCARE_PRIVATE_HOSTS).
"""

import argparse
import hashlib
import hmac
import json
import sys
import time
import urllib.error
import urllib.request
import uuid
from http.server import BaseHTTPRequestHandler, HTTPServer

WINDOW = 300_000  # milliseconds that clocks may differ


def sign(secret: str, at: str, body: bytes) -> str:
    return hmac.new(secret.encode(), at.encode() + b"." + body, hashlib.sha256).hexdigest()


def send(args: argparse.Namespace) -> int:
    message = {
        "id": args.id or str(uuid.uuid4()),  # the same id is the same message
        "conversation": args.conversation,
        "from": {"name": args.name, "phone": args.phone},
        "text": args.text,
    }
    body = json.dumps(message, ensure_ascii=False).encode()
    at = str(int(time.time() * 1000))
    headers = {
        "Content-Type": "application/json",
        "X-Timestamp": at,
        "X-Signature": sign(args.secret, at, body),  # sign every attempt anew
    }
    request = urllib.request.Request(f"{args.url}/api/v1/hooks/{args.channel}", body, headers)
    try:
        with urllib.request.urlopen(request, timeout=20) as answer:
            print(answer.read().decode())
            return 0
    except urllib.error.HTTPError as refused:
        print(refused.code, refused.read().decode(), file=sys.stderr)
    except urllib.error.URLError as away:
        print(f"{args.url}: {away.reason}", file=sys.stderr)
    return 1


def listen(args: argparse.Namespace) -> int:
    seen: set[str] = set()

    class Callback(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(min(int(self.headers.get("Content-Length", "0")), 1_000_000))
            at = self.headers.get("X-Timestamp", "")
            fresh = at.isdigit() and abs(time.time() * 1000 - int(at)) <= WINDOW
            right = hmac.compare_digest(sign(args.secret, at, body), self.headers.get("X-Signature", ""))
            if not (fresh and right):
                self.send_response(401)
                self.end_headers()
                return
            reply = json.loads(body)
            if reply["id"] not in seen:  # a reply may be repeated
                seen.add(reply["id"])
                print(f"{reply['conversation']} ({reply['case']}): {reply['text']}", flush=True)
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    HTTPServer(("127.0.0.1", args.port), Callback).serve_forever()
    return 0


def main() -> int:
    parser = argparse.ArgumentParser(description="plays a chat tool beside Aftercare")
    parser.add_argument("--url", default="http://127.0.0.1:8080")
    parser.add_argument("--channel", default="")
    parser.add_argument("--secret", required=True)
    commands = parser.add_subparsers(dest="command", required=True)
    sending = commands.add_parser("send")
    sending.add_argument("text")
    sending.add_argument("--conversation", default="demo-1")
    sending.add_argument("--name", default="小林")
    sending.add_argument("--phone", default="")
    sending.add_argument("--id", default="")
    commands.add_parser("listen").add_argument("--port", type=int, default=9000)
    args = parser.parse_args()
    return send(args) if args.command == "send" else listen(args)


if __name__ == "__main__":
    sys.exit(main())
