"""A page with every kind of drawing, a large table and each switch, rendered as real pages are."""

from pathlib import Path

import numpy as np
from markupsafe import Markup

from deeplift_genomics.report.render import Plots, RenderedSection, environment, render_page

HOSTILE = "</script><script>alert('x')</script>\"'&onload=x \u202egnp"
BASES = "ACGT"
FAMILIES = ("ETS", "GATA", "bHLH", "ETS|GATA")
TEMPLATE = """
{% import "macros.html.j2" as page %}
<p>Found in {{ page.of(53, 69, "regions") }}; the {{ page.term("residual") }} is small.</p>
{% call page.fold("How this was measured") %}<p id="inside">By counting.</p>{% endcall %}
<div data-motif="ETS_1" class="panel"><h3>{{ hostile }}</h3>
<div class="logos"><figure>{{ cwm }}</figure><figure>{{ pfm }}</figure></div>
{{ page.turn() }}
{{ page.downloads(hostile, files, sites=104) }}
</div>
{% call page.table("Motifs", noun="motifs", search=true, cards=true) %}
<thead><tr>{{ page.th("Motif", "text") }}{{ page.th("Family", "text", filter=true) }}
{{ page.th("Logo") }}{{ page.th("Instances", "number") }}{{ page.th("q-value", "number") }}
</tr></thead>
<tbody>
{% for row in rows %}
<tr><th scope="row">{{ row.name }}</th>
<td data-value="{{ row.family }}">{{ row.family.replace("|", ", ") }}</td>
<td>{{ row.logo }}</td>{{ page.td(row.instances) }}{{ page.td(row.q) }}</tr>
{% endfor %}
</tbody>
{% endcall %}
{% for plot in charts %}<figure>{{ plot }}</figure>{% endfor %}
<pre id="text">Methods text</pre>
{{ page.copy("text") }}
"""
GLOSSARY = """<dl class="glossary"><div><dt>residual</dt>
<dd id="term-residual">What the scores of a region leave unexplained.</dd></div></dl>
"""


def frequencies(consensus: str) -> list[list[float]]:
    """Return a matrix in which each letter of a text has 0.85."""
    return [[0.85 if base == letter else 0.05 for base in BASES] for letter in consensus]


def charts(plots: Plots) -> list[Markup]:
    """Return a drawing of each kind of chart."""
    random = np.random.default_rng(1)
    x = np.round(random.normal(5, 1.5, 300), 2)
    y = np.round(x + random.normal(0, 0.5, 300), 2)
    wave = np.round(np.sin(np.arange(200) / 9), 3).tolist()
    both = [{"label": "counts", "values": wave}, {"label": "profile", "values": wave[::-1]}]
    names = [f"motif {index}" for index in range(8)]
    cells = np.round(random.normal(0, 1, (8, 8)), 2).tolist()
    cells[2][3] = None
    histogram = {"start": -100, "step": 10, "counts": [1, 0, 2, 3, 9, 17, 30, 12, 8, 4] * 2}
    rows = (
        ("histogram", histogram | {"xlabel": "distance (bp)", "ylabel": "instances"}),
        ("histogram", histogram | {"mark": 0, "small": True}),
        ("bars", {"labels": names, "values": [3, 2.5, 2, 1.2, -0.4, -1, None, 0],
                  "low": [2.5, 2, 1.8, 1, -0.6, -1.4, 0, 0],
                  "high": [3.4, 3, 2.2, 1.3, 0, -0.8, 0, 0], "xlabel": "effect (log2)"}),
        ("scatter", {"x": x.tolist(), "y": y.tolist(), "diagonal": True,
                     "xlabel": "observed (log counts)", "ylabel": "predicted (log counts)"}),
        ("line", {"series": both, "start": -100, "xlabel": "position (bp)", "ylabel": "signal"}),
        ("line", {"series": both, "lanes": True, "xlabel": "position (bp)", "ylabel": "signal"}),
        ("heat", {"rows": names, "columns": names, "values": cells, "unit": "log2"}),
        ("heat", {"rows": ["a", "b"], "columns": ["a", "b"], "values": [[1, 0.2], [0.2, 1]],
                  "texts": True, "width": 200, "height": 120}),
    )  # fmt: skip
    return [plots.add(kind, data, f"{kind}: an example") for kind, data in rows]


def write_gallery(path: Path, n_rows: int = 60, letters: str = "default") -> None:
    """Write the page."""
    plots = Plots()
    random = np.random.default_rng(0)
    rows = [
        {
            "name": f"motif {index + 1}",
            "family": FAMILIES[index % 4],
            "logo": plots.add("logo", {"frequencies": frequencies("GATAAGCACC")}, f"logo {index}"),
            "instances": int(random.integers(1, 999)),
            "q": None if index % 7 == 3 else float(f"{10 ** -random.uniform(0, 9):.1e}"),
        }
        for index in range(n_rows)
    ]
    heights = np.round(random.normal(0, 0.3, (18, 4)), 3).tolist()
    cwm = plots.add("logo", {"heights": heights, "unit": "contribution"}, "CWM of ETS_1")
    pfm = plots.add(
        "logo",
        {"frequencies": frequencies("ACCGGAAGT"), "unit": "bits", "found": True},
        "PFM of ETS_1",
    )
    files = [
        ("MEME", "meme", pfm, "ETS_1.meme"),
        ("CWM (TSV)", "tsv", cwm, "ETS_1.cwm.tsv"),
        ("Logo (SVG)", "svg", cwm, "../ETS 1.svg"),
    ]
    body = (
        environment()
        .from_string(TEMPLATE)
        .render(hostile=HOSTILE, rows=rows, cwm=cwm, pfm=pfm, files=files, charts=charts(plots))
    )
    sections = [
        RenderedSection("all", "Everything", Markup(body)),
        RenderedSection("glossary", "Glossary", Markup(GLOSSARY)),
    ]
    page = render_page(
        "Gallery", HOSTILE, "of drawings", sections=sections, plots=plots, letters=letters
    )
    path.write_text(page, encoding="utf-8", newline="\n")
