"""Invoice numbers: which are taken, which are refused, what is said about them."""

import string
from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.carriers.rules import RulesError, load, parse
from core.domain.carriers import Check, Rules
from core.domain.invoice_number import (
    CheckedNumber,
    Level,
    canonical,
    check,
    clean,
    complete,
    fitting,
    propose,
    spellings,
)
from core.domain.number_faults import NumberFault
from core.domain.reasons import Reason

RULES = load()

VALID = {
    "cj": "632976615493 577417824035 568833612760 6041829370",
    "hanjin": "530727039920 515596435911 41829370516283",
    "lotte": "232009815833",
    "logen": "95825729134",
    "canada_post": "0073938000549297 RB123456785CA",
    "ontrac": "C11031500001879 C10999911320231 C11121552953069 D10011354453707 D10011345983010",
    "yunexpress": "YT2229521272164446",
    "royal_mail": "RB123456785GB",
    "korea_post": "6865109394355 LP257594783SG",
    "ems": "LP257594783SG RB123456785GB RB123456785US RB123456785CV RB123456785CF EE123456785KR",
    "yamato": "444413758703",
    "sagawa": "512547514334",
    "japan_post": "405548424886 RB123456785JP",
    "sf": "SF1420938475610 142093847561",
    "ups": "1Z999AA10123456784 1Z5R89390357567127 1Z879E930346834440 1Z410E7W0392751591 1Z8V92A70367203024"
    " 1ZXX3150YW44070023 K1506235620 K2479825491 J4603636537 V0490119172 V0431105627",
    "fedex": "986578788855 477179081230 799531274483 790535312317 974367662710 041441760228964 568283610012000"
    " 568283610012734 000123450000000027 00000123450000000027 9611020987654312345672"
    " 1001921334250001000300779017972697 1001921380360001000300639585804382 1001901781990001000300617767839437"
    " 1002297871540001000300790695517286 1027590111820004833500785458233610 9622001900000000000000776632517510"
    " 9622001560000000000000794808390594 9622001560001234567100794808390594 9632001560123456789900794808390594"
    " 61299998820821171811 9261292700768711948021 420112139261290983497923666238 32971514560102447849175802862014",
    "dhl": "3318810025 3318810036 3318810014 8487135506 1099255990 3821724944 73891051146 JJD0099999999"
    " JVGL0999999990 GM2951173225174494 GM295117494011169042 GM9E44608A27984866BA2D 60120172242323",
    "usps": "03071790000523483741 71123456789123456787 71969010756003077385 9101123456789000000013"
    " 9400111206206406260787 9434611206206406227577 9405803699300124287899 9505511069605048600624"
    " 9361289878700317633795 9212391234567812345670 92748931507708513018050063 92001903060085300042901077"
    " 420221539101026837331000039521 420787459400111206206406260787 4201002334249200190132607600833457"
    " 4201028200009261290113185417468510 RB123456785US",
    "other": "ABQD 1734 TBA305129384756",
}

INVALID = {
    "cj": "632976615494 12345 123456789 ABCDEFGHIJKL",
    "hanjin": "530727039921 5307",
    "lotte": "232009815834 ABCDEFGHIJKL",
    "logen": "123456789",
    "ontrac": "C10000000000000 C11031500001889 D10011345983012",
    "korea_post": "686510939435 EE123456789KR",
    "ems": "EE123456789KR RB123456786US RB123456785XX RB123456785UK 1234567890123 R1234567850US RB12345678KR",
    "yamato": "444413758704",
    "sagawa": "512547514335",
    "japan_post": "405548424887 RB123456786JP",
    "sf": "SF123456789012 SF12345678901234 1234567890123",
    "ups": "1Z1111111111111111 2Z5R89390357567127 1A5R89390357567127 1Z5R89390357567128 1Z999AA1012345678A K1506235622"
    " B1506235620 4165551234",
    "fedex": "996578788855 123456789013 568283610012732 9600000000000000000001 9261292700768711948020"
    " 1001901781990001000300617767839438 9622001560001234567100794808390595 9622001560001234567100794808390597"
    " 61299998820821171812 32971514560102447849175802852014 4165551234",
    "dhl": "3318810010 3318810034 3318810011 73891051149 73891051147 XJD0099999998 JD099999999 GM295117494"
    " GS295117494011169041 GR295117494011169045 160120172242323",
    "usps": "03071790000523483742 61299998820821171811 9200000000000000000000 9400111206206406260788"
    " 2334611306206407667222 9434611206206407667131 4201028200009261290113185417468511"
    " 420000000000000000000000000000 420000009200000000000000000000 4219400111206206406260787",
    "other": "ABC 12345678901234567890123456789012345678901",
}

