"""Make every file of the bundled demo: python make_demo.py OUTDIR [--no-training].

Needs pyjaspar, which is among the development requirements, and for training TensorFlow. The files
are described in README.md.
"""

import argparse
import gzip
import json
from pathlib import Path

import numpy as np
import pyBigWig
from matrices import fetch_motifs, write_meme
from peaks import Peak, call_peaks, choose_regions, write_narrowpeak
from simulate import CONTIGS, Simulation, simulate

from deeplift_genomics.dna.sequence import decode
from deeplift_genomics.files.atomic import atomic_path

SEED = 20
REGIONS = 350
MARGIN = 250  # bp to both sides of a summit that the model sees
LINE = 60  # bases per line of the FASTA
SHOWN = 200  # bp to both sides of a summit whose reads the bigWig files hold


def write_genome(path: Path, simulation: Simulation) -> None:
    """Write the contigs as gzipped FASTA, without the time of day in its header."""
    lines = []
    for chrom, codes in simulation.sequences.items():
        sequence = decode(codes)
        lines.append(f">{chrom}")
        lines += [sequence[start : start + LINE] for start in range(0, len(sequence), LINE)]
    text = "\n".join(lines) + "\n"
    with atomic_path(path) as temporary:
        temporary.write_bytes(gzip.compress(text.encode("ascii"), 9, mtime=0))


def write_truth(path: Path, simulation: Simulation) -> None:
    """Write the planted sites as BED6; the score is that of the site, 1000 for the consensus."""
    lines = [
        "\t".join(
            map(
                str,
                (site.chrom, site.start, site.end, site.factor, round(1000 * site.score))
                + (site.strand,),
            )
        )
        for site in simulation.sites
    ]
    with atomic_path(path) as temporary:
        temporary.write_text("\n".join(lines) + "\n", encoding="ascii")


def write_signal(path: Path, simulation: Simulation, regions: list[Peak], strand: int) -> None:
    """Write the reads of one strand around the summits of the regions as bigWig."""
    with atomic_path(path) as temporary, pyBigWig.open(str(temporary), "w") as file:
        file.addHeader(list(CONTIGS.items()), maxZooms=0)
        for chrom, reads in simulation.reads.items():
            near = np.zeros(len(reads) + 2, bool)
            for peak in regions:
                if peak.chrom == chrom:
                    near[max(0, peak.summit - SHOWN) + 1 : peak.summit + SHOWN + 1] = True
            near[-1] = False
            ends = np.flatnonzero(np.diff(near)).reshape(-1, 2).tolist()
            for start, end in ends:
                values = reads[start:end, strand].astype(float).tolist()
                file.addEntries(chrom, start, values=values, span=1, step=1)


def make_demo(folder: Path, seed: int, training: bool) -> None:
    """Write the demo's files into `folder`."""
    motifs = fetch_motifs()
    simulation = simulate(motifs, seed)
    peaks = call_peaks(simulation.reads)
    regions = choose_regions(peaks, simulation.sequences, REGIONS, MARGIN, seed)
    write_meme(folder / "motifs.meme", motifs)
    write_genome(folder / "genome.fa.gz", simulation)
    write_truth(folder / "truth.bed", simulation)
    write_narrowpeak(folder / "regions.narrowPeak", regions)
    for strand, name in enumerate(("plus", "minus")):
        write_signal(folder / f"signal_{name}.bw", simulation, regions, strand)
    if not training:
        return
    from train import evaluate, save_model, train

    model = train(simulation, peaks, seed)
    save_model(model, folder / "model.keras")
    performance = json.dumps(evaluate(model, simulation, peaks), indent=2)
    with atomic_path(folder / "performance.json") as temporary:
        temporary.write_text(performance + "\n", encoding="ascii")
    print(performance)


def main() -> None:
    """Read the arguments and make the demo."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("folder", type=Path, metavar="OUTDIR", help="where to write the files")
    parser.add_argument("--seed", type=int, default=SEED, help="default %(default)s")
    parser.add_argument(
        "--no-training", action="store_true", help="leave out model.keras and performance.json"
    )
    arguments = parser.parse_args()
    make_demo(arguments.folder, arguments.seed, not arguments.no_training)


if __name__ == "__main__":
    main()
