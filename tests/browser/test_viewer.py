"""The viewer of loci in a sample's page: by mouse, wheel, keys and fingers, and in print."""

import json
from contextlib import contextmanager
from pathlib import Path

import h5py
import numpy as np
import pytest

from deeplift_genomics.report.viewer_data import shown_loci
from deeplift_genomics.scores.file import read_scores
from tests.browser.gallery import HOSTILE
from tests.browser.visit import DESK, PHONE, is_wider_than_the_screen, until, visit
from tests.report.only_loci import write_loci
from tests.report.sample import MadeSample, make_sample

REGION = HOSTILE + "x" * 10_000  # the name of the first region
POINTS = (Path(__file__).parent / "points.js").read_text()
VIEWER = "document.querySelector('svg.plot.locus').viewer"


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> MadeSample:
    """Write the page of a sample with profiles, a measured signal and genes."""
    made = make_sample(tmp_path_factory.mktemp("viewer") / "results", signal="plus.bw,minus.bw")
    made.config["report"] |= {"loci": [f"chr1:{first_start(made) + 201:,}"]}
    with h5py.File(made.path("windows"), "a") as file:
        file["name"][0] = REGION
    write_loci(made, genes(made))
    return made


def page_of(sample: MadeSample) -> Path:
    return sample.folder / "loci.html"


def first_start(sample: MadeSample) -> int:
    return int(read_scores(sample.path("scores", "counts")).start[0])


def genes(sample: MadeSample) -> Path:
    """Write an annotation with a gene that begins in the first window."""
    contigs = dict.fromkeys(read_scores(sample.path("scores", "counts")).chrom, 10**6)
    with h5py.File(sample.path("windows"), "a") as file:
        file.attrs["contig_lengths"] = json.dumps(contigs)
    start = first_start(sample) + 101
    line = 'chr1\tx\t{}\t{}\t{}\t.\t+\t.\tgene_id "G"; gene_name "<b>GENE1";\n'
    path = sample.results / "genes.gtf"
    path.write_text(
        line.format("gene", start, start + 5000) + line.format("exon", start, start + 90)
    )
    return path


@contextmanager
def viewer(browser, sample, hash_: str = "", **options):
    """Open the page at the viewer."""
    with visit(browser, page_of(sample), **options) as found:
        page = found.page
        if hash_:
            page.goto(page_of(sample).as_uri() + hash_)
        page.emulate_media(reduced_motion="reduce")
        page.locator(".viewer").scroll_into_view_if_needed()
        until(page, f"{VIEWER}?.picture !== undefined")
        yield page


def view(page) -> tuple[float, float]:
    """Return the bases that are shown, from the next frame on."""
    page.evaluate("new Promise(requestAnimationFrame)")
    found = page.evaluate(f"{VIEWER}.view")
    return found["start"], found["end"]


def shown_place(page) -> str:
    return page.locator(".viewer .where").inner_text()


def middle_of(page) -> tuple[float, float]:
    box = page.locator("svg.plot.locus").bounding_box()
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def test_the_first_view_shows_letters_instances_and_lanes(browser, sample):
    with viewer(browser, sample) as page:
        first = shown_loci(sample.read())[0]
        assert shown_place(page) == str(first.locus.shown)
        lanes = page.locator("svg.locus text.lane .name").all_text_contents()
        assert lanes == ["counts", "profile", "profile: predicted", "profile: observed", "Genes"]
        assert page.locator("svg.locus path.letter").count() >= 8
        names = page.locator(
            "svg.locus text.on-light, svg.locus text.on-dark, svg.locus text.beside"
        )
        assert {"GATA1", "CTCF", "unnamed_1"} & set(names.all_text_contents())
        assert page.locator("svg.plot.locus").get_attribute("aria-label") == first.label
        page.get_by_role("button", name="Show the whole locus").click()
        view(page)
        assert "<b>GENE1" in " ".join(page.locator("svg.locus text.beside").all_text_contents())


def test_letters_and_bars_are_as_tall_as_their_contributions(browser, sample):
    values = shown_loci(sample.read())[0].contributions["counts"]
    pixels = 96 / (max(0, values.max()) - min(0, values.min()))  # of the lane
    with viewer(browser, sample) as page:
        for base in np.argsort(-np.abs(values))[:5].tolist():
            for span in (40, 300):  # letters, bars
                page.evaluate(f"{VIEWER}.look({base - span / 2}, {base + span / 2})")
                view(page)
                points = page.evaluate(POINTS, base)
                height = max(points) - min(points)
                assert height == pytest.approx(abs(values[base]) * pixels, abs=0.5)


