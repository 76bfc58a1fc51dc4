"""L12: card numbers in free text are masked before saving; what only looks like one is left alone."""

from __future__ import annotations

import random

import pytest

from core.free_text import cards_in, is_card, mask_cards, masked

CARDS = ("4111111111111111", "5555555555554444", "378282246310005", "6011111111111117", "2223003122003222")


@pytest.mark.parametrize("card", CARDS)
@pytest.mark.parametrize("style", ["{}", "card: {}.", "({})", "no {}, thanks", "{}\n"])
def test_a_card_is_masked_however_it_is_typed(card, style):
    for gap in ("", " ", "-", "."):
        typed = gap.join(card[n : n + 4] for n in range(0, len(card), 4))
        said = mask_cards(style.format(typed))
        assert said == style.format(f"•••• {card[-4:]}")
        assert not list(cards_in(said))


@pytest.mark.parametrize(
    "text",
    [
        "+91 98765 43210",
        "PW-7K3M9QX2BD",
        "Arriving 2027-02-01 14:30, flight AI 2468 1357",
        "4111 1111 1111 1112",
        "0000000000000000",
        "₹1,25,000.00 paid with UTR 123456789012",
        "",
    ],
)
def test_what_is_no_card_stays(text):
    assert mask_cards(text) == text


def test_the_code_on_the_back_is_masked():
    assert mask_cards("CVV: 123 and cvc is 9876") == "CVV: ••• and cvc is •••"


def test_lists_and_dictionaries_are_gone_through():
    assert masked({"a": ["4111111111111111", 3, None]}) == {"a": ["•••• 1111", 3, None]}


def test_two_hundred_random_cards_in_sentences():
    """200 tries, each with a number made to pass Luhn's check."""
    dice = random.Random(7)
    for _ in range(200):
        digits = dice.choice("23456") + "".join(dice.choice("0123456789") for _ in range(dice.randrange(12, 18)))
        card = next(digits[:-1] + last for last in "0123456789" if is_card(digits[:-1] + last))
        said = mask_cards(f"Please charge {card} for us")
        assert card not in said and said.endswith(f"{card[-4:]} for us")


def test_a_long_text_takes_no_time():
    """D6: no pattern that runs away."""
    assert mask_cards("1 " * 200_000)
