"""What a transaction offers, and that a replacement offers enough more."""

from eth_account import Account
from hypothesis import given
from hypothesis import strategies as st

from cms_backend.ledger.fees import Fees, offered, usual

_WEI = st.integers(0, 10**15)


@given(_WEI, _WEI, _WEI, _WEI)
def test_a_replacement_offers_a_tenth_more_of_both_at_least(
    base: int, tip: int, fee: int, old_tip: int
) -> None:
    new = usual(base, tip).above(fee, old_tip)
    assert new.max_fee * 10 >= fee * 11
    assert new.tip * 10 >= old_tip * 11
    assert new.max_fee > fee
    assert new.tip > old_tip


@given(_WEI, _WEI)
def test_the_usual_offer_holds_while_blocks_are_full(base: int, tip: int) -> None:
    fee, later = usual(base, tip), base
    for _ in range(5):
        later += later // 8
    assert fee.max_fee >= later + tip


@given(st.integers(0, 2**40), _WEI, _WEI, st.booleans())
def test_an_offer_is_read_back_from_the_signed_bytes(nonce: int, fee: int, tip: int, legacy: bool) -> None:
    offer = Fees(fee + tip, fee + tip if legacy else tip, legacy)
    body = {"chainId": 1, "nonce": nonce, "gas": 50_000, "to": "0x" + "00" * 20, "value": 0, "data": b""}
    signed = Account.from_key(b"\x01" * 32).sign_transaction({**body, **offer.members()})
    assert offered(bytes(signed.raw_transaction)) == (nonce, offer.max_fee, offer.tip)
