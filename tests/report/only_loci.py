"""The section of loci alone, as a page: it needs no file of the other sections."""

from pathlib import Path

from deeplift_genomics.report.page import SCRIPTS
from deeplift_genomics.report.read_sample import read_sample
from deeplift_genomics.report.render import Plots, render_page, render_section
from deeplift_genomics.report.sections import loci
from tests.report.example import Page
from tests.report.sample import MadeSample


def write_loci(sample: MadeSample, genes: Path | None = None) -> tuple[Path, Page]:
    """Write the page of a sample's loci; return its path and the parsed page."""
    run = read_sample(sample.results, sample.row, sample.config, genes=genes)
    plots = Plots()
    sections = []
    if loci.shown(run):
        sections = [render_section("loci", "Loci", loci.context(run, plots))]
    path = sample.folder / "loci.html"
    text = render_page(
        "Loci", "Loci", "", sections=sections, plots=plots, scripts=SCRIPTS, styles=["viewer.css"]
    )
    path.write_text(text, encoding="utf-8")
    return path, Page(path)
