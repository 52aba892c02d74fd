"""Holds real exchanges against the contract.

Usage: contract_exchanges.py OPENAPI EXCHANGES
EXCHANGES holds one JSON object a line: method, path, sent (the request's body or null), status, headers, body (text or null).
Prints one line for each disagreement, and for each documented answer that no exchange has shown; ends with 1 if there was any.
"""
import copy
import json
import re
import sys
from urllib.parse import parse_qsl, urlsplit

import yaml
from jsonschema import Draft202012Validator
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

METHODS = {"get", "post", "put", "patch", "delete"}
# Every operation may fail inside; that cannot be brought about from outside.
NOT_DRIVEN = {"default"}


class Contract:
    def __init__(self, path):
        self.document = closed(yaml.safe_load(open(path, encoding="utf-8")))
        resource = Resource(contents=self.document, specification=DRAFT202012)
        self.registry = Registry().with_resource("urn:contract", resource)

    def at(self, node):
        """Follows references until something else stands there."""
        while "$ref" in node:
            target = self.document
            for part in node["$ref"].removeprefix("#/").split("/"):
                target = target[part.replace("~1", "/").replace("~0", "~")]
            node = target
        return node

    def operations(self):
        for path, item in self.document["paths"].items():
            for method in METHODS & item.keys():
                yield method.upper(), path, item[method], item.get("parameters", [])

    def find(self, method, path):
        """The operation at a path; a path in plain words comes before one with a parameter."""
        found = [row for row in self.operations() if row[0] == method and pattern(row[1]).fullmatch(path)]
        return min(found, key=lambda row: row[1].count("{"), default=None)

    def errors(self, schema, value):
        absolute = json.loads(json.dumps(schema).replace('"$ref": "#/', '"$ref": "urn:contract#/'))
        checker = Draft202012Validator.FORMAT_CHECKER
        validator = Draft202012Validator(absolute, registry=self.registry, format_checker=checker)
        return [f"{error.json_path}: {error.message[:300]}" for error in validator.iter_errors(value)]


def pattern(path):
    return re.compile(re.sub(r"\\{[^}]*\\}", "[^/]+", re.escape(path)))


def closed(document):
    """The same contract with every object closed that lists its members, so that one that is not listed is an error.

    Parts of an `allOf` stay open; their whole is closed.
    """
    document = copy.deepcopy(document)
    parts = set()

    def walk(node, is_part=False):
        if isinstance(node, list):
            for item in node:
                walk(item)
        if not isinstance(node, dict):
            return
        for part in node.get("allOf", []):
            parts.add(part.get("$ref"))
        for name, child in node.items():
            for item in child if name == "allOf" else [child]:
                walk(item, name == "allOf")
        lists = isinstance(node.get("properties"), dict) and node.get("type") == "object" or "allOf" in node
        if lists and not is_part and "additionalProperties" not in node:
            node["unevaluatedProperties"] = False

    schemas = document["components"]["schemas"]
    walk(document)
    for name, schema in schemas.items():
        if f"#/components/schemas/{name}" in parts:
            schema.pop("unevaluatedProperties", None)
    return document


def media_type(headers):
    return headers.get("content-type", "").split(";")[0].strip()


def check_answer(contract, operation, exchange):
    status = str(exchange["status"])
    answer = operation["responses"].get(status)
    if answer is None:
        yield f"the status {status} is not documented: {exchange['body']}"
        return
    answer = contract.at(answer)
    content = answer.get("content", {})
    if media_type(exchange["headers"]) not in content:
        yield f"{status} came as {exchange['headers'].get('content-type')}"
        return
    schema = content[media_type(exchange["headers"])].get("schema")
    is_json = media_type(exchange["headers"]).endswith("json")
    if is_json and schema is None:
        yield f"{status} has no schema"
    elif is_json:
        for error in contract.errors(schema, json.loads(exchange["body"])):
            yield f"{status}: {error}"
    for name, header in answer.get("headers", {}).items():
        value = exchange["headers"].get(name.lower())
        if value is None and contract.at(header).get("required"):
            yield f"{status} lacks the header {name}"
        elif value is not None:
            schema = contract.at(header)["schema"]
            value = int(value) if schema.get("type") == "integer" else value
            for error in contract.errors(schema, value):
                yield f"{status}: {name}: {error}"


def check_request(contract, operation, shared, exchange):
    names = {contract.at(row)["name"] for row in shared + operation.get("parameters", []) if contract.at(row)["in"] == "query"}
    for name, _ in parse_qsl(urlsplit(exchange["path"]).query):
        if name not in names:
            yield f"the query parameter {name} is not documented"
    content = operation.get("requestBody", {}).get("content", {})
    schema = content.get("application/json", {}).get("schema")
    if schema is None or exchange["sent"] is None:
        return
    # Refusals of single members must be foreseeable from the contract; those that depend on the method are 422.
    is_refused = exchange["status"] == 400 and "errors" in json.loads(exchange["body"])
    if exchange["status"] < 300 or is_refused:
        errors = contract.errors(schema, json.loads(exchange["sent"]))
        if errors and not is_refused:
            yield f"accepted against the contract: {errors}"
        if is_refused and not errors:
            yield f"refused although the contract allows it: {exchange['sent'][:200]} {exchange['body']}"


def check_examples(contract):
    for method, path, operation, _ in contract.operations():
        for media in operation.get("requestBody", {}).get("content", {}).values():
            for name, example in media.get("examples", {}).items():
                for error in contract.errors(media["schema"], example["value"]):
                    yield f"{method} {path}: the example {name}: {error}"


def main():
    contract = Contract(sys.argv[1])
    exchanges = [json.loads(line) for line in open(sys.argv[2], encoding="utf-8")]
    problems = list(check_examples(contract))
    missing = {(row[0], row[1], status) for row in contract.operations() for status in row[2]["responses"]}
    for exchange in exchanges:
        found = contract.find(exchange["method"], urlsplit(exchange["path"]).path)
        if found is None:
            problems.append(f"{exchange['method']} {exchange['path']}: no such operation")
            continue
        method, path, operation, shared = found
        missing.discard((method, path, str(exchange["status"])))
        details = [*check_answer(contract, operation, exchange), *check_request(contract, operation, shared, exchange)]
        problems += [f"{method} {path}: {detail}" for detail in details]
    problems += [f"{' '.join(row)} was never seen" for row in sorted(missing) if row[2] not in NOT_DRIVEN]
    print("\n".join(dict.fromkeys(problems)) or f"{len(exchanges)} exchanges fit the contract")
    sys.exit(1 if problems else 0)


main()