def test_a_hostile_name_of_a_region_stays_text(browser, sample):
    with viewer(browser, sample, viewport=PHONE) as page:
        assert page.locator(".about").text_content().startswith(f"\u2068{HOSTILE}x")
        assert len(page.locator(".about").text_content()) < 200
        assert not is_wider_than_the_screen(page)
        page.evaluate(f"{VIEWER}.open(1)")
        page.evaluate(f"{VIEWER}.jump({json.dumps(REGION)})")
        assert page.evaluate(f"{VIEWER}.index") == 0


def test_drag_moves_and_the_wheel_zooms_at_the_pointer(browser, sample):
    with viewer(browser, sample) as page:
        page.get_by_role("button", name="Zoom in").click()
        start, end = view(page)
        x, y = middle_of(page)
        page.mouse.move(x, y)
        page.mouse.down()
        page.mouse.move(x + 100, y, steps=4)
        page.mouse.up()
        moved, _ = view(page)
        pixels = page.evaluate(f"{VIEWER}.picture.column")
        assert moved == pytest.approx(max(0, start - 100 / pixels), abs=0.5)
        under = page.evaluate(f"{VIEWER}.baseAt({{clientX: {x}}})")
        page.mouse.move(x, y)
        page.mouse.wheel(0, -200)  # the drag has put the focus into the picture
        until(page, f"{VIEWER}.view.end - {VIEWER}.view.start < {end - start - 1}")
        assert page.evaluate(f"{VIEWER}.baseAt({{clientX: {x}}})") == pytest.approx(under, abs=0.2)


def test_the_wheel_moves_the_page_unless_the_viewer_has_the_focus(browser, sample):
    with viewer(browser, sample) as page:
        before, top = view(page), page.evaluate("scrollY")
        page.mouse.move(*middle_of(page))
        page.mouse.wheel(0, -200)
        until(page, f"scrollY < {top}")
        assert view(page) == before
        page.locator("svg.plot.locus").scroll_into_view_if_needed()
        page.keyboard.down("Control")
        page.mouse.move(*middle_of(page))
        page.mouse.wheel(0, -200)
        page.keyboard.up("Control")
        until(page, f"{VIEWER}.view.end - {VIEWER}.view.start < {before[1] - before[0] - 1}")


def test_the_keyboard_does_all_of_it(browser, sample):
    with viewer(browser, sample) as page:
        stage, press = page.locator(".stage"), page.keyboard.press
        stage.focus()
        press("Home")
        assert view(page) == (0, 500)
        press("+")
        start, end = view(page)
        assert end - start == pytest.approx(300)
        press("ArrowRight")
        assert view(page)[0] == pytest.approx(start + 60)
        press("-")
        press("-")
        assert view(page) == (0, 500)
        first = shown_place(page)
        press("]")
        assert shown_place(page) != first
        press("[")
        assert shown_place(page) == first
        press("Shift+ArrowRight")
        one = page.locator(".readout").inner_text()
        press("Shift+ArrowRight")
        two = page.locator(".readout").inner_text()
        assert one != two and " · counts " in one
        press("n")
        assert ", together " in page.locator(".readout").inner_text()
        press("Escape")
        assert page.evaluate("document.activeElement === document.body")


def test_the_readout_tells_base_place_contributions_and_instance(browser, sample):
    one = shown_loci(sample.read())[0]
    place = one.instances[0]
    base = place.locus.start + 2
    with viewer(browser, sample, f"#locus={base + 1}") as page:
        text = page.locator(".readout").inner_text()
        index = base - one.locus.shown.start
        assert text.startswith(f"chr1:{base + 1:,}, base {one.sequence[index]}")
        for target, values in one.contributions.items():
            said = next(p for p in text.split(" · ") if p.startswith(f"{target} "))
            number = float(said.split()[1].replace("−", "-"))
            assert number == pytest.approx(float(values[index]), rel=0.01, abs=1e-4)
        assert f"{place.motif} ({place.strand}) at {place.locus}" in text


