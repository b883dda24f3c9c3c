"""Reading a trade register: the export as it comes, a list of designations, and other files refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from domain.alerting import PastDeals
from domain.errors import InputError
from extractors.trade_register import Deals, TradeRegister, parse_register

REGISTER = """\
Transfers of made-up arms from All countries to All countries.
A '?' in a column indicates uncertain data.

Recipient,Supplier,Year of order, ,Number ordered, ,Weapon designation,Weapon description,status,Comments
Poland,United States,2019,,4,,Patriot PAC-3,SAM system,New,"of two lots, some
in a second line"
Poland,Germany,2003,?,128,,Leopard-2A4,tank,Second hand,
Vale Front (Côte d'Or)*,unknown supplier(s),2012,,8,,Quibble Lance,SAM system,New,
Chile,Norway,2011,,2,,Quibble Lance,SAM system,New,
Chile,Norway,2011,,2,,ship engine,ship engine,New,
Chile,Norway,1971,,2,,Old Quibble,SAM system,New,
Chile,Norway,,,2,,Undated Quibble,SAM system,New,
"""


def test_a_register_is_read() -> None:
    """Every deal below the header, years where they are told, quoted line breaks and all."""
    deals = parse_register(REGISTER.encode("latin-1"), Path("register.csv"))
    assert [d.designation for d in deals][:3] == ["Patriot PAC-3", "Leopard-2A4", "Quibble Lance"]
    assert [d.year for d in deals] == [2019, 2003, 2012, 2011, 2011, 1971, None]
    assert deals[2].parties == ("unknown supplier(s)", "Vale Front (Côte d'Or)*")


def test_a_list_of_designations_is_read() -> None:
    """One with the number of deals of each, dated by the last."""
    raw = (
        b"designation,description,n_deals,top_suppliers,first_order,last_order\n"
        b"Quibble,tank,12,Norway:12,1980,2023\n"
    )
    assert parse_register(raw, Path("list.csv")) == [
        Deals(designation="Quibble", description="tank", year=2023, count=12)
    ]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"name,age\nA,3\n", "is no SIPRI trade register"),
        (b"", "is no SIPRI trade register"),
        (b"\x00\xff\xfe" * 50, "is no SIPRI trade register"),
        (b'"' + b"x" * 200_000, "is no CSV file"),
        (b"Supplier,Recipient,Year of order,Weapon designation\n", "holds no deal"),
    ],
    ids=["foreign", "empty", "binary", "endless", "no deal"],
)
def test_another_file_is_refused(content: bytes, words: str) -> None:
    """Named, with what is wrong and where to get the right one."""
    with pytest.raises(InputError, match=words) as caught:
        parse_register(content, Path("other.csv"))
    assert "other.csv" in str(caught.value)
    assert "\n" not in str(caught.value)


def test_what_a_register_lists_between_two_states() -> None:
    """Counted by supplier and recipient under whatever name, the latest weapons first, each once; undated rows and
    parties that are no state are left out."""
    more = "Viet Nam,Türkiye,2020,,1,,Quibble Boat,ship,New,\n"
    raw = (REGISTER + more).encode("latin-1")
    register = TradeRegister(parse_register(raw, Path("register.csv")))
    assert register.between("NO", "CL") == PastDeals(
        supplier="NO",
        recipient="CL",
        deals=3,
        first=1971,
        last=2011,
        latest=(("Quibble Lance", 2011), ("ship engine", 2011), ("Old Quibble", 1971)),
    )
    assert register.between("TR", "VN").latest == (("Quibble Boat", 2020),)
    assert register.between("CL", "NO") == PastDeals(supplier="CL", recipient="NO", deals=0)
