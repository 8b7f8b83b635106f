"""The types of the sample sheet's cells: from text, and back to text."""

import re
from collections.abc import Callable
from typing import Annotated, Any

from pydantic import BeforeValidator, PlainSerializer, WithJsonSchema

from deeplift_genomics.settings.assemblies import PATTERN as ASSEMBLY
from deeplift_genomics.settings.assemblies import check_assembly
from deeplift_genomics.settings.choices import REGION_FORMS
from deeplift_genomics.settings.given_scores import given_as_text, parse_given
from deeplift_genomics.settings.input_forms import inputs_as_text, parse_inputs
from deeplift_genomics.settings.model_names import (
    FUNCTION,
    parse_function,
    parse_lambdas,
    split_list,
)
from deeplift_genomics.settings.strict import as_value_error
from deeplift_genomics.settings.target_names import (
    PATTERN,
    TargetName,
    TargetSum,
    parse_target_name,
    split_targets,
)


def _parse_heads(text: Any) -> Any:
    if not isinstance(text, str):
        return text
    heads = tuple(as_value_error(parse_target_name, part) for part in split_targets(text))
    taken: dict[str, TargetName | TargetSum] = {}
    for head in heads:
        if taken.get(head.slug) == head:
            raise ValueError(f"the target {head.text!r} occurs twice")
        if head.slug in taken:
            raise ValueError(f"{taken[head.slug].text!r} and {head.text!r} share one file name")
        taken[head.slug] = head
    return heads


Heads = Annotated[
    tuple[TargetName | TargetSum, ...],
    BeforeValidator(_parse_heads),
    PlainSerializer(lambda heads: ",".join(head.text for head in heads), return_type=str),
    WithJsonSchema({"type": "string", "pattern": rf"^\s*{PATTERN}(\s*,\s*{PATTERN})*\s*$"}),
]


def _from_text(parse: Callable[[str], Any]) -> BeforeValidator:
    """Return a validator that parses the text of a cell, and keeps a default as it is."""

    def convert(value: Any) -> Any:
        return as_value_error(parse, value) if isinstance(value, str) else value

    return BeforeValidator(convert)


def _parse_truth(text: str) -> bool:
    try:
        return {"true": True, "false": False}[text.lower()]
    except KeyError:
        raise ValueError(f"{text!r} is neither true nor false") from None


_LENGTH = r"([1-9][0-9]{0,8})(\.0)?"  # pandas writes 2114.0 if other cells of the column are empty


def _parse_length(text: str) -> int:
    match = re.fullmatch(_LENGTH, text)
    if not match:
        raise ValueError(f"{text!r} is no number of bases, such as 2114")
    return int(match[1])


def _parse_region_form(text: Any) -> Any:
    """Return the form, as `REGION_FORMS` writes it, that a text names in any case.

    Raises
    ------
    ValueError
        If there is no such form.
    """
    known = {name.lower(): name for name in ("", *REGION_FORMS)}
    if not isinstance(text, str):
        return text
    if text.lower() not in known:
        raise ValueError(f"{text!r} is not known; expected one of {', '.join(REGION_FORMS)}")
    return known[text.lower()]


_ITEM = rf"[^,=]+={FUNCTION}"
Paths = Annotated[
    tuple[str, ...],
    _from_text(split_list),
    PlainSerializer(",".join, return_type=str),
    WithJsonSchema({"type": "string", "pattern": "^[^,]+(,[^,]+)*$"}),
]
Lambdas = Annotated[
    dict[str, str],
    _from_text(parse_lambdas),
    PlainSerializer(
        lambda functions: ",".join(f"{layer}={name}" for layer, name in sorted(functions.items())),
        return_type=str,
    ),
    WithJsonSchema({"type": "string", "pattern": rf"^({_ITEM}(,{_ITEM})*)?$"}),
]
Truth = Annotated[
    bool,
    _from_text(_parse_truth),
    WithJsonSchema({"type": "string", "pattern": "^([Tt][Rr][Uu][Ee]|[Ff][Aa][Ll][Ss][Ee])?$"}),
]
Inputs = Annotated[
    dict[str, str],
    _from_text(parse_inputs),
    PlainSerializer(inputs_as_text, return_type=str),
    WithJsonSchema({"type": "string", "pattern": "^([^,=]+=[^,]+(,[^,=]+=[^,]+)*)?$"}),
]
GivenScores = Annotated[
    dict[str, str],
    _from_text(parse_given),
    PlainSerializer(given_as_text, return_type=str),
    WithJsonSchema({"type": "string", "pattern": "^([^=]+=.+)?$"}),
]
Length = Annotated[
    int | None,
    _from_text(_parse_length),
    PlainSerializer(lambda length: str(length or ""), return_type=str),
    WithJsonSchema({"type": "string", "pattern": f"^({_LENGTH})?$"}),
]
Function = Annotated[
    str,
    _from_text(lambda text: parse_function(text) if text else ""),
    WithJsonSchema({"type": "string", "pattern": f"^({FUNCTION})?$"}),
]
RegionForm = Annotated[
    str, BeforeValidator(_parse_region_form), WithJsonSchema({"enum": ["", *REGION_FORMS]})
]
Assembly = Annotated[
    str,
    _from_text(lambda text: check_assembly(text) if text else ""),
    WithJsonSchema({"type": "string", "pattern": f"^({ASSEMBLY})?$"}),
]