def test_jump_to(browser, sample):
    loci = shown_loci(sample.read())
    with viewer(browser, sample) as page:

        def jump(text: str) -> str:
            page.get_by_label("Jump to").fill(text)
            page.get_by_label("Jump to").press("Enter")
            return page.locator(".readout").inner_text()

        for one in loci[3:6]:
            place = one.instances[0].locus
            middle = (place.start + place.end) / 2 - one.locus.shown.start
            for text in (str(place), str(place._replace(end=place.start + 1)), f"{place.end:,}"):
                jump(text)
                start, end = view(page)
                assert shown_place(page) == str(one.locus.shown) and start < middle < end
            jump(loci[1].locus.region)
            assert shown_place(page) == str(loci[1].locus.shown)
            assert one.instances[0].motif in jump(one.instances[0].motif.lower())
        before = shown_place(page)
        assert "chr9:1 is not on this page" in jump("chr9:1")
        assert shown_place(page) == before


def test_links_and_the_list_open_a_locus(browser, sample):
    loci = shown_loci(sample.read())
    example = loci[5].locus.examples[0]
    with viewer(browser, sample, f"#{example.anchor}") as page:
        assert shown_place(page) == str(loci[5].locus.shown)
        assert page.locator(".stage").is_visible()
        link = page.locator("table.loci tbody tr").nth(3).locator("a").first
        link.click()
        assert shown_place(page) == str(loci[3].locus.shown)
        until(page, "document.querySelector('.viewer').getBoundingClientRect().top < innerHeight")
        assert page.evaluate("location.hash").startswith("#locus=")
        groups = page.locator("#viewer-locus optgroup").evaluate_all(
            "all => all.map((g) => g.label)"
        )
        assert groups == ["Regions", "GATA1", "CTCF", "unnamed_1"]
        page.select_option("#viewer-locus", value="2:0")
        assert shown_place(page) == str(loci[2].locus.shown)


def test_one_scale_for_all_loci(browser, sample):
    runs = [one.contributions["counts"] for one in shown_loci(sample.read())]
    with viewer(browser, sample) as page:
        page.get_by_label("one scale for all loci").check()
        view(page)
        found = page.evaluate(f"{VIEWER}.picture.ranges[0]")
        assert found["high"] == pytest.approx(max(float(run.max()) for run in runs), rel=1e-3)


def test_fingers_drag_and_pinch(browser, sample):
    with viewer(browser, sample, viewport=PHONE, has_touch=True) as page:
        assert not is_wider_than_the_screen(page)
        page.locator(".stage svg.locus").evaluate(
            """(svg) => {
              const box = svg.getBoundingClientRect(), y = box.top + 60;
              svg.setPointerCapture = () => {};
              const send = (type, id, x) => svg.dispatchEvent(new PointerEvent(type,
                { pointerId: id, clientX: x, clientY: y, pointerType: "touch", bubbles: true }));
              send("pointerdown", 1, 150); send("pointerdown", 2, 200);
              send("pointermove", 1, 100); send("pointermove", 2, 250);
              send("pointerup", 1, 100); send("pointerup", 2, 250);
            }"""
        )
        start, end = view(page)
        assert end - start < 25  # a third of what a phone shows first
        assert page.evaluate(
            "getComputedStyle(document.querySelector('svg.locus')).touchAction"
        ) == ("pan-y")


@pytest.mark.parametrize("everything", [False, True])
def test_print_shows_the_view_and_all_loci_if_wished(browser, sample, everything):
    number = len(shown_loci(sample.read()))
    with viewer(browser, sample) as page:
        if everything:
            page.get_by_label("print all loci").check()
        before = page.locator(".stage svg.locus").inner_html()
        page.evaluate("dispatchEvent(new Event('beforeprint'))")
        assert page.locator(".stage svg.locus").inner_html() == before
        assert page.locator(".printed svg").count() == (number - 1 if everything else 0)
        page.emulate_media(media="print")
        assert not page.locator(".viewer .controls").is_visible()
        assert all(one.is_visible() for one in page.locator(".printed svg").all())
        page.evaluate("dispatchEvent(new Event('afterprint'))")
        assert page.locator(".printed").count() == 0


def test_without_script_the_table_can_be_read(browser, sample):
    with visit(browser, page_of(sample), java_script_enabled=False) as found:
        rows = found.page.locator("table.loci tbody tr")
        assert rows.count() == len(shown_loci(sample.read()))
        assert not found.page.locator(".viewer").is_visible()


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_the_picture_is_small_whatever_it_shows(browser, sample, size):
    """There are at most as many elements as pixels, also where all of a locus is shown."""
    with viewer(browser, sample, viewport=size) as page:
        for name in ("Show the whole locus", "Zoom in"):
            page.get_by_role("button", name=name).click()
            view(page)
            assert page.locator("svg.plot.locus *").count() < size["width"]
