"""What tells a name from a common word: phrases that mean something else, ambiguous forms, and the words beside them.

Pure data, read by :mod:`rag.entities.lexicon` and :mod:`rag.entities.mentions`. Forms are separated by ``|``.
"""

from __future__ import annotations

# Phrases that contain a name and do not mean it: nothing in them is taken for a name.
BLOCKED: dict[str, str] = {
    "ar": "المغرب الإسلامي|بلاد المغرب|صلاة المغرب|أذان المغرب|ولاية جورجيا|تيريزا ماي|نصف قطر|نصف القطر"
    "|يبلغ قطر|قطر الدائرة|بين الاثنين|هذين الاثنين|مايو كلينك|البنك المالي|تشاد سميث|أفريقيا الجنوبية"
    "|كأس آسيا|تركي بن|تركي آل",
    "en": "New Jersey|New Guinea|New Mexico|Lake Chad|Theresa May|Gulf of Mexico|Gulf of Guinea|South America"
    "|North America|Latin America|Central America|Nova Scotia",
    "fr": "golfe de Guinée|Nouvelle-Guinée|lac Tchad|Amérique latine|Amérique du Nord|Amérique du Sud"
    "|Amérique centrale|Nouveau-Mexique",
}

# Forms that are common words or personal names too: glossed only beside a cue (see rag.entities.mentions).
AMBIGUOUS: dict[str, str] = {
    "ar": "مالي|بنين|جورجيا|بيرو|غوام|الكرى|جيرسي|مارس|ماي|جوان|أوت|نيسان|محرم|صفر|رجب|شعبان|كوك|هندي|كيني"
    "|النيل|الخليل|حلب|وهران",
    "en": "Chad|Jordan|Georgia|Israel|Jersey|Guernsey|St. Martin|St. Helena|May|March|April|June",
    "fr": "Saint-Martin|Maurice|Dominique|Salvador|Grenade|Jersey|Guernesey|Israël",
}

# Forms that count in their exact spelling alone: folded, the month is "father", Oman "Amman", Yemeni "the right".
EXACT: frozenset[str] = frozenset({"آب", "عُمان", "اليمني", "يمني"})

# A word before an ambiguous country that makes it a country.
TERRITORY_CUES: dict[str, str] = {
    "ar": "في|إلى|من|شمال|جنوب|شرق|غرب|وسط|شمالي|جنوبي|شرقي|غربي|دولة|جمهورية|سلطنة|رئيس|حكومة|سلطات|جيش|حدود|عاصمة"
    "|بين|مع|نحو|داخل|خارج|سفير|لدى|صوب|اتجاه|تجاه|باتجاه|شعب",
    "en": "in|of|from|to|with|and|for|by|between|through|inside|outside|near|across|visit|visited|northern|southern"
    "|eastern|western|central",
    "fr": "en|au|du|de|à|l|d|et|la|le|île|vers|avec|pour|par|nord|sud|contre",
}

# Words beside an ambiguous month that make it a month: before it, and after it.
MONTH_CUES_BEFORE: dict[str, str] = {
    "ar": "شهر|شهري|في|منذ|خلال|مطلع|أوائل|أواخر|منتصف|نهاية|بداية|غاية|فاتح",
    "en": "in|last|next|since|until|till|by|of|early|late|mid|this|during|from|through|on|before|after",
    "fr": "",
}
MONTH_CUES_AFTER: dict[str, str] = {
    "ar": "الماضي|المقبل|الجاري|القادم|الحالي|المنصرم|الفارط|الفائت",
    "en": "",
    "fr": "",
}

# A word before an adjective of nationality that makes it the name of a language.
LANGUAGE_CUES: dict[str, str] = {
    "ar": "اللغة|باللغة|لغة|واللغة|بلغة",
    "en": "in|speak|speaks|spoke|spoken|into|from|language|learn|translate",
    "fr": "en|langue|parle|parler|parlent",
}
