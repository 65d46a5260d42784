"""Where the invented recipients live: cities that exist, streets and people that do not."""

from dataclasses import dataclass


@dataclass(frozen=True)
class City:
    """`postal` is a form: # a digit, @ a letter."""

    name: str
    region: str
    postal: str
    area: str
    weight: int = 1


@dataclass(frozen=True)
class Country:
    """`offset`: hours from UTC. `share`: of the orders from abroad. `sunday`: whether parcels come on Sundays.

    `address` knows street, n (house), m (building or flat) and k (floor); `phone` is a form like a postal code.
    """

    code: str
    language: str
    offset: int
    share: float
    gateway: str
    cities: tuple[City, ...]
    name: str
    family: tuple[str, ...]
    given: tuple[str, ...]
    address: tuple[str, ...]
    streets: tuple[str, ...]
    phone: str
    sunday: bool = False


_KOREAN_FAMILY = (
    "김", "이", "박", "최", "정", "강", "조", "윤", "장", "임", "한", "오", "서", "신", "권", "황", "안", "송", "홍", "표", "남궁",
)  # fmt: skip
_KOREAN_GIVEN = (
    "가람", "나래", "다온", "도담", "라온", "마루", "미르", "보람", "새봄", "서하", "소담", "아라", "아름", "여름", "예솔", "온유", "이든",
    "은솔", "재이", "지호", "채운", "하람", "한별", "해온", "현서", "혜윰", "도윤", "서아", "유찬", "민솔",
)  # fmt: skip
_KOREAN_STREETS = (
    "새벽로", "달맞이길", "솔바람로", "은하수길", "물빛로 7번길", "느티나무로", "별내음길", "꽃담로 12길", "하늬로", "여울목길", "도토리로 3번길", "바람개비로",
)  # fmt: skip
_JAPANESE_FAMILY = (
    "佐倉", "水城", "立川", "森野", "葉山", "月島", "星川", "白石", "桐原", "朝日奈", "風間", "小鳥遊", "青柳", "雪村", "高瀬", "久遠寺",
)  # fmt: skip
_JAPANESE_GIVEN = (
    "葵", "蓮", "結衣", "陽翔", "美咲", "湊", "紬", "悠真", "凛", "朔", "千尋", "楓", "直樹", "奈緒", "一花", "晴",
)  # fmt: skip
_CHINESE_FAMILY = ("林", "陈", "黄", "周", "吴", "徐", "沈", "苏", "叶", "白", "欧阳", "方")
_CHINESE_GIVEN = ("晓月", "子轩", "雨桐", "思远", "若溪", "明泽", "佳宁", "一诺", "书瑶", "景行", "安然", "云帆")
_TRADITIONAL_FAMILY = ("林", "陳", "黃", "周", "吳", "許", "沈", "蘇", "葉", "白", "歐陽", "方")
_TRADITIONAL_GIVEN = ("曉月", "子軒", "雨桐", "思遠", "若溪", "明澤", "佳寧", "一諾", "書瑤", "景行", "安然", "雲帆")
_ENGLISH_FAMILY = (
    "Ashdown", "Brightwater", "Carrow", "Dunmore", "Eastlake", "Fairbairn", "Greywell", "Hollins", "Ivers", "Kestrel", "Lockridge",
    "Merriday", "Northcott", "Okafor-Lind", "Pemberly", "Quill", "Ravensby", "Stellan", "Thornfield", "Underhill", "Vance", "Wexley",
)  # fmt: skip
_ENGLISH_GIVEN = (
    "Ada", "Ben", "Clara", "Dylan", "Edith", "Felix", "Grace", "Henry", "Iris", "Jonah", "Kira", "Leo", "Maya", "Noah", "Olive", "Priya",
    "Quentin", "Rosa", "Sam", "Tessa", "Umar", "Violet", "Wes", "Zoe",
)  # fmt: skip
_ENGLISH_STREETS = (
    "Lanternfield Road", "Old Orchard Lane", "Quarry Hill", "Saltmarsh Avenue", "Windmill Row", "Copperbeech Drive", "Heron Street",
    "Juniper Crescent", "Maplewick Court", "Starling Way", "Tidewater Boulevard", "Weaver's Yard",
)  # fmt: skip
_GERMAN_FAMILY = (
    "Amselmann", "Birkenfeld", "Dornbach", "Eichgrund", "Falkenried", "Grünwald-Petersen", "Hasenkamp",
    "Jungblut", "Lindentor", "Moosbauer", "Sonnleitner", "Waldbrunn",
)  # fmt: skip
_GERMAN_GIVEN = (
    "Anton", "Britta", "Clemens", "Dörte", "Emil", "Frieda", "Greta", "Jannis", "Käthe", "Lorenz",
    "Mathilda", "Ole",
)  # fmt: skip
_FRENCH_FAMILY = (
    "Beauval", "Chantelune", "Dubreuil-Marais", "Fontclair", "Grandpré", "Lavallière", "Montjoye",
    "Noirmont", "Roquebelle", "Valserine",
)  # fmt: skip
_FRENCH_GIVEN = ("Agathe", "Bastien", "Chloé", "Élise", "Gaspard", "Hélène", "Jules", "Léonie", "Maël", "Noémie")
_SPANISH_FAMILY = (
    "Alborada Ruiz", "Campoverde", "Delmar Ochoa", "Fontanar", "Lucero Peña", "Montalvo Ríos", "Olivar",
    "Robledal", "Sotomonte", "Valdeluna",
)  # fmt: skip
_SPANISH_GIVEN = ("Aitana", "Bruno", "Carmela", "Diego", "Elvira", "Íñigo", "Julieta", "Mateo", "Nieves", "Tomás")

