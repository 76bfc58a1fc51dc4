"""The check character of a GSTIN (15 characters: state, PAN, entity, Z, check)."""

ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def with_check(first_fourteen: str) -> str:
    """The GSTIN that begins with these 14 characters.

    Rule of the GST portal: values 0-35, weights 1, 2, 1, 2 …; each product adds its base-36 digits; the check
    character completes the sum to a multiple of 36.
    """
    total = 0
    for place, character in enumerate(first_fourteen):
        product = ALPHABET.index(character) * (1 + place % 2)
        total += product // 36 + product % 36
    return first_fourteen + ALPHABET[-total % 36]
