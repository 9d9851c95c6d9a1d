"""What a `verify` is made of: each function takes what a learner returned and gives it back in a plain form, or raises Wrong.

    weights = numbers(result, len(scores))      # a list, a tuple, a tensor: all the same
    close(weights, expected, "value")

Generous in form (another dtype, a tuple for a list, a tensor for a number), strict in value.
"""

import math

from gptcourse.exercises.inside.wire import Unreadable


class Wrong(Exception):
    """A property does not hold. `key` names the message, `values` fill it; they never tell the answer."""

    def __init__(self, key, **values):
        super().__init__(key)
        self.key, self.values = key, values


def is_tensor(value):
    """Whether a value is a torch tensor (an array of NumPy arrives as one)."""
    return hasattr(value, "dtype") and hasattr(value, "reshape")


def kind(value):
    """How a value is called in a message: the name of its type."""
    if isinstance(value, Unreadable):
        return value.type
    return "tensor" if is_tensor(value) else type(value).__name__


def number(result, key="number"):
    """A float out of a number or a tensor of one number."""
    if is_tensor(result) and result.numel() == 1:
        result = result.reshape(()).item()
    if isinstance(result, bool) or not isinstance(result, int | float):
        raise Wrong(key, got=kind(result))
    return float(result)


def whole(result, key="whole"):
    """An int out of a whole number, also one written as 3.0."""
    value = number(result, key)
    if not value.is_integer():
        raise Wrong(key, got=kind(result))
    return result if isinstance(result, int) else int(value)


def truth(result, key="truth"):
    """A bool out of True or False (also of a tensor)."""
    if is_tensor(result) and result.numel() == 1:
        result = result.reshape(()).item()
    if not isinstance(result, bool):
        raise Wrong(key, got=kind(result))
    return result


def string(result, key="string"):
    """A text."""
    if not isinstance(result, str):
        raise Wrong(key, got=kind(result))
    return result


def sequence(result, length=None, key="list"):
    """A list out of a list, a tuple or a tensor; of `length` items where it is given."""
    if is_tensor(result) and result.ndim > 0:
        result = result.tolist() if result.ndim == 1 else list(result)
    if not isinstance(result, list | tuple):
        raise Wrong(key, got=kind(result))
    if length is not None and len(result) != length:
        raise Wrong("length", got=len(result), wanted=length)
    return list(result)


def numbers(result, length=None, key="list"):
    """A list of floats."""
    return [number(each, "items") for each in sequence(result, length, key)]


def ids(result, length=None, key="list"):
    """A list of ints."""
    return [whole(each, "items") for each in sequence(result, length, key)]


def mapping(result, key="dict"):
    """A dictionary."""
    if not isinstance(result, dict):
        raise Wrong(key, got=kind(result))
    return result


def tensor(result, shape=None, key="tensor"):
    """A tensor of the shape wanted, as float64 (booleans stay booleans)."""
    if not is_tensor(result):
        raise Wrong(key, got=kind(result))
    if shape is not None and tuple(result.shape) != tuple(shape):
        raise Wrong("shape", got=str(tuple(result.shape)), wanted=str(tuple(shape)))
    return result if str(result.dtype) == "torch.bool" else result.double()


def close(got, wanted, key="value", rtol=1e-4, atol=1e-5):
    """Raises Wrong(key) unless two numbers, lists of numbers or tensors of the same form agree; NaN is never right."""
    got, wanted = _flat(got), _flat(wanted)
    if any(math.isnan(a) and not math.isnan(b) for a, b in zip(got, wanted, strict=False)):
        raise Wrong("nan")
    if len(got) != len(wanted) or not all(
        math.isclose(a, b, rel_tol=rtol, abs_tol=atol) for a, b in zip(got, wanted, strict=True)
    ):
        raise Wrong(key)


def is_close(got, wanted, rtol=1e-4, atol=1e-5):
    """Whether two numbers, lists of numbers or tensors of the same form agree: for a guess at what went wrong."""
    try:
        close(got, wanted, rtol=rtol, atol=atol)
    except Wrong:
        return False
    return True


def _flat(value):
    if is_tensor(value):
        return [float(each) for each in value.reshape(-1).tolist()]
    if isinstance(value, list | tuple):
        return [each for item in value for each in _flat(item)]
    return [float(value)]


def same(got, wanted, key="value"):
    """Raises Wrong(key) unless the two are equal."""
    if got != wanted:
        raise Wrong(key)
