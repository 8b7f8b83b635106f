"""The track hub, read back as UCSC's browser reads it (kent's trackHub.c and ra.c)."""

import re
import shutil
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pyBigWig
import pytest

from deeplift_genomics.browsers.hub import write_hub
from deeplift_genomics.browsers.session import write_session
from deeplift_genomics.cli import main
from deeplift_genomics.errors import DiskError, InputError
from deeplift_genomics.files.atomic import digest
from tests.browsers.conftest import ROW, TARGETS
from tests.limits import largest_file

SIGNAL = "data of mine/plus & more.bw,data of mine/minus & more.bw"
HOSTILE = 'x\r\ntrack pwned\nbigDataUrl http://a/ <script>"é日\\' + "y" * 10_000 + "\\\n\\"
Stanza = dict[str, str]


def stanzas_of(path: Path) -> list[Stanza]:
    """Read stanzas: setting, blank, value; a blank line ends one; a backslash joins lines."""
    text = path.read_bytes().decode("ascii")
    assert "\\" not in text and "\r" not in text and "\t" not in text and text.endswith("\n")
    found = []
    for block in re.split(r"\n\s*\n", text.strip()):
        lines = [line.strip().partition(" ") for line in block.splitlines()]
        assert all(value for _, _, value in lines), "each setting has a value"
        assert len({name for name, _, _ in lines}) == len(lines), "no setting is there twice"
        found.append({name: value for name, _, value in lines})
    return found


def read(hub: Path) -> dict[str, list[Stanza]]:
    """Read a hub as UCSC does, and check what it asks for; return the tracks of each assembly."""
    (top,) = stanzas_of(hub / "hub.txt")
    assert {"hub", "shortLabel", "longLabel", "genomesFile", "email"} <= top.keys()
    assert (hub / top["descriptionUrl"]).is_file()
    genomes = stanzas_of(hub / top["genomesFile"])
    return {item["genome"]: read_tracks(hub / item["trackDb"]) for item in genomes}


def read_tracks(path: Path) -> list[Stanza]:
    tracks = stanzas_of(path)
    names = [track["track"] for track in tracks]
    assert len({name.lower() for name in names}) == len(names)
    by_name = dict(zip(names, tracks, strict=True))
    for track in tracks:
        assert re.fullmatch("[A-Za-z][A-Za-z0-9_]*", track["track"])
        assert 0 < len(track["shortLabel"]) <= 17 and 0 < len(track["longLabel"]) <= 76
        parent = by_name.get(track.get("parent", ""))
        if "compositeTrack" in track:
            assert track["compositeTrack"] == "on" and parent is None
            assert (path.parent / track["html"]).is_file()
            views = dict(part.split("=") for part in track["subGroup1"].split()[2:])
            assert {item["view"] for item in tracks if item.get("parent") == track["track"]} == set(
                views
            )
        elif "view" in track:
            assert "compositeTrack" in parent and track["visibility"] in ("full", "pack")
        else:
            assert track["type"] == parent["type"]
            assert track["subGroups"] == f"view={parent['view']}"
            url = track["bigDataUrl"]
            assert not url.startswith("/") and ":" not in url
            with pyBigWig.open(str(path.parent / url)) as file:
                assert file.isBigWig() == (track["type"] == "bigWig")
                assert file.isBigBed() == (track["type"] == "bigBed 9")
            assert track.get("logo") == ("on" if parent["view"] == "contributions" else None)
    return tracks


@pytest.fixture()
def project(made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a copy of the project, entered, whose sample is there under other names, too."""
    folder = shutil.copytree(made, tmp_path / "project")
    for name in ("a.b", "a-b", "1"):
        (folder / "results" / name).symlink_to(folder / "results" / "k562")
    monkeypatch.chdir(folder)
    return folder


def files_of(tracks: list[Stanza], view: str) -> list[str]:
    return [item["bigDataUrl"] for item in tracks if item.get("subGroups") == f"view={view}"]


def test_a_hub(project: Path) -> None:
    row = ROW | {"genome": "hg38", "signal": SIGNAL, "title": "CTCF in K562"}
    write_hub("results/hub", [row, ROW | {"sample": "a.b", "genome": ""}], "me@uni.edu")
    (tracks,) = read(Path("results/hub")).values()
    assert files_of(tracks, "contributions") == [
        f"../../k562/{target}.contributions.bw" for target in TARGETS
    ]
    assert files_of(tracks, "motifs") == [f"../../k562/{name}.instances.bb" for name in TARGETS]
    links = files_of(tracks, "signal")
    assert links == ["k562_signal.bw", "k562_signal_2.bw"]
    for link, path in zip(links, SIGNAL.split(","), strict=True):
        assert Path("results/hub/hg38", link).is_symlink()
        assert Path("results/hub/hg38", link).samefile(path)
    labels = [item["longLabel"] for item in tracks if "bigDataUrl" in item]
    assert labels == [
        "CTCF in K562: contributions to counts",
        "CTCF in K562: contributions to profile",
        "CTCF in K562: motifs of counts",
        "CTCF in K562: motifs of profile",
        "CTCF in K562: measured signal, plus strand",
        "CTCF in K562: measured signal, minus strand",
    ]
    short = [item["shortLabel"] for item in tracks if "bigDataUrl" in item]
    assert short == [
        *("k562 counts", "k562 profile", "k56 counts motifs", "k5 profile motifs"),
        *("k562 signal 1", "k562 signal 2"),
    ]
    assert "email me@uni.edu\n" in Path("results/hub/hub.txt").read_text()
    assert "none@example.org" not in Path("results/hub/README.md").read_text()


def test_hostile_samples_of_two_assemblies(project: Path) -> None:
    rows = [
        ROW | {"sample": "a.b", "genome": "hg38", "title": HOSTILE, "cell_type": HOSTILE},
        ROW | {"sample": "a-b", "genome": "hg38", "title": "日本", "heads": "counts"},
        ROW | {"sample": "1", "genome": "GCF_000001405.40", "assay": "=1+1<b>"},
    ]
    write_hub("results/hub", rows)
    found = read(Path("results/hub"))
    assert list(found) == ["hg38", "GCF_000001405.40"]
    tops = [track for track in found["hg38"] if "compositeTrack" in track]
    assert [track["track"] for track in tops] == ["a_b", "a_b_2"]
    assert tops[0]["longLabel"].startswith("x track pwned bigDataUrl http://a/ ")
    assert tops[1]["longLabel"] == "a-b: contributions and motifs"
    tags = Tags((Path("results/hub") / "description.html").read_bytes().decode("ascii"))
    assert not tags.names & {"script", "img", "a"} and "日本" in tags.text
    assert "<script>" in tags.text and len(tags.text) < 10_000


class Tags(HTMLParser):
    """The tags of a page, and its text."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.names: set[str] = set()
        self.text = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attributes: list) -> None:
        self.names.add(tag)

    def handle_data(self, data: str) -> None:
        self.text += data


