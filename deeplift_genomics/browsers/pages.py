"""What a track hub says to people: README.md for who puts it online, a page for its visitors."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from html import escape
from urllib.parse import quote

from deeplift_genomics.browsers.labels import one_line
from deeplift_genomics.browsers.track_db import HUB
from deeplift_genomics.settings.sections import NO_EMAIL
from deeplift_genomics.version import __version__

# column of the sheet -> its heading
_COLUMNS = {
    "sample": "sample",
    "title": "title",
    "assay": "assay",
    "cell_type": "cell type",
    "genome": "assembly",
    "heads": "predicted",
}
_LONGEST = 300  # characters of a cell
_DESCRIPTION = """<h2>Description</h2>
<p>What a neural network, trained on the experiments below, reads in the genome: the contribution of
each base to its prediction, and the places of the motifs that were found in these
contributions (TF-MoDISco).</p>
<h2>Display conventions</h2>
<ul>
<li><b>Contributions</b>: zoomed in, the bases are letters whose heights are their contributions;
letters below the line lower the prediction. Zoomed out, blue bars raise it, and pink bars lower
it. The browser chooses the colours of letters. Only the regions of a sample have values.</li>
<li><b>Motifs</b>: the places of each motif on either strand, a colour for each motif. The score is
1000 times the similarity of the contributions at the place to those of the motif.</li>
<li><b>Measured signal</b>: the data of the experiment, as they were given.</li>
</ul>
<h2>Samples</h2>
"""
_METHODS = """<h2>Methods</h2>
<p>Computed by deeplift-genomics {version}.</p>
<h2>References</h2>
<p>Shrikumar A, Greenside P, Kundaje A. Learning important features through propagating activation
differences. <i>ICML</i> 2017.</p>
<p>Nair S, et al. The dynseq browser track shows context-specific features at nucleotide resolution.
<i>Nature Genetics</i> 2022;54:1581-1583.</p>
"""
_README = """# A track hub for UCSC's genome browser

The browser reads a hub from a web server. `files.txt` lists the files that it needs, seen from the
results folder. In that folder, copy them to a place that your web server shows, with the files that
links lead to:

```bash
rsync -avL --files-from=hub/files.txt . USER@SERVER:FOLDER/
```

Then open the hub, with the address of that folder in place of `https://SERVER/FOLDER`:

{links}

or name `https://SERVER/FOLDER/hub/{hub}` under My Data > Track Hubs > Connected Hubs. The server
must answer requests for parts of files (HTTP range requests), as Apache and nginx do, and
`python -m http.server` does not.

Paths in the hub count from its own files: copy `hub` and the folders of the samples side by side.
{email}"""
_NO_EMAIL = f"""
Visitors find no real address of a person to ask in `hub.txt` ({NO_EMAIL}), because the
configuration has none: set `hub.email`, and run again.
"""


def description(rows: Iterable[Mapping[str, str]]) -> str:
    """Return the page on the hub, as a part of HTML that UCSC sets into a page of its own."""
    head = "".join(f"<th>{name}</th>" for name in _COLUMNS.values())
    lines = [f"<tr>{''.join(_cell(row.get(name, '')) for name in _COLUMNS)}</tr>" for row in rows]
    table = "\n".join(['<table class="stdTbl">', f"<tr>{head}</tr>", *lines, "</table>", ""])
    text = _DESCRIPTION + table + _METHODS.format(version=__version__)
    return text.encode("ascii", "xmlcharrefreplace").decode()


def readme(positions: Mapping[str, str], email: str) -> str:
    """Return README.md, with an address for each assembly that begins at a position."""
    links = "\n".join(
        "    https://genome.ucsc.edu/cgi-bin/hgTracks?"
        f"db={assembly}&position={quote(position, safe=':')}&hubUrl=https://SERVER/FOLDER/hub/{HUB}"
        for assembly, position in positions.items()
    )
    return _README.format(links=links, hub=HUB, email="" if email else _NO_EMAIL)


def _cell(text: str) -> str:
    """Return a cell of the table."""
    plain = one_line(text)
    return f"<td>{escape(plain if len(plain) <= _LONGEST else plain[:_LONGEST] + '...')}</td>"
