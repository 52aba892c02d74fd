"""Holds received notifications against `contracts/events`, and those schemas against the contract's own Charge.

Usage: notification_schemas.py CONTRACTS FOLDER
Prints each type that was seen, then `fits` or what does not fit.
"""
import json
import sys
from pathlib import Path

import yaml
from jsonschema import Draft202012Validator

contracts, folder = map(Path, sys.argv[1:])
document = yaml.safe_load((contracts / "openapi.yaml").read_text(encoding="utf-8"))
schemas = {file.name.removesuffix(".schema.json"): json.loads(file.read_text()) for file in (contracts / "events").glob("*.schema.json")}
# For each kind of notification the member of `data` that it speaks of, and the contract's schema of it.
SUBJECTS = {
    "charge": ("charge", "Charge"),
    "refund": ("refund", "Refund"),
    "dispute": ("dispute", "Dispute"),
    "payment": ("payment", "UnmatchedPayment"),
    "wallet": ("credits", "WalletCreditSummary"),
    "wallet.debited": ("withdrawal", "Withdrawal"),
    "withdrawal": ("withdrawal", "Withdrawal"),
}
problems = []


def inlined(node):
    """The schema with every reference replaced by what it names."""
    if isinstance(node, list):
        return [inlined(item) for item in node]
    if not isinstance(node, dict):
        return node
    if "$ref" in node:
        return inlined(document["components"]["schemas"][node["$ref"].rsplit("/", 1)[1]])
    return {name: inlined(child) for name, child in node.items()}


for name, schema in schemas.items():
    Draft202012Validator.check_schema(schema)
    kind, status = name.split(".")
    member, subject = SUBJECTS.get(name) or SUBJECTS[kind]
    expected = inlined(document["components"]["schemas"][subject])
    if kind == "charge":
        expected["properties"]["status"] = {"const": status}
    if schema["properties"]["data"]["properties"][member] != expected:
        problems.append(f"{name}: not the same {kind} as in openapi.yaml")
    if schema["properties"]["type"] != {"const": name}:
        problems.append(f"{name}: another type")

seen = set()
for file in sorted(folder.glob("*.json")):
    body = json.loads(json.loads(file.read_text(encoding="utf-8"))["body"])
    seen.add(body["type"])
    for schema in (schemas.get(body["type"], False), inlined(document["components"]["schemas"]["NotificationBody"])):
        validator = Draft202012Validator(schema, format_checker=Draft202012Validator.FORMAT_CHECKER)
        problems += [f"{body['type']}: {error.json_path}: {error.message[:300]}" for error in validator.iter_errors(body)]

for name in sorted(seen):
    print(f"seen {name}")
print("\n".join(problems) or "fits")
sys.exit(1 if problems else 0)