def test_the_readme_is_followed(project: Path, tmp_path: Path) -> None:
    """The files that it names, copied elsewhere without links, are a whole hub."""
    rows = [ROW | {"genome": "hg38", "signal": SIGNAL}, ROW | {"sample": "1", "genome": "mm10"}]
    write_hub("results/hub", rows)
    for name in Path("results/hub/files.txt").read_text().splitlines():
        target = tmp_path / "server" / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(Path("results", name), target)  # follows links, as rsync -L does
    shutil.rmtree("results")
    shutil.rmtree("data of mine")
    assert list(read(tmp_path / "server" / "hub")) == ["hg38", "mm10"]
    readme = (tmp_path / "server/hub/README.md").read_text()
    links = [urlsplit(url) for url in re.findall(r"https://genome\S+", readme)]
    assert [parse_qs(link.query)["db"] for link in links] == [["hg38"], ["mm10"]]
    assert parse_qs(links[0].query)["position"] == ["chr1:366-485"]
    assert parse_qs(links[0].query)["hubUrl"][0].endswith("/hub/hub.txt")
    assert "none@example.org" in readme and "hub.email" in readme


def test_a_hub_is_made_again_to_the_same_bytes(project: Path) -> None:
    def files() -> dict[str, str]:
        found = [path for path in Path("results/hub").rglob("*") if path.is_file()]
        return {str(path): digest(path) for path in found}

    write_hub("results/hub", [ROW | {"genome": "hg38", "signal": SIGNAL}])
    first = files()
    write_hub("results/hub", [ROW | {"genome": "mm10"}])
    assert not Path("results/hub/hg38").exists()
    write_hub("results/hub", [ROW | {"genome": "hg38", "signal": SIGNAL}])
    assert files() == first and len(first) == 8


def test_many_samples_are_not_all_shown(project: Path) -> None:
    write_hub("results/hub", [ROW | {"genome": "hg38", "heads": "counts"}] * 12)
    (tracks,) = read(Path("results/hub")).values()
    shown = [track["visibility"] for track in tracks if "compositeTrack" in track]
    assert shown == ["full"] * 10 + ["hide"] * 2


@pytest.mark.parametrize("room", [0, 300])
def test_a_full_disk_leaves_the_hub_of_before(project: Path, room: int) -> None:
    write_hub("results/hub", [ROW | {"genome": "mm10"}])
    with largest_file(room):
        with pytest.raises(DiskError, match=r"Cannot write .*results/hub: File too large\."):
            write_hub("results/hub", [ROW | {"genome": "hg38"}])
        with pytest.raises(DiskError, match=r"Cannot write results/k562/igv\.xml: File too large"):
            write_session("results/k562/igv.xml", ROW | {"genome": "hg38"})
    assert list(read(Path("results/hub"))) == ["mm10"]
    assert not list(Path("results").glob("**/.*"))
    assert not Path("results/k562/igv.xml").exists()


def test_what_cannot_be_a_hub(project: Path, capsys: pytest.CaptureFixture) -> None:
    with pytest.raises(InputError, match="Give the assembly, such as hg38, in the column 'genome'"):
        write_hub("results/hub", [ROW])
    with pytest.raises(InputError, match=r"Track not found: gone\.bw"):
        write_hub("results/hub", [ROW | {"genome": "hg38", "signal": "gone.bw"}])
    assert not Path("results/hub").exists()
    Path("results/hub/notes").mkdir(parents=True)
    Path("results/hub/notes/mine.txt").touch()
    with pytest.raises(InputError, match=r"holds other files \(notes/mine.txt\)"):
        write_hub("results/hub", [ROW | {"genome": "hg38"}])
    assert Path("results/hub/notes/mine.txt").exists()
    with pytest.raises(SystemExit):
        main(["hub", "--samples", "{}", "--hub.email", "no address", "--output", "results/hub"])
    assert "'no address' is no address; expected one such as" in capsys.readouterr().err
