"""Languages known by less: how to tell and to search them, and what their questions ask for."""

from __future__ import annotations

from rag.languages.language import Language, Names, Numbers, Sentences, Statements, Wishes, numbered, table
from rag.languages.replies import GERMAN, SPANISH

OTHERS = (
    Language("und", latin_words="en", numbers=Numbers(groups=",")),  # a language that could not be told
    Language(
        "es",
        script="latn",
        called="spa spanish español espanol espagnol",
        function_words="""
        qué que quién quien quiénes quienes cuándo cuando dónde donde cómo como cuánto cuanto cuántos cuantos cuántas
        cuantas cuánta cuál cual cuáles cuales por el la los las lo un una unos unas de del y e en es son era eran fue
        fueron ser sido está están estaba hay ha han había para con sin sobre no se su sus al más menos muy este esta
        estos estas ese esa eso le les mi tu nos yo él ella ellos ellas entre desde hasta también pero si porque durante
        tras según contra dos tiene tienen puede hizo año años nombre tipo otro otra todo toda todos después antes
        algunos algunas además así llama llamó cada mismo misma cuya cuyo
    """,
        letters="ñ¿¡áéíóú",
        endings="ción ciones dad mente ado ada idos aron ía ismo miento ero",
        stop_words="""
        a al como con cual cuales cuando de del desde donde el ella ellos en entre es esta este fue ha han hay la las lo
        los mas no o para pero por porque que quien quienes se sin son su sus un una y ya era cuanto cuantos cuantas
    """,
        stemmer="spanish",
        numbers=Numbers(
            ordinal_endings=".º|.ª|º|ª|°",
            rough_shown=numbered("""
                10 decenas; 12 docenas; 100 cientos; 1000 miles; 10000 decenas de miles; 100000 cientos de
                miles; 1000000 millones
            """),
        ),
        terms=table("of de|del"),
        sentences=Sentences(
            titles="Sr Sra Sres Srta Dª Dra Ing Arq",
            numbered="núm nº cap pág págs",
            inner="p.ej ej",
            starters="el los las una pero según con desde este esta",
        ),
        names=Names(conjunctions="y e o u", short_months=("ene", "", "", "abr", "", "", "", "ago", "", "", "", "dic")),
        statements=Statements(
            asks={
                "country": r"\bque\b.{0,12}\b(pais(es)?|naciones)\b",
                "time": r"\bcuando\b|\bque\b.{0,8}\b(ano|fecha|mes|dia|siglo)\b",
                "number": r"\bcuant[oa]s?\b",
            },
            asks_name=r"\b(quien|quienes|donde)\b",
            asks_city=r"\bque (ciudad|ciudades|pueblo)\b",
            asks_several=r"\b(paises|naciones)\b",
            counts=r"\bcuant[oa]s\b",
            measures=table(
                "depth profund(o|a|idad); height alt(o|a|ura); length larg(o|a)|longitud; width anch(o|a|ura)|diametro;"
                "distance distancia|lejos; age edad; area superficie|area; mass pes(o|a|aba); speed velocidad;"
                "temperature temperatura; price cuesta|cost(o|e|aba)|precio; capacity capacidad"
            ),
            events=table(
                r"birth nac(io|ido|ida|imiento|er); death mur(io|ieron|iera)|muert\w+|fallec\w+|morir;"
                r"opening abrio|abiert\w+|inaugur\w+; closing cerr\w+;"
                r"beginning empez\w+|empieza\w*|comenz\w+|comienza\w*; ending termin\w+|acab\w+;"
                r"rise aument\w+|subi\w+|crec\w+; fall baj(o|a|ar|aron|ada)|disminu\w+|cay\w+|caida\w*|descen\w+;"
                r"arrest arrest\w+|deten\w+; release liber\w+; signing adopt\w+|firm(o|a|ar|aron|ado)|aprob\w+;"
                r"force en vigor|en vigencia"
            ),
        ),
        replies=SPANISH,
        wishes=Wishes(greets="hola|buenos días|gracias|muchas gracias|adiós"),
        columns=table(
            "text texto|contenido|cuerpo; title título|titular; date fecha; author autor|autora; source fuente"
        ),
        no_story="página no encontrada|acceso denegado|un momento...|verifica que eres un ser humano|"
        "nos importa tu privacidad|valoramos su privacidad",
    ),
    Language(
        "de",
        script="latn",
        called="deu ger german deutsch allemand",
        function_words="""
        wer wen wem wessen was wann wo woher wohin warum wieso weshalb wie wieviel viel viele welche welcher welches
        welchen welchem der die das den dem des ein eine einen einem einer eines und in im ist sind war waren wird
        werden wurde wurden worden sein seine seinen seiner ihr ihre ihren hat haben hatte hatten von vom zu zum zur mit
        nach bei für auf aus an am um über unter durch gegen ohne vor zwischen seit bis nicht kein keine als auch nur
        noch schon sehr mehr dass daß wenn weil aber oder denn sich er sie es wir ich man kann konnte können soll muss
        gibt gab diese dieser dieses diesem diesen zwei worum womit wodurch wofür wovon geht ging heißt bedeutet
        bedeutete geschah passierte machte macht tat glaubte sagte kam jahr jahre
    """,
        letters="ßäöü",
        endings="ung ungen keit heit lich liche lichen isch ische schaft ten gen cht chen tz",
        stop_words="""
        als am an auch auf aus bei bis da das dass dem den der des die durch ein eine einem einen einer eines er es fur
        hat haben ich im in ist mit nach nicht noch nur oder sein seine sie sind so um und uber von vom vor war waren
        warum was welche welchen welcher welches wer werden wie wird wo wurde wurden zu zum zur
    """,
        stemmer="german",
        numbers=Numbers(
            groups=".",
            rough_shown=numbered("""
                10 Dutzende; 12 Dutzende; 100 Hunderte; 1000 Tausende; 10000 Zehntausende; 100000
                Hunderttausende; 1000000 Millionen; 1000000000 Milliarden
            """),
        ),
        sentences=Sentences(
            titles="Hr Hrn Frl",
            numbered="nr nrs bd abs bl",
            inner="z.b z z.t d.h u.a bzw ggf vgl evtl inkl",
            starters="""
        der die das ein eine er sie es wir im am auf nach seit dies diese dieser danach dabei dann derzeit heute
    """,
            ordinal_stop=True,
        ),
        names=Names(
            nouns_capitalised=True,
            translated="millionen milliarden prozent",
            conjunctions="und oder",
            short_months=("", "", "mär", "", "", "", "", "", "", "okt", "", "dez"),
        ),
        statements=Statements(
            asks={
                "country": r"\bwelche[srnm]?\b.{0,12}\b(land|lander|landern|staaten)\b",
                "time": r"\bwann\b|\bwelche[srnm]?\b.{0,8}\b(jahr|datum|monat|tag)\b",
                "number": r"\bwie ?viele?\b",
            },
            asks_name=r"\b(wer|wen|wem|wessen|wo|woher|wohin)\b",
            asks_city=r"\bwelche[rsnm]? (stadt|stadten?|dorf|ort)\b",
            asks_several=r"\b(lander|landern|staaten)\b",
            counts=r"\bwie ?viele\b",
            measures=table(
                "depth tief|tiefe; height hoch|hohe; length lang|lange; width breit|breite|durchmesser;"
                "distance weit|entfern(t|ung); age alt|alter; area flache; mass schwer|gewicht|wieg(t|en);"
                "speed schnell|geschwindigkeit; temperature temperatur|heiss|kalt; price kost(et|en|ete)|preis;"
                "capacity kapazitat|fassungsvermogen"
            ),
            events=table(
                r"birth geboren|geburt\w*; death starb\w*|gestorben|verst[ao]rb\w*|tod|todes\w*|getotet;"
                r"opening eroffn\w+; closing geschlossen|schlie(ss|ß)\w+; beginning beg[aio]nn\w*|startet\w*;"
                r"ending endet\w*|beendet\w*; joining beigetreten|beitr[ai]tt\w*;"
                r"leaving ausgetreten|austr[ai]tt\w*|verlie(ss|ß)\w*|verlassen;"
                r"rise st[ie]+g\w*|gestiegen|zunahm\w*|wuchs\w*; fall sank\w*|sink\w*|gesunken|ruckgang|fiel\w*;"
                r"arrest verhaft\w+|festgenommen|entfuhrt\w*; release freigelassen|befreit\w*;"
                r"signing verabschied\w+|unterzeichn\w+; force in kraft"
            ),
        ),
        replies=GERMAN,
        wishes=Wishes(greets="hallo|guten tag|danke|vielen dank|tschüss"),
        columns=table("text inhalt|artikel; title titel|überschrift; date datum; author autor|autorin; source quelle"),
        no_story="seite nicht gefunden|zugriff verweigert|nur einen moment...|"
        "wir schätzen ihre privatsphäre|bitte bestätigen sie dass sie ein mensch sind",
    ),
    Language(
        "it",
        script="latn",
        called="ita italian italiano italien",
        function_words="""
        chi che cosa quando dove come perché perche quanto quanti quante quanta quale quali il lo la i gli le l un una
        uno di del dello della dei degli delle d e ed è era erano sono stato stata stati furono fu ha hanno aveva in nel
        nello nella nei negli nelle a al allo alla ai agli alle da dal dalla dai con su sul sulla per tra fra non si se
        più meno anche ma o questo questa questi queste quello quella suo sua suoi loro lui lei noi ci ne dopo prima
        durante contro secondo anno anni viene venne può essere
    """,
        letters="àèìòù",
        endings="zione zioni mente tà ato ata ati ello ella ggio issimo ità",
        stemmer="italian",
        numbers=Numbers(
            groups=".",
            ordinal_endings="º|ª|°",
            rough_shown=numbered("""
                10 decine; 12 dozzine; 100 centinaia; 1000 migliaia; 10000 decine di migliaia; 100000 centinaia
                di migliaia; 1000000 milioni; 1000000000 miliardi
            """),
        ),
        sentences=Sentences(titles="Dott Sig Ing Arq"),
        wishes=Wishes(greets="ciao|buongiorno|grazie|grazie mille"),
        columns=table("text testo|contenuto; title titolo; date data di pubblicazione; author autore; source fonte"),
        no_story="pagina non trovata|accesso negato|un attimo...|la tua privacy è importante",
    ),
    Language(
        "pt",
        script="latn",
        called="por portuguese português portugues portugais",
        function_words="""
        quem que quê quando onde como porque porquê quanto quantos quantas qual quais o a os as um uma uns umas de do da
        dos das e é em no na nos nas foi foram era eram ser sido são está estão tem têm tinha há para por pelo pela
        pelos pelas com sem sobre não se seu sua seus suas ao aos à às mais menos muito também mas ou este esta estes
        isso isto esse essa ele ela eles elas você nós eu lhe entre desde até após durante segundo contra dois ano anos
        nome pode
    """,
        letters="ãõçâêôáéíóú",
        endings="ção ções dade mente ado ada aram ões ência",
        stemmer="portuguese",
        numbers=Numbers(
            ordinal_endings=".º|.ª|º|ª|°",
            rough_shown=numbered("""
                10 dezenas; 12 dúzias; 100 centenas; 1000 milhares; 10000 dezenas de milhares; 100000 centenas
                de milhares; 1000000 milhões; 1000000000 bilhões
            """),
        ),
        terms=table("of de|do"),
        sentences=Sentences(titles="Dra Profa"),
        wishes=Wishes(greets="olá|bom dia|obrigado|obrigada"),
        columns=table("text texto|conteúdo; title título; date data de publicação; author autor; source fonte"),
        no_story="página não encontrada|acesso negado|um momento...|valorizamos a sua privacidade",
    ),
    Language(
        "nl",
        script="latn",
        called="nld dut dutch nederlands",
        function_words="""
        wie wat wanneer waar waarom hoe hoeveel welk welke wiens de het een en van in is zijn was waren wordt worden
        werd werden geweest heeft hebben had hadden op te voor met niet geen aan er om ook als bij door naar uit over
        onder tussen tegen zonder sinds tot maar of dat die dit deze hij zij ze wij we je jij u ik hun haar zich nog
        meer dan toen toch kan kunnen moet zal zou twee jaar naam
    """,
        letters="ëï",
        endings="ing heid lijk lijke elijk isch ische aan oor ijk sch",
        stemmer="dutch",
        numbers=Numbers(
            groups=".",
            rough_shown=numbered("""
                10 tientallen; 12 tientallen; 100 honderden; 1000 duizenden; 10000 tienduizenden; 100000
                honderdduizenden; 1000000 miljoenen; 1000000000 miljarden
            """),
        ),
        wishes=Wishes(greets="hallo|goedendag|dank je|bedankt"),
    ),
    Language(
        "tr",
        script="latn",
        called="tur turkish türkçe turc",
        function_words="""
        kim kimin kime kimi ne neyi neden niçin niye nerede nereden nereye nasıl hangi hangisi kaç kaçı kaçıncı mi mı mu
        mü midir mıdır ve bir bu şu o için ile de da ki gibi kadar daha en çok az sonra önce göre olarak olan oldu
        olduğu ise değil var yok her hiç bazı ya veya ama fakat ancak nedir kimdir nelerdir zaman tarafından arasında
        üzerinde karşı iki yıl yılında adı türü onun bunun şey
    """,
        letters="ışğçöü",
        endings="lar ler ları leri nın nin dır dir mış yor ında inde dan den sı ığı iği acak",
        stemmer="turkish",
        numbers=Numbers(
            groups=".",
            rough_shown=numbered("""
                10 onlarca; 12 onlarca; 100 yüzlerce; 1000 binlerce; 10000 on binlerce; 100000 yüz binlerce;
                1000000 milyonlarca; 1000000000 milyarlarca
            """),
        ),
        sentences=Sentences(ordinal_stop=True),
        wishes=Wishes(greets="merhaba|teşekkürler|sağ ol"),
        columns=table("text metin|içerik; title başlık; date tarih; author yazar; source kaynak"),
        no_story="sayfa bulunamadı|erişim engellendi|aradığınız sayfa bulunamadı|bir dakika lütfen...",
    ),
    Language(
        "ro",
        script="latn",
        called="ron rum romanian română",
        function_words="""
        cine ce când cand unde cum cât cat câți câte câtă care cui și si de la în in a al ale ai cu pe un o unui unei
        este e sunt era erau fost fi au am din pentru nu se să că mai sau lui lor ei el ea cel cea cei cele prin după
        între către spre fără sub despre dacă dar iar ca decât acest această acești aceste acel acea doi două ani anul
        numele fel avut are avea s i tip tipuri folosit folosea alte alt alți putea poate făcut acesta aceasta mult
        multe mulți numit timpul timp cadrul
    """,
        letters="șțăţşâî",
        endings="ului ilor ește ează ării iei ții ție ător ească ele",
        stemmer="romanian",
        wishes=Wishes(greets="bună|bună ziua|mulțumesc"),
    ),
    Language(
        "pl",
        script="latn",
        called="pol polish polski",
        function_words="""
        kto kogo komu co czego kiedy gdzie skąd dlaczego jak jaki jaka jakie ile który która które w we z ze na do i a o
        u od po za przez przed nad pod między dla bez jest są był była było były być ma się nie tak to ten ta te tego
        jego jej ich oraz lub ale że żeby jako także już tylko rok roku
    """,
        letters="ąęłńśźżćó",
        endings="ów ego ych ość cja wski ami nie",
        sentences=Sentences(ordinal_stop=True),
        wishes=Wishes(greets="cześć|dzień dobry|dziękuję"),
    ),
    Language(
        "sv",
        script="latn",
        function_words="""
        vem vad när var varför hur många vilken vilket vilka vems och i att det som en ett på är av för med den till
        inte om de har hade från vid men sig så han hon ut sin efter också eller mycket mot under över blev blir varit
        finns kan ska år
    """,
        letters="åäö",
        endings="ning het ade arna erna lig ska sk",
        stemmer="swedish",
        wishes=Wishes(greets="hej|tack"),
    ),
    Language(
        "fa",
        script="arab",
        called="fas per pes persian farsi فارسی persan",
        function_words="""
        چه چی کی کجا چرا چگونه چطور چند کدام چیست کیست از در به که این آن را با است برای و یا تا بر هم نیز شد شده بود
        بوده می های هایی یک دو هر اما اگر پس دیگر کسی چیزی کرد کرده کند شود باشد دارد داشت نام سال توسط
    """,
        letters="پچژگکی",
        stop_words="""
        از در به که این را با است برای آن و چه کسی کی کجا چرا چگونه چند کدام چیست کیست شد بود می های یک تا بر نیز شده
        کرد هر ها بوده هم یا اما
    """,
        latin_words="en",
        numbers=Numbers(groups=",."),
        sentences=Sentences(spelt_letters="بی سی دی ای جی آی جیه کی پی کیو تی وی دبلیو ایکس"),
        wishes=Wishes(greets="سلام|ممنون|متشکرم"),
        columns=table("text متن|محتوا; title عنوان|تیتر; date تاریخ; author نویسنده; source منبع"),
        no_story="صفحه یافت نشد|صفحه مورد نظر یافت نشد|دسترسی غیرمجاز",
    ),
    Language(
        "ur",
        script="arab",
        called="urd urdu اردو",
        function_words="""
        کون کس کیا کب کہاں کیوں کیسے کتنے کتنی کتنا کونسا کونسی ہے ہیں تھا تھی تھے ہو ہوا ہوئی کے کی کا کو نے سے میں پر
        اور یہ وہ جو بھی نہیں اس ان ایک لیے گیا گئی کہ تک
    """,
        letters="ٹڈڑںےہھپچگکی",
        latin_words="en",
        numbers=Numbers(groups=","),
        wishes=Wishes(greets="سلام|شکریہ"),
    ),
    Language(
        "ru",
        script="cyrl",
        called="rus russian русский russe",
        function_words="""
        кто кого кому кем что чего чему чем когда где куда откуда почему зачем как какой какая какое какие каких каким
        какого какую какова каков каковы сколько насколько чей чья который которая которые в во и на не с со по за из у
        от до к ко о об для при под над между через без это этот эта эти то был была было были быть есть его ее её их он
        она они мы вы я же ли или но а если так также после перед году год лет
    """,
        letters="ыэъё",
        stemmer="russian",
        latin_words="en",
        sentences=Sentences(numbered="с т гл рис стр", inner="т.е т.к т.н напр им ул"),
        wishes=Wishes(greets="привет|здравствуйте|спасибо"),
    ),
    Language(
        "uk",
        script="cyrl",
        called="ukr ukrainian українська",
        function_words="""
        хто кого кому ким що чого чому чим коли де куди звідки як який яка яке які яких скільки чий в у і й та на не з
        зі із по за від до к о про для при під над між через без це цей ця ці то був була було були бути є його її їх
        він вона вони ми ви я чи або але якщо також після року рік
    """,
        letters="іїєґ",
        latin_words="en",
        wishes=Wishes(greets="привіт|дякую"),
    ),
    Language(
        "bg",
        script="cyrl",
        function_words="""
        кой коя кое кои кого какво какъв каква какви кога къде защо как колко чий на и в във с със за от до по при под
        над между през без е са беше бяха бил била били да се не че ще това този тази тези той тя те ние като или но ако
        след преди година който която което които
    """,
        letters="ъ",
    ),
    Language("ca", script="latn", stemmer="catalan"),
    Language("da", script="latn", stemmer="danish", sentences=Sentences(ordinal_stop=True)),
    Language("fi", script="latn", stemmer="finnish", sentences=Sentences(ordinal_stop=True)),
    Language("hu", script="latn", stemmer="hungarian", sentences=Sentences(ordinal_stop=True)),
    Language("id", script="latn", called="ind in indonesian", stemmer="indonesian"),
    Language("no", script="latn", stemmer="norwegian", sentences=Sentences(ordinal_stop=True)),
    Language("el", script="grek", called="ell gre greek ελληνικά", stemmer="greek", latin_words="en"),
    Language(
        "hi",
        script="deva",
        called="hin hindi हिन्दी",
        stemmer="hindi",
        latin_words="en",
        numbers=Numbers(groups=","),
        wishes=Wishes(greets="नमस्ते|धन्यवाद"),
    ),
    Language(
        "zh", script="hani", called="zho chi cmn chinese 中文 chinois", latin_words="en", numbers=Numbers(groups=",")
    ),
    Language("he", script="hebr", called="heb iw hebrew עברית", latin_words="en", numbers=Numbers(groups=",")),
    Language("ja", script="kana", called="jpn japanese 日本語", latin_words="en", numbers=Numbers(groups=",")),
    Language("ko", script="hang", called="kor korean 한국어", latin_words="en", numbers=Numbers(groups=",")),
    Language("ms", script="latn", called="msa may malay"),
    Language("sw", script="latn", called="swa swh swahili kiswahili"),
    Language("ha", script="latn", called="hau hausa"),
    Language("ku", called="kur ckb kmr kurdish"),
    Language("vi", script="latn", called="vie vietnamese"),
    Language("th", script="thai", called="tha thai", latin_words="en", numbers=Numbers(groups=",")),
    Language("bn", script="beng", called="ben bengali বাংলা"),
    Language("am", script="ethi", called="amh amharic"),
    Language("so", script="latn", called="som somali"),
    *(
        Language(code, script="latn", sentences=Sentences(ordinal_stop=True))
        for code in ("nb", "et", "is", "hr", "sk", "cs", "sl", "lv")
    ),
)