ONE_FORM = [
    ("usps", "420773169261290283641500004181", "9261290283641500004181"),
    ("usps", "4201002334249200190132607600833457", "9200190132607600833457"),
    ("usps", "420 77316 92748931507708513018050063", "92748931507708513018050063"),
    ("usps", "42010001 03071790000523483741", "03071790000523483741"),
    ("fedex", "1001921334250001000300779017972697", "779017972697"),
    ("fedex", "9622001560001234567100794808390594", "794808390594"),
    ("fedex", "9611020987654312345672", "987654312345672"),
    ("fedex", "32971514560102447849175802862014", "784917580286"),
    ("fedex", "00000123450000000027", "000123450000000027"),
    ("fedex", "61299998820821171811", "9261299998820821171811"),
    ("dhl", "JJD014600003823434523", "JD014600003823434523"),
    ("dhl", "jd 0146 0000 3823 4345 23", "JD014600003823434523"),
    ("dhl", "JJD0099999999", "JD0099999999"),
    ("other", "420773169261290283641500004181", "9261290283641500004181"),
    ("other", "1001921334250001000300779017972697", "779017972697"),
    ("nobody", "420773169261290283641500004181", "9261290283641500004181"),
    ("cj", "6329-7661-5493", "632976615493"),
    ("other", "abc-1", "ABC1"),
    ("ups", "63297661549三", "63297661549三"),
]

BODIES = {
    "cj": "63297661549",
    "hanjin": "53072703992",
    "lotte": "00200981583",
    "logen": "9582572913",
    "yamato": "44441375870",
    "sagawa": "51254751433",
    "japan_post": "40542482446",
    "ems": "EE12345678KR",
    "ups": "1Z999AA1012345678",
    "fedex": "98657878855",
    "dhl": "331881002",
    "usps": "940011120620640626078",
}


def each(table: Mapping[str, str]) -> list[tuple[str, str]]:
    return [(carrier, number) for carrier, numbers in table.items() for number in numbers.split()]


def verdict(carrier: str, text: str, rules: Rules = RULES) -> CheckedNumber:
    return check(carrier, text, rules)


def reason(answer: CheckedNumber) -> Reason | None:
    return answer.fault.reason if answer.fault else None


@pytest.mark.parametrize(("carrier", "number"), each(VALID))
def test_a_valid_number_is_taken_as_it_is(carrier: str, number: str) -> None:
    answer = verdict(carrier, number)
    assert (answer.level, answer.cleaned, answer.message) == (Level.OK, number, "")
    assert carrier in (*fitting(number, RULES), "other")


@pytest.mark.parametrize(("carrier", "text", "number"), ONE_FORM)
def test_a_number_has_one_form_whatever_a_bar_code_puts_round_it(carrier: str, text: str, number: str) -> None:
    assert canonical(carrier, text, RULES) == canonical(carrier, number, RULES) == number
    assert number in spellings(text, RULES)


@pytest.mark.parametrize(("carrier", "number"), each(VALID))
def test_the_one_form_is_a_number_of_the_same_carrier(carrier: str, number: str) -> None:
    answer = verdict(carrier, number)
    assert answer.canonical == canonical(carrier, number, RULES) == canonical(carrier, answer.canonical, RULES)
    assert verdict(carrier, answer.canonical).ok or carrier == "dhl"


@pytest.mark.parametrize("number", ["JD014600003823434523", "JJD000390007882823001"])
def test_a_dhl_piece_has_eighteen_digits_after_its_letters(number: str) -> None:
    assert verdict("dhl", number).level is Level.OK
    assert not verdict("dhl", number[:-1]).ok


