"""Read what an answer's process handed back. Its bytes may be anything: here they become an outcome of the right form, or none.

The judge looks at values; this module bounds what reading and comparing them can cost.
"""

import json

STOPS = ("time", "memory", "output", "died")
DEEPEST = 150  # brackets within brackets; the 40 levels of inside/wire.py need no more
COLLECTIONS = 500_000
# Of sets and dictionaries, squared: the keys may be chosen so that each is compared with all before it.
KEYS = 20_000**2


class Unusable(Exception):
    """The bytes are no outcome. `stop` says what became of the answer."""

    def __init__(self, stop="died"):
        super().__init__(stop)
        self.stop = stop


def read(data, names):
    """The outcome in `data`, the bytes of one answer's process that is to define `names`."""
    try:
        return _outcome(_parsed(data), names)
    except Unusable as unusable:
        return {"stopped": unusable.stop}


def _parsed(data):
    if data.count(b"[") + data.count(b"{") > COLLECTIONS:
        raise Unusable("output")
    try:
        value = json.loads(data.decode())
    except (ValueError, RecursionError):
        raise Unusable from None
    _bound(value)
    return value


def _bound(value):
    """Raise Unusable for what is too deep, or takes too long to put into sets and dictionaries."""
    waiting, keys = [(value, 0)], 0
    while waiting:
        value, depth = waiting.pop()
        if depth > DEEPEST:
            raise Unusable("output")
        if isinstance(value, dict):
            for name in ("set", "frozenset", "dict"):
                content = value.get(name)
                keys += len(content) ** 2 if isinstance(content, list) else 0
            if "unreadable" in value:
                value["unreadable"] = _line(value["unreadable"])
        if keys > KEYS:
            raise Unusable("output")
        if isinstance(value, dict | list):
            inner = value.values() if isinstance(value, dict) else value
            waiting += [(each, depth + 1) for each in inner if isinstance(each, dict | list)]


def _outcome(value, names):
    match value:
        case {"outcomes": list(outcomes)}:
            return {"outcomes": [_of_case(each) for each in outcomes]}
        case {"raised": dict(error)}:
            return {"raised": _error(error)}
        case {"missing": list(missing)} if any(name in missing for name in names):
            return {"missing": [name for name in names if name in missing]}
    raise Unusable


def _of_case(outcome):
    match outcome:
        case {"raised": dict(error)}:
            return {"raised": _error(error)}
        case {"value": value, "after": after}:
            return {"value": value, "after": after}
    raise Unusable


def _error(error):
    number = error.get("number")
    return {
        "type": _line(error.get("type")),
        "text": _line(error.get("text")),
        "number": number if isinstance(number, int) and 0 <= number < 1_000_000 else None,
        "line": None if error.get("line") is None else _line(error["line"]),
    }


def _line(text):
    """A short text that can be written as UTF-8."""
    return str(text)[:300].encode(errors="replace").decode() if isinstance(text, str) else "?"
