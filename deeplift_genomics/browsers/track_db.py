"""The text of a UCSC track hub: hub.txt, genomes.txt and a trackDb.txt for each assembly.

The library trackhub checks each setting against those that UCSC documents, and writes the stanzas.
Samples are composite tracks, with a view for each kind of file. `logo on` draws contributions as
letters where bases can be told apart (UCSC's dynseq).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from trackhub import CompositeTrack, Genome, GenomesFile, Hub, TrackDb, ViewTrack
from trackhub import Track as Stanza

from deeplift_genomics.browsers.labels import Names, ascii_label
from deeplift_genomics.browsers.tracks import CONTRIBUTIONS, GREY, LOWERS, MOTIFS, RAISES, SIGNAL

HUB, GENOMES, TRACKS, PAGE = "hub.txt", "genomes.txt", "trackDb.txt", "description.html"
_SHORT, _LONG = 17, 76  # characters of labels, as UCSC advises
_TARGET, _TITLE = 7, 40
_SHOWN = 10  # samples that a browser shows at first; the others are in its list
_HEIGHT = "100:60:16"  # pixels: most, usual, least
_VIEWS: dict[str, dict[str, str]] = {
    CONTRIBUTIONS: {
        "tracktype": "bigWig",
        "long_label": "Contributions of bases",
        "visibility": "full",
        "autoScale": "on",
        "alwaysZero": "on",
        "color": RAISES,
        "altColor": LOWERS,
        "maxHeightPixels": _HEIGHT,
        "windowingFunction": "mean+whiskers",
    },
    MOTIFS: {
        "tracktype": "bigBed 9",
        "long_label": "Places of motifs",
        "visibility": "pack",
        "itemRgb": "on",
    },
    SIGNAL: {
        "tracktype": "bigWig",
        "long_label": "Measured signal",
        "visibility": "full",
        "autoScale": "on",
        "alwaysZero": "on",
        "color": GREY,
        "maxHeightPixels": _HEIGHT,
        "windowingFunction": "mean+whiskers",
    },
}
_OF_FILES: dict[str, dict[str, str]] = {
    CONTRIBUTIONS: {"logo": "on"},
    MOTIFS: {"mouseOver": "$name, strand $strand, similarity $score of 1000"},
    SIGNAL: {},
}


class HubTrack(NamedTuple):
    """A file of a hub: its kind, its path from the folder of trackDb.txt, and what it shows."""

    kind: str
    url: str
    label: str
    target: str


class HubSample(NamedTuple):
    """A sample of a hub: its name, title and files."""

    name: str
    title: str
    tracks: list[HubTrack]


def hub_text(assemblies: Iterable[str], email: str, n_samples: int) -> dict[str, str]:
    """Return hub.txt and genomes.txt, by their names."""
    samples = f"{n_samples} sample{'' if n_samples == 1 else 's'}"
    hub = Hub(
        "hub",
        short_label="Contributions",
        long_label=f"Contributions and motifs of {samples}",
        email=email,
        filename=HUB,
    )
    genomes = GenomesFile(filename=GENOMES)
    hub.add_genomes_file(genomes)
    for assembly in assemblies:
        genome = Genome(assembly)
        genomes.add_genome(genome)
        genome.add_trackdb(TrackDb(filename=f"{assembly}/{TRACKS}"))
    # trackhub does not know descriptionUrl
    return {HUB: f"{hub}\ndescriptionUrl {PAGE}\n", GENOMES: f"{str(genomes).rstrip()}\n"}


def tracks_text(samples: Iterable[HubSample]) -> str:
    """Return trackDb.txt with the samples of an assembly, in their order."""
    tracks, names = TrackDb(), Names()
    for number, sample in enumerate(samples, start=1):
        tracks.add_tracks(_composite(sample, number, names))
    return "\n".join(line.rstrip() for line in str(tracks).strip().splitlines()) + "\n"


def _composite(sample: HubSample, number: int, names: Names) -> CompositeTrack:
    """Return the stanzas of a sample."""
    title = ascii_label(sample.title, _TITLE, sample.name)
    top = CompositeTrack(
        name=names.new(sample.name),
        tracktype="bigWig",
        short_label=ascii_label(sample.name, _SHORT),
        long_label=ascii_label(f"{title}: contributions and motifs", _LONG),
        visibility="full" if number <= _SHOWN else "hide",
        html=f"../{PAGE}",
        priority=str(number),
    )
    for kind, settings in _VIEWS.items():
        of_kind = [track for track in sample.tracks if track.kind == kind]
        if not of_kind:
            continue
        name = names.new(sample.name, kind)
        view = ViewTrack(view=kind, name=name, short_label=kind, **settings)
        top.add_tracks(view)
        for place, track in enumerate(of_kind, start=1):
            view.add_tracks(
                Stanza(
                    name=names.new(sample.name, track.target, kind),
                    url=track.url,
                    tracktype=settings["tracktype"],
                    short_label=_short(sample.name, track, place),
                    long_label=ascii_label(f"{title}: {track.label}", _LONG),
                    priority=str(place),
                    **_OF_FILES[kind],
                )
            )
    return top


def _short(sample: str, track: HubTrack, place: int) -> str:
    """Return a short label: the beginnings of the sample's name and of what is shown."""
    ends = {
        CONTRIBUTIONS: track.target[:_TARGET],
        MOTIFS: f"{track.target[:_TARGET]} motifs",
        SIGNAL: f"signal {place}",
    }
    end = ends[track.kind]
    return f"{sample[: _SHORT - len(end) - 1]} {end}"
