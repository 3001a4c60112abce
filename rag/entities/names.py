"""Names CLDR lacks or keeps out of Babel: aliases, peoples, cities, Hijri months; and what tells a name from a word.

Pure data, read by :mod:`rag.entities.lexicon` and :mod:`rag.entities.mentions`. Forms are separated by ``|``. Short
forms in capitals (``US``) must be written in capitals in the text. Sources: CLDR's ``short`` and ``variant`` territory
names and its Islamic calendar (Babel serves neither), and the spelling of the Arabic press.
"""

from __future__ import annotations

# Territory code -> language -> other names in use.
ALIASES: dict[str, dict[str, str]] = {
    "AE": {"ar": "الإمارات|دولة الإمارات", "en": "UAE|the Emirates", "fr": "EAU|Émirats"},
    "BA": {"ar": "البوسنة", "en": "Bosnia", "fr": "Bosnie"},
    "BF": {"ar": "بوركينافاسو|بوركينا", "en": "Burkina", "fr": "Burkina"},
    "BY": {"ar": "بيلاروسيا|روسيا البيضاء"},
    "CD": {
        "ar": "الكونغو الديمقراطية|جمهورية الكونغو الديمقراطية|جمهورية الكونغو الديموقراطية|الكونغو الديموقراطية",
        "en": "DR Congo|Democratic Republic of the Congo|Democratic Republic of Congo|DRC",
        "fr": "République démocratique du Congo|RD Congo|RDC",
    },
    "CF": {"ar": "أفريقيا الوسطى|إفريقيا الوسطى|جمهورية إفريقيا الوسطى", "fr": "Centrafrique"},
    "CG": {
        "ar": "الكونغو برازافيل|جمهورية الكونغو",
        "en": "Republic of the Congo|Congo-Brazzaville",
        "fr": "République du Congo",
    },
    "CI": {"ar": "كوت ديفوار|الكوت ديفوار", "en": "Ivory Coast", "fr": "Côte d'Ivoire"},
    "CL": {"ar": "شيلي"},
    "CV": {"ar": "كاب فيردي", "en": "Cabo Verde"},
    "CZ": {"ar": "جمهورية التشيك|تشيكيا", "en": "Czech Republic", "fr": "République tchèque"},
    "DK": {"ar": "الدنمارك|دنمارك"},
    "EU": {"ar": "الاتحاد الأوربي", "en": "EU", "fr": "UE"},
    "FK": {"en": "Falklands", "fr": "Malouines|Îles Falkland"},
    "GB": {"ar": "بريطانيا", "en": "Britain|Great Britain|UK|U.K.", "fr": "Grande-Bretagne"},
    "HK": {"ar": "هونغ كونغ|هونج كونج", "en": "Hong Kong", "fr": "Hong Kong|Hong-Kong"},
    "HU": {"ar": "المجر"},
    "IE": {"ar": "إيرلندا"},
    "JP": {"ar": "يابان"},
    "KP": {"en": "DPRK"},
    "LY": {"ar": "الجماهيرية الليبية"},
    "MM": {"ar": "ميانمار|بورما", "en": "Myanmar|Burma", "fr": "Myanmar|Birmanie"},
    "MO": {"ar": "ماكاو", "en": "Macao|Macau", "fr": "Macao"},
    "MK": {"ar": "مقدونيا", "en": "Macedonia", "fr": "Macédoine"},
    "MR": {"ar": "موريطانيا"},
    "MU": {"fr": "île Maurice"},
    "MZ": {"ar": "موزامبيق"},
    "NL": {"ar": "الأراضي المنخفضة", "en": "the Netherlands|Holland", "fr": "Hollande"},
    "OM": {"ar": "سلطنة عمان"},
    "PL": {"ar": "بولونيا"},
    "PS": {"ar": "فلسطين|الأراضي الفلسطينية المحتلة", "en": "Palestine", "fr": "Palestine"},
    "RU": {"ar": "روسيا الاتحادية|الاتحاد الروسي", "en": "Russian Federation", "fr": "Fédération de Russie"},
    "SA": {"ar": "السعودية|العربية السعودية", "en": "Saudi"},
    "SD": {"ar": "جمهورية السودان"},
    "SN": {"ar": "السينغال"},
    "SV": {"fr": "El Salvador"},
    "SY": {"ar": "سورية"},
    "TD": {"ar": "التشاد"},
    "TG": {"ar": "الطوغو|التوغو"},
    "TR": {"en": "Turkey"},
    "TW": {"ar": "تايوان"},
    "UN": {"ar": "منظمة الأمم المتحدة|هيئة الأمم المتحدة", "en": "UN|U.N.", "fr": "ONU|Organisation des Nations unies"},
    "US": {
        "ar": "الولايات المتحدة الأمريكية|الولايات المتحدة الأميركية|أمريكا|أميركا",
        "en": "United States of America|USA|US|U.S.|U.S.A.|America",
        "fr": "USA|États-Unis d'Amérique|Amérique",
    },
    "VA": {"en": "Vatican|Holy See", "fr": "Vatican|Saint-Siège"},
    "VN": {"ar": "الفيتنام", "en": "Viet Nam", "fr": "Vietnam"},
    "ZA": {"ar": "جنوب إفريقيا|جنوب أفريقيا"},
    "002": {"ar": "إفريقيا|القارة الأفريقية|القارة الإفريقية"},
    "150": {"ar": "أوربا"},
}

