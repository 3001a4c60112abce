"""English."""

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
    fits = group % 100 >= 20 and group % 10 == 0 and 0 < value < 10 and not after_and
    return value if fits else None


def _ordinal(number: int) -> str:
    ending = "th" if number % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"


_NUMBERS = Numbers(
    units=numbered("""
        0 zero; 1 one; 2 two; 3 three; 4 four; 5 five; 6 six; 7 seven; 8 eight; 9 nine; 10 ten|tens; 11 eleven;
        12 twelve|dozen|dozens; 13 thirteen; 14 fourteen; 15 fifteen; 16 sixteen; 17 seventeen; 18 eighteen;
        19 nineteen; 20 twenty; 30 thirty; 40 forty; 50 fifty; 60 sixty; 70 seventy; 80 eighty; 90 ninety
    """),
    scales=numbered("""
        100 hundred|hundreds; 1000 thousand|thousands; 1000000 million|millions; 1000000000 billion|billions|bn
    """),
    ordinals=numbered("""
        1 first; 2 second; 3 third; 4 fourth; 5 fifth; 6 sixth; 7 seventh; 8 eighth; 9 ninth; 10 tenth; 11 eleventh;
        12 twelfth; 13 thirteenth; 14 fourteenth; 15 fifteenth; 16 sixteenth; 17 seventeenth; 18 eighteenth;
        19 nineteenth; 20 twentieth
    """),
    ordinal_endings="st|nd|rd|th",
    half="half",
    scale_joints="more|other|further|additional",
    conjunction="and",
    half_joints="a|and a",
    adds=_adds,
    rough="tens|dozens|hundreds|thousands|millions|billions",
    rough_joints="of",
    rough_shown=numbered("""
        10 dozens; 12 dozens; 100 hundreds; 1000 thousands; 10000 tens of thousands; 100000 hundreds of thousands;
        1000000 millions; 10000000 tens of millions; 100000000 hundreds of millions; 1000000000 billions
    """),
    decade=re.compile(r"\b(\d{3}0)s\b"),
    after_century=re.compile(r"(?:st|nd|rd|th)?[\s-]century\b"),
    last_century="last century",
    of_century="of the",
    eras=table("BC BC|BCE; AD AD|CE; AH AH"),
    write_ordinal=_ordinal,
    write_century=lambda number: f"{_ordinal(number)} century",
    write_decade=lambda year: f"{year}s",
    groups=",",
    decimal_mark=".",
    per="per|a|an",
    past="past|last",
)
_NAMES = Names(
    aliases=table("""
        AE UAE|the Emirates; BA Bosnia; BF Burkina;
        CD DR Congo|Democratic Republic of the Congo|Democratic Republic of Congo|DRC;
        CG Republic of the Congo|Congo-Brazzaville; CI Ivory Coast; CV Cabo Verde; CZ Czech Republic; EU EU;
        FK Falklands; GB Britain|Great Britain|UK|U.K.; HK Hong Kong; KP DPRK; MM Myanmar|Burma; MO Macao|Macau;
        MK Macedonia; NL the Netherlands|Holland; PS Palestine; RU Russian Federation; SA Saudi; TR Turkey; UN UN|U.N.;
        US United States of America|USA|US|U.S.|U.S.A.|America; VA Vatican|Holy See; VN Viet Nam
    """),
    shown=table("""
        CD DR Congo; CG Republic of the Congo; HK Hong Kong; MM Myanmar; MO Macao; PS Palestine; TR Turkey
    """),
    peoples=table("""
        AE Emirati; AF Afghan; AL Albanian; AM Armenian; AO Angolan; AR Argentine; AT Austrian; AU Australian;
        AZ Azerbaijani; BD Bangladeshi; BE Belgian; BF Burkinabe; BG Bulgarian; BH Bahraini; BI Burundian; BO Bolivian;
        BR Brazilian; BY Belarusian; CA Canadian; CD Congolese; CH Swiss; CI Ivorian; CM Cameroonian; CN Chinese;
        CO Colombian; CY Cypriot; CZ Czech; DE German; DK Danish; DZ Algerian; EG Egyptian; ER Eritrean; ES Spanish;
        ET Ethiopian; EU European; FI Finnish; FR French; GA Gabonese; GB British; GH Ghanaian; GM Gambian; GR Greek;
        HR Croatian; HU Hungarian; ID Indonesian; IE Irish; IL Israeli; IN Indian; IQ Iraqi; IR Iranian; IS Icelandic;
        IT Italian; JO Jordanian; JP Japanese; KE Kenyan; KW Kuwaiti; KZ Kazakh; LB Lebanese; LR Liberian; LY Libyan;
        MA Moroccan; MG Malagasy; ML Malian; MR Mauritanian; MT Maltese; MX Mexican; MY Malaysian; MZ Mozambican;
        NE Nigerien; NG Nigerian; NL Dutch; NO Norwegian; NP Nepalese; PH Filipino; PK Pakistani; PL Polish;
        PS Palestinian; PT Portuguese; QA Qatari; RS Serbian; RU Russian; RW Rwandan; SA Saudi; SD Sudanese; SE Swedish;
        SN Senegalese; SO Somali; SY Syrian; TD Chadian; TG Togolese; TH Thai; TN Tunisian; TR Turkish; TZ Tanzanian;
        UA Ukrainian; UG Ugandan; US American; UZ Uzbek; VE Venezuelan; VN Vietnamese; YE Yemeni; ZM Zambian;
        002 African; 142 Asian
    """),
    places=table("""
        england England; scotland Scotland; wales Wales; korea Korea; algiers Algiers; cairo Cairo;
        alexandria Alexandria; damascus Damascus; aleppo Aleppo; jerusalem Jerusalem; bethlehem Bethlehem;
        hebron Hebron; nablus Nablus; gaza Gaza|Gaza Strip; mecca Mecca; medina Medina; casablanca Casablanca;
        tangier Tangier; oran Oran; tripoli Tripoli; timbuktu Timbuktu; sanaa Sanaa|Sana'a; basra Basra; mosul Mosul;
        istanbul Istanbul; constantinople Constantinople; athens Athens; venice Venice; vienna Vienna; london London;
        beijing Beijing; the_hague The Hague|Hague; geneva Geneva; brussels Brussels; washington Washington;
        paris Paris; moscow Moscow; berlin Berlin; madrid Madrid; lisbon Lisbon; maghreb Maghreb;
        persian_gulf Persian Gulf|Arabian Gulf; mediterranean Mediterranean|Mediterranean Sea; red_sea Red Sea;
        pacific Pacific|Pacific Ocean; atlantic Atlantic|Atlantic Ocean; indian_ocean Indian Ocean;
        suez_canal Suez Canal; nile Nile; al_qaeda Al-Qaeda|al-Qaida|Al Qaeda
    """),
    months=(
        *("January", "February", "March", "April", "May", "June"),
        *("July", "August", "September", "October", "November", "December"),
    ),
    short_months=("jan", "feb", "mar", "apr", "", "jun", "jul", "aug", "sept|sep", "oct", "nov", "dec"),
    hijri_months=(
        "Muharram",
        "Safar",
        "Rabi I",
        "Rabi II",
        "Jumada I",
        "Jumada II",
        "Rajab",
        "Shaban",
        "Ramadan",
        "Shawwal",
        "Dhu al-Qidah",
        "Dhu al-Hijjah",
    ),
    blocked=(
        "New Jersey|New Guinea|New Mexico|Lake Chad|Theresa May|Gulf of Mexico|Gulf of Guinea|"
        "South America|North America|Latin America|Central America|Nova Scotia"
    ),
    ambiguous="Chad|Jordan|Georgia|Israel|Jersey|Guernsey|May|March|April|June",
    listed="St. Martin|St. Helena",
    before_countries=(
        "in|of|from|to|with|and|for|by|between|through|inside|outside|near|across|visit|visited|northern|"
        "southern|eastern|western|central"
    ),
    before_months=("in|last|next|since|until|till|by|of|early|late|mid|this|during|from|through|on|before|after"),
    before_languages="in|speak|speaks|spoke|spoken|into|from|language|learn|translate",
    spells=table("""
        ا a; آ a; أ a; إ i; ى a; ب b; پ p; ت t; ة a; ث th; ج j; چ ch; ح h; خ kh; د d; ذ dh; ر r; ز z; ژ zh; س s; ش sh;
        ص s; ض d; ط t; ظ z; ع a; غ gh; ف f; ڤ v; ق q; ك k; گ g; ل l; م m; ن n; ه h; و u; ي i
    """),
    particles="of the and von van der da di",
    translated="""
        abbey academy accord act activist actor actress administration advanced adviser advisor affairs agency agreement
        air airport allah alliance almighty ambassador amendment analyst and anniversary antarctic anthem apostle appeal
        appeals applied arab arabic arabs archaeology archbishop architect arctic arena army article artificial artist
        asian assembly association astronaut atomic attorney audit auditor auditors author authorities authority
        autonomous autumn award bank baron barrister basin battle bay bible bill biology bishop black blue board book
        border boutique boys brexit bridge brigade brigadier briton broadcasting bronze brother brotherhood buddhist
        bureau
        cabinet calendar campaign campaigner canal cancer candidate canyon cape capital captain castle cathedral
        catholic caucus cemetery census center central centre chair chairman chairwoman challenge chamber champions
        championship chancellor channel chapter charter chemistry chess chief children christian christians christmas
        church churches cinema citizen city civil class climate coach coalition coast code col college collider colonel
        comet commander commission commissioner committee common commonwealth communist community company confederation
        conference congress conservative constitution consul consulate consumer convention cooperation coordination
        coordinator corporation corps correction correspondent council councillor count county coup court covenant
        criminal crisis critic cross crown crusade culture cup currency customs cyclone dam day dead deal dean
        declaration defence defender defense delegate delegation delta democrat democratic democrats department deputy
        desert detective detention development dialogue director disease district division doctor drought duke dutch
        dynasty earl earth east eastern economic economist editor education elder election elections electoral embassy
        emergency emir emirate emperor empire energy engineer engineering english environment envoy epidemic episcopal
        equality equator estate european evening exchange exchequer executive expert export fair faith falls farmer
        fashion father federal federation festival field fifth filmmaker final finals finance first fish fisheries flag
        fleet flood food force forces foreign forest forward foundation founder fourth free french friday front fund
        fundamental gallery games garden gay gen general generation geneva genocide girls global goalkeeper god gold
        gospel government governor grain grand great green gross group guard gulf hadron half hall handicap head health
        her heritage high higher highness hill hindu his historian history holocaust homeland horn hospital hotel house
        human humanitarian hurricane i ice ii iii imam immigration import independence independent indigenous industries
        industry information initiative innovation inquiry inspector institute institution intelligence interior
        international internet investment investor islam islamic island islands iv ix jail jewish jews jihad joint
        journal journalist judge judicial judiciary justice king kingdom knight koran labor laboratory labour labs lady
        lake land language large law lawmaker lawyer leader leaders league left legislative legislator legislature
        liberal liberation liberty library lieutenant light line lord lt magazine magistrate majesty major mandate march
        maritime market marshal massacre master maternity mathematics mayor media mediator medical medicine member
        members memorial mental metropolitan middle migrants migration military mine mines minister ministers ministry
        mission mister model monarchy monetary monitor month monument moon mosque mother mount mountain mountains mr mrs
        ms museum muslim muslims nation national nations natural nature naval navigation navy negotiator network new
        news newspaper next night nine nobel north northeast northern northwest novelist nuclear nurse observatory
        observer ocean office officer oil old olympic olympics opera operation opposition orchestra order organisation
        organization orphanage orthodox owner pact palace palestinian panel park parliament parliamentary party
        patriarch patriotic peace peacekeeping penal peninsula pension people peoples phase philosophy physician physics
        pilot pipeline plague plain plan plateau poet pole police policy polytechnic pope popular population port post
        poverty power praise premier premiership presidency president presidential presiding press priest prime prince
        princes princess prison prize producer prof professor program programme project prophet prosecution prosecutor
        protection protestant protocol province provincial psychology public publisher queen quran radio railway ramadan
        rapper rebel reconstruction red reef referee refugee refugees regiment region registry relief renaissance report
        reporter representative representatives republic republican republicans rescue research researcher reserve
        reservoir resistance resolution retired rev reverend revolution revolutionary right rights river road roman
        royal rural russian saint salafi sanctions satellite savings scholar school science scientist scottish sculptor
        sea second secret secretariat secretary section security sen senate senator senators senior sergeant service
        settlement sgt sharia sheikh shia shiite siege silk singer sir six slave socialist society solar soldier south
        southeast southern southwest space special spokesman spokesperson spokeswoman sport sports spring square stadium
        staff state statement states station statistics stock storm strait strategic strategy street striker strip
        students suffrage sultan sultanate summer summit sun sunni superpower supreme surgeon surveillance sustainable
        swimming syndicate system talks tall tax team technology television temple territory terror test theatre third
        tide tomb top torah tourism tower trade trader traffic trail transition transitional transport treasury treaty
        tribe tribunal trust tsunami typhoon union unit united unity universal university uprising urban v vaccine
        valley veteran vi vice victim victory vii viii village villagers virgin volcano volunteer voters wall war watch
        watchdog water weapons weather web week wells welsh west western white wildlife winter witness women women's
        work workers world writer x xi xii xiv xvi year youth zero zone
    """,
    conjunctions="and or",
    articles="the",
    derived=r"ians?|ans?|ese|ish|ics?|ids?|ists?|s",
)
_SENTENCES = Sentences(
    titles="""
        Mr Mrs Ms Mx Messrs Dr Drs Prof Rev Fr Hon Gov Gen Lt Col Sgt Cpl Capt Cmdr Cdr Adm Maj Brig Pres Sen Rep Amb
        Supt St Sts SS Sr
    """,
    numbered="""
        no nos vol vols fig figs p pp pg art arts ch chap sec sect par para op ed eq tab app apt al b c d r fl lit
    """,
    inner="vs v cf e.g i.e eg ie viz approx ca resp ave tel",
    ending="""
        inc ltd co corp llc plc jr sr bros dept univ assn ph.d b.a m.a a.m p.m am pm mt ft u.s.a
    """,
    starters="""
        the an in on at it he she they we you but and or so this that these those there here however when while after
        before his her its their our for as with if since although despite according also then not no what who how why
        one two all many some most both each other such under during from by to
    """,
    articles="a i",
)
_TERMS = table("""
    spring spring; summer summer; autumn autumn|fall; winter winter; half half; a_third a third; two_thirds two thirds;
    quarter a quarter; provinces the provinces of; at_hour at; in_period in the; of of; in in; in_place in; from from;
    to to; until until; since since; before before; after after; during during; between between; with with; on on;
    and and; or or; about about|nearly|almost|around|some; more_than more than|over;
    less_than less than|under|fewer than; at_least at least;
    late late; early early; mid mid; each_of each of; percent %|percent|per cent; morning am;
    evening pm; last last; last_year last year; next next; north the north|north; south the south|south;
    east the east|east; west the west|west; north_east the north-east|north-east; north_west the north-west|north-west;
    south_east the south-east|south-east; south_west the south-west|south-west; city city; capital the capital;
    village the village of; town the town of; province the province of; river the river; lake lake; mount mount;
    island the island of; street street; airport the airport of; port the port of; university the university of; for for
""")
_UNITS = table("""
    mph mph|mph|miles an hour|miles per hour; kmh km/h|km/h|kilometres an hour; mile2 square mile|square miles;
    person person|people; soldier soldier|soldiers; times time|times; twice twice; country country|countries;
    dollar dollar|dollars; euro euro|euros; sterling pound sterling|pounds sterling; pound pound|pounds;
    dinar dinar|dinars; riyal riyal|riyals; dirham dirham|dirhams; franc franc|francs; decade decade|decades;
    year year|years; two_years two years; month month|months; two_months two months; week week|weeks;
    two_weeks two weeks; day day|days; two_days two days; hour hour|hours; two_hours two hours; minute minute|minutes;
    second second|seconds; km km|km|kilometre|kilometres|kilometer|kilometers;
    km2 km²|km²|square kilometres|square kilometers; metre m|m|metre|metres|meter|meters; m2 m²|m²|square metres;
    m3 m³|m³|cubic metres; cm cm|cm|centimetres; nm nm|nm|nanometres; mile mile|miles; foot foot|feet; inch inch|inches;
    yard yard|yards; tonne tonne|tonnes|tons; kg kg|kg|kilograms; litre litre|litres; hectare hectare|hectares;
    barrel barrel|barrels; century century|centuries; kilowatt kW|kW|kilowatts; megawatt MW|MW|megawatts;
    gigawatt GW|GW|gigawatts; foot2 square foot|square feet; yen yen; yuan yuan; rouble rouble|roubles|ruble|rubles;
    lira lira|liras; rupee rupee|rupees; shekel shekel|shekels; celsius °C|°C|degrees Celsius; degree degree|degrees
""")
_TITLES = table("""
    president president; former_president former president; prime_minister prime minister;
    foreign_minister foreign minister; defence_minister defence minister; interior_minister interior minister;
    minister minister; king king; queen queen; prince prince; sheikh sheikh; general general; colonel colonel;
    lieutenant lieutenant; doctor Dr; professor professor; judge judge; ambassador ambassador; sultan sultan;
    caliph caliph; emperor emperor; imam imam; mister Mr; madam Mrs; chief_executive chief executive; coach coach;
    leader leader; cousin his cousin; wife his wife; father his father; mother his mother; brother his brother;
    sister his sister; son his son; daughter his daughter
""")
_PERIODS = Periods(
    relative=phrases("""
        day 0: today's news|the news today|today's; day -1: yesterday; week 0: this week;
        week -1: last week|past week|previous week; month 0: this month; month -1: last month|past month|previous month;
        year 0: this year; year -1: last year|past year|previous year
    """),
    counted=(
        r"\b(?:last|past|previous) (?P<number>\d+) (?P<unit>\w+)",
        r"\b(?P<number>\d+) (?P<unit>\w+) ago\b",
    ),
    units=phrases("day: day|days; week: week|weeks; month: month|months; year: year|years"),
    since="since|starting in|as of",
    until="until|till|up to|before",
    between="between|from",
    as_of="article of {}",
    years_on=numbered("""
        1 following year|next year|year after|year later; 2 two years later|two years after; 3 three years later;
        -1 previous year|year before|year earlier; -2 two years before|two years earlier
    """),
)
EN = Language(
    "en",
    script="latn",
    called="eng english anglais الإنجليزية",
    function_words="""
        who whom whose what which when where why how the of and to in a is was were are be been being for on that with
        as by at from it its this these those did do does done has have had having not or an his her their he she they
        we you i my your our us them him if but so than then there here many much more most some any all no yes about
        into over after before between during under against will would can could should may might must one two also only
        other such while because until through up out off down just said says say name list give tell kind type long old
        happened called known used made
    """,
    endings="ing tion ness ly ed ght th ies ship ck",
    stop_words="""
        a about an and are as at be been but by did do does for from had has have he her his how i if in into is it its
        of on or our she so such than that the their them then there these they this those to was we were what when
        where which who whom whose why will with would you your me my him us not no s t
    """,
    stemmer="english",
    sentences=_SENTENCES,
    numbers=_NUMBERS,
    names=_NAMES,
    statements=statements.ENGLISH,
    replies=replies.ENGLISH,
    terms=_TERMS,
    units=_UNITS,
    titles=_TITLES,
    adjective_first=True,
    periods=_PERIODS,
    wishes=wishes.ENGLISH,
    by="by|written by",
    no_story="page not found|page unavailable|page cannot be displayed|this page isn't available|access denied|"
    "access to this page has been denied|just a moment...|attention required! |robot check|are you a robot|"
    "please verify you are a human|verify you are human|verifying you are human|security check to access|"
    "checking your browser before|checking if the site connection is secure|enable javascript and cookies to continue|"
    "please enable javascript|please enable cookies|pardon our interruption|unusual traffic from your|ddos protection|"
    "before you continue to|we value your privacy|your privacy choices|we use cookies and other|accept all cookies to|"
    "subscribe to continue reading|subscribe to read|subscribe to unlock|this site is under maintenance|"
    "please enable js and|this website is using a security service|error 10|site is temporarily unavailable|"
    "site maintenance|503 service|service temporarily unavailable|this content is not available in your|"
    "client challenge|this domain is for sale|the domain name is for sale|cookies and similar technologies to",
)
