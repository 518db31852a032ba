"""What is wrong with an input, by the API's own model as botocore brings it."""
import re

import botocore.session


def service_model(name):
    return botocore.session.Session().get_service_model(name)


def problems(shape, value, path=""):
    """Yields a sentence for every place where `value` does not fit; botocore's own check knows no upper bounds."""
    kind = _CHECKS.get(shape.type_name)
    if kind is None:
        yield f"{path}: this peer knows no values of type {shape.type_name}"
    else:
        yield from kind(shape, value, path)


def _structure(shape, value, path):
    if not isinstance(value, dict):
        yield f"{path or 'input'}: must be an object"
        return
    for name in shape.required_members:
        if name not in value:
            yield f"{path}{name}: is required"
    for name, inner in value.items():
        if name not in shape.members:
            yield f"{path}{name}: there is no such member"
        else:
            yield from problems(shape.members[name], inner, f"{path}{name}.")


def _list(shape, value, path):
    if not isinstance(value, list):
        yield f"{path}: must be a list"
        return
    yield from _bounds(shape, len(value), path)
    for place, inner in enumerate(value):
        yield from problems(shape.member, inner, f"{path}{place}.")


def _map(shape, value, path):
    if not isinstance(value, dict):
        yield f"{path}: must be a map"
        return
    for name, inner in value.items():
        yield from problems(shape.key, name, path)
        yield from problems(shape.value, inner, f"{path}{name}.")


def _string(shape, value, path):
    if not isinstance(value, str):
        yield f"{path}: must be a string"
        return
    if shape.enum and value not in shape.enum:
        yield f"{path}: must be one of {', '.join(shape.enum)}"
    yield from _bounds(shape, len(value), path)
    pattern = shape.metadata.get("pattern")
    if pattern and not re.fullmatch(pattern, value, re.DOTALL):
        yield f"{path}: does not match {pattern}"


def _number(kind):
    def check(shape, value, path):
        if isinstance(value, bool) or not isinstance(value, kind):
            yield f"{path}: must be a number"
        else:
            yield from _bounds(shape, value, path)

    return check


def _boolean(_, value, path):
    if not isinstance(value, bool):
        yield f"{path}: must be true or false"


def _bounds(shape, size, path):
    least, most = shape.metadata.get("min"), shape.metadata.get("max")
    if least is not None and size < least:
        yield f"{path}: Size '{size}' is less than minimum value: {least}"
    if most is not None and size > most:
        yield f"{path}: Size '{size}' is greater than maximum value: {most}"


_CHECKS = {
    "structure": _structure,
    "list": _list,
    "map": _map,
    "string": _string,
    "timestamp": _string,
    "integer": _number(int),
    "long": _number(int),
    "double": _number((int, float)),
    "float": _number((int, float)),
    "boolean": _boolean,
}