@pytest.mark.parametrize(("carrier", "number"), each(INVALID))
def test_an_invalid_number_is_refused_with_advice(carrier: str, number: str) -> None:
    answer = verdict(carrier, number)
    assert not answer.ok
    assert answer.message.endswith(".")
    assert carrier not in fitting(number, RULES)


@pytest.mark.parametrize("carrier", BODIES)
def test_one_check_digit_of_ten_is_right(carrier: str) -> None:
    right = complete(RULES.carriers[carrier], BODIES[carrier])
    at = next(at for at in range(len(right), 0, -1) if right[: at - 1] + right[at:] == BODIES[carrier]) - 1
    taken = [d for d in string.digits if verdict(carrier, right[:at] + d + right[at + 1 :]).level is Level.OK]
    assert taken == [right[at]]


@pytest.mark.parametrize(
    ("carrier", "number"),
    [
        ("fedex", "041441760228964"),
        ("fedex", "9611020987654312345672"),
        ("fedex", "1001921334250001000300779017972697"),
        ("fedex", "000123450000000027"),
        ("fedex", "9261292700768711948021"),
        ("ups", "K2479825491"),
        ("dhl", "73891051146"),
        ("usps", "92748931507708513018050063"),
        ("usps", "420221539101026837331000039521"),
        ("usps", "4201002334249200190132607600833457"),
        ("usps", "90000000300000000004"),
    ],
)
def test_every_form_has_one_right_check_digit(carrier: str, number: str) -> None:
    taken = [digit for digit in string.digits if verdict(carrier, number[:-1] + digit).level is Level.OK]
    assert taken == [number[-1]]


def test_twenty_usps_digits_are_right_with_or_without_an_unprinted_91() -> None:
    taken = [digit for digit in string.digits if verdict("usps", f"7196901075600307738{digit}").ok]
    assert taken == ["3", "5"]


@pytest.mark.parametrize(
    "text",
    [
        "632976615493",
        "6329-7661-5493",
        "  6329 7661\t5493 ",
        "６３２９７６６１５４９３",
        "６３２９－７６６１ー５４９３",
        "6329\u00a07661\u20095493",
        "6329\u30007661\u202f5493",
        "\ufeff6329\u200b7661\u200d5493\u2060",
        "6329\u00ad7661\u20115493",
        "6329\u20137661\u22125493",
        "'632976615493",
        " '632976615493\r\n",
        "\n632976615493,",
    ],
)
def test_cleaning_leaves_one_form(text: str) -> None:
    assert clean(text) == "632976615493"


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        ("1z999aa10123456784", "1Z999AA10123456784"),
        ("１ｚ 999-aa1 01 2345 6784", "1Z999AA10123456784"),
        ("0012345", "0012345"),
        ("12\n34", "12\n34"),
        ("12,34", "12,34"),
        ("12，34", "12,34"),
        ("٦٣٢", "٦٣٢"),
        ("ß", "ß"),
        ("ı", "ı"),
        (" - ", ""),
    ],
)
def test_cleaning_invents_and_glues_nothing(text: str, cleaned: str) -> None:
    assert clean(text) == cleaned


@pytest.mark.parametrize("gap", ["\n", "\r\n", ",", "，", "、", ";", "\u2028", "/", ", ", " ", "\t"])
@pytest.mark.parametrize("carrier", ["cj", "other"])
def test_two_numbers_are_not_taken_for_one(carrier: str, gap: str) -> None:
    answer = verdict(carrier, f"632976615493{gap}577417824035")
    assert not answer.ok
    assert reason(answer) is NumberFault.SEVERAL


@pytest.mark.parametrize("text", ["٦٣٢٩٧٦٦١٥٤٩٣", "६३२९७६६१५४९३", "63297661549三", "6329\x00", "６３２。"])
@pytest.mark.parametrize("carrier", ["cj", "other"])
def test_only_digits_and_letters_of_ascii_are_taken(carrier: str, text: str) -> None:
    answer = verdict(carrier, text)
    assert not answer.ok
    assert reason(answer) is NumberFault.STRANGE_CHARACTER


