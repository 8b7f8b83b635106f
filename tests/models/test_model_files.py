"""The files that models and functions are made of."""

from pathlib import Path

from deeplift_genomics.models.files import code_files, model_files


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
