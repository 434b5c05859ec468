import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.meta.sources import PACKAGES, ROOT, modules, tracked

MOST_LINES = 400
SQL = re.compile(
    r"^\s*(SELECT\s.+\sFROM\s|INSERT\s+INTO\s|UPDATE\s+\w+\s+SET\s|DELETE\s+FROM\s|PRAGMA\s|CREATE\s+TABLE\s)",
    re.IGNORECASE | re.DOTALL,
)
INDEX_HOSTS = ["pypi" + ".org", "pythonhosted" + ".org", "registry." + "npmjs", "npmmirror" + ".com"]
MACHINE_PATHS = ["/" + "work/", "/" + "root/", "/" + "tmp/brief", "/" + "opt/"]


OURS = [path for path in modules() if path.relative_to(ROOT).parts[0] in PACKAGES]


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("path", OURS, ids=name)
def test_a_file_can_be_read_in_one_sitting(path: Path) -> None:
    assert len(path.read_text("utf-8").splitlines()) <= MOST_LINES


def texts(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


READ_FROM_OUTSIDE = {"sandbox"}
"""Who holds the books against everybody else's, from outside, reads them as they lie."""


def test_only_storage_speaks_sql() -> None:
    speakers = {path.relative_to(ROOT).parts[0] for path in OURS for text in texts(path) if SQL.match(text)}

    assert speakers - READ_FROM_OUTSIDE == {"storage"}


def test_no_file_speaks_of_one_machine_or_names_a_package_index() -> None:
    found = [
        (name(path), word)
        for path in tracked()
        for word in (*MACHINE_PATHS, *INDEX_HOSTS)
        if word.encode() in path.read_bytes()
    ]

    assert found == []


@pytest.mark.parametrize("package", PACKAGES)
def test_every_module_says_what_it_promises(package: str) -> None:
    silent = [
        name(path)
        for path in sorted((ROOT / package).rglob("*.py"))
        if path.read_text("utf-8").strip() and not ast.get_docstring(ast.parse(path.read_text("utf-8")))
    ]

    assert silent == []
