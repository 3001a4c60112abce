"""Written-out numbers in Arabic, English and French, and their value. Pure data, read by :mod:`rag.entities.numerals`.

Several forms of one value are separated by ``|``. Ordinals start at two: "first" is too often a mere adverb.
"""

from __future__ import annotations

UNITS: dict[str, dict[int, str]] = {
    "en": {
        0: "zero",
        1: "one",
        2: "two",
        3: "three",
        4: "four",
        5: "five",
        6: "six",
        7: "seven",
        8: "eight",
        9: "nine",
        10: "ten|tens",
        11: "eleven",
        12: "twelve|dozen|dozens",
        13: "thirteen",
        14: "fourteen",
        15: "fifteen",
        16: "sixteen",
        17: "seventeen",
        18: "eighteen",
        19: "nineteen",
        20: "twenty",
        30: "thirty",
        40: "forty",
        50: "fifty",
        60: "sixty",
        70: "seventy",
        80: "eighty",
        90: "ninety",
    },
    "fr": {
        0: "zéro",
        1: "un|une",
        2: "deux",
        3: "trois",
        4: "quatre",
        5: "cinq",
        6: "six",
        7: "sept",
        8: "huit",
        9: "neuf",
        10: "dix|dizaine|dizaines",
        11: "onze",
        12: "douze|douzaine|douzaines",
        13: "treize",
        14: "quatorze",
        15: "quinze|quinzaine",
        16: "seize",
        20: "vingt|vingts|vingtaine",
        30: "trente|trentaine",
        40: "quarante|quarantaine",
        50: "cinquante|cinquantaine",
        60: "soixante|soixantaine",
    },
    "ar": {
        0: "صفر",
        1: "واحد|واحدة|أحد|إحدى",
        2: "اثنان|اثنين|اثنتان|اثنتين|اثنا|اثني|اثنتا|اثنتي|إثنين|إثنان",
        3: "ثلاثة|ثلاث",
        4: "أربعة|أربع",
        5: "خمسة|خمس",
        6: "ستة|ست",
        7: "سبعة|سبع",
        8: "ثمانية|ثماني|ثمان",
        9: "تسعة|تسع",
        10: "عشرة|عشر|عشرات",
        20: "عشرون|عشرين",
        30: "ثلاثون|ثلاثين",
        40: "أربعون|أربعين",
        50: "خمسون|خمسين",
        60: "ستون|ستين",
        70: "سبعون|سبعين",
        80: "ثمانون|ثمانين",
        90: "تسعون|تسعين",
        200: "مئتان|مئتين|مائتان|مائتين|مئتا|مائتا|مئتي|مائتي",
        300: "ثلاثمئة|ثلاثمائة",
        400: "أربعمئة|أربعمائة",
        500: "خمسمئة|خمسمائة",
        600: "ستمئة|ستمائة",
        700: "سبعمئة|سبعمائة",
        800: "ثمانمئة|ثمانمائة|ثمانيمئة",
        900: "تسعمئة|تسعمائة",
        2000: "ألفان|ألفين|ألفي",
        2000000: "مليونان|مليونين|مليوني",
        2000000000: "ملياران|مليارين|ملياري",
    },
}

# What multiplies the number before it, or stands alone for itself.
SCALES: dict[str, dict[int, str]] = {
    "en": {
        100: "hundred|hundreds",
        1000: "thousand|thousands",
        1000000: "million|millions",
        1000000000: "billion|billions|bn",
    },
    "fr": {
        100: "cent|cents|centaine|centaines",
        1000: "mille|millier|milliers",
        1000000: "million|millions",
        1000000000: "milliard|milliards",
    },
    "ar": {
        100: "مئة|مائة|مئات",
        1000: "ألف|ألفا|آلاف|ألوف",
        1000000: "مليون|مليونا|ملايين",
        1000000000: "مليار|مليارا|مليارات|ملايير|بليون",
    },
}

ORDINALS: dict[str, dict[int, str]] = {
    "en": {
        2: "second",
        3: "third",
        4: "fourth",
        5: "fifth",
        6: "sixth",
        7: "seventh",
        8: "eighth",
        9: "ninth",
        10: "tenth",
    },
    "fr": {
        2: "deuxième|second|seconde",
        3: "troisième",
        4: "quatrième",
        5: "cinquième",
        6: "sixième",
        7: "septième",
        8: "huitième",
        9: "neuvième",
        10: "dixième",
    },
    "ar": {
        2: "الثاني|الثانية|ثاني|ثان",
        3: "الثالث|الثالثة|ثالث|ثالثة",
        4: "الرابع|الرابعة|رابع|رابعة",
        5: "الخامس|الخامسة|خامس|خامسة",
        6: "السادس|السادسة|سادس|سادسة",
        7: "السابع|السابعة|سابع|سابعة",
        8: "الثامن|الثامنة|ثامن|ثامنة",
        9: "التاسع|التاسعة|تاسع|تاسعة",
        10: "العاشر|العاشرة|عاشر|عاشرة",
    },
}

# Arabic duals common in the press ("two years"); a feminine dual is told by its ending.
DUALS = (
    "عامين|عامان|شهرين|شهران|أسبوعين|أسبوعان|يومين|يومان|بلدين|بلدان|طرفين|طرفان|جانبين|جانبان|رئيسين|رئيسان"
    "|وزيرين|وزيران|شخصين|شخصان|رجلين|رجلان|جنديين|جنديان|صاروخين|صاروخان|كيلومترين|مترين|قرنين|عقدين|عقدان"
    "|هجومين|هجومان|جيشين|جيشان|اجتماعين|اجتماعان|حزبين|شعبين|كلا|كلتا"
)
