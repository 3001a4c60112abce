"""French."""

from __future__ import annotations

import re

from rag.languages import replies, statements, wishes
from rag.languages.language import (
    Language,
    Names,
    Numbers,
    Periods,
    Sentences,
    numbered,
    phrases,
    table,
)


def _adds(group: int, value: int, after_and: bool) -> int | None:
    if group >= 100 and group % 100 == 0:
        return value if value < 100 else None
    rest = group % 100
    if rest == 4 and value == 20:  # quatre-vingts
        return 76
    fits = (rest in (60, 80) and value < 20) or (rest >= 10 and rest % 10 == 0 and 0 < value < 10)
    return value if fits else None


def _ordinal(number: int) -> str:
    return f"{number}{'er' if number == 1 else 'e'}"


def _century(number: int) -> str:
    tens, units = divmod(number, 10)
    numeral = "X" * tens + ("", "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX")[units]
    return f"{numeral}{'er' if number == 1 else 'e'} siècle"


_NUMBERS = Numbers(
    units=numbered("""
        0 zéro; 1 un|une; 2 deux; 3 trois; 4 quatre; 5 cinq; 6 six; 7 sept; 8 huit; 9 neuf; 10 dix|dizaine|dizaines;
        11 onze; 12 douze|douzaine|douzaines; 13 treize; 14 quatorze; 15 quinze|quinzaine; 16 seize;
        20 vingt|vingts|vingtaine; 30 trente|trentaine; 40 quarante|quarantaine; 50 cinquante|cinquantaine;
        60 soixante|soixantaine
    """),
    scales=numbered("""
        100 cent|cents|centaine|centaines; 1000 mille|millier|milliers; 1000000 million|millions;
        1000000000 milliard|milliards
    """),
    ordinals=numbered("""
        1 premier|première|unième; 2 deuxième|second|seconde; 3 troisième|tiers; 4 quatrième; 5 cinquième; 6 sixième;
        7 septième; 8 huitième; 9 neuvième; 10 dixième; 11 onzième; 12 douzième; 13 treizième; 14 quatorzième;
        15 quinzième; 16 seizième; 20 vingtième; 30 trentième
    """),
    ordinal_endings="er|re|ère|ᵉʳ|ᵉ|e|ème|nd|nde",
    half="demi|demie",
    conjunction="et",
    blocked="pour cent",
    adds=_adds,
    scales_alone=True,
    scale_joints="autres",
    ordinal_after_and=True,
    roman=re.compile(r"(X{0,2})(IX|IV|V?I{0,3})(?:e|er|re|ème)"),  # le XIXe siècle, la Ve République
    rough=(
        "dizaine|dizaines|douzaine|douzaines|quinzaine|vingtaine|trentaine|quarantaine|cinquantaine|soixantaine"
        "|centaine|centaines|millier|milliers|millions|milliards"
    ),
    rough_joints="de",
    rough_shown=numbered("""
        10 dizaines; 12 dizaines; 100 centaines; 1000 milliers; 10000 dizaines de milliers;
        100000 centaines de milliers; 1000000 millions; 10000000 dizaines de millions; 100000000 centaines de millions;
        1000000000 milliards
    """),
    decade=re.compile(r"\bannées (\d{3}0)\b"),
    after_century=re.compile(r"(?:er?|ème)?\s+siècle\b"),
    last_century="siècle dernier",
    of_century="du",
    eras=table("BC av. J.-C.|avant J.-C.|avant Jésus-Christ; AD apr. J.-C.|après J.-C.; AH de l'hégire|H"),
    write_ordinal=_ordinal,
    write_century=_century,
    write_decade=lambda year: f"années {year}",
    groups=". ",
    per="par|à l'|la|le",
    past="dernier|dernière|passée|écoulée",
    decimal_mark=",",
)
_NAMES = Names(
    aliases=table("""
        AE EAU|Émirats; BA Bosnie; BF Burkina; CD République démocratique du Congo|RD Congo|RDC; CF Centrafrique;
        CG République du Congo; CI Côte d'Ivoire; CZ République tchèque; EU UE; FK Malouines|Îles Falkland;
        GB Grande-Bretagne; HK Hong Kong|Hong-Kong; MM Myanmar|Birmanie; MO Macao; MK Macédoine; MU île Maurice;
        NL Hollande; PS Palestine; RU Fédération de Russie; SV El Salvador; UN ONU|Organisation des Nations unies;
        US USA|États-Unis d'Amérique|Amérique; VA Vatican|Saint-Siège; VN Vietnam
    """),
    shown=table("""
        CD RD Congo; CG République du Congo; HK Hong Kong; MM Myanmar; MO Macao; PS Palestine
    """),
    peoples=table("""
        AE émirati; AF afghan; AL albanais; AM arménien; AO angolais; AR argentin; AT autrichien; AU australien;
        AZ azerbaïdjanais; BD bangladais; BE belge; BF burkinabè; BG bulgare; BH bahreïni; BI burundais; BO bolivien;
        BR brésilien; BY biélorusse; CA canadien; CD congolais; CH suisse; CI ivoirien; CM camerounais; CN chinois;
        CO colombien; CY chypriote; CZ tchèque; DE allemand; DK danois; DZ algérien; EG égyptien; ER érythréen;
        ES espagnol; ET éthiopien; EU européen; FI finlandais; FR français; GA gabonais; GB britannique; GH ghanéen;
        GM gambien; GR grec; HR croate; HU hongrois; ID indonésien; IE irlandais; IL israélien; IN indien; IQ irakien;
        IR iranien; IS islandais; IT italien; JO jordanien; JP japonais; KE kényan; KW koweïtien; KZ kazakh;
        LB libanais; LR libérien; LY libyen; MA marocain; MG malgache; ML malien; MR mauritanien; MT maltais;
        MX mexicain; MY malaisien; MZ mozambicain; NE nigérien; NG nigérian; NL néerlandais; NO norvégien; NP népalais;
        PH philippin; PK pakistanais; PL polonais; PS palestinien; PT portugais; QA qatari; RS serbe; RU russe;
        RW rwandais; SA saoudien; SD soudanais; SE suédois; SN sénégalais; SO somalien; SY syrien; TD tchadien;
        TG togolais; TH thaïlandais; TN tunisien; TR turc; TZ tanzanien; UA ukrainien; UG ougandais; US américain;
        UZ ouzbek; VE vénézuélien; VN vietnamien; YE yéménite; ZM zambien; 002 africain; 142 asiatique
    """),
    feminine=table("""
        AE émiratie; AF afghane; AL albanaise; AM arménienne; AO angolaise; AR argentine; AT autrichienne;
        AU australienne; AZ azerbaïdjanaise; BD bangladaise; BH bahreïnie; BI burundaise; BO bolivienne; BR brésilienne;
        CA canadienne; CD congolaise; CI ivoirienne; CM camerounaise; CN chinoise; CO colombienne; DE allemande;
        DK danoise; DZ algérienne; EG égyptienne; ER érythréenne; ES espagnole; ET éthiopienne; EU européenne;
        FI finlandaise; FR française; GA gabonaise; GH ghanéenne; GM gambienne; GR grecque; HU hongroise;
        ID indonésienne; IE irlandaise; IL israélienne; IN indienne; IQ irakienne; IR iranienne; IS islandaise;
        IT italienne; JO jordanienne; JP japonaise; KE kényane; KW koweïtienne; KZ kazakhe; LB libanaise; LR libérienne;
        LY libyenne; MA marocaine; ML malienne; MR mauritanienne; MT maltaise; MX mexicaine; MY malaisienne;
        MZ mozambicaine; NE nigérienne; NG nigériane; NL néerlandaise; NO norvégienne; NP népalaise; PH philippine;
        PK pakistanaise; PL polonaise; PS palestinienne; PT portugaise; QA qatarie; RW rwandaise; SA saoudienne;
        SD soudanaise; SE suédoise; SN sénégalaise; SO somalienne; SY syrienne; TD tchadienne; TG togolaise;
        TH thaïlandaise; TN tunisienne; TR turque; TZ tanzanienne; UA ukrainienne; UG ougandaise; US américaine;
        UZ ouzbèke; VE vénézuélienne; VN vietnamienne; ZM zambienne; 002 africaine
    """),
    places=table("""
        england Angleterre; scotland Écosse; wales pays de Galles; korea Corée; algiers Alger; cairo Le Caire|Caire;
        alexandria Alexandrie; damascus Damas; aleppo Alep; jerusalem Jérusalem; bethlehem Bethléem; hebron Hébron;
        nablus Naplouse; gaza Gaza|bande de Gaza; mecca La Mecque|Mecque; medina Médine; casablanca Casablanca;
        tangier Tanger; oran Oran; tripoli Tripoli; timbuktu Tombouctou; sanaa Sanaa; basra Bassora; mosul Mossoul;
        istanbul Istanbul; constantinople Constantinople; athens Athènes; venice Venise; vienna Vienne; london Londres;
        beijing Pékin; the_hague La Haye|Haye; geneva Genève; brussels Bruxelles; washington Washington; paris Paris;
        moscow Moscou; berlin Berlin; madrid Madrid; lisbon Lisbonne; maghreb Maghreb;
        persian_gulf golfe Persique|golfe Arabique; mediterranean Méditerranée; red_sea mer Rouge;
        pacific Pacifique|océan Pacifique; atlantic Atlantique|océan Atlantique; indian_ocean océan Indien;
        suez_canal canal de Suez; nile Nil; al_qaeda Al-Qaïda|Al-Qaida|Al Qaïda
    """),
    months=(
        *("janvier", "février|fevrier", "mars", "avril", "mai", "juin"),
        *("juillet", "août|aout", "septembre", "octobre", "novembre", "décembre|decembre"),
    ),
    short_months=("janv", "févr|fév", "", "avr", "", "", "juil", "", "", "", "", "déc"),
    hijri_months=(
        "mouharram",
        "safar",
        "rabia al awal",
        "rabia ath-thani",
        "joumada al oula",
        "joumada ath-thania",
        "rajab",
        "chaabane",
        "ramadan",
        "chawwal",
        "dhou al-qida",
        "dhou al-hijja",
    ),
    blocked=(
        "golfe de Guinée|Nouvelle-Guinée|lac Tchad|Amérique latine|Amérique du Nord|Amérique du Sud|"
        "Amérique centrale|Nouveau-Mexique"
    ),
    ambiguous="Maurice|Dominique|Salvador|Grenade|Jersey|Guernesey|Israël",
    listed="Saint-Martin|Sainte-Hélène",
    before_countries="en|au|du|de|à|l|d|et|la|le|île|vers|avec|pour|par|nord|sud|contre",
    before_languages="en|langue|parle|parler|parlent",
    spells=table("""
        ا a; آ a; أ a; إ i; ى a; ب b; پ p; ت t; ة a; ث th; ج dj; چ tch; ح h; خ kh; د d; ذ dh; ر r; ز z; ژ j; س s; ش ch;
        ص s; ض d; ط t; ظ z; ع a; غ gh; ف f; ڤ v; ق k; ك k; گ g; ل l; م m; ن n; ه h; و ou; ي i
    """),
    particles="de du des la le les et",
    translated="""
        académie accord accords acteur actrice administration affaires agence aigle air alliance ambassade ambassadeur
        ambassadrice analyse archevêque architecte archéologie armée artiste assemblée association atomique autorité
        avocat banque banquier barrage bas basilique basse bataille bible blanc blanche blanches blancs bon bourse
        brigade bureau cabinet canal cap capitaine cathédrale cellule centrale centre chambre championnat championne
        champions chancelier chanteur charte chef chercheur christ chrétien chrétiens cité civil climat club coalition
        collège colonel comité commandant commerce commissaire commission communauté compagnie comptes comté
        confédération conférence congrès conseil constitution consul consulat convention coran corps coupe cour
        croissant croix culture cyclone delta deuxième dieu directeur direction directrice droits duc déclaration
        défense démocrate démocrates démocratie départ département député députée désert développement eau empereur
        empire enceinte ensemble entraîneur environnement est etat etats expert festival fondation fonds force forces
        forum forêt france front fédération fête garde gouvernement gouverneur grand grande groupe guerre génocide
        général haut haute historien holocauste hôpital hôtel imam indépendance innovation institut intérieur islam
        jeune jeux jour journal journaliste juge justice laboratoire lac lieutenant ligue livre loi madame maire maison
        major marché marine maréchal maître membre membres mer militant ministre ministère mission mme monde monsieur
        mont montagne monétaire mosquée mouvement muraille musicien musulman musulmans musée médecin nation national
        nations naturel naturelle noir noire noires noirs nord nouveau nouvelle noël nucléaire observatoire occident
        occidental occidentale océan office olympique olympiques onu opposition opération ordre organisation orient
        oriental orientale ouest ouragan pacte paix palais pape parc parlement parquet parti patriarche patrimoine pays
        peintre place police pont population port poste poète premier première prince princesse prix procureur
        procureure professeur programme prophète protocole province présidence président présidente présidentielle
        pâques père pékinois péninsule pétrole pôle quartier rapporteur reine renaissance représentant rivière roi
        romancier rouge royaume rue réalisateur réforme réfugiés région républicain républicains république réserve
        résistance révolution révérend sahara saint sainte santé science sculpteur seconde secours secrétaire
        secrétariat selon sergent service siège société sommet sport statut stratégique sud sultan supérieur supérieure
        syndicat sécurité sélectionneur sénat sénateur temple tempête terre tour tourisme traité travail traversée
        tribunal troisième trésor typhon télévision union université urgence vallée vert verte vice ville volcan zone
        zéro échec école économie économiste écrivain église élections élite émir émirat énergie épidémie état états île
        îles
    """,
    conjunctions="et ou",
    articles="la le les l",
    derived=r"ans?|ics?|ides?|istes?|iennes?|iens?|aises?|ais|ois|oises?|s",
)
_SENTENCES = Sentences(
    titles="M MM Mme Mmes Mlle Mlles Me Mgr Pr Dr Vve St Ste",
    numbered="n° nº num p pp art ch chap vol fig",
    inner="env cf c.-à-d c.à.d p.ex av blvd bd tél",
    starters="""
        elle il ils elles un une dans mais ce cette ces c'est c’est selon pour par avec depuis après avant lors si en et
        même
    """,
    articles="le la les du de",
)
_TERMS = table("""
    spring printemps; summer été; autumn automne; winter hiver; half la moitié; a_third un tiers; two_thirds deux tiers;
    quarter un quart; provinces les provinces de; at_hour à; in_period au; of de; in en; in_place à; from de; to à;
    until jusqu'à; since depuis; before avant; after après; during pendant; between entre; with avec; on sur; and et;
    or ou; about environ|près de|presque; more_than plus de; less_than moins de; at_least au moins; late fin;
    early début; mid mi; each_of chacun de; percent %|pour cent; morning du matin; evening du soir;
    last dernier|dernière;
    last_year l'année dernière;
    next prochain|prochaine; north le nord|nord; south le sud|sud;
    east l'est|est; west l'ouest|ouest; north_east le nord-est|nord-est; north_west le nord-ouest|nord-ouest;
    south_east le sud-est|sud-est; south_west le sud-ouest|sud-ouest; city ville; capital la capitale;
    village le village de; town la localité de; province la province de; river le fleuve; lake le lac; mount le mont;
    island l'île de; street rue; airport l'aéroport de; port le port de; university l'université de; for pendant
""")
_UNITS = table("""
    mph milles à l'heure|milles à l'heure; kmh km/h|km/h|kilomètres à l'heure; mile2 mille carré|milles carrés;
    person personne|personnes; soldier soldat|soldats; times fois|fois; twice deux fois; country pays|pays;
    dollar dollar|dollars; euro euro|euros; sterling livre sterling|livres sterling; pound livre|livres;
    dinar dinar|dinars; riyal riyal|riyals; dirham dirham|dirhams; franc franc|francs; decade décennie|décennies;
    year an|ans|année|années; two_years deux ans; month mois|mois; two_months deux mois; week semaine|semaines;
    two_weeks deux semaines; day jour|jours; two_days deux jours; hour heure|heures; two_hours deux heures;
    minute minute|minutes; second seconde|secondes; km km|km|kilomètre|kilomètres; km2 km²|km²|kilomètres carrés;
    metre m|m|mètre|mètres; m2 m²|m²|mètres carrés; m3 m³|m³|mètres cubes; cm cm|cm|centimètres; nm nm|nm|nanomètres;
    mile mille|milles; foot pied|pieds; inch pouce|pouces; yard yard|yards; tonne tonne|tonnes; kg kg|kg|kilogrammes;
    litre litre|litres; hectare hectare|hectares; barrel baril|barils;
    century siècle|siècles; kilowatt kW|kW|kilowatts; megawatt MW|MW|mégawatts; gigawatt GW|GW|gigawatts;
    foot2 pied carré|pieds carrés; yen yen|yens; yuan yuan|yuans; rouble rouble|roubles;
    lira livre turque|livres turques;
    rupee roupie|roupies; shekel shekel|shekels; celsius °C|°C|degrés Celsius; degree degré|degrés
""")
_TITLES = table("""
    president le président; former_president l'ancien président; prime_minister le premier ministre;
    foreign_minister le ministre des Affaires étrangères; defence_minister le ministre de la Défense;
    interior_minister le ministre de l'Intérieur; minister le ministre; king le roi; queen la reine; prince le prince;
    sheikh le cheikh; general le général; colonel le colonel; lieutenant le lieutenant; doctor le docteur;
    professor le professeur; judge le juge; ambassador l'ambassadeur; sultan le sultan; caliph le calife;
    emperor l'empereur; imam l'imam; mister M.; madam Mme; chief_executive le directeur général; coach l'entraîneur;
    leader le dirigeant; cousin son cousin; wife sa femme; father son père; mother sa mère; brother son frère;
    sister sa sœur; son son fils; daughter sa fille
""")
_PERIODS = Periods(
    relative=phrases("""
        day 0: les nouvelles d'aujourd'hui|l'actualité du jour; day -1: hier; week 0: cette semaine;
        week -1: la semaine dernière|la semaine passée|semaine dernière; month 0: ce mois-ci|ce mois;
        month -1: le mois dernier|le mois passé|mois dernier; year 0: cette année;
        year -1: l'année dernière|l'an dernier|l'année passée|l'an passé
    """),
    counted=(
        r"\b(?:ces|les) (?P<number>\d+) dernier(?:e?s) (?P<unit>\w+)",
        r"\bil y a (?P<number>\d+) (?P<unit>\w+)",
    ),
    units=phrases("day: jour|jours; week: semaine|semaines; month: mois; year: an|ans|année|années"),
    since="depuis|à partir de|à partir du|dès",
    until="jusqu'en|jusqu'à|jusqu'au|avant",
    between="entre|de",
    as_of="article du {}",
    years_on=numbered("""
        1 année suivante|an plus tard|an après; 2 deux ans plus tard|deux ans après; 3 trois ans plus tard;
        -1 année précédente|an plus tôt|an auparavant|an avant; -2 deux ans plus tôt|deux ans auparavant
    """),
)
FR = Language(
    "fr",
    script="latn",
    called="fra fre french français francais الفرنسية",
    function_words="""
        qui que quoi quand où ou comment pourquoi combien quel quelle quels quelles le la les l un une des de du d et à
        a en dans est sont était étaient été être sera seront fut furent ont avait avaient pour par sur au aux avec sans
        sous ne n pas plus moins ce cette ces cet c se s sa son ses leur leurs il ils elle elles on nous vous je j tu me
        te lui y qu si mais donc car ni entre vers chez depuis pendant après avant lors lorsque comme aussi très même
        deux trois ainsi dont afin selon contre fait faire peut doit quelque quelques tout tous toute toutes aucun autre
        autres nom année bien dit type celui celle ceux dès notre votre
    """,
    letters="çœêëîïûùàâèéô",
    endings="tion ment eux eur aient ée és ée ique aux oire elle ette ième",
    stop_words="""
        a ai au aux avec ce ces cet cette comme comment d dans de des du elle elles en est et été etait etaient ete il
        ils je l la le les leur leurs lui ma mais me même mes moi mon n ne nos notre nous on ont ou où par pas pour
        pourquoi qu quand que quel quelle quelles quels qui quoi s sa sans se ses si son sont sur ta te tu un une vos
        votre vous y c j combien
    """,
    stemmer="french",
    sentences=_SENTENCES,
    numbers=_NUMBERS,
    names=_NAMES,
    statements=statements.FRENCH,
    replies=replies.FRENCH,
    terms=_TERMS,
    units=_UNITS,
    titles=_TITLES,
    contractions=(
        (r"\b[Dd]e (?=[aeiouéèêîAEIOUÉÈÊÎ])", "d'"),
        (r"\b[Dd]e (?:le|Le) ", "du "),
        (r"\bà (?:le|Le) ", "au "),
        (r"\b(millions?|milliards?) (?!de |d')(?=[a-zé])", r"\1 de "),
    ),
    periods=_PERIODS,
    wishes=wishes.FRENCH,
    columns=table(
        "text texte|contenu|corps|texte intégral; title titre; date date de publication|publié le|date de parution; "
        "author auteur|auteurs|auteure|signature; source journal|média; url lien|adresse; language langue"
    ),
    by="par|propos recueillis par",
    no_story="page non trouvée|page introuvable|page inexistante|cette page n'existe|accès refusé|accès interdit|"
    "erreur 404|un instant...|vérification de sécurité|vérifiez que vous êtes humain|vérifier que vous êtes|"
    "veuillez activer javascript|veuillez activer les cookies|activez javascript et les cookies|"
    "avant d'accéder à|nous respectons votre vie privée|votre vie privée est importante|le respect de votre vie privée|"
    "nous et nos partenaires stockons|cookies ou technologies similaires|continuer sans accepter|"
    "cet article est réservé aux abonnés|contenu réservé aux abonnés|site en maintenance|"
    "service temporairement indisponible|trafic inhabituel",
)
