"""How something else than a fact is asked for, by language: the tables behind :mod:`rag.answering.wishes`."""

from __future__ import annotations

from rag.languages.language import Wishes

ARABIC = Wishes(
    greets="مرحبا|أهلا|أهلا وسهلا|السلام عليكم|صباح الخير|مساء الخير|شكرا|شكرا جزيلا|شكرا لك|مع السلامة|حسنا",
    helps=r"(?:ال)?مساعده|ساعدني|ماذا (?:يمكنني|يمكننا|استطيع|تستطيع|يمكنك|تعرف)(?: \w+){0,4}"
    r"|(?:عم|عما) (?:يمكنني|استطيع) ان اسال(?: \w+){0,3}|من انت|ما انت|كيف (?:تعمل|يعمل هذا)",
    speaks=(
        r"(?:(?:اجب|اجيبي|قل|قلها|اكتب|ترجم|ترجمها|ترجمه)(?: \w+){0,2} )?(?:ب|ال[يى] )(?:اللغه )?(?P<language>\w+)"
        r"(?: (?:من فضلك|لو سمحت|رجاء))?",
    ),
    lists=(
        r"(?:ما|اي|ما هي)(?: هي)? (?:ال)?(?:مقال|مقالات|اخبار|تقارير|نصوص)(?: التي| الذي)?"
        r" (?:تتحدث|تتكلم|تتناول|تذكر|تخص|يتحدث|يتناول|يذكر)(?: عن)? (.+)",
        r"(?:اعرض|اذكر|هات|اعطني)(?: لي)?(?: كل)? (?:ال)?(?:مقالات|اخبار|تقارير) (?:عن|حول|التي تتحدث عن) (.+)",
    ),
    more=r"(?:(?:اخبرني|حدثني|اعطني|اريد|هات|قل لي) )?(?:(?:ال)?مزيد\w*|اكثر)(?: من (?:ال)?(?:تفاصيل|معلومات))?"
    r"(?: عن (?:ذلك|هذا))?(?: من فضلك)?|اكمل\w*|تابع|واصل|ماذا ايضا|وماذا ايضا",
    newest=r"(?:ما (?:هي |هو )?|اعرض(?: لي)? |هات )?(?:اخر|احدث) (?:ال)?(?:اخبار|مقالات|تقارير|مستجدات|خبر|مقال|تقرير)"
    r"|ما (?:ال)?جديد(?:كم)?|(?:ال)?اخبار|(?:اعرض|اذكر|هات)(?: لي)? (?:كل |جميع )?المقالات"
    r"|ماذا (?:حدث|جري|حصل|يحدث|يجري)(?: (?:اليوم|امس|موخرا|(?:في |خلال )?(?:هذا |هذه )?(?:ال)?"
    r"(?:اسبوع|شهر|سنه|عام|ايام)(?: (?:ال)?(?:ماضي|ماضيه|اخير|اخيره))?))?",
    tells=(
        r"(?:حدثني|حدثنا|اخبرني|اخبرنا|كلمني|احكي? لي|قل لي)(?: المزيد| اكثر| شييا)? (?:عن|حول) (.+)",
        r"ما(?:ذا)? (?:تعرف\w*|نعرف\w*|تقول|قيل|يقال|ورد|كتب|ذكر)(?: (?:ال)?(?:مقالات|اخبار|تقارير))? (?:عن|حول) (.+)",
        r"(?:(?:اعطني|هات|اريد) )?(?:بعض )?(?:ال)?(?:معلومات|تفاصيل|حقايق|مستجدات) (?:عن|حول) (.+)",
    ),
    summarises=(
        r"(?:لخص|لخصي|لخصوا|اختصر|اوجز|ملخص|خلاصه)(?: لي)?(?: (?:ال)?(?:مقال|مقاله|مقالات|خبر|تقرير|موضوع))?"
        r"(?: عن| حول)? (.+)",
    ),
    compares=(
        r"قارن(?:ي|وا)? بين (.+?) و(.+)",
        r".*\b(?:ال)?فرق بين (.+?) و(.+)",
        r"(?:ايهما|ايها|اي منهما)\b[^،,]*[،,:] ?(.+?) ا[مو] (.+)",
    ),
)
_STORIES = r"(?:articles?|stor(?:y|ies)|reports?|documents?|texts?)"
ENGLISH = Wishes(
    greets="hello|hello there|hi|hi there|hey|good morning|good afternoon|good evening|thanks|thank you|thanks a lot|"
    "thank you very much|bye|goodbye|ok|okay|great",
    helps=r"help(?: me)?|(?:what|how) can (?:i|you|we) (?:\w+ ){0,3}(?:ask|do|help|know|find)(?: \w+){0,3}"
    r"|what (?:do you|are you able to) (?:know|do)|who are you|what are you|how does (?:this|it) work",
    speaks=(
        r"(?:please )?(?:(?:answer|say|write|reply|repeat|tell|translate)(?: (?:me|it|that|this)){0,2} )?"
        r"(?:in|into|to) (?P<language>\w+)(?: please)?",
    ),
    lists=(
        rf"(?:which|what) (?:are the |of the )?{_STORIES}\b.*?"
        r"\b(?:talk|speak|tell|write|report|mention|deal|discuss|cover|treat|are|is)\w*(?: about| of| on| with)? (.+)",
        rf"(?:list|show|give|find)(?: me)?(?: all| the| every)* {_STORIES}"
        r" (?:about|on|of|that mention|mentioning) (.+)",
        rf"(?:is|are) there (?:an |any )?{_STORIES} (?:about|on|that mention) (.+)",
    ),
    more=r"(?:(?:please |can you |could you )*(?:tell|show|give) (?:me|us) )?(?:some |a bit |any )?more"
    r"(?: details?| information| about (?:it|this|that))?(?: please)?|(?:please )?(?:continue|go on|elaborate)"
    r"|what else(?: do (?:you|they|the articles) (?:know|say))?|anything else",
    newest=r"what(?:'s| is| are)? (?:the )?(?:new|latest|newest|headlines)(?: news)?|news|headlines"
    rf"|(?:(?:show|give|tell|list)(?: me)? )?(?:the |all |your )*(?:most recent|latest|newest|recent|new)"
    rf" (?:news|headlines|{_STORIES})|(?:list|show)(?: me)? (?:the |all |your )*{_STORIES}"
    rf"|what {_STORIES} (?:do you have|are there|are here)|what(?:'s| is| has)?(?: been)? happen(?:ed|ing)"
    r"(?: (?:here|today|yesterday|recently|lately|now|(?:in |during )?(?:the )?(?:last|past|this)"
    r" (?:\w+ )?(?:days?|weeks?|months?|years?)))?",
    tells=(
        r"(?:please |can you |could you )*tell (?:me|us) (?:more |something |everything |all )*about (.+)",
        rf"what (?:do|can|is|have)(?: you| the| these| they| your| {_STORIES}| been)* (?:know|known|say|said|tell|"
        r"told|report|reported|written)(?: (?:me|us))? about (.+)",
        r"(?:please |can you |could you )*(?:(?:give|show)(?: me| us)? |i (?:want|need) |what(?:'s| is| are) )?"
        r"(?:the |some |any |more |latest |\d+ )*(?:facts|info(?:rmation)?|details|news|updates) (?:about|on|of) (.+)",
    ),
    summarises=(
        r"(?:please |can you |could you )*(?:summari[sz]e|sum up|(?:give (?:me )?)?(?:a |the )?summary of)"
        rf"(?: (?:the|this|all))*(?: {_STORIES})?(?: (?:about|on|of))? ?(.+)",
    ),
    compares=(
        r"compare (.+?) (?:and|with|to) (.+)",
        r".*\bdifferences? between (.+?) and (.+)",
        r"(?:which|who|what)\b[^,]*, (.+?),? or (.+)",
    ),
)
_RECITS = r"(?:articles?|textes?|documents?|depeches?|reportages?)"
FRENCH = Wishes(
    greets="bonjour|bonsoir|salut|coucou|merci|merci beaucoup|au revoir|d'accord",
    helps=r"aide(?:-moi)?|a l'aide|que (?:puis-je|peut-on|pouvons-nous) (?:\w+ ){0,3}(?:demander|faire|savoir|chercher)"
    r"|que (?:peux-tu|pouvez-vous|sais-tu|savez-vous)(?: \w+){0,3}|qui (?:es-tu|etes-vous)|comment ca marche",
    speaks=(
        r"(?:(?:reponds|repondez|dis|dites|ecris|traduis|traduisez)(?:-le|-moi|-nous)* )?(?:en|vers) (?:l')?"
        r"(?P<language>\w+)(?:,? s'il (?:te|vous) plait)?",
    ),
    lists=(
        rf"quels? (?:sont les )?{_RECITS}\b.*?\b(?:parle|traite|mentionne|evoque|porte|concerne)\w*"
        r"(?: de la| de l'| des| du| de| d'| sur les| sur la| sur le| sur)? ?(.+)",
        rf"(?:liste|montre|donne|trouve)\w*(?:-moi)? (?:les |tous les )*{_RECITS}"
        r" (?:sur|qui parlent de|a propos de) (.+)",
    ),
    more=r"(?:(?:dis|dites|donne|donnez)(?:-m'en|-nous-en|-moi|-nous)? )?(?:plus|davantage)"
    r"(?: de (?:details?|precisions?))?(?: (?:sur|a) (?:cela|ca|ce sujet))?|continuez?|encore|quoi d'autre|et encore",
    newest=rf"quoi de (?:neuf|nouveau)|(?:quell?e?s? sont |(?:montre|donne|liste)\w*(?:-moi)? )?(?:tou(?:te)?s )?"
    rf"(?:les |des |l')?(?:(?:dernieres|recentes|nouvelles) (?:nouvelles|actualites|infos)|actualites?|nouveautes"
    rf"|(?:derniers|nouveaux) {_RECITS})|(?:montre|donne|liste)\w*(?:-moi)? (?:tous )?les {_RECITS}"
    r"|qu'est[- ]ce qui s(?:'est|e) passe(?: (?:aujourd'hui|hier|recemment|(?:la|le|cette|ce|ces) (?:\w+ )?"
    r"(?:semaine|mois|annee|jours)(?: (?:derniere?|passee?))?))?",
    tells=(
        r"(?:(?:peux-tu|pouvez-vous) (?:me |nous )?)?parle[rz]?(?:-moi|-nous)? d(?:e la |e l'|es |u |e |')(.+)",
        rf"que (?:sais-tu|savez-vous|sait-on|dit-on|disent|racontent)(?: (?:les|ces|tes|vos) {_RECITS})?"
        r" (?:sur|de|du|des|d'|au sujet d[eu]|a propos d[eu])(?: (?:la|le|les|l'))* ?(.+)",
        r"(?:donne[rz]?(?:-moi|-nous)? )?(?:des |les |plus d'|quelques )*(?:informations?|infos?|details|nouvelles)"
        r" (?:sur|de|du|des|a propos d[eu])(?: (?:la|le|les|l'))* ?(.+)",
    ),
    summarises=(
        r"(?:resume[rz]?|(?:fais|donne)(?:-moi)? un resume|un resume)(?:-moi)?(?: (?:de|des|du|les?|l'))*"
        rf" ?(?:{_RECITS})?(?: (?:sur|de|du|des))* ?(.+)",
    ),
    compares=(
        r"compare[rz]? (.+?) (?:et|avec|a) (.+)",
        r".*\bdifferences? entre (.+?) et (.+)",
        r"(?:lequel|laquelle|qui|quel\w*)\b[^,]*, (.+?),? ou (.+)",
    ),
)
