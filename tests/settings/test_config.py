"""The configuration, its schema and its documented examples."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from snakemake.cli import parse_config as read_config

from deeplift_genomics.errors import ConfigError
from deeplift_genomics.settings.config import Config, as_written, load_config, parse_config
from deeplift_genomics.settings.sample_sheet import Sample, load_samples
from deeplift_genomics.settings.strict import as_plain, keys_of, nearest
from tests.conftest import ROOT
from tests.settings.sheets import ROW, schema, sheet

DEFAULTS: dict[str, Any] = {
    "samples": "config/samples.tsv",
    "genes": "",
    "results": "results",
    "regions": {
        "max_unknown": 0.05,
        "max_dropped": 0.5,
        "merge_within": 0,
        "per_shard": 500,
        "tile": {"stride": 1000, "contigs": [], "leave_out": []},
    },
    "references": {"kind": "dinucleotide_shuffle", "number": 20, "seed": 1},
    "attribution": {
        "method": "deeplift",
        "methods": [],
        "options": {},
        "rules": "rescale",
        "float64": False,
        "convolutions": "fast",
        "device": "cpu",
        "windows_per_batch": 1,
        "tolerance": 0.001,
        "second_path": 3,
        "second_path_bound": 0.01,
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
    "effects": {
        "motifs": 50,
        "backgrounds": 100,
        "scrambled": 200,
        "test_backgrounds": 10,
        "instances": 50,
        "draws": 3,
        "pairs": 20,
        "spacing": 0,
        "spacing_backgrounds": 10,
        "seed": 1,
    },
    "hub": {"email": ""},
    "publication": {"title": "", "description": "", "license": "", "people": []},
    "oligos": {
        "length": 0,
        "per_motif": 3,
        "scrambles": 2,
        "left_end": "",
        "right_end": "",
        "avoid": [],
        "sites_in_ends": False,
        "seed": 1,
    },
    "alleles": {"most": 10000, "random_changes": 20, "drawn": 30, "flank": 40},
    "evaluation": {
        "methods": [
            "deeplift",
            "gradient_x_input",
            "integrated_gradients",
            "in_silico_mutagenesis",
        ],
        "regions": 100,
        "retested": 10,
        "draws": 5,
        "seeds": 3,
        "truth": "",
        "seed": 1,
        "per_shard": 20,
    },
    "clusters": {"within_sample": 0.2, "across_samples": 0.2},
    "report": {"letters": "default", "loci": [], "most_loci": 30, "output_positions": 0},
    "motif_names": {},
    "annotation": {
        "database": "JASPAR",
        "release": "JASPAR2026",
        "collection": "CORE",
        "taxon": "vertebrates",
        "max_q": 0.05,
        "min_correlation": 0.7,
    },
    "instances": {
        "match_p": 0.001,
        "weakest": 0.005,
        "worst": 0.005,
        "max_overlap": 0.5,
        "per_shard": 10000,
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
    {"motif_names": {"k562/logit:a/b[1]/neg_12": "Zf(1)::x-y+z", "MA0139.2": "CTCF.é_1"}},
    {"annotation": {"database": "my/motifs.meme", "max_q": 1}},
    {"annotation": {"database": "./JASPAR2024"}},
    {"oligos": {"length": 20, "avoid": ["bsai", "EcoRI-HF", "GGTNACC"], "left_end": "ACGT"}},
    {"oligos": {"left_end": "AGGTCTCA", "avoid": ["BsaI"], "sites_in_ends": True}},
    {
        "evaluation": {"methods": ["deeplift", "gradient"]},
        "attribution": {"options": {"gradient": {"correction": "mean"}}},
    },
    {"annotation": {"database": "JASPAR2024.meme"}},
    {"annotation": {"release": "JASPAR2024", "collection": "UNVALIDATED", "taxon": "all"}},
    {"annotation": {"release": "JASPAR2014", "collection": "PBM_HLH", "taxon": "nematodes"}},
]


NAMES_OF_JASPAR = ("jaspar", "Jaspar", "JASPAR2024", "jaspar_2026")
BAD: list[tuple[dict[str, Any], str]] = [
    ({"report": {"loci": ["peak_1", " "]}}, "config key 'report.loci': ' ' is no locus; expected"),
    ({"report": {"loci": "chr1:5"}}, "config key 'report.loci' is 'chr1:5'; expected a list"),
    ({"report": {"loci": [492]}}, "config key 'report.loci.0' is 492; expected a text"),
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
        "'attribution.xyz' is not known; the keys there are attribution.method, attribution.me",
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
    (
        {"annotation": {"release": "jaspar2026"}},
        "annotation.release 'jaspar2026' is not known; did you mean 'JASPAR2026'? Of JASPAR, there "
        "is JASPAR2026, JASPAR2024, JASPAR2022",
    ),
    ({"annotation": {"release": 2026}}, "'annotation.release' is 2026; expected a text"),
    (
        {"annotation": {"collection": "PBM"}},
        "annotation.collection 'PBM' is not known. Of JASPAR2026, there is CORE, UNVALIDATED.",
    ),
    (
        {"annotation": {"taxon": "vertebrate"}},
        "annotation.taxon 'vertebrate' is not known; did you mean 'vertebrates'? Of JASPAR2026 "
        "CORE, there is all, vertebrates, plants",
    ),
    ({"annotation": {"release": "JASPAR2014", "taxon": "diatoms"}}, "Of JASPAR2014 CORE, there"),
    *(
        ({"annotation": {"database": name}}, f"annotation.database '{name}' is not known; did you")
        for name in NAMES_OF_JASPAR
    ),
    ({"annotation": {"max_q": 0}}, "'annotation.max_q' is 0; expected a number above 0"),
    ({"annotation": {"database": ""}}, "'annotation.database' is empty; expected a text"),
    ({"motifs": {"window": 29}}, "'motifs.window' is 29; expected a number of at least 30"),
    ({"motifs": {"seqlet_fdr": 1}}, "'motifs.seqlet_fdr' is 1; expected a number below 1"),
    ({"oligos": {"length": 9}}, "an insert of 9 bp holds hardly a motif; expected 20 bp or more"),
    ({"oligos": {"avoid": "BsaI"}}, "'oligos.avoid' is 'BsaI'; expected a list"),
    (
        {"oligos": {"avoid": ["BsaII"]}},
        "'BsaII' is no restriction enzyme that is known, and no site in IUPAC letters; did you",
    ),
    ({"oligos": {"avoid": ["NN"]}}, "'NN' is a site that every sequence has"),
    ({"oligos": {"left_end": "ACGU"}}, "'ACGU' holds 'U'; expected the letters A, C, G and T"),
    ({"oligos": {"right_end": "A CGT"}}, "'A CGT' holds ' '; expected the letters"),
    (
        {"oligos": {"right_end": "AAGAGACCT", "avoid": ["EcoRI", "BsaI"]}},
        "oligos.right_end has a site of BsaI (GGTCTC) at base 3, which oligos.avoid forbids. Take "
        "another end or another enzyme; or, if the end has this site to be cut there, set "
        "oligos.sites_in_ends to true",
    ),
    (
        {"evaluation": {"methods": ["deeplift", "gradent"]}},
        "'evaluation.methods': The method 'gradent' is not known; did you mean 'gradient'?",
    ),
    ({"evaluation": {"methods": []}}, "'evaluation.methods': expected one method at least"),
    ({"evaluation": {"regions": 0}}, "'evaluation.regions' is 0; expected a number of at least 1"),
    (
        {"attribution": {"options": {"gradient": {"correction": "mean"}}}},
        "'attribution.options' has options of gradient, which is among neither "
        "'attribution.methods' nor 'evaluation.methods': add it to one of them, or "
        "leave its options out.",
    ),
    ({"samples": ""}, "'samples' is empty; expected"),
    ({"motif_names": ["a"]}, "'motif_names' is ['a']; expected lines with a key and a value, such"),
    ({"motif_names": None}, "'motif_names' is empty; expected lines with a key and a value, such"),
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


def test_missing_and_binary_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ConfigError, match=r"Configuration not found: .*none\.yaml$"):
        load_config(tmp_path / "none.yaml")
    (tmp_path / "config").mkdir()
    (tmp_path / "config" / "config.yaml").write_text("")
    with pytest.raises(ConfigError, match=r"found: none.yaml. Did you mean config/config.yaml\?"):
        load_config("none.yaml")
    with pytest.raises(ConfigError, match="Sample sheet not found"):
        load_samples(tmp_path / "none.tsv")
    (tmp_path / "utf16").write_text("samples", encoding="utf-16")
    with pytest.raises(ConfigError, match=r"Configuration .* is not text in UTF-8"):
        load_config(tmp_path / "utf16")
    (tmp_path / "latin1").write_text("sample é", encoding="latin-1")
    with pytest.raises(ConfigError, match=r'Sample sheet .* is not text in UTF-8.*"Unicode text"'):
        load_samples(tmp_path / "latin1")
    (tmp_path / "a.xlsx").write_bytes(b"PK\x03\x04" + bytes(99))
    with pytest.raises(ConfigError, match=r"is a spreadsheet program's own file\. Save it as text"):
        load_samples(tmp_path / "a.xlsx")


# The schema alone accepts these: JSON does not distinguish 20 from 20.0.
SCHEMA_IS_LENIENT = (
    {"references": {"number": 20.0}},
    # of another release
    {"annotation": {"collection": "PBM"}},
    {"annotation": {"release": "JASPAR2014", "taxon": "diatoms"}},
    # of a method that is not among those of the run
    {"attribution": {"options": {"gradient": {"correction": "mean"}}}},
    # which may be files
    *({"annotation": {"database": name}} for name in NAMES_OF_JASPAR),
    # enzymes, and where their sites are
    *(mapping for mapping, _ in BAD if isinstance(mapping.get("oligos", {}).get("avoid"), list)),
)


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
    ("written", "folder"),
    [
        ("2024_01", "2024_01"),
        ("'2024_01'", "2024_01"),
        ('"007"', "007"),
        ("007", "007"),
        ("true", "true"),
        ("out/", "out"),
        ("./out//of/", "out/of"),
        ("a=b", "a=b"),
    ],
)
def test_texts_of_the_command_line_stay_as_written(written: str, folder: str) -> None:
    read_by_snakemake = read_config([f"results={written}", "regions={per_shard: 3}"])
    found = parse_config(as_written(read_by_snakemake, [f"results={written}"]) | {"regions": {}})
    assert found.results == folder


def test_a_number_is_a_text_in_quotes() -> None:
    with pytest.raises(ConfigError, match=r"'results' is 202401; .*put a text into quotes"):
        parse_config(yaml.safe_load("results: 2024_01"))
    assert parse_config(yaml.safe_load("results: '2024_01'")).results == "2024_01"
