# Settles shared expenses to the last cent, because dividing by three and rounding makes friends argue.
from fractions import Fraction

try:
    from agents.basic_agent import BasicAgent
except ImportError:  # Alone, without a host.
    class BasicAgent:
        def __init__(self, name, metadata):
            self.name, self.metadata = name, metadata


class SplitExpensesAgent(BasicAgent):
    def __init__(self):
        self.name = "split-expenses"
        self.metadata = {
            "name": "split-expenses",
            "description": "Works out who owes whom after shared expenses (a trip, a flat, a dinner), with few payments and no cent "
            "lost. Use it whenever costs are split, evenly or by shares. One currency per call.",
            "parameters": {
                "type": "object",
                "properties": {
                    "expenses": {"type": "array", "minItems": 1, "maxItems": 500, "description": "Everything that was paid, in any order", "items": {
                        "type": "object", "required": ["paid_by", "amount"], "additionalProperties": False,
                        "properties": {
                            "paid_by": {"type": "string", "minLength": 1, "description": "Who paid"},
                            "amount": {"type": "number", "exclusiveMinimum": 0, "maximum": 1000000000, "description": "How much was paid"},
                            "for": {"type": "array", "items": {"type": "string", "minLength": 1}, "minItems": 1, "uniqueItems": True, "description": "Who shares it evenly; left out: everyone"},
                            "shares": {"type": "object", "minProperties": 1, "additionalProperties": {"type": "number", "exclusiveMinimum": 0}, "description": "In place of for: how many parts each takes, such as {\"Ann\": 2, \"Bo\": 1}"},
                            "what": {"type": "string", "description": "For the reader only"},
                        },
                    }},
                    "people": {"type": "array", "items": {"type": "string", "minLength": 1}, "uniqueItems": True, "default": [], "description": "Everyone, where some appear in no expense"},
                    "decimals": {"type": "integer", "minimum": 0, "maximum": 3, "default": 2, "description": "Of the currency: 2 for EUR or USD, 0 for JPY"},
                },
                "required": ["expenses"],
                "additionalProperties": False,
            },
            "returns": {"type": "object", "required": ["total", "balances", "payments"], "additionalProperties": False, "properties": {
                "total": {"type": "number"}, "balances": {"type": "object", "additionalProperties": {"type": "number"}, "description": "Above zero: gets back; below: owes"},
                "payments": {"type": "array", "items": {
                    "type": "object", "required": ["from", "to", "amount"], "additionalProperties": False,
                    "properties": {"from": {"type": "string"}, "to": {"type": "string"}, "amount": {"type": "number"}},
                }},
            }},
            "examples": [
                {"args": {"expenses": [{"paid_by": "Ann", "amount": 100, "what": "Cabin"}, {"paid_by": "Bo", "amount": 20, "for": ["Ann", "Bo"]}], "people": ["Ann", "Bo", "Cy"]},
                 "returns": {"total": 120, "balances": {"Ann": 56.66, "Bo": -23.33, "Cy": -33.33}, "payments": [{"from": "Cy", "to": "Ann", "amount": 33.33}, {"from": "Bo", "to": "Ann", "amount": 23.33}]}},
                {"args": {"expenses": [{"paid_by": "Ann", "amount": 900, "shares": {"Ann": 1, "Bo": 2}}], "decimals": 0},
                 "returns": {"total": 900, "balances": {"Ann": 600, "Bo": -600}, "payments": [{"from": "Bo", "to": "Ann", "amount": 600}]}},
            ],
        }
        super().__init__(self.name, self.metadata)

    def perform(self, expenses=(), people=(), decimals=2, **_):
        named = [name for item in expenses for name in (item["paid_by"], *item.get("for", ()), *item.get("shares", ()))]
        balances, unit = dict.fromkeys([*people, *named], 0), 10**decimals
        for number, item in enumerate(expenses, 1):
            if "for" in item and "shares" in item:
                raise ValueError(f'Expense {number} has both "for" and "shares"; give one of them')
            amount = Fraction(str(item["amount"])) * unit
            if amount <= 0 or amount.denominator != 1:
                raise ValueError(f'Expense {number} has the amount {item["amount"]}; use a positive one with at most {decimals} decimals')
            balances[item["paid_by"]] += int(amount)
            for name, part in _divide(int(amount), item.get("shares") or dict.fromkeys(item.get("for") or balances, 1)).items():
                balances[name] -= part
        total = sum(Fraction(str(item["amount"])) for item in expenses)
        settled = {name: _number(cents, unit) for name, cents in balances.items()}
        return {"total": _number(total * unit, unit), "balances": settled, "payments": list(_payments(balances, unit))}


def _divide(amount, shares):
    """Whole cents; those left over go to who lost most by rounding down, then to who is named first."""
    weights = {name: int(share) if share == int(share) else Fraction(str(share)) for name, share in shares.items()}
    whole = sum(weights.values())
    rests = {name: amount * weight % whole for name, weight in weights.items()}
    parts = {name: int(amount * weight // whole) for name, weight in weights.items()}
    for name in sorted(rests, key=rests.get, reverse=True)[: amount - sum(parts.values())]:
        parts[name] += 1
    return parts


def _payments(balances, unit):
    open_ = dict(balances)
    while any(open_.values()):
        debtor, creditor = min(open_, key=open_.get), max(open_, key=open_.get)
        paid = min(-open_[debtor], open_[creditor])
        open_[debtor] += paid
        open_[creditor] -= paid
        yield {"from": debtor, "to": creditor, "amount": _number(paid, unit)}


def _number(cents, unit):
    return int(cents) / unit if unit > 1 else int(cents)


if __name__ == "__main__":  # Alone: python3 split_expenses_agent.py '{"expenses": […]}', or --agent
    import json, sys
    arg, agent = sys.argv[1] if len(sys.argv) > 1 else "{}", SplitExpensesAgent()
    print(json.dumps(agent.metadata if arg == "--agent" else agent.perform(**json.loads(arg)), indent=2))
