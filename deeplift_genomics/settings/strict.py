"""Strict models for the configuration and the sample sheet, and messages for their mistakes."""

import json
import re
from collections.abc import Callable, Iterator
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError

from deeplift_genomics.errors import ConfigError, DeepLiftGenomicsError
from deeplift_genomics.files.atomic import require_file
from deeplift_genomics.files.system_faults import reading
from deeplift_genomics.files.words import shortened

# pydantic's kind of mistake -> what is expected instead
_EXPECTED = {
    "bool_type": "true or false",
    "dict_type": "lines with a key and a value, such as KEY: VALUE",
    "finite_number": "a finite number",
    "float_type": "a number",
    "int_type": "a whole number",
    "list_type": "a list",
    "string_too_short": "a text",
    "string_type": "a text",
}
_BOUNDS = {
    "greater_than": "above {}",
    "greater_than_equal": "of at least {}",
    "less_than": "below {}",
    "less_than_equal": "of at most {}",
}


class Strict(BaseModel):
    """A model that refuses unknown keys, converts nothing silently, and cannot be changed."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, allow_inf_nan=False)


def as_plain(model: Strict) -> dict[str, Any]:
    """Return a configuration or a sample as plain JSON values with sorted keys."""
    return json.loads(json.dumps(model.model_dump(mode="json"), sort_keys=True))


def as_value_error(function: Callable, *arguments: Any) -> Any:
    """Call a function, and raise the package's errors as ValueError, which pydantic gathers."""
    try:
        return function(*arguments)
    except DeepLiftGenomicsError as error:
        raise ValueError(str(error)) from error


def read_text(path: str | Path, what: str, largest: int, *, sheet: bool = False) -> str:
    """Return the text of a file in UTF-8; raise ConfigError if it has more bytes than `largest`.

    A `sheet` may be in UTF-16, as Excel's "Unicode text" is, if it begins with the mark of that.
    """
    try:
        size = require_file(path, what).stat().st_size
        if size > largest:
            raise ConfigError(f"{what} {path} has {size} bytes; expected at most {largest}.")
        with reading(path):
            content = Path(path).read_bytes()
        if sheet and content.startswith(b"PK\x03\x04"):
            raise ConfigError(
                f"{what} {path} is a spreadsheet program's own file. Save it as text: in Excel as "
                '"Unicode text", in LibreOffice as "Text CSV" with tabs.'
            )
        utf16 = sheet and content.startswith((b"\xff\xfe", b"\xfe\xff"))
        return content.decode("utf-16" if utf16 else "utf-8-sig")
    except UnicodeDecodeError as error:
        raise ConfigError(
            f"{what} {path} is not text in UTF-8: {error}."
            + (' In Excel, save it as "Unicode text".' if sheet else "")
        ) from error
    except DeepLiftGenomicsError as error:
        raise ConfigError(str(error)) from error


def keys_of(model: type[BaseModel], prefix: str = "") -> Iterator[str]:
    """Yield all keys below a model, with dots between levels; a section before its keys."""
    for name, field in model.model_fields.items():
        yield prefix + name
        if isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel):
            yield from keys_of(field.annotation, f"{prefix}{name}.")


def nearest(key: str, known: list[str]) -> str:
    """Return advice for an unknown key: a similar name in its section, or else in another."""
    section, _, end = key.rpartition(".")
    if key in known:  # written with its dot, as one key
        return f"write {end!r} on a line of its own in the section {section!r}."
    siblings = [name for name in known if name.rpartition(".")[0] == section]
    # a key cut off, as refs for references
    begun = [name for name in siblings if name.rpartition(".")[2][:3] == end[:3]]
    if len(begun) == 1:
        return f"did you mean {begun[0]!r}?"
    for candidates in (siblings, known):
        by_end = {name.rpartition(".")[2]: name for name in reversed(candidates)}
        if near := get_close_matches(end, by_end, n=1):
            return f"did you mean {by_end[near[0]]!r}?"
    return f"the keys there are {', '.join(siblings or known)}."


def in_words(error: ValidationError, model: type[BaseModel], noun: str) -> list[str]:
    """Return one message for each of pydantic's errors; `noun` is the word for a key."""
    return [
        f"{noun} {_explain(problem, model)}"
        if problem["loc"] or problem["type"] != "value_error"  # else it is about several keys
        else f"{noun}: {problem['ctx']['error']}"
        for problem in error.errors()
    ]


def _explain(problem: Any, model: type[BaseModel]) -> str:
    key, kind = ".".join(map(str, problem["loc"])), problem["type"]
    if kind == "extra_forbidden":
        return f"{key!r} is not known; {nearest(key, list(keys_of(model)))}"
    if kind == "value_error":
        return f"{key!r}: {problem['ctx']['error']}"
    found = "empty" if problem["input"] in (None, "") else shortened(repr(problem["input"]), 200)
    if kind == "model_type":
        inside = [name for name in keys_of(model) if name.startswith(f"{key}.")]
        return f"{key!r} is {found}; expected a section with the keys {', '.join(inside)}"
    expected = _EXPECTED.get(kind) or re.sub(r"^(Input|String) should ", "", problem["msg"])
    if kind in _BOUNDS:
        expected = f"a number {_BOUNDS[kind].format(*problem['ctx'].values())}"
    if kind == "float_type" and isinstance(problem["input"], str):
        expected += " (YAML takes 1e-3 for text: write 0.001 or 1.0e-3)"
    if kind == "string_type" and problem["input"] is not None:
        expected += " (YAML takes 2024_01 for a number: put a text into quotes)"
    return f"{key!r} is {found}; expected {expected}"


def refusal(source: str | Path, problems: list[str], hint: str, most: int = 50) -> ConfigError:
    """Return one error for the first `most` problems of a file, and what to read next."""
    shown = [shortened(problem, 2000) for problem in problems[:most]]
    if len(problems) > most:
        shown.append(f"and {len(problems) - most} more")
    return ConfigError("\n  ".join([f"{source} cannot be used:", *shown, hint]))
