"""Reads `/metrics` with Prometheus' own parser and looks for what a scraper would come to regret.

Usage: metrics.py FILE
Prints how many series there are after `series`; ends with 1 if something is wrong.
"""
import re
import sys

from prometheus_client.parser import text_string_to_metric_families

ROUTE = re.compile(r"(/([a-z0-9.-]+|\{[a-z_]+\}))+|other")
WORD = re.compile(r"[a-z][a-z_]{0,39}")
KNOWN = {"route": ROUTE, "method": re.compile(r"GET|POST"), "status": re.compile(r"[1-5][0-9]{2}")}
NUMBER = re.compile(r"[0-9]+(\.[0-9]+)?|\+Inf")

problems, series = [], 0
for family in text_string_to_metric_families(open(sys.argv[1], encoding="utf-8").read()):
    if not family.documentation:
        problems.append(f"{family.name} has no help")
    if family.type not in {"counter", "gauge", "histogram", "summary"}:
        problems.append(f"{family.name} is of the type {family.type}")
    if not re.fullmatch(r"(truvapay|process)_[a-z_]+", family.name):
        problems.append(f"{family.name} is no name of ours")
    buckets = {}
    for sample in family.samples:
        series += 1
        if family.type == "counter" and not sample.name.endswith("_total"):
            problems.append(f"{sample.name} is a counter and does not end with _total")
        for name, value in sample.labels.items():
            allowed = NUMBER if name == "le" and family.type == "histogram" else KNOWN.get(name, WORD)
            if not allowed.fullmatch(value):
                problems.append(f"{family.name} has the label {name}={value!r}")
        others = tuple(sorted((name, value) for name, value in sample.labels.items() if name != "le"))
        if sample.name.endswith("_bucket"):
            buckets.setdefault(others, []).append(sample.value)
        if sample.name.endswith("_count") and buckets.get(others, [None])[-1] != sample.value:
            problems.append(f"{family.name}{others}: the last bucket is not the count")
    problems += [f"{family.name}{key}: buckets shrink" for key, values in buckets.items() if values != sorted(values)]

print("\n".join(dict.fromkeys(problems)))
print(f"series {series}")
sys.exit(1 if problems else 0)
