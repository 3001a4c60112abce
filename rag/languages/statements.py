"""What questions ask for, and what sentences measure, tell and deny, by language."""

from __future__ import annotations

import re

from rag.languages.language import Statements, table

ARABIC = Statements(
    cites="المقاطع|المقطع|مقطع|للمقطع|المصادر|المصدر|مصدر|للمصدر|المقالة|المقال|مقال|للمقال|الوثيقة|وثيقة|المستند|مستند",
    leads="انظر|وفقا|وفقا ل|وفقا لـ|وفقًا|وفقًا ل|وفقًا لـ|وفقاً|وفقاً ل|وفقاً لـ|وفق|بحسب|حسب|كما ورد في|كما جاء في",
    asks={
        "country": r"\b(ما|اي|اية|من)\b.{0,12}(دوله|دول|بلدان|بلد)\b",
        "language": r"\b(ما|اي|باي)\b.{0,12}(لغه|لغات)",
        "time": r"\bمتي\b|\b(اي|ما)\b.{0,8}(عام|سنه|شهر|يوم|تاريخ|قرن)\b",
        "number": r"\b(كم|بكم)\b|\bما\b.{0,8}(عدد|نسبه)\b",
    },
    asks_name=r"^\W*(من|مع من|اين|الي اين)\b|\bاسم\b",
    asks_city=r"\b(اي|ايه|ما|ما هي) (ال)?(مدينه|بلده|قريه|مدن)\b",
    asks_several=r"دول\b|بلدان|لغات",
    counts=r"\bكم عدد\b|\b(ما|بلغ) عدد\b|\bكم (?!قيمه|ميزاني|ثروه|[يت]?كلف)\w+[اه]\b",
    measures=table(
        r"depth عمق\w*|عميق\w*; height ارتفاع\w*|علو\w*; length طول|طوله\w*; width عرض|عرضه\w*|قطره\w*;"
        r"distance مسافه|[يت]بعد; age عمر|عمره\w*; area مساح(ه|ته|تها); mass وزن|وزنه\w*|كتل(ه|ته|تها)|[يت]زن;"
        r"speed سرع(ه|ته|تها); temperature حرار(ه|ته|تها); price سعر\w*|ثمن|ثمنه\w*|تكلف(ه|ته|تها)|كلف\w*|[يت]كلف;"
        r"capacity سع(ه|ته|تها)"
    ),
    events=table(
        r"birth ولد(ت|وا)?|[يت]ولد|مولد\w*|ولاد[هت]\w*|مواليد;"
        r"death توفي(ت)?|مات(ت|وا)?|وفا[هت]\w*|قتل(ت|وا)?|مقتل\w*|مصرع\w*; opening افتت\w+|فتح(ت)?|تدشين\w*|دشن\w*;"
        r"closing اغل[اق]\w*; beginning بدا(ت|وا)?|[يت]بدا|انطلق\w*|اندلع\w*|نشب(ت)?;"
        r"ending انته(ي|ت|وا)|[يت]نتهي|توقف\w*|اختتم\w*; joining [اين]نضم\w*|[يت]نضم|انضمام\w*;"
        r"leaving انسحب\w*|انسحاب\w*|[يت]نسحب|غادر\w*;"
        r"rise ارتف\w+|[يت]رتفع|زياد[هت]\w*|ازداد\w*|نمو\w*|نما;"
        r"fall انخفض\w*|انخفاض\w*|[يت]نخفض|تراجع\w*|هبط\w*|هبوط\w*;"
        r"appointment عين(ت|وا)?|تعيين\w*|انتخب\w*|انتخاب(ا|ه|ها); resignation استقال\w*|اقال(ه|ته|تها)|اقيل\w*|عزل\w*;"
        r"arrest اعتق\w+|احتج[از]\w+|سجن\w*|اختط\w+|خطف\w*; release افرج\w*|افراج\w*|اطلق سراح\w*;"
        r"wedding تزوج\w*|زواج\w*; divorce طلق\w*|طلاق\w*; signing اعتم[اد]\w*|وقع(ت|وا)?|توقيع\w*;"
        r"force حيز \w+|سريان\w*"
    ),
    denies=re.compile(r"\b[وف]?(?:لم|لن|ليس|ليست|ليسوا)\b"),
    negates=re.compile(r"\b[وف]?(?:لا(?! [يتن]زال)|لم|لن|ليس\w*)\b(?!.*\b(?:إلا|سوى|منذ|قبل)\b)"),
    may_deny=re.compile(
        r"\b[وف]?(?:لا|لم|لن|ليس\w*|لست|ما|إلا|كلا|أبدا|دون|بدون|غير|عدم|بلا|بعدم|لعدم|انعدام|سوى|قبل|مستحيل|بدلا"
        r"|نف[ىتي]\w*|[يت]?رفض\w*|فشل\w*|[يت]?منع\w*|(?:ال)?ممنوع\w*|محظور\w*|غاب\w*|[يت]غيب\w*|غائب\w*"
        r"|تجنب\w*|تفاد\w*|حظر\w*)\b"
    ),
    refers=re.compile(  # "and who", "he", "this"; and pronouns written onto a word, as "its height"
        r"^\W*[وف](?:من|متى|ما|ماذا|بكم|كم|كيف|[أا]ين|لماذا|لم|هل|[أا]ي|[إا]لى|في|عن|مع)\b"
        r"|\b(?:هو|هي|هما?|هذ[هاي]ن?|ذلك|تلك|هناك|هنالك|هؤلاء|[بل]ه)\b|\b\w{2,}(?:ها?|هما?)\b"
    ),
)
_DENIES = re.compile(r"\b(?:not|never|nobody|nothing|neither|cannot|no(?!\.?\s*\d))\b|n['’]t\b", re.IGNORECASE)
ENGLISH = Statements(
    cites="passages|passage|sources|source|articles|article|documents|document|docs|doc|references|reference|refs|ref|"
    "excerpts|excerpt|citations|citation",
    leads="according to|according to the|as stated in|as reported in|as mentioned in|as described in|as noted in|"
    "as per|based on|per|see",
    asks={
        "country": r"\b(which|what)\b.{0,30}\b(countr(y|ies)|nations?|states)\b",
        "language": r"\b(which|what)\b.{0,20}\blanguages?\b",
        "time": r"\bwhen\b|\b(which|what)\b.{0,12}\b(year|date|month|day|century|decade)\b",
        "number": r"\bhow (many|much|old|tall|far|long|large|big|high|wide|deep)\b"
        r"|\bwhat\b.{0,20}\b(number|percent(age)?|population|share|amount)\b",
    },
    asks_name=r"\b(who|whom|whose|where)\b|\bnames? of\b|\b(which|what)\b.{0,25}\b(cit(y|ies)|count(y|ies)"
    r"|(town|village|place|street|river|lake|island|port|province|region|state|player|actor|actress|singer|poet|writer"
    r"|author|king|queen|president|minister|leader|general|company|brand|newspaper|film|scholar|scientist|doctor|coach|researcher|inventor"
    r"|explorer|artist|band|team|club|founder|philosopher|emperor|person|man|woman)s?)\b|\b(named|called|known as)\b",
    asks_city=r"\b(which|what) (city|cities|towns?|villages?)\b",
    asks_several=r"\b(countries|nations|states|languages)\b",
    counts=r"\bhow many\b|\bnumber of\b",
    measures=table(
        "depth deep|depth|underground; height tall|height|altitude|elevation; length length|long;"
        "width wide|width|breadth|diameter; distance far|distance; age old|aged?; area area;"
        "mass heavy|weigh(s|ed|t)?|mass; speed fast|speed; temperature hot|cold|temperature; price costs?|price|worth;"
        "capacity capacity"
    ),
    events=table(
        r"birth born|births?|birthday; death die[sd]?|dead|deaths?|killed; opening open(s|ed|ing)?|inaugurat\w+;"
        r"closing clos(e[sd]?|ing|ure)|shut; beginning beg[aiu]n(s|ning)?|start(s|ed)?|broke out;"
        r"ending end(s|ed)?(?! of)|finish(es|ed)?|ceased?; joining join(s|ed)?;"
        r"leaving leave|left|withdr[ae]w(n|al)?|quit; rise r[io]se[ns]?|grew|grown|growth|increas(e[sd]?|ing);"
        r"fall f[ae]ll(s|en|ing)?|decreas\w+|declin\w+|drop(s|ped)?; appointment appoint\w*|elected;"
        r"resignation resign\w*|dismiss\w*|sacked; arrest arrest\w*|detained|jailed|kidnapped; release released?|freed;"
        r"wedding marr(y|ied|ies|iage); divorce divorc\w+; signing adopt(s|ed|ion)?|sign(s|ed|ing|ature)?;"
        r"force into (force|effect)|took effect"
    ),
    denies=_DENIES,
    negates=re.compile(rf"(?:{_DENIES.pattern})(?!.*\b(?:until|since|before|unless|but|only)\b)", re.IGNORECASE),
    may_deny=re.compile(
        rf"{_DENIES.pattern}|\b(?:without|nor\b|none|only|unless|den(?:y|ied|ies|ial)|refus|reject|fail|lack|miss"
        r"|absen|forbid|prohibit|prevent|avoid|stop|ban\b|bann|impossib|illegal|rarely|hardly|scarcely|barely|little|few\b|instead|rather|before"
        r"|un(?!i|der|til|ite|to\b|cle))",
        re.IGNORECASE,
    ),
    refers=re.compile(
        r"^\W*(?:and|but|so|also|then|(?:what|how) about)\b|\b(?:its?|he|him|his|she|hers?|they|them|theirs?"
        r"|th(?:is|at|ese|ose)|there|ones?|both|same|former|latter)\b",
        re.IGNORECASE,
    ),
)
FRENCH = Statements(
    cites="extraits|extrait|références|référence|documents|document",
    leads="selon|selon le|selon la|selon l’|selon l'|d’après|d'après|d’après le|d'après le|comme indiqué dans|voir|cf.",
    asks={
        "country": r"\bquel(le)?s?\b.{0,20}\b(pays|etats|nations?)\b",
        "language": r"\bquel(le)?s?\b.{0,20}\blangues?\b",
        "time": r"\bquand\b|\bquel(le)?s?\b.{0,12}\b(annee|date|mois|jour|siecle)\b",
        "number": r"\bcombien\b|\bquel(le)?s?\b.{0,20}\b(nombre|pourcentage|population|part|montant)\b",
    },
    asks_name=r"\bqui\b|^\W*((d'|par |vers |jusqu')?ou)\b|\bnoms? d|\bquel(le)?s?\b.{0,25}\b(ville|village|endroit|lieu"
    r"|rue|fleuve|lac|ile|port|province|region|comte|joueur|acteur|actrice|chanteur|poete|ecrivain|auteur|roi|reine|president"
    r"|ministre|chef|general|entreprise|marque|journal|film|savant|medecin|entraineur|chercheur"
    r"|inventeur|explorateur|artiste|groupe|equipe|club|fondateur|philosophe|empereur|personne|homme|femme)s?\b|\bappel",
    asks_city=r"\bquel(le)?s? (villes?|villages?|cites?)\b",
    asks_several=r"\b(quels\b.*\bpays|etats|nations|langues)\b",
    counts=r"\bcombien (de|d')|\bnombre d",
    measures=table(
        "depth profond(e|s|es|eur|eurs)?; height haut(e|s|es|eur|eurs)?|altitude; length long(s|ue|ues|ueur)?;"
        "width larg(e|es|eur)|diametre; distance distance; age age; area superficie|surface;"
        "mass poids|pes(e|ent|ait|aient)|masse; speed vitesse; temperature temperature; price cout(e|ent|ait|er)?|prix;"
        "capacity capacite|contenance"
    ),
    events=table(
        r"birth (est|etait|fut|sont) nee?s?|nee?s? (le \d+|a|au|en)|nee?s?(?=\W*$)|naiss\w+|naqui\w*;"  # "ne" denies
        r"death mort\w*|meur\w*|mour\w+|deced\w+|deces|tuee?s?;"
        r"opening r?ouv(ert\w*|r\w+)|inaugur\w+; closing ferm(e\w*|ait|a|ant)|cloture\w*;"
        r"beginning commenc\w+|debut(e\w*|a|ait)|eclat(e\w*|a); ending fini\w*|termin\w+|acheve\w*|cess\w+;"
        r"joining rejoi\w+|adher\w+; leaving quitt\w+|retir\w+|retrait;"
        r"rise augment\w+|hausse\w*|croissance|progress\w+; fall baiss\w+|diminu\w+|recul\w*|chut\w+;"
        r"appointment nommee?s?|elue?s?; resignation demission\w*|limog\w+;"
        r"arrest arret(e\w*|ation\w*)|emprisonn\w+|enlevee?s?; release liber(e\w*|ation)|relach\w+;"
        r"wedding epous\w+|mari(e\w*|age); divorce divorc\w+; signing adopt\w+|sign(e\w*|ature); force en vigueur"
    ),
    denies=re.compile(r"\b(?:ne\b|n['’]).{1,40}\b(?:pas|jamais|aucune?|rien|personne)\b", re.IGNORECASE),
    negates=re.compile(
        r"\b(?:ne\b|n['’]).{1,40}\b(?:pas|jamais|aucune?|rien|personne)\b(?!.*\b(?:depuis|avant|que|seulement)\b)",
        re.IGNORECASE,
    ),
    may_deny=re.compile(
        r"\bne\b|\bn['’]|\b(?:pas|jamais|aucun|rien|sans|ni\b|non|refus|rejet|échou|échec|nie|démen|manqu|impossib"
        r"|incapab|inconnu|ignor|absen|insuffis|interdi|invain|empêch|évit|seul|avant|plutôt)",
        re.IGNORECASE,
    ),
    refers=re.compile(  # not "a-t-il", which repeats the subject of its own question
        r"^\W*(?:et|mais|alors|donc|puis)\b|(?<!-)\b(?:ils?|elles?|lui|leurs?|eux|son|sa|ses|ce|cet|cette|ces|ceci|cela|ça"
        r"|celui|celles?|ceux|y|en|là-bas)\b",
        re.IGNORECASE,
    ),
)