# What a reader should see where CLDR's own name is a mouthful.
SHOWN: dict[str, dict[str, str]] = {
    "CD": {"ar": "الكونغو الديمقراطية", "en": "DR Congo", "fr": "RD Congo"},
    "CG": {"ar": "جمهورية الكونغو", "en": "Republic of the Congo", "fr": "République du Congo"},
    "HK": {"ar": "هونغ كونغ", "en": "Hong Kong", "fr": "Hong Kong"},
    "MM": {"ar": "ميانمار", "en": "Myanmar", "fr": "Myanmar"},
    "MO": {"ar": "ماكاو", "en": "Macao", "fr": "Macao"},
    "PS": {"ar": "فلسطين", "en": "Palestine", "fr": "Palestine"},
    "TR": {"en": "Turkey"},
}

# Territory -> (Arabic masculine singular, English, French masculine, French feminine).
PEOPLES: dict[str, tuple[str, str, str, str]] = {
    "AE": ("إماراتي", "Emirati", "émirati", "émiratie"),
    "AF": ("أفغاني", "Afghan", "afghan", "afghane"),
    "AL": ("ألباني", "Albanian", "albanais", "albanaise"),
    "AM": ("أرميني|أرمني", "Armenian", "arménien", "arménienne"),
    "AO": ("أنغولي", "Angolan", "angolais", "angolaise"),
    "AR": ("أرجنتيني", "Argentine", "argentin", "argentine"),
    "AT": ("نمساوي", "Austrian", "autrichien", "autrichienne"),
    "AU": ("أسترالي", "Australian", "australien", "australienne"),
    "AZ": ("أذربيجاني", "Azerbaijani", "azerbaïdjanais", "azerbaïdjanaise"),
    "BD": ("بنغالي", "Bangladeshi", "bangladais", "bangladaise"),
    "BE": ("بلجيكي", "Belgian", "belge", "belge"),
    "BF": ("بوركينابي", "Burkinabe", "burkinabè", "burkinabè"),
    "BG": ("بلغاري", "Bulgarian", "bulgare", "bulgare"),
    "BH": ("بحريني", "Bahraini", "bahreïni", "bahreïnie"),
    "BI": ("بوروندي", "Burundian", "burundais", "burundaise"),
    "BO": ("بوليفي", "Bolivian", "bolivien", "bolivienne"),
    "BR": ("برازيلي", "Brazilian", "brésilien", "brésilienne"),
    "BY": ("بيلاروسي", "Belarusian", "biélorusse", "biélorusse"),
    "CA": ("كندي", "Canadian", "canadien", "canadienne"),
    "CD": ("كونغولي", "Congolese", "congolais", "congolaise"),
    "CH": ("سويسري", "Swiss", "suisse", "suisse"),
    "CI": ("إيفواري", "Ivorian", "ivoirien", "ivoirienne"),
    "CM": ("كاميروني", "Cameroonian", "camerounais", "camerounaise"),
    "CN": ("صيني", "Chinese", "chinois", "chinoise"),
    "CO": ("كولومبي", "Colombian", "colombien", "colombienne"),
    "CY": ("قبرصي", "Cypriot", "chypriote", "chypriote"),
    "CZ": ("تشيكي", "Czech", "tchèque", "tchèque"),
    "DE": ("ألماني", "German", "allemand", "allemande"),
    "DK": ("دنماركي", "Danish", "danois", "danoise"),
    "DZ": ("جزائري", "Algerian", "algérien", "algérienne"),
    "EG": ("مصري", "Egyptian", "égyptien", "égyptienne"),
    "ER": ("إريتري", "Eritrean", "érythréen", "érythréenne"),
    "ES": ("إسباني", "Spanish", "espagnol", "espagnole"),
    "ET": ("إثيوبي", "Ethiopian", "éthiopien", "éthiopienne"),
    "EU": ("أوروبي", "European", "européen", "européenne"),
    "FI": ("فنلندي", "Finnish", "finlandais", "finlandaise"),
    "FR": ("فرنسي", "French", "français", "française"),
    "GA": ("غابوني", "Gabonese", "gabonais", "gabonaise"),
    "GB": ("بريطاني", "British", "britannique", "britannique"),
    "GH": ("غاني", "Ghanaian", "ghanéen", "ghanéenne"),
    "GM": ("غامبي", "Gambian", "gambien", "gambienne"),
    "GR": ("يوناني", "Greek", "grec", "grecque"),
    "HR": ("كرواتي", "Croatian", "croate", "croate"),
    "HU": ("هنغاري", "Hungarian", "hongrois", "hongroise"),
    "ID": ("إندونيسي", "Indonesian", "indonésien", "indonésienne"),
    "IE": ("أيرلندي|إيرلندي", "Irish", "irlandais", "irlandaise"),
    "IL": ("إسرائيلي", "Israeli", "israélien", "israélienne"),
    "IN": ("هندي", "Indian", "indien", "indienne"),
    "IQ": ("عراقي", "Iraqi", "irakien", "irakienne"),
    "IR": ("إيراني", "Iranian", "iranien", "iranienne"),
    "IS": ("آيسلندي", "Icelandic", "islandais", "islandaise"),
    "IT": ("إيطالي", "Italian", "italien", "italienne"),
    "JO": ("أردني", "Jordanian", "jordanien", "jordanienne"),
    "JP": ("ياباني", "Japanese", "japonais", "japonaise"),
    "KE": ("كيني", "Kenyan", "kényan", "kényane"),
    "KW": ("كويتي", "Kuwaiti", "koweïtien", "koweïtienne"),
    "KZ": ("كازاخستاني", "Kazakh", "kazakh", "kazakhe"),
    "LB": ("لبناني", "Lebanese", "libanais", "libanaise"),
    "LR": ("ليبيري", "Liberian", "libérien", "libérienne"),
    "LY": ("ليبي", "Libyan", "libyen", "libyenne"),
    "MA": ("مغربي", "Moroccan", "marocain", "marocaine"),
    "MG": ("مدغشقري", "Malagasy", "malgache", "malgache"),
    "ML": ("مالي", "Malian", "malien", "malienne"),
    "MR": ("موريتاني", "Mauritanian", "mauritanien", "mauritanienne"),
    "MT": ("مالطي", "Maltese", "maltais", "maltaise"),
    "MX": ("مكسيكي", "Mexican", "mexicain", "mexicaine"),
    "MY": ("ماليزي", "Malaysian", "malaisien", "malaisienne"),
    "MZ": ("موزمبيقي", "Mozambican", "mozambicain", "mozambicaine"),
    "NE": ("نيجري", "Nigerien", "nigérien", "nigérienne"),
    "NG": ("نيجيري", "Nigerian", "nigérian", "nigériane"),
    "NL": ("هولندي", "Dutch", "néerlandais", "néerlandaise"),
    "NO": ("نرويجي", "Norwegian", "norvégien", "norvégienne"),
    "NP": ("نيبالي", "Nepalese", "népalais", "népalaise"),
    "PH": ("فلبيني", "Filipino", "philippin", "philippine"),
    "PK": ("باكستاني", "Pakistani", "pakistanais", "pakistanaise"),
    "PL": ("بولندي", "Polish", "polonais", "polonaise"),
    "PS": ("فلسطيني", "Palestinian", "palestinien", "palestinienne"),
    "PT": ("برتغالي", "Portuguese", "portugais", "portugaise"),
    "QA": ("قطري", "Qatari", "qatari", "qatarie"),
    "RS": ("صربي", "Serbian", "serbe", "serbe"),
    "RU": ("روسي", "Russian", "russe", "russe"),
    "RW": ("رواندي", "Rwandan", "rwandais", "rwandaise"),
    "SA": ("سعودي", "Saudi", "saoudien", "saoudienne"),
    "SD": ("سوداني", "Sudanese", "soudanais", "soudanaise"),
    "SE": ("سويدي", "Swedish", "suédois", "suédoise"),
    "SN": ("سنغالي", "Senegalese", "sénégalais", "sénégalaise"),
    "SO": ("صومالي", "Somali", "somalien", "somalienne"),
    "SY": ("سوري", "Syrian", "syrien", "syrienne"),
    "TD": ("تشادي", "Chadian", "tchadien", "tchadienne"),
    "TG": ("توغولي", "Togolese", "togolais", "togolaise"),
    "TH": ("تايلاندي", "Thai", "thaïlandais", "thaïlandaise"),
    "TN": ("تونسي", "Tunisian", "tunisien", "tunisienne"),
    "TR": ("تركي", "Turkish", "turc", "turque"),
    "TZ": ("تنزاني", "Tanzanian", "tanzanien", "tanzanienne"),
    "UA": ("أوكراني", "Ukrainian", "ukrainien", "ukrainienne"),
    "UG": ("أوغندي", "Ugandan", "ougandais", "ougandaise"),
    "US": ("أمريكي|أميركي", "American", "américain", "américaine"),
    "UZ": ("أوزبكي", "Uzbek", "ouzbek", "ouzbèke"),
    "VE": ("فنزويلي", "Venezuelan", "vénézuélien", "vénézuélienne"),
    "VN": ("فيتنامي", "Vietnamese", "vietnamien", "vietnamienne"),
    "YE": ("يمني", "Yemeni", "yéménite", "yéménite"),
    "ZM": ("زامبي", "Zambian", "zambien", "zambienne"),
    "002": ("أفريقي|إفريقي", "African", "africain", "africaine"),
    "142": ("آسيوي", "Asian", "asiatique", "asiatique"),
}

