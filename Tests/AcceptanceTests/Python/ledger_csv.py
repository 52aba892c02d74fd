"""Reads an exported book with Python's own CSV reader and adds it up.

Usage: ledger_csv.py FILE
Prints how many transfers and accounts there are; ends with 1 if a closing balance is not the sum of its transfers.
"""
import csv
import sys
from collections import Counter
from decimal import Context, Decimal, setcontext

setcontext(Context(prec=80))
rows = list(csv.DictReader(open(sys.argv[1], encoding="utf-8", newline=""), strict=True))
sums, kinds, problems = {}, Counter(), []
for row in rows:
    kinds[row["record"]] += 1
    if None in row or None in row.values():
        problems.append(f"a row has another number of cells: {row}")
    problems += [f"a spreadsheet would calculate {row[name]!r}" for name in ("cause", "reason") if row[name][:1] in list("=+-@\t\r\n")]
    if row["record"] == "transfer":
        for side, sign in (("debit_account", 1), ("credit_account", -1)):
            sums[row[side]] = sums.get(row[side], Decimal(0)) + sign * Decimal(row["amount"])
for row in rows:
    if row["record"] == "closing_balance" and sums.get(row["account"], Decimal(0)) != Decimal(row["balance"]):
        problems.append(f"{row['account']} closes with {row['balance']}, its transfers give {sums.get(row['account'])}")

print("\n".join(problems + [f"transfers {kinds['transfer']}, accounts {kinds['closing_balance']}"]))
sys.exit(1 if problems else 0)