@pytest.mark.parametrize("text", ["6.32976615493E+11", "6,33e+11", "6E+11"])
def test_a_number_excel_has_shortened_is_named_as_such(text: str) -> None:
    answer = verdict("other", text)
    assert answer.fault == NumberFault.SHORTENED(number=clean(text))


@pytest.mark.parametrize(
    ("carrier", "text", "message"),
    [
        ("cj", " ", "Invoice No. is empty. Enter the number on the label."),
        ("ups", "986578788855", "12 digits do not fit UPS; they fit FedEx. Choose FedEx or check the label."),
        (
            "dhl",
            "530727039920",
            "12 digits do not fit DHL Express; they fit Hanjin, Lotte, Yamato, Sagawa or Japan Post."
            " Choose one of them or check the label.",
        ),
        (
            "fedex",
            "K2479825491",
            "K2479825491 does not fit FedEx; it fits UPS. Choose UPS or check the label.",
        ),
        (
            "cj",
            "12345",
            "5 digits do not fit CJ Logistics. CJ Logistics takes 12 digits or 10 digits. Check the label.",
        ),
        (
            "ups",
            "2Z5R89390357567127",
            "2Z5R89390357567127 does not fit UPS."
            " UPS takes 18 characters from 1Z, one of A H J K T V with 10 digits or 9 digits. Check the label.",
        ),
        (
            "fedex",
            "986578788851",
            "The FedEx check digit should be 5, not 1: one digit is wrong, or two are swapped. "
            "Compare characters 1 to 12 with the label.",
        ),
        (
            "cj",
            "632976615494",
            "The CJ Logistics check digit should be 3, not 4: one digit is wrong, or two are swapped. "
            "Compare characters 3 to 12 with the label.",
        ),
        (
            "usps",
            "61299998820821171811",
            "The USPS check digit should be 0, not 1: one digit is wrong, or two are swapped. "
            "Compare characters 1 to 20 with the label, and the company: the number fits FedEx.",
        ),
        (
            "ems",
            "EE123456789KR",
            "The EMS Korea Post check digit should be 5, not 9: one digit is wrong, or two are swapped. "
            "Compare characters 3 to 11 with the label.",
        ),
        ("ems", "RB123456785XX", "There is no country XX. Check the last two letters on the label."),
        ("fedexx", "1234", 'Shipping company "fedexx" is not known. Choose FedEx or another from the list.'),
        (
            "qqq",
            "1234",
            'Shipping company "qqq" is not known. Choose CJ Logistics, Hanjin, Lotte, Logen, Korea Post, EMS Korea Post or another '
            "from the list.",
        ),
        ("", "1234", "Shipping company is empty. Choose one."),
        (
            "cj",
            "73" + "1" * 39,
            "41 digits do not fit CJ Logistics. CJ Logistics takes 12 digits or 10 digits. Check the label.",
        ),
    ],
)
def test_a_refusal_says_what_is_wrong_and_what_to_do(carrier: str, text: str, message: str) -> None:
    answer = verdict(carrier, text)
    assert (answer.level, answer.message) == (Level.REFUSE, message)


def test_the_other_forms_of_a_sentence_are_whole_too() -> None:
    assert verdict("cj", "63297661549三").message.startswith('"三" is neither a digit 0 to 9')
    assert verdict("cj", "6329\x00").message.startswith("An invisible character (U+0000) is neither a digit 0 to 9")
    assert verdict("cj", "Q7" + "A" * 39).message.startswith("41 characters do not fit CJ Logistics. CJ Logistics takes")


def test_a_carrier_set_to_warn_lets_staff_confirm_a_wrong_check_digit() -> None:
    answer = verdict("logen", "95825729135")
    assert (answer.ok, answer.level, fitting("95825729135", RULES)) == (True, Level.WARN, ())
    assert reason(answer) is NumberFault.CHECK_DIGIT


def test_a_form_may_be_milder_than_its_carrier() -> None:
    assert verdict("fedex", "003000000000000002").level is Level.WARN
    assert verdict("fedex", "003000000000000002", RULES.with_checks({"fedex": Check.OFF})).level is Level.OK