COUNTRIES = (
    Country(
        "KR", "ko", 9, 22, "인천공항",
        (
            City("서울", "서울특별시", "04###", "KR metro", 30), City("수원", "경기도", "16###", "KR metro", 9),
            City("성남", "경기도", "13###", "KR metro", 8), City("고양", "경기도", "10###", "KR metro", 7),
            City("인천", "인천광역시", "21###", "KR metro", 8), City("춘천", "강원특별자치도", "24###", "KR metro", 2),
            City("대전", "대전광역시", "34###", "KR metro", 5), City("청주", "충청북도", "28###", "KR metro", 3),
            City("부산", "부산광역시", "48###", "KR south", 10), City("대구", "대구광역시", "41###", "KR south", 7),
            City("울산", "울산광역시", "44###", "KR south", 3), City("창원", "경상남도", "51###", "KR south", 4),
            City("광주", "광주광역시", "61###", "KR south", 4), City("전주", "전북특별자치도", "54###", "KR south", 3),
            City("제주", "제주특별자치도", "63###", "KR islands", 3), City("서귀포", "제주특별자치도", "63###", "KR islands", 1),
        ),
        "{family}{given}", _KOREAN_FAMILY, _KOREAN_GIVEN,
        ("{street} {n}, {m}동 {k}03호", "{street} {n}, {k}층", "{street} {n} 가람빌 {m}0{k}호", "{street} {n}"),
        _KOREAN_STREETS, "010-0###-####",
    ),
    Country(
        "JP", "ja", 9, 26, "成田空港",
        (
            City("世田谷区", "東京都", "15#-00##", "JP", 6), City("江東区", "東京都", "13#-00##", "JP", 5), City("横浜市", "神奈川県", "22#-00##", "JP", 5),
            City("大阪市", "大阪府", "53#-00##", "JP", 6), City("名古屋市", "愛知県", "46#-00##", "JP", 4), City("札幌市", "北海道", "06#-00##", "JP", 2),
            City("福岡市", "福岡県", "81#-00##", "JP", 3), City("那覇市", "沖縄県", "90#-00##", "JP", 1),
        ),
        "{family} {given}", _JAPANESE_FAMILY, _JAPANESE_GIVEN,
        ("{street}{k}-{m}-{n} ひばり荘{m}0{k}号室", "{street}{k}丁目{m}-{n}", "{street}{m}番地{n}"),
        ("雲雀坂", "若葉台", "鈴掛町", "水鏡通り", "星見ヶ丘", "白樺町", "藤棚", "潮騒町"), "090-0###-####", sunday=True,
    ),
    Country(
        "US", "en", -6, 26, "Los Angeles Airport",
        (
            City("Portland", "OR", "972##", "North America", 3), City("Seattle", "WA", "981##", "North America", 4),
            City("San Jose", "CA", "951##", "North America", 5), City("Los Angeles", "CA", "900##", "North America", 6),
            City("Austin", "TX", "787##", "North America", 4), City("Chicago", "IL", "606##", "North America", 4),
            City("Brooklyn", "NY", "112##", "North America", 6), City("Atlanta", "GA", "303##", "North America", 3),
            City("Honolulu", "HI", "968##", "North America", 1),
        ),
        "{given} {family}", _ENGLISH_FAMILY, _ENGLISH_GIVEN,
        ("{n} {street}", "{n} {street}, Apt {m}{k}", "{n}{m} {street}, Unit {k}"), _ENGLISH_STREETS, "+1 213-555-01##",
    ),
    Country(
        "CA", "en", -5, 4, "Vancouver Airport",
        (City("Vancouver", "BC", "V@# #@#", "North America", 3), City("Toronto", "ON", "M@# #@#", "North America", 4), City("Calgary", "AB", "T@# #@#", "North America", 2)),
        "{given} {family}", _ENGLISH_FAMILY, _ENGLISH_GIVEN, ("{n} {street}", "{m}-{n} {street}"), _ENGLISH_STREETS, "+1 604-555-01##",
    ),
    Country(
        "GB", "en", 0, 6, "London Heathrow",
        (City("London", "", "E# #@@", "Europe", 5), City("Bristol", "", "BS# #@@", "Europe", 2), City("Leeds", "", "LS# #@@", "Europe", 2), City("Edinburgh", "", "EH# #@@", "Europe", 2)),
        "{given} {family}", _ENGLISH_FAMILY, _ENGLISH_GIVEN, ("{n} {street}", "Flat {m}, {n} {street}"), _ENGLISH_STREETS, "+44 7700 900###",
    ),
    Country(
        "DE", "de", 1, 6, "Leipzig/Halle",
        (City("Berlin", "", "10###", "Europe", 4), City("Hamburg", "", "20###", "Europe", 3), City("München", "", "80###", "Europe", 3), City("Köln", "", "50###", "Europe", 2)),
        "{given} {family}", _GERMAN_FAMILY, _GERMAN_GIVEN, ("{street} {n}", "{street} {n}, Hinterhaus {k}. OG"),
        ("Amselsteig", "Am Alten Sägewerk", "Holunderweg", "Kranichufer", "Laternengasse", "Mühlbachstraße", "Zum Silberblick"), "+49 30 23125 ###",
    ),
    Country(
        "FR", "fr", 1, 4.5, "Paris-Charles-de-Gaulle",
        (City("Paris", "", "750##", "Europe", 5), City("Lyon", "", "690##", "Europe", 3), City("Nantes", "", "440##", "Europe", 2), City("Lille", "", "590##", "Europe", 2)),
        "{given} {family}", _FRENCH_FAMILY, _FRENCH_GIVEN, ("{n} {street}", "{n} bis {street}, {k}e étage"),
        ("rue des Hirondelles", "allée du Vieux-Moulin", "rue de l'Étang-Bleu", "impasse des Genêts", "quai aux Tilleuls"), "+33 6 39 98 ## ##",
    ),
    Country(
        "ES", "es", 1, 3.5, "Madrid-Barajas",
        (City("Madrid", "", "280##", "Europe", 4), City("Barcelona", "", "080##", "Europe", 4), City("Valencia", "", "460##", "Europe", 2), City("Sevilla", "", "410##", "Europe", 2)),
        "{given} {family}", _SPANISH_FAMILY, _SPANISH_GIVEN, ("{street} {n}, {k}º {m}", "{street} {n}"),
        ("Calle del Almendro", "Calle de la Luna Nueva", "Paseo del Azahar", "Calle del Molinillo"), "+34 600 000 ###",
    ),
    Country(
        "CN", "zh", 8, 6.5, "上海浦东",
        (City("上海", "上海市", "200###", "Greater China", 5), City("深圳", "广东省", "518###", "Greater China", 4), City("杭州", "浙江省", "310###", "Greater China", 3), City("成都", "四川省", "610###", "Greater China", 3)),
        "{family}{given}", _CHINESE_FAMILY, _CHINESE_GIVEN, ("{street}{n}号{m}栋{k}03室", "{street}{n}弄{m}号"),
        ("听雨路", "云栖大道", "梧桐里", "星湖街", "落霞巷"), "+86 100 0000 ####",
    ),
    Country(
        "TW", "zh", 8, 6, "桃園機場",
        (City("台北市", "", "10###", "Greater China", 5), City("台中市", "", "40###", "Greater China", 3), City("高雄市", "", "80###", "Greater China", 3)),
        "{family}{given}", _TRADITIONAL_FAMILY, _TRADITIONAL_GIVEN, ("{street}{n}號{k}樓", "{street}{n}巷{m}號"),
        ("聽風路", "晴川街", "桂香路二段", "星見街"), "09########",
    ),
    Country(
        "HK", "zh", 8, 3.5, "香港國際機場",
        (City("九龍", "", "", "Greater China", 3), City("沙田", "新界", "", "Greater China", 2), City("灣仔", "香港島", "", "Greater China", 2)),
        "{family}{given}", _TRADITIONAL_FAMILY, _TRADITIONAL_GIVEN, ("{street}{n}號 聽濤閣 {k}樓{m}室",),
        ("望海道", "翠竹街", "雲埔路", "鐘樓里"), "+852 0### ####",
    ),
    Country(
        "SG", "en", 8, 4, "Singapore Changi",
        (City("Singapore", "", "5#####", "South-East Asia", 1),),
        "{given} {family}", _ENGLISH_FAMILY, _ENGLISH_GIVEN, ("Blk {n} {street} #0{k}-1{m}",), ("Kingfisher Avenue", "Bamboo Grove", "Jasmine Rise", "Tembusu Walk"), "+65 0### ####",
    ),
    Country(
        "AU", "en", 10, 4, "Sydney Airport",
        (City("Sydney", "NSW", "20##", "Elsewhere", 4), City("Melbourne", "VIC", "30##", "Elsewhere", 4), City("Perth", "WA", "60##", "Elsewhere", 1)),
        "{given} {family}", _ENGLISH_FAMILY, _ENGLISH_GIVEN, ("{n} {street}", "{m}/{n} {street}"), _ENGLISH_STREETS, "+61 491 570 ###",
    ),
    Country(
        "MX", "es", -6, 1.5, "Ciudad de México",
        (City("Ciudad de México", "CDMX", "06###", "Elsewhere", 3), City("Guadalajara", "JAL", "44###", "Elsewhere", 2)),
        "{given} {family}", _SPANISH_FAMILY, _SPANISH_GIVEN, ("{street} {n}, Int. {m}", "{street} {n}"), ("Calle Jacaranda", "Avenida del Colibrí", "Calle Volcán Azul"), "+52 55 0000 ####",
    ),
)  # fmt: skip