# Spellings of the months (by number) that none of CLDR's Arabic locales has.
ARABIC_MONTH_SPELLINGS: dict[int, str] = {4: "إبريل", 6: "يونيه", 7: "يوليه", 8: "اغسطس", 10: "اكتوبر"}

# Hijri months, Muharram first: (Arabic, English, French).
HIJRI_MONTHS: tuple[tuple[str, str, str], ...] = (
    ("محرم|محرم الحرام", "Muharram", "mouharram"),
    ("صفر", "Safar", "safar"),
    ("ربيع الأول", "Rabi I", "rabia al awal"),
    ("ربيع الثاني|ربيع الآخر", "Rabi II", "rabia ath-thani"),
    ("جمادى الأولى", "Jumada I", "joumada al oula"),
    ("جمادى الآخرة|جمادى الثانية", "Jumada II", "joumada ath-thania"),
    ("رجب", "Rajab", "rajab"),
    ("شعبان", "Shaban", "chaabane"),
    ("رمضان", "Ramadan", "ramadan"),
    ("شوال", "Shawwal", "chawwal"),
    ("ذو القعدة|ذي القعدة", "Dhu al-Qidah", "dhou al-qida"),
    ("ذو الحجة|ذي الحجة", "Dhu al-Hijjah", "dhou al-hijja"),
)

