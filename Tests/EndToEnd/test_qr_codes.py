"""The QR code of an authenticator app, drawn from its SVG and read by a reader that is not ours."""

import re
import xml.etree.ElementTree as ElementTree

import pytest
import zxingcpp

from passkeys import Person
from test_rpc_flow import fresh_address
from test_totp_codes import begin_enrolment

SVG = "{http://www.w3.org/2000/svg}"
PIXELS = 4  # of a square's side


def rows_of(image):
    """The squares of the image, light ones 255, as its strokes paint them."""
    root = ElementTree.fromstring(image)
    assert root.tag == SVG + "svg" and set(root.attrib) == {"viewBox", "shape-rendering"}
    left, top, width, height = map(int, root.get("viewBox").split())
    assert (left, top) == (0, 0) and width == height
    ground, code = root
    assert ground.attrib == {"fill": "#fff", "d": f"M0 0h{width}v{height}H0z"}
    assert set(code.attrib) == {"stroke", "d"} and code.get("stroke") == "#000"
    assert [element.tag for element in root.iter()] == [SVG + "svg", SVG + "path", SVG + "path"]
    assert re.fullmatch(r"(M\d+ \d+\.5h\d+)+", code.get("d"))
    rows = [bytearray(b"\xff" * width) for _ in range(height)]
    for column, row, length in re.findall(r"M(\d+) (\d+)\.5h(\d+)", code.get("d")):
        rows[int(row)][int(column) : int(column) + int(length)] = bytes(int(length))
    return rows


def text_in(image):
    rows = [bytes(level for level in row for _ in range(PIXELS)) for row in rows_of(image)]
    pixels = b"".join(row for row in rows for _ in range(PIXELS))
    side = len(rows) * PIXELS
    (code,) = zxingcpp.read_barcodes(memoryview(pixels).cast("B", shape=[side, side]))
    assert code.format == zxingcpp.BarcodeFormat.QRCode and code.valid
    return code.bytes


@pytest.mark.parametrize("beginning", ["", "a+b&c=d%e'_", "x" * 50], ids=["plain", "odd", "long"])
def test_a_reader_finds_the_address_for_apps_in_the_drawing(server, connection, beginning):
    begun = begin_enrolment(Person(server, connection, beginning + fresh_address()))
    assert text_in(begun.qr_code) == begun.provisioning_uri
    assert len(begun.qr_code) < 128 * 1024


def test_the_drawing_is_kept_clear_of_what_surrounds_it(server, connection):
    rows = rows_of(begin_enrolment(Person(server, connection)).qr_code)
    edges = rows[:4] + rows[-4:] + [row[:4] + row[-4:] for row in rows]
    assert all(set(row) == {255} for row in edges)