@pytest.mark.parametrize("strictness", Check)
def test_a_shop_sets_the_strictness_of_a_carrier(strictness: Check) -> None:
    rules = RULES.with_checks({"hanjin": strictness})
    expected = {Check.REFUSE: Level.REFUSE, Check.WARN: Level.WARN, Check.OFF: Level.OK}
    assert verdict("hanjin", "530727039921", rules).level is expected[strictness]
    assert verdict("hanjin", "5307", rules).level is Level.REFUSE
    assert RULES.carriers["hanjin"].check is Check.REFUSE


def test_no_check_digit_setting_lets_a_country_pass_that_does_not_exist() -> None:
    rules = RULES.with_checks({"ems": Check.OFF})
    assert verdict("ems", "EE123456789KR", rules).ok
    assert not verdict("ems", "EE123456789XX", rules).ok


def test_a_check_for_an_unknown_carrier_is_an_error() -> None:
    with pytest.raises(ValueError, match="No such carrier: nobody"):
        RULES.with_checks({"nobody": Check.OFF})


def test_fits_are_the_carriers_that_take_the_number_in_screen_order() -> None:
    assert fitting("9865 7878 8855", RULES) == ("sf", "fedex")
    assert fitting("LP257594783SG", RULES) == ("korea_post", "ems", "japan_post", "usps")
    assert fitting("K2479825491", RULES) == ("ups",)


def test_proposals_put_agreeing_check_digits_and_usual_forms_first() -> None:
    assert propose("9865 7878 8855", RULES) == ("fedex", "sf")
    assert propose("LP257594783SG", RULES) == ("ems", "korea_post", "japan_post", "usps")


def test_proposals_put_preferred_carriers_before_all_others() -> None:
    assert propose("LP257594783SG", RULES, ["cj", "usps", "usps"]) == ("usps", "ems", "korea_post", "japan_post")


@pytest.mark.parametrize("text", ["", "632976615493\n577417824035", "1", "٦٣٢٩٧٦٦١٥٤٩٣"])
def test_nothing_is_proposed_for_what_is_no_number(text: str) -> None:
    assert propose(text, RULES) == ()


def test_carriers_are_in_screen_order_korean_japanese_and_the_others() -> None:
    homes = [{"KR": 0, "JP": 1}.get(carrier.home, 2) for carrier in RULES.carriers.values()]
    assert homes == sorted(homes)
    codes = list(RULES.carriers)
    assert [codes.index(first) for first in ("cj", "yamato", "sf")] == [homes.index(n) for n in range(3)]
    assert codes[-2:] == ["own", "other"]


DIGITS_BEFORE_THE_CHECK_DIGIT = {
    "cj": 11, "hanjin": 11, "lotte": 11, "logen": 10, "yamato": 11, "sagawa": 11, "japan_post": 11, "fedex": 11,
}  # fmt: skip
BODY = st.one_of(
    *(st.tuples(st.just(c), st.from_regex(rf"[0-9]{{{n}}}", fullmatch=True)) for c, n in DIGITS_BEFORE_THE_CHECK_DIGIT.items()),
    st.tuples(st.just("dhl"), st.from_regex(r"[0-9]{9,10}", fullmatch=True)),
    st.tuples(st.just("ups"), st.from_regex(r"1Z[0-9A-Z]{15}", fullmatch=True)),
    st.tuples(st.just("usps"), st.from_regex(r"9[1-5][0-9]{19}", fullmatch=True)),
    st.tuples(
        st.just("ems"),
        st.builds(str.__add__, st.from_regex(r"[A-Z]{2}[0-9]{8}", fullmatch=True), st.sampled_from(sorted(RULES.countries))),
    ),
)


@given(BODY)
def test_a_completed_number_passes_its_own_carrier(case: tuple[str, str]) -> None:
    carrier, body = case
    answer = verdict(carrier, complete(RULES.carriers[carrier], body))
    assert answer.level is Level.OK or reason(answer) is NumberFault.PLACEHOLDER
    assert carrier in fitting(answer.cleaned, RULES)


@pytest.mark.parametrize(("carrier", "body"), [("cj", "123"), ("korea_post", "123456789012"), ("sf", "SF123"), ("ups", "")])
def test_a_body_that_fits_no_form_is_an_error(carrier: str, body: str) -> None:
    with pytest.raises(ValueError, match="with a check digit is no"):
        complete(RULES.carriers[carrier], body)