# A shop at home in a country without data of its own.
ELSEWHERE_OFFSET = 0


def elsewhere(code: str) -> Country:
    """A country as good as any, for a shop at home where nothing above is."""
    cities = (City("Northport", "", "1####", "Elsewhere", 3), City("Eastvale", "", "2####", "Elsewhere", 2))
    return Country(
        code, "en", ELSEWHERE_OFFSET, 0, "Northport Airport", cities, "{given} {family}", _ENGLISH_FAMILY, _ENGLISH_GIVEN,
        ("{n} {street}",), _ENGLISH_STREETS, "+00 0000 0###",
    )  # fmt: skip


LONG_RECIPIENTS: dict[str, str] = {
    "ko": "주식회사 달빛나루 콘텐츠사업본부 브랜드경험팀 사은품 수령 담당자 남궁가람솔 (3층 안내데스크 경유)",
    "ja": "株式会社 星見ヶ丘クリエイティブ企画 第二営業部 販促物管理課 ご担当者 小鳥遊 千尋 様",
    "en": "The Reading Circle of Saltmarsh Avenue, attn. Wilhelmina Brightwater-Featherstonehaugh (Thursday group)",
    "de": "Maximiliane-Theodora von Hohenlindenberg-Altmoor c/o Buchhandlung Zum Silbernen Fuchs, Hinterhof links",
    "fr": "Association des Amis du Vieux-Moulin et de la Fête des Lanternes, à l'attention de Mme Apolline Lavallière-Grandpré",
    "es": "Asociación Cultural Amigos del Azahar y la Luna Nueva, a la atención de Doña Carmela Montalvo Ríos de Valdeluna",
    "zh": "星湖文化创意产业园区管理委员会办公室 三楼前台转 欧阳书瑶女士（周二至周五）",
}