# Cities and lands CLDR's territories lack, whose name differs between languages: (Arabic, English, French).
PLACES: tuple[tuple[str, str, str], ...] = (
    ("إنجلترا|انكلترا|إنكلترا", "England", "Angleterre"),
    ("اسكتلندا|إسكتلندا|أسكتلندا", "Scotland", "Écosse"),
    ("ويلز", "Wales", "pays de Galles"),
    ("كوريا", "Korea", "Corée"),
    ("الجزائر العاصمة|مدينة الجزائر", "Algiers", "Alger"),
    ("القاهرة", "Cairo", "Le Caire|Caire"),
    ("الإسكندرية", "Alexandria", "Alexandrie"),
    ("دمشق", "Damascus", "Damas"),
    ("حلب", "Aleppo", "Alep"),
    ("القدس", "Jerusalem", "Jérusalem"),
    ("بيت لحم", "Bethlehem", "Bethléem"),
    ("الخليل", "Hebron", "Hébron"),
    ("نابلس", "Nablus", "Naplouse"),
    ("غزة|قطاع غزة", "Gaza|Gaza Strip", "Gaza|bande de Gaza"),
    ("مكة|مكة المكرمة", "Mecca", "La Mecque|Mecque"),
    ("المدينة المنورة", "Medina", "Médine"),
    ("الدار البيضاء", "Casablanca", "Casablanca"),
    ("طنجة", "Tangier", "Tanger"),
    ("وهران", "Oran", "Oran"),
    ("طرابلس", "Tripoli", "Tripoli"),
    ("تمبكتو|تومبوكتو|تنبكتو", "Timbuktu", "Tombouctou"),
    ("صنعاء", "Sanaa|Sana'a", "Sanaa"),
    ("البصرة", "Basra", "Bassora"),
    ("الموصل", "Mosul", "Mossoul"),
    ("إسطنبول|اسطنبول", "Istanbul", "Istanbul"),
    ("القسطنطينية", "Constantinople", "Constantinople"),
    ("أثينا", "Athens", "Athènes"),
    ("البندقية", "Venice", "Venise"),
    ("فيينا", "Vienna", "Vienne"),
    ("لندن", "London", "Londres"),
    ("بكين", "Beijing", "Pékin"),
    ("لاهاي", "The Hague|Hague", "La Haye|Haye"),
    ("جنيف", "Geneva", "Genève"),
    ("بروكسل", "Brussels", "Bruxelles"),
    ("واشنطن", "Washington", "Washington"),
    ("باريس", "Paris", "Paris"),
    ("موسكو", "Moscow", "Moscou"),
    ("برلين", "Berlin", "Berlin"),
    ("مدريد", "Madrid", "Madrid"),
    ("لشبونة", "Lisbon", "Lisbonne"),
    ("المغرب العربي", "Maghreb", "Maghreb"),
    ("الخليج العربي", "Persian Gulf|Arabian Gulf", "golfe Persique|golfe Arabique"),
    ("البحر المتوسط|البحر الأبيض المتوسط", "Mediterranean|Mediterranean Sea", "Méditerranée"),
    ("البحر الأحمر", "Red Sea", "mer Rouge"),
    ("المحيط الهادئ|المحيط الهادي", "Pacific|Pacific Ocean", "Pacifique|océan Pacifique"),
    ("المحيط الأطلسي", "Atlantic|Atlantic Ocean", "Atlantique|océan Atlantique"),
    ("المحيط الهندي", "Indian Ocean", "océan Indien"),
    ("قناة السويس", "Suez Canal", "canal de Suez"),
    ("النيل|نهر النيل", "Nile", "Nil"),
    ("تنظيم القاعدة", "Al-Qaeda|al-Qaida|Al Qaeda", "Al-Qaïda|Al-Qaida|Al Qaïda"),
)

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