@given(st.text())
def test_cleaning_twice_changes_nothing(text: str) -> None:
    assert clean(clean(text)) == clean(text)


@given(st.text(alphabet=st.sampled_from(" \n\t,;'`-−ーㅡ・\u200b\ufeff\u00a0´\u0301ｶﾞ１aA0ıß٣½\U0001d7d9")))
def test_cleaning_awkward_characters_twice_changes_nothing(text: str) -> None:
    assert clean(clean(text)) == clean(text)


@given(st.sampled_from([*RULES.carriers, "nobody"]), st.text())
def test_any_text_gets_a_verdict_and_every_refusal_a_reason(carrier: str, text: str) -> None:
    answer = verdict(carrier, text)
    assert (answer.level is Level.OK) == (answer.message == "")
    assert "other" not in fitting(text, RULES)


CARRIER = """
countries = "KR"
[[carrier]]
code = "a"
name = "A"
source = "its label"
[[carrier.shape]]
name = "2 digits"
"""


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("[[carrier", "not valid TOML"),
        ('countries = "KR"', "The file of rules has no carrier"),
        ('countries = "KR"\ncarrier = [1]', "A carrier has to be a table with a code, not 1"),
        (CARRIER, 'Carrier "a", shape 1 has no pattern'),
        (CARRIER + "pattern = '('", 'Carrier "a", shape 1: the pattern cannot be read'),
        (CARRIER + "pattern = 1", "pattern has to be of type str, not int"),
        (CARRIER + "pattern = '..'\nalgorithm = 'mod7'", "needs the groups body and digit"),
        (CARRIER + "pattern = '..'\nalgorithm = 'mod8'", 'algorithm is "mod8"; it can be mod7, mod10, mod11, s10'),
        (CARRIER.replace('source = "its label"', "") + "pattern = '..'", 'Carrier "a" has no source'),
        (CARRIER.replace("its label", " ") + "pattern = '..'", 'Carrier "a" has no source'),
        (
            CARRIER.replace('"A"', '"A"\nundocumented = "off"') + "pattern = '..'",
            'undocumented is "off"; it can be refuse, warn',
        ),
        (CARRIER + "pattern = '..'\nplain = 1", "plain has to be of type bool, not int"),
        (CARRIER + "pattern = '..'\ncheck = 'strict'", 'check is "strict"; it can be refuse, warn, off'),
        (CARRIER + "pattern = '(?P<body>.)(?P<digit>.)'\nalgorithm = 'mod10'", "weights belong to mod10 and mod11"),
        (CARRIER + "pattern = '..'\nchek = 'off'", "chek is not known here"),
        (CARRIER.replace('"A"', '"A"\nurl = "http://a.example"') + "pattern = '..'", "url has to start with https://"),
        (CARRIER.replace('"A"', '"A"\nhome = "Korea"') + "pattern = '..'", 'home is "Korea", which is no country code'),
        (CARRIER.replace('"A"', '"A"\nzone = "Seoul"') + "pattern = '..'", 'zone is "Seoul", which is no time zone'),
        (CARRIER.replace('"A"', '"A"\nwatch_days = 0') + "pattern = '..'", "watch_days is 0; it can be 1 to 365"),
        (
            CARRIER.replace('"A"', '"A"\nservices = { pigeon = "a" }') + "pattern = '..'",
            "pigeon is no tracking service; there are",
        ),
        (CARRIER.replace('"A"', '"A"\nservices = { dhl = 1 }') + "pattern = '..'", "the codes in services have to be texts"),
        (CARRIER + "pattern = '..'\nblocks = ['###']", "the block ### does not fit the pattern"),
        (CARRIER + "pattern = '..'" + CARRIER.partition('"KR"')[2] + "pattern = '..'", '"a" stands for both a and a'),
    ],
)
def test_wrong_rules_are_refused_by_name(text: str, complaint: str) -> None:
    with pytest.raises(RulesError) as refusal:
        parse(text)
    assert complaint in str(refusal.value)
