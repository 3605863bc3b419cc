"""What `import leakscan` promises."""

import importlib
import subprocess
import sys

import pytest

import leakscan


@pytest.mark.parametrize("name", leakscan.__all__)
def test_every_public_name_is_there(name: str) -> None:
    assert getattr(leakscan, name)


def test_another_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no_such_name"):
        _ = leakscan.no_such_name


def test_the_list_of_public_names_is_sorted_and_without_doubles() -> None:
    assert list(leakscan.__all__) == sorted(set(leakscan.__all__))


def test_a_public_name_is_the_same_object_as_at_home() -> None:
    assert leakscan.Secret is importlib.import_module("leakscan.secret").Secret
    assert leakscan.scan is importlib.import_module("leakscan.pipeline").scan


def test_importing_the_package_loads_nothing_heavy() -> None:
    program = "import sys, leakscan; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True)
    assert {"regex", "hyperscan", "git", "pathspec", "leakscan.model"}.isdisjoint(done.stdout.split())
