"""A spreadsheet program for tests: types texts into cells of an .xlsx file and saves it."""

import re
import zipfile
from xml.etree import ElementTree as ET

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_LINK = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_NS = {"m": _MAIN}
ET.register_namespace("", _MAIN)
ET.register_namespace("r", _LINK[1:-3])


class Book:
    """An open workbook; cells are set by sheet name and place, ``B3``."""

    def __init__(self, path):
        with zipfile.ZipFile(path) as archive:
            self._parts = {name: archive.read(name) for name in archive.namelist()}
        links = ET.fromstring(self._parts["xl/_rels/workbook.xml.rels"])
        target = {link.get("Id"): link.get("Target") for link in links}
        self._places = {
            sheet.get("name"): f"xl/{target[sheet.get(_LINK)].removeprefix('/xl/')}"
            for sheet in ET.fromstring(self._parts["xl/workbook.xml"]).iter(f"{{{_MAIN}}}sheet")
        }
        shared = ET.fromstring(self._parts["xl/sharedStrings.xml"])
        self._texts = ["".join(item.itertext()) for item in shared]
        self._trees = {}

    @property
    def names(self):
        return list(self._places)

    def _tree(self, sheet):
        return self._trees.setdefault(sheet, ET.fromstring(self._parts[self._places[sheet]]))

    def cells(self, sheet):
        """Return the texts of a sheet by place."""
        found = {}
        for cell in self._tree(sheet).iter(f"{{{_MAIN}}}c"):
            if cell.get("t") == "inlineStr":
                found[cell.get("r")] = "".join(cell.find("m:is", _NS).itertext())
            elif (value := cell.find("m:v", _NS)) is not None:
                text = value.text
                found[cell.get("r")] = self._texts[int(text)] if cell.get("t") == "s" else text
        return found

    def type(self, sheet, place, text):
        """Type a text into a cell; None empties it."""
        number = re.fullmatch(r"[A-Z]+(\d+)", place)[1]
        data = self._tree(sheet).find("m:sheetData", _NS)
        row = next((row for row in data if row.get("r") == number), None)
        if row is None:
            row = ET.SubElement(data, f"{{{_MAIN}}}row", r=number)
            data[:] = sorted(data, key=lambda row: int(row.get("r")))
        for cell in [cell for cell in row if cell.get("r") == place]:
            row.remove(cell)
        if text is not None:
            cell = ET.SubElement(row, f"{{{_MAIN}}}c", r=place, t="inlineStr")
            ET.SubElement(ET.SubElement(cell, f"{{{_MAIN}}}is"), f"{{{_MAIN}}}t").text = text
        key = {cell.get("r"): (len(cell.get("r")), cell.get("r")) for cell in row}
        row[:] = sorted(row, key=lambda cell: key[cell.get("r")])

    def rename(self, sheet, name):
        """Give a sheet another name."""
        book = ET.fromstring(self._parts["xl/workbook.xml"])
        for one in book.iter(f"{{{_MAIN}}}sheet"):
            if one.get("name") == sheet:
                one.set("name", name)
        self._parts["xl/workbook.xml"] = ET.tostring(book)

    def save(self, path):
        """Save the workbook."""
        for sheet, tree in self._trees.items():
            self._parts[self._places[sheet]] = ET.tostring(tree)
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, content in self._parts.items():
                archive.writestr(name, content)
