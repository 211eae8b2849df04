"""``xiezhi --help`` names every command there is."""

from pathlib import Path

import pytest

from xiezhi.command import overview
from xiezhi.command.doors import draw, evidence, law, record, uscc
from xiezhi.command.main import DOORS
from xiezhi.command.tests.inprocess import run

NAMES = [name for group in overview.GROUPS.values() for name in group]
OWN = Path(__file__).resolve().parents[2].glob("*/management/commands/[!_]*.py")


@pytest.mark.parametrize("arguments", [(), ("-h",), ("--help",), ("help",)])
def test_every_way_of_asking_lists_every_command(arguments):
    code, out, err = run(*arguments)
    assert (code, err) == (0, "")
    listed = [line.split("  ")[1] for line in out.decode().splitlines() if line.startswith("  ")]
    assert listed == NAMES
    assert {door.__name__.rpartition(".")[2] for door in (draw, evidence, law, record, uscc)} == set(DOORS)
    assert {*DOORS, "demo"} <= {name.split()[0] for name in listed}


@pytest.mark.parametrize("name", sorted(path.stem for path in OWN))
def test_no_command_of_ours_is_left_out(name):
    assert name in NAMES


@pytest.mark.parametrize("name", [name for name in NAMES if " " in name and name != "record verify"])
def test_a_listed_door_exists(name):
    code, out, _ = run(*name.split(), "--help")
    assert code == 0
    assert f"usage: xiezhi {name}".encode() in out
