"""Verifies received notifications with the library that Standard Webhooks itself publishes.

Usage: notification_signatures.py FOLDER SECRET OTHER_SECRET
"""
import json
import sys
from pathlib import Path

from standardwebhooks.webhooks import Webhook, WebhookVerificationError


def accepts(secret, body, headers):
    try:
        Webhook(secret).verify(body, headers)
        return True
    except WebhookVerificationError:
        return False


folder, secret, other = sys.argv[1:]
files = sorted(Path(folder).glob("*.json"))
for file in files:
    delivery = json.loads(file.read_text(encoding="utf-8"))
    body, headers = delivery["body"], delivery["headers"]
    assert headers["content-type"] == "application/json", headers
    assert accepts(secret, body, headers), f"refused: {headers}"
    assert not accepts(other, body, headers), "accepted with another secret"
    for place in (0, len(body) // 2, len(body) - 1):
        changed = body[:place] + chr(ord(body[place]) ^ 1) + body[place + 1 :]
        assert not accepts(secret, changed, headers), f"accepted with byte {place} changed"
    for name, value in (("webhook-id", headers["webhook-id"] + "0"), ("webhook-timestamp", str(int(headers["webhook-timestamp"]) - 1))):
        assert not accepts(secret, body, {**headers, name: value}), f"accepted with another {name}"
print(f"verified {len(files)}")
