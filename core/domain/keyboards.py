"""What was meant by letters of another keyboard: the Latin letters and digits on the keys that were pressed."""

from unicodedata import normalize

_INITIALS = "r R s e E f a q Q t T d w W c z x v g"
_VOWELS = "k o i O j p u P h hk ho hl y n nj np nl b m ml l"
_FINALS = "r R rt s sw sg e f fr fa fq ft fx fv fg a q qt t T d w c z x v g"
_HANGUL = {
    chr(first + place): keys
    for first, letters in ((0x1100, _INITIALS), (0x1161, _VOWELS), (0x11A8, _FINALS))
    for place, keys in enumerate(letters.split())
}
"""The Korean layout in two sets (두벌식)."""

_ROWS = {"": "あいうえお", "K": "・き・け・", "S": "さ・す・そ", "T": "た・・てと", "N": "なにぬねの", "H": "はひ・へほ", "M": "まみむめも",
         "Y": "や・ゆ・よ", "R": "らりるれろ", "W": "わ・・・を", "G": "がぎぐげご", "Z": "ざ・ずぜぞ", "D": "だ・・でど", "B": "ばびぶべぼ",
         "P": "ぱぴぷぺぽ"}  # fmt: skip
_ROMAJI = {
    kana: row + vowel for row, letters in _ROWS.items() for kana, vowel in zip(letters, "AIUEO", strict=True) if kana != "・"
}
"""Kana that are typed in one way only where a Japanese keyboard turns Latin letters into them."""

_KANA = dict(
    zip(
        "ぬふあうえおやゆよわほたていすかんなにらせちとしはきくまのりつさそひこみも",
        "1234567890-QWERTYUIOPASDFGHJKLZXCVBNM",
        strict=True,
    )
)
"""The Japanese layout in which every key is a kana (JIS)."""

_BAR = "\u1173"  # on its own between digits it is the dash of a Korean keyboard, which `clean` drops


def pressed(text: str) -> str:
    """The text with every Korean and Japanese letter as the keys that were pressed for it, in one width and upper case.

    A letter for which several keys may have been pressed stays as it is.
    """
    narrow = normalize("NFKC", text)
    letters = normalize("NFD", narrow)
    if any(letter in _HANGUL and letter != _BAR for letter in letters):
        return "".join(_HANGUL.get(letter, letter) for letter in letters).upper()
    kana = "".join(chr(ord(c) - 0x60) if "ァ" <= c <= "ヶ" else c for c in narrow)
    keys = _ROMAJI if any(c.isdigit() for c in kana) else _KANA
    return "".join(keys.get(c, c) for c in kana).upper()
