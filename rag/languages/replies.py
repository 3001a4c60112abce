"""What questions want to be told, and by which words an answer tells it where it has no number: by language.

All patterns are of folded text. A question that none of them finds is taken to want nothing in particular.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Replies:
    """opens: how a question begins that yes or no does not answer, as ``what`` where it names a kind of thing.

    amount, time: how one is asked for.

    tells_amount, tells_time: words that stand for one. before_year: what a year follows in a sentence, so that it is
    no count. either: between the things that a question lets choose from. yes_no: what an answer may begin with; these
    two patterns are of text as it is written.
    """

    opens: str = ""
    amount: str = ""
    time: str = ""
    tells_amount: str = ""
    tells_time: str = ""
    before_year: str = ""
    either: str = ""
    yes_no: str = ""


NOTHING = Replies()
ENGLISH = Replies(
    opens=r"\W*(?:(?:and|but|so|then|in|on|at|by|to|from|for|of|with|since|until|during|about|under|after|before"
    r"|around|the|through|into|over)\W+){0,2}(?:who|whom|whose|(?P<what>what|which)|when|where|why|how)\b",
    amount=r"\bhow (?:many|much|old|tall|far|long|large|big|high|wide|deep|heavy|fast|hot|cold|thick"
    r"|often)\b(?! (?:was|is) (?:the )?(?:role|impact|influence))|\b(?:what(?: is|s| was| were"
    r"| are) (?:the )?(?:\w+ ){0,2}(?:area|age|population|price|cost|speed|number)|(?:what(?: is|s| was| were"
    r"| are)? (?:the )?(?:\w+ ){0,2}|which )(?:percentage|length|height|depth|width|distance|weight|temperature"
    r"|capacity|diameter|altitude))(?=\W*$| (?:of|in|per|at|between|do|does|did|is it|was it)\b)",
    time=r"\bwhen(?:s| (?:exactly |else )?(?:did|do|does|was|is|were|are|will|would|has|have|had|can|could|should|may"
    r"|might|must))\b|\bwhen\W*$|\b(?:which|what) (?:exact )?(?:year|date|month|day|century|decade)\b|\bwhat (?:is"
    r"|was) the (?:exact )?(?:year|date) (?:of|when|in)\b",
    tells_amount=r"\b(?:all|none|nobody|nothing|no one|few|fewer|several|many|(?<!the )most|both|half|(?:a|one"
    r"|two) thirds?|(?:a|one|three) quarters?|dozens?|couple|pair|once|twice|thrice|double|triple|single|every|each"
    r"|everyone|always|never|yearly|monthly|weekly|daily|annually|hourly|an? (?:year|month|week|day|hour|minute"
    r"|second|century|decade|kilomet\w+|met(?:re|er)|mile|ton|tonne|litre|liter|dollar|euro|hundred|thousand|million"
    r"|billion)|free|countless|unlimited|zero|millennium|generations?|lifetime|until|throughout|centur(?:y|ies)"
    r"|rarely|seldom|often|usually|frequently|majority|minority|unmanned|without|fully|partly|little)\b",
    tells_time=r"\b(?:during|after|before|while|when|whenever|if|until|till|since|ago|later|soon|now|today|tonight"
    r"|yesterday|tomorrow|currently|still|once|upon|following|under|reign|era|age|ages|war|eve|anniversary|annually"
    r"|daily|always|spring|summer|autumn|winter|morning|evening|night|noon|midnight|ramadan|easter|christmas"
    r"|antiquity|prehistor\w+|last|next|every|early|recently|centur(?:y|ies)|decades?|years?|months?|weeks?|\w*days?"
    r"|hours?|times)\b",
    before_year=r"\b(?:in|since|until|from|by|of|to|year|before|after|and|between|during|around|early|late|till)\s*\Z",
    either=r"\b(?:or|among|between|(?:which|who|what) of)\b|,",
    yes_no=r"yes|no|indeed",
)
FRENCH = Replies(
    opens=r"\W*(?:(?:et|mais|alors|donc|a|en|dans|sur|par|pour|de|avec|depuis|jusqu|vers|sous|chez|apres|avant"
    r"|d)\W+){0,2}(?:qui|que|qu|quoi|quand|ou|pourquoi|comment|combien|(?P<what>quel(?:le)?s?)|lequel|laquelle"
    r"|lesquels|lesquelles)\b",
    amount=r"\bcombien\b|\bquel(?:le)?s? (?:(?:est|etait|fut|sont|etaient|a ete) (?:l[ae] |l\W ?|les )"
    r"|)(?:\w+ )??(?:nombre|pourcentage|population|montant|longueur|hauteur|profondeur|largeur|distance|age"
    r"|superficie|poids|vitesse|temperature|cout|capacite|diametre|altitude|duree)\b|\bquel(?:le)? (?:est"
    r"|etait) le prix d",
    time=r"\bquand\b|\b(?:quel(?:le)?s?) (?:annee|date|mois|jour|siecle|decennie|epoque)\b|\bquelle (?:est|etait"
    r"|fut) la date\b",
    tells_amount=r"\b(?:tous|toutes|aucune?|personne|rien|peu|plusieurs|beaucoup|nombreu\w+|plupart|deux|moitie|tiers"
    r"|quart|(?:dizaine|douzaine|quinzaine|vingtaine|trentaine|quarantaine|cinquantaine|soixantaine|centaine|millier"
    r"|million|milliard)s?|double|triple|chaque|toujours|jamais|gratuit\w*|une? (?:an|annee|mois|semaine|jour|heure"
    r"|minute|seconde|siecle|decennie|kilometre|metre|tonne|litre|dollar|euro)|couple|paire|innombrables?"
    r"|generations?|siecles?|jusqu|rarement|souvent|majorite|minorite|sans)\b",
    tells_time=r"\b(?:pendant|durant|apres|avant|lorsque?|lors|quand|si|jusqu|depuis|plus tard|bientot|maintenant"
    r"|aujourd|hier|demain|actuellement|encore|sous|regne|ere|age|guerre|veille|anniversaire|toujours|printemps"
    r"|automne|hiver|matin|soir|nuit|midi|minuit|ramadan|paques|noel|antiquite|dernier|derniere|prochaine?|chaque"
    r"|recemment|siecles?|decennies?|ans?|annees?|mois|semaines?|jours?|heures?|epoque|il y a)\b",
    before_year=r"\b(?:en|depuis|jusqu\W?en|de|d|a|annee|avant|apres|et|entre|durant|vers|debut|fin|l)\W*\Z",
    either=r"\b(?:ou|parmi|entre|laquelle|lequel|lesquels|lesquelles)\b|,",
    yes_no=r"oui|non|si",
)
ARABIC = Replies(
    opens=r"\W*(?:[وف]?(?:في|من|الي|علي|منذ|حتي|عن|مع)\W+){0,1}[وف]?(?:من|(?P<what>ما|[بلك]?اي|ايه)|ماذا|متي|اين|كم"
    r"|بكم|كيف|لماذا|لم|مم|عم|لمن|بم|مما|عما|ممن)\b",
    amount=r"\b[وف]?ب?كم\b|\bما(?: هو| هي| كان| كانت)? (?:(?:متوسط|اجمالي|اقصي|معدل|حجم|مقدار|درجه) )?(?:ال)?(?:عدد"
    r"|نسبه|طول|ارتفاع|عمق|عرض|مسافه|عمر|مساحه|وزن|سرعه|حراره|سعر|ثمن|تكلفه|سعه|قطر|علو|مده|قيمه)\b",
    time=r"\b[وف]?متي\b|\b(?:اي|ما) (?:عام|سنه|شهر|يوم|تاريخ|قرن)\b|\bما(?: هو| هي) تاريخ\b",
    tells_amount=r"\b[وفبل]?(?:ال)?(?:كل|جميع|لا|لم|لن|ليس\w*|شيء|قليل\w*|عده|عديد\w*|كثير\w*|معظم|كلا|كلتا|نصف|ثلث"
    r"|ربع|ثلثا|ثلثي|عشرات|مئات|الاف|ملايين|مليارات|مره|مرات|مرتين|مرتان|ضعف|اضعاف|مجان\w*|بضع\w*|صفر|دائما|ابدا"
    r"|واحد\w*|اجيال|غالبيه|اغلب\w*|غالبا|نادرا|دون|بدون|حتي|قرن|قرون|عقود|سنوات|سنين|اشهر|اسابيع|ايام|ساعات)\b"
    r"|(?<!في )(?<!منذ )\b[وب]?(?:سنه|عام|شهر|اسبوع|يوم|ساعه|دقيقه|ثانيه|قرن|عقد|كيلومتر|متر|طن|ميل|دولار"
    r"|يورو)\b(?! (?:\d|ال))",
    tells_time=r"\b[وفبلك]?(?:ال)?(?:خلال|بعد\w*|قبل\w*|عندما|حين|حينما|اثناء|منذ|حتي|لاحقا|قريبا|الان|حاليا|اليوم"
    r"|امس|غدا|عصر|عهد|زمن|حرب|عشيه|ذكري|دائما|ربيع|صيف|خريف|شتاء|صباح|مساء|ليل\w*|ظهر|رمضان|عيد|عام\w*|سنه|سنوات"
    r"|سنين|سنويا|قرن\w*|قرون|عقد|عقود|شهر\w*|اشهر|اسبوع\w*|اسابيع|يوم\w*|ايام|ساع\w*|ماض\w*|مقبل\w*|قادم\w*|اواخر"
    r"|اوائل|مطلع|لا|لم|لن|ليس\w*|اذا|عند|ابان|اعقاب|عقب|ايام|موسم|فجر|كل|لما|كلما|سن|مبكر\w*)\b",
    before_year=r"\b[وفبل]?(?:عام|سنه|العام|السنه|في|منذ|حتي|قبل|بعد|بين|سنتي|عامي|و|الي|من|خلال|مطلع|اواخر)\W*\Z",
    either=r"\b(?:[أا][مو]|بين)\b|[,،]",
    yes_no=r"نعم|لا|كلا|بلى|أجل",
)
GERMAN = Replies(
    opens=r"\W*(?:(?:und|aber|in|im|an|am|auf|bei|mit|von|seit|bis|fur|durch|um|zu|aus|nach|vor|uber|unter|gegen"
    r"|ab)\W+){0,2}(?:wer|wen|wem|wessen|was|wann|wo|woher|wohin|warum|wieso|weshalb|wie|wieviele?"
    r"|(?P<what>welche[rsnm]?)|wo(?:mit|durch|fur|von|ran|rin|rauf)|worum)\b",
    amount=r"\bwie ?viele?\b|\bwie (?:lang|lange|hoch|tief|breit|weit|alt|schwer|schnell|gross|teuer|heiss|kalt|oft"
    r"|warm|dick)\b|\bwas (?:kostet|kostete|wiegt|wog)\b|\b(?:welche[rsnm]?|wie (?:ist|war)|was (?:ist"
    r"|war)) (?:(?:die|der|das) )?(?:anzahl|lange|hohe|tiefe|breite|flache|geschwindigkeit|temperatur|kapazitat"
    r"|gewicht|entfernung)\b",
    time=r"\bwann\b|\bwelche[srnm]? (?:jahr|datum|monat|tag|jahrhundert|jahrzehnt)\b",
    tells_amount=r"\b(?:alle|allen|keine?[rnms]?|niemand|nichts|wenige?n?|einige|mehrere|viele|meisten|beide|halfte"
    r"|halbe?[rns]?|drittel|viertel|dutzende?|hunderte?|tausende?|millionen|milliarden|einmal|zweimal|dreimal"
    r"|doppelt\w*|jede[rsnm]?|immer|nie|niemals|taglich|jahrlich|monatlich|wochentlich|zwei|drei|vier|funf|sechs"
    r"|sieben|acht|neun|zehn|elf|zwolf|\w*(?:zehn|zig|hundert|tausend)|null|kostenlos|paar|bis|mehrheit|minderheit"
    r"|selten|oft|haufig|ohne|generationen?|jahrhunderte)\b",
    tells_time=r"\b(?:wahrend|nach|nachdem|vor|bevor|als|wenn|falls|sobald|bis|seit|spater|bald|jetzt|heute|gestern"
    r"|morgen|derzeit|zeit|\w*krieg\w*|vorabend|jahrestag|immer|fruhling|sommer|herbst|winter|abend|nacht|mittag"
    r"|ramadan|ostern|weihnachten|antike|letzte\w*|nachste\w*|jede\w*|kurzlich|\w*jahr\w*|jahrzehnt\w*|monat\w*"
    r"|woche\w*|tag\w*|stunde\w*|mittelalter|nie|niemals|anfang|ende|mitte)\b",
    before_year=r"\b(?:in|im|seit|bis|von|ab|jahr|jahre|jahres|vor|nach|und|zwischen|um|anfang|ende|mitte|zum)\W*\Z",
    either=r"\b(?:oder|unter|zwischen|(?:wer|welche[rsnm]?) (?:von|der))\b|,",
    yes_no=r"ja|nein|doch",
)
SPANISH = Replies(
    opens=r"\W*(?:(?:y|pero|en|de|a|por|con|para|desde|hasta|sobre|bajo|segun|entre|durante)\W+){0,2}(?:(?P<what>que"
    r"|cual(?:es)?)|quien(?:es)?|cuando|donde|adonde|cuant[oa]s?|como)\b",
    amount=r"\bcuant[oa]s?\b|\b(?:que|cual (?:es|era|fue)) (?:el |la )?(?:\w+ )??(?:numero|porcentaje|poblacion"
    r"|longitud|altura|profundidad|anchura|distancia|edad|superficie|velocidad|temperatura|capacidad|coste|costo"
    r"|duracion|diametro)\b",
    time=r"\bcuando\b|\bque (?:ano|fecha|mes|dia|siglo|decada|epoca)\b|\bcual (?:es|fue|era) la fecha\b",
    tells_amount=r"\b(?:tod[oa]s?|ningun[oa]?|nadie|nada|poc[oa]s?|vari[oa]s|much[oa]s?|mayoria|amb[oa]s|mitad"
    r"|medi[oa]|tercio|cuarto|docenas?|decenas?|cientos|miles|millon(?:es)?|una vez|dos|tres|cuatro|cinco|seis|siete"
    r"|ocho|nueve|diez|once|doce|trece|catorce|quince|dieci\w+|veint\w+|treinta|cuarenta|cincuenta|sesenta|setenta"
    r"|ochenta|noventa|cien|ciento|mil|doble|triple|cada|siempre|nunca|jamas|gratis|cero|innumerables|generaciones"
    r"|siglos?|hasta|minoria|raramente|menudo|sin)\b",
    tells_time=r"\b(?:durante|tras|despues|antes|mientras|cuando|si|hasta|desde|mas tarde|pronto|ahora|hoy|ayer"
    r"|manana|actualmente|todavia|aun|reinado|edad|guerra|vispera|aniversario|siempre|primavera|verano|otono"
    r"|invierno|noche|tarde|mediodia|ramadan|pascua|navidad|antiguedad|pasad[oa]|proxim[oa]|cada|recientemente"
    r"|siglos?|decadas?|anos?|mes|meses|semanas?|dias?|horas?|epoca|nunca|hace|principios|finales|mediados)\b",
    before_year=r"\b(?:en|desde|hasta|de|del|ano|antes|despues|y|entre|durante|hacia|a|principios|finales)\W*\Z",
    either=r"\b(?:o|u|entre|(?:cual|cuál|quien|quién) de)\b|,",
    yes_no=r"s[ií]|no",
)
