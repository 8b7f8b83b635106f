"""The configuration and the sample sheet, their schemas and their documentation."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from deeplift_genomics.errors import ConfigError
from deeplift_genomics.models.files import code_files, model_files
from deeplift_genomics.planning.paths import check_paths
from deeplift_genomics.settings.config import Config, load_config, parse_config
from deeplift_genomics.settings.sample_sheet import Sample, load_samples
from deeplift_genomics.settings.strict import as_plain, keys_of, nearest
from deeplift_genomics.settings.target_names import TargetName

ROOT = Path(__file__).resolve().parents[2]

DEFAULTS: dict[str, Any] = {
    "samples": "config/samples.tsv",
    "results": "results",
    "regions": {
        "max_unknown": 0.05,
        "per_shard": 500,
        "tile": {"stride": 1000, "contigs": [], "leave_out": []},
    },
    "references": {"kind": "dinucleotide_shuffle", "number": 20, "seed": 1},
    "attribution": {
        "rules": "rescale",
        "float64": False,
        "device": "cpu",
        "windows_per_batch": 1,
        "tolerance": 0.001,
        "score_type": "float32",
    },
    "tracks": {"overlap": "centre"},
    "motifs": {
        "window": 400,
        "max_seqlets": 20000,
        "seqlet_fdr": 0.05,
        "n_leiden": 2,
        "min_seqlets": 100,
        "seed": 1,
    },
}

GOOD: list[dict[str, Any]] = [
    {},
    DEFAULTS,
    {"regions": {}},
    {"regions": {"max_unknown": 0}},  # a whole number where a fraction is expected
    {"regions": {"max_unknown": 1}},
    {"attribution": {"tolerance": 1}},
    {"attribution": {"rules": "genomics_default", "float64": True}},
    {"references": {"kind": "flat", "number": 1}},
    {"references": {"kind": "zeros", "number": 1, "seed": 0}},
    {"references": {"kind": "dinucleotide_shuffle"}},
]

BAD: list[tuple[dict[str, Any], str]] = [
    (
        {"references": {"numbr": 5}},
        "config key 'references.numbr' is not known; did you mean 'references.number'?",
    ),
    ({"refrences": {}}, "config key 'refrences' is not known; did you mean 'references'?"),
    ({"number": 5}, "config key 'number' is not known; did you mean 'references.number'?"),
    ({"refs": {}}, "config key 'refs' is not known; did you mean 'references'?"),
    (
        {"regions": {"tolerance": 1.0}},
        "'regions.tolerance' is not known; did you mean 'attribution.tolerance'?",
    ),
    (
        {"attribution": {"xyz": 1}},
        "'attribution.xyz' is not known; the keys there are attribution.rules, attribution.flo",
    ),
    ({"xyz": 1}, "'xyz' is not known; the keys there are samples, results, regions, ref"),
    (
        {"references.number": 5},
        "'references.number' is not known; write 'number' on a line of its own in the section "
        "'references'",
    ),
    ({"references": {"number": "20"}}, "'references.number' is '20'; expected a whole number"),
    ({"references": {"number": 20.0}}, "'references.number' is 20.0; expected a whole number"),
    ({"references": {"number": True}}, "'references.number' is True; expected a whole number"),
    ({"references": {"number": 0}}, "is 0; expected a number of at least 1"),
    ({"references": {"seed": -1}}, "'references.seed' is -1; expected a number of at least 0"),
    ({"references": {"kind": "flt", "number": 1}}, "'flt' is not known; did you mean 'flat'?"),
    (
        {"references": {"kind": "flat"}},
        "references.number is 20, but references.kind 'flat' gives one reference only; "
        "set references.number to 1",
    ),
    ({"references": {"kind": "zeros", "number": 2}}, "references.number is 2, but"),
    ({"references": {"kind": 3}}, "'references.kind' is 3; expected a text"),
    ({"references": None}, "'references' is empty; expected a section with the keys references.k"),
    ({"references": 20}, "'references' is 20; expected a section with the keys references.kind, "),
    (
        {"attribution": {"rules": "reveal"}},
        "'attribution.rules': 'reveal' is not known; expected one of rescale, reveal_cancel, ge",
    ),
    ({"attribution": {"float64": 1}}, "'attribution.float64' is 1; expected true or false"),
    ({"attribution": {"tolerance": 0}}, "'attribution.tolerance' is 0; expected a number above 0"),
    (
        {"attribution": {"tolerance": "1e-3"}},
        "is '1e-3'; expected a number (YAML takes 1e-3 for text: write 0.001 or 1.0e-3)",
    ),
    ({"regions": {"max_unknown": 1.5}}, "expected a number of at most 1"),
    ({"motifs": {"window": 29}}, "'motifs.window' is 29; expected a number of at least 30"),
    ({"motifs": {"seqlet_fdr": 1}}, "'motifs.seqlet_fdr' is 1; expected a number below 1"),
    ({"samples": ""}, "'samples' is empty; expected"),
    ({"results": 3}, "'results' is 3; expected a text"),
]


def test_defaults() -> None:
    assert as_plain(parse_config({})) == DEFAULTS
    assert as_plain(parse_config(DEFAULTS)) == DEFAULTS


@pytest.mark.parametrize("mapping", GOOD)
def test_good_configurations(mapping: dict[str, Any]) -> None:
    plain = as_plain(parse_config(mapping))
    for key, value in mapping.items():
        expected = DEFAULTS[key] | value if isinstance(value, dict) else value
        assert plain[key] == expected


@pytest.mark.parametrize(("mapping", "message"), BAD)
def test_bad_configurations(mapping: dict[str, Any], message: str) -> None:
    with pytest.raises(ConfigError) as caught:
        parse_config(mapping, source="my.yaml")
    assert message in str(caught.value)
    assert str(caught.value).startswith("my.yaml cannot be used:\n")
    assert len(str(caught.value).splitlines()) == 3  # one problem, and a hint where to read


def test_infinity_is_no_tolerance() -> None:
    with pytest.raises(ConfigError, match=r"tolerance' is inf; expected a finite number"):
        parse_config(yaml.safe_load("attribution: {tolerance: .inf}"))


def test_all_problems_come_in_one_message() -> None:
    with pytest.raises(ConfigError) as caught:
        parse_config({"references": {"numbr": 5, "seed": -1}, "motifs": {"window": "wide"}})
    for key in ("references.numbr", "references.seed", "motifs.window"):
        assert f"config key {key!r}" in str(caught.value)


def test_every_mistyped_key_is_recognised() -> None:
    for key in (keys := list(keys_of(Config))):
        section, _, end = key.rpartition(".")
        typo = ".".join(filter(None, [section, end[:2] + end[3:]]))  # a letter is missing
        assert nearest(typo, keys) == f"did you mean {key!r}?"


def test_a_configuration_cannot_be_changed() -> None:
    with pytest.raises(ValueError, match="frozen"):
        parse_config({}).references.number = 5  # type: ignore[misc]


def test_plain_form_is_sorted_and_json() -> None:
    text = json.dumps(as_plain(parse_config({"results": "x"})))
    assert text == json.dumps(json.loads(text), sort_keys=True)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", "it is empty; expected keys and values"),
        ("# nothing but a comment\n", "it is empty"),
        ("- a\n- b\n", "it holds list ['a', 'b']; expected keys and values"),
        ("results\n", "it holds str 'results'"),
        ("results: [\n", "is not valid YAML"),
        ("results: a\nresults: b\n", "the key 'results' occurs twice"),
        ("motifs:\n  seed: 1\n  window: 40\n  seed: 2\n", "the key 'seed' occurs twice"),
        ("1: 2\n", "config key '1' is not known"),
        ("? [a]\n: b\n", "is not valid YAML"),
        ("results: !!python/object/apply:os.getcwd []\n", "is not valid YAML"),
        ("references: {numbr: 1}\n", "'references.numbr' is not known"),
    ],
)
def test_files_that_cannot_be_read(tmp_path: Path, content: str, message: str) -> None:
    path = tmp_path / "my.yaml"
    path.write_text(content)
    with pytest.raises(ConfigError) as caught:
        load_config(path)
    assert message in str(caught.value) and str(path) in str(caught.value)


def test_missing_and_binary_files(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="Configuration not found"):
        load_config(tmp_path / "none.yaml")
    with pytest.raises(ConfigError, match="Sample sheet not found"):
        load_samples(tmp_path / "none.tsv")
    (tmp_path / "utf16").write_text("samples", encoding="utf-16")
    with pytest.raises(ConfigError, match=r"Configuration .* is not text in UTF-8"):
        load_config(tmp_path / "utf16")
    with pytest.raises(ConfigError, match=r"Sample sheet .* is not text in UTF-8"):
        load_samples(tmp_path / "utf16")


# ---- Sample sheet -------------------------------------------------------------------------------

HEADER = "sample\tmodel\tfasta\tregions\theads\n"
ROW = "a\tm.keras\tg.fa\tr.bed\tcounts\n"


def extended(column: str, cell: str) -> str:
    return f"{HEADER.strip()}\t{column}\n{ROW.strip()}\t{cell}\n"


def sheet(folder: Path, content: str) -> Path:
    path = folder / "samples.tsv"
    path.write_text(content, encoding="utf-8")
    return path


def test_a_sheet(tmp_path: Path) -> None:
    content = (
        "\ufeff# from a spreadsheet\r\n"
        "model\tsample\tfasta\theads\tregions\r\n"
        "\r\n"
        'm.keras\tb-1_x.2\tg.fa\t"counts:one, logit[3]"\tr.bed\r\n'
        "# m.keras\tskipped\tg.fa\tcounts\tr.bed\r\n"
        " n.h5 \t7\tmy genome.fa\tprofile\tr.bed\r\n"
    )
    samples = load_samples(sheet(tmp_path, content))
    assert list(samples) == ["b-1_x.2", "7"]
    assert samples["b-1_x.2"].heads == (TargetName("counts", "one"), TargetName("logit", None, 3))
    assert as_plain(samples["7"]) == {
        "sample": "7",
        "model": "n.h5",
        "fasta": "my genome.fa",
        "regions": "r.bed",
        "heads": "profile",
        "controls": "",
        "exclude": "",
        "allow_lambda": False,
        "lambdas": "",
        "custom_objects": "",
    }
    assert as_plain(samples["b-1_x.2"])["heads"] == "counts:one,logit[3]"


@pytest.mark.parametrize(
    ("column", "cell", "value", "plain"),
    [
        ("controls", "", (), ""),
        ("exclude", "", "", ""),
        ("controls", "a.bw", ("a.bw",), "a.bw"),
        ("controls", '"plus.bw, minus.bw"', ("plus.bw", "minus.bw"), "plus.bw,minus.bw"),
        ("allow_lambda", "TRUE", True, True),
        ("allow_lambda", "false", False, False),
        ("allow_lambda", "", False, False),
        ("lambdas", "b=m:f, a=p.q:g", {"a": "p.q:g", "b": "m:f"}, "a=p.q:g,b=m:f"),
        ("lambdas", "", {}, ""),
        ("custom_objects", "my.layers:all_of_them", "my.layers:all_of_them", None),
        ("custom_objects", "", "", ""),
        ("custom_objects", "code/my layers.py:all", "code/my layers.py:all", None),
        ("lambdas", "a=x/y.py:f,b=m:g", {"a": "x/y.py:f", "b": "m:g"}, "a=x/y.py:f,b=m:g"),
    ],
)
def test_optional_columns(
    tmp_path: Path, column: str, cell: str, value: object, plain: object
) -> None:
    sample = load_samples(sheet(tmp_path, extended(column, cell)))["a"]
    assert getattr(sample, column) == value
    assert as_plain(sample)[column] == (value if plain is None else plain)
    row = dict(zip(Sample.model_fields, ROW.strip().split("\t"), strict=False))
    schema("samples").validate(row | {column: cell.strip('"')})


def test_several_models_are_folds(tmp_path: Path) -> None:
    samples = load_samples(sheet(tmp_path, HEADER + ROW.replace("m.keras", "f0.h5, a.json+b.h5")))
    assert samples["a"].model == ("f0.h5", "a.json+b.h5")
    assert as_plain(samples["a"])["model"] == "f0.h5,a.json+b.h5"


def test_the_files_of_models(tmp_path: Path) -> None:
    saved = tmp_path / "saved"
    for name in ("variables/variables.index", "assets/a.txt", "saved_model.pb", "notes.txt"):
        (saved / name).parent.mkdir(parents=True, exist_ok=True)
        (saved / name).touch()
    assert model_files("m.keras") == [Path("m.keras")]
    assert model_files("x/a.json+x/b.h5") == [Path("x/a.json"), Path("x/b.h5")]
    assert model_files("a+b.h5") == [Path("a+b.h5")]
    assert [str(path.relative_to(saved)) for path in model_files(saved)] == [
        "assets/a.txt",
        "saved_model.pb",
        "variables/variables.index",
    ]


def test_the_files_of_functions(tmp_path: Path) -> None:
    (tmp_path / "layers").mkdir()
    for name in ("my.py", "layers/__init__.py", "layers/one.py", "other.py"):
        (tmp_path / name).touch()
    found = code_files(["my:f", "layers:g", "layers/one.py:h", "math:log", "no.py:f"], tmp_path)
    names = [str(path.relative_to(tmp_path)) for path in found]
    assert names == ["layers/__init__.py", "layers/one.py", "my.py"]


def test_missing_files_are_all_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("f0.h5", "a.json", "g.fa", "r.bed", "plus.bw"):
        Path(name).touch()
    Path("folder").mkdir()
    models = "f0.h5,f1.h5,a.json+b.h5,folder"
    content = extended("controls", "plus.bw,minus.bw").replace("m.keras", models)
    with pytest.raises(ConfigError) as caught:
        check_paths(Config(), load_samples(sheet(tmp_path, content)))
    assert str(caught.value).splitlines()[1:-1] == [
        "  sample 'a', column 'model': f1.h5 not found",
        "  sample 'a', column 'model': b.h5 not found",
        "  sample 'a', column 'model': folder is a folder without saved_model.pb, so it is no "
        "SavedModel",
        "  sample 'a', column 'controls': minus.bw not found",
    ]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", "it has no header and no row"),
        ("# only this\n", "it has no header and no row"),
        (HEADER, "it has a header but no sample"),
        (HEADER.replace("\t", "  ") + ROW, "is a single column; separate columns by tabs, not"),
        (HEADER.replace("\t", ",") + ROW, "is a single column; separate columns by tabs, not"),
        ("sample\tmodel\tfasta\theads\n", "row 1 (header): column 'regions' is missing"),
        (HEADER.replace("model", "modle"), "column 'modle' is not known; did you mean 'model'?"),
        (HEADER.replace("model", "fasta"), "row 1 (header): column 'fasta' occurs twice"),
        ("# x\n" + HEADER.replace("heads", "heads\tnote"), "row 2 (header): column 'note' is not"),
        (HEADER + ROW.replace("\t", " "), "row 2: 1 columns found, 5 expected; separate them by t"),
        (HEADER + ROW.strip() + "\tmore\n", "row 2: 6 columns found, 5 expected"),
        (HEADER + "\n# x\n" + ROW + ROW, "row 5: the sample 'a' is in row 4 already"),
        (HEADER + ROW.replace("a\t", "a/b\t", 1), "row 2: column 'sample': 'a/b' names a folder,"),
        (HEADER + ROW.replace("a\t", ".a\t", 1), "must start with a letter or digit"),
        (HEADER + ROW.replace("a\t", "provenance.json\t", 1), "is the name of a file beside"),
        (HEADER + ROW.replace("a\t", "é\t", 1), "hold only letters (a-z, A-Z), digits, '_', '.'"),
        (HEADER + ROW.replace("a\t", "\t", 1), "row 2: column 'sample': '' names a folder"),
        (HEADER + ROW.replace("g.fa", " "), "row 2: column 'fasta' is empty; expected"),
        (HEADER + ROW.replace("counts", "cuonts"), "row 2: column 'heads': Target kind 'cuonts'"),
        (HEADER + ROW.replace("counts", ""), "row 2: column 'heads': Target '' cannot be read"),
        (HEADER + ROW.replace("counts", "counts,"), "column 'heads': Target '' cannot be read"),
        (HEADER + ROW.replace("counts", "logit"), "'logit' needs the unit to explain"),
        (HEADER + ROW.replace("counts", "counts,counts"), "the target 'counts' occurs twice"),
        (HEADER + ROW.replace("counts", "counts:a/b,counts:a-b"), "share one file name"),
        (HEADER + ROW.replace("m.keras", "m.keras,"), "column 'model': 'm.keras,' has a comma"),
        (HEADER + ROW.replace("m.keras", "m.h5,m.h5"), "'m.h5' occurs twice in 'm.h5,m.h5'"),
        (extended("controls", "a.bw,,b.bw"), "column 'controls': 'a.bw,,b.bw' has a comma with no"),
        (extended("allow_lambda", "yes"), "column 'allow_lambda': 'yes' is neither true nor false"),
        (extended("lambdas", "merge"), "column 'lambdas': 'merge' is not of the form layer=module"),
        (extended("lambdas", "merge=f"), "column 'lambdas': 'f' names no function; write module:"),
        (extended("lambdas", "a=m:f,a=m:g"), "column 'lambdas': the layer 'a' occurs twice"),
        (extended("custom_objects", "my_layers.py"), "column 'custom_objects': 'my_layers.py' na"),
    ],
)
def test_sheets_that_cannot_be_used(tmp_path: Path, content: str, message: str) -> None:
    path = sheet(tmp_path, content)
    with pytest.raises(ConfigError) as caught:
        load_samples(path)
    assert message in str(caught.value)
    assert str(caught.value).startswith(f"{path} cannot be used:\n")
    assert "sample, model, fasta, regions, heads" in str(caught.value)


def test_all_rows_that_are_wrong_are_named(tmp_path: Path) -> None:
    content = HEADER + ROW.replace("counts", "x") + "b\tm\n" + "c\t\t\tr.bed\tcounts\n"
    with pytest.raises(ConfigError) as caught:
        load_samples(sheet(tmp_path, content))
    for part in ("row 2: column 'heads'", "row 3: 2 col", "row 4: column 'model'", "row 4: column"):
        assert part in str(caught.value)


# ---- Schemas, documentation, and the files as shipped -------------------------------------------


def schema(name: str) -> jsonschema.Draft202012Validator:
    content = json.loads((ROOT / "workflow" / "schemas" / f"{name}.schema.json").read_text())
    jsonschema.Draft202012Validator.check_schema(content)
    return jsonschema.Draft202012Validator(content)


# The schema alone accepts these: JSON does not distinguish 20 from 20.0.
SCHEMA_IS_LENIENT = ({"references": {"number": 20.0}},)


def test_schema_and_models_agree() -> None:
    validator = schema("config")
    for mapping in GOOD:
        validator.validate(mapping)
    for mapping, _ in BAD:
        assert validator.is_valid(mapping) == (mapping in SCHEMA_IS_LENIENT), mapping
    row = dict(zip(Sample.model_fields, ROW.strip().split("\t"), strict=False))
    for heads in ("counts", "profile , logit[3]", "counts:a/b,logit:c[0]"):
        schema("samples").validate(row | {"heads": heads})
    for wrong in ({"heads": "logit"}, {"heads": "x"}, {"sample": "a/b"}, {"lambdas": "a"}):
        assert not schema("samples").is_valid(row | wrong), wrong
    assert not schema("samples").is_valid(row | {"note": ""})


def test_shipped_configuration_spells_out_the_defaults_and_runs_the_demo() -> None:
    content = yaml.safe_load((ROOT / "config" / "config.yaml").read_text())
    assert content == DEFAULTS
    assert load_config(ROOT / "config" / "config.yaml") == Config()
    samples = load_samples(ROOT / "config" / "samples.tsv")
    assert list(samples) == ["demo"]
    assert [head.text for head in samples["demo"].heads] == ["counts", "profile"]


def test_documentation_has_every_column_of_the_sheet() -> None:
    text = (ROOT / "config" / "README.md").read_text()
    rows = {line.split("|")[1].strip(" `") for line in text.splitlines() if line.startswith("| `")}
    assert set(Sample.model_fields) <= rows


def test_documented_examples_are_valid(tmp_path: Path) -> None:
    blocks = (ROOT / "config" / "README.md").read_text().split("```")[1::2]
    assert load_samples(sheet(tmp_path, blocks[0]))["mymodel"].model == ("models/mymodel.keras",)
    example = blocks[1].removeprefix("yaml\n")
    assert len(example.splitlines()) == 5
    assert parse_config(yaml.safe_load(example)).samples == "my_samples.tsv"


def test_importing_the_configuration_does_not_import_tensorflow() -> None:
    code = "import sys, deeplift_genomics.settings.config; sys.exit('tensorflow' in sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True)


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("a{x}.bed", "braces are Snakemake's sign for a wildcard"),
        ("-a.bed", "it would be taken for an option"),
        ("a\x07.bed", "it holds a character that cannot be shown"),
    ],
)
def test_paths_that_would_be_taken_for_something_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, message: str
) -> None:
    monkeypatch.chdir(tmp_path)
    for file in ("m.h5", "g.fa", name):
        Path(file).touch()
    sheet = "sample\tmodel\tfasta\tregions\theads\na\tm.h5\tg.fa\t%s\tcounts\n"
    Path("samples.tsv").write_text(sheet % name)
    with pytest.raises(ConfigError, match=rf"sample 'a', column 'regions': .*{message}"):
        check_paths(Config(), load_samples("samples.tsv"))
    Path("p.bed").touch()
    Path("samples.tsv").write_text(sheet % "p.bed")
    with pytest.raises(ConfigError, match=f"The results cannot be written to .*{message}"):
        check_paths(Config(results=name), load_samples("samples.tsv"))
