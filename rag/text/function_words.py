"""The words that hold sentences together, by language: what tells the language of a short question.

Question words first, also without their accents, since people type them so. Tables only: :mod:`rag.text.language`
weighs them. Apostrophes part words, so "l'" is the word "l".
"""

from __future__ import annotations

FUNCTION_WORDS = {
    "en": """
        who whom whose what which when where why how the of and to in a is was were are be been being for on
        that with as by at from it its this these those did do does done has have had having not or an his her
        their he she they we you i my your our us them him if but so than then there here many much more most
        some any all no yes about into over after before between during under against will would can could
        should may might must one two also only other such while because until through up out off down just said
        says say name list give tell kind type long old happened called known used made
    """,
    "fr": """
        qui que quoi quand où ou comment pourquoi combien quel quelle quels quelles le la les l un une des de du
        d et à a en dans est sont était étaient été être sera seront fut furent ont avait avaient pour par sur
        au aux avec sans sous ne n pas plus moins ce cette ces cet c se s sa son ses leur leurs il ils elle
        elles on nous vous je j tu me te lui y qu si mais donc car ni entre vers chez depuis pendant après avant
        lors lorsque comme aussi très même deux trois ainsi dont afin selon contre fait faire peut doit quelque
        quelques tout tous toute toutes aucun autre autres nom année bien dit type celui celle ceux dès notre
        votre
    """,
    "es": """
        qué que quién quien quiénes quienes cuándo cuando dónde donde cómo como cuánto cuanto cuántos cuantos
        cuántas cuantas cuánta cuál cual cuáles cuales por el la los las lo un una unos unas de del y e en es
        son era eran fue fueron ser sido está están estaba hay ha han había para con sin sobre no se su sus al
        más menos muy este esta estos estas ese esa eso le les mi tu nos yo él ella ellos ellas entre desde
        hasta también pero si porque durante tras según contra dos tiene tienen puede hizo año años nombre tipo
        otro otra todo toda todos después antes algunos algunas además así llama llamó cada mismo misma cuya
        cuyo
    """,
    "de": """
        wer wen wem wessen was wann wo woher wohin warum wieso weshalb wie wieviel viel viele welche welcher
        welches welchen welchem der die das den dem des ein eine einen einem einer eines und in im ist sind war
        waren wird werden wurde wurden worden sein seine seinen seiner ihr ihre ihren hat haben hatte hatten von
        vom zu zum zur mit nach bei für auf aus an am um über unter durch gegen ohne vor zwischen seit bis nicht
        kein keine als auch nur noch schon sehr mehr dass daß wenn weil aber oder denn sich er sie es wir ich
        man kann konnte können soll muss gibt gab diese dieser dieses diesem diesen zwei worum womit wodurch
        wofür wovon geht ging heißt bedeutet bedeutete geschah passierte machte macht tat glaubte sagte kam jahr
        jahre
    """,
    "it": """
        chi che cosa quando dove come perché perche quanto quanti quante quanta quale quali il lo la i gli le l
        un una uno di del dello della dei degli delle d e ed è era erano sono stato stata stati furono fu ha
        hanno aveva in nel nello nella nei negli nelle a al allo alla ai agli alle da dal dalla dai con su sul
        sulla per tra fra non si se più meno anche ma o questo questa questi queste quello quella suo sua suoi
        loro lui lei noi ci ne dopo prima durante contro secondo anno anni viene venne può essere
    """,
    "pt": """
        quem que quê quando onde como porque porquê quanto quantos quantas qual quais o a os as um uma uns umas
        de do da dos das e é em no na nos nas foi foram era eram ser sido são está estão tem têm tinha há para
        por pelo pela pelos pelas com sem sobre não se seu sua seus suas ao aos à às mais menos muito também mas
        ou este esta estes isso isto esse essa ele ela eles elas você nós eu lhe entre desde até após durante
        segundo contra dois ano anos nome pode
    """,
    "nl": """
        wie wat wanneer waar waarom hoe hoeveel welk welke wiens de het een en van in is zijn was waren wordt
        worden werd werden geweest heeft hebben had hadden op te voor met niet geen aan er om ook als bij door
        naar uit over onder tussen tegen zonder sinds tot maar of dat die dit deze hij zij ze wij we je jij u ik
        hun haar zich nog meer dan toen toch kan kunnen moet zal zou twee jaar naam
    """,
    "tr": """
        kim kimin kime kimi ne neyi neden niçin niye nerede nereden nereye nasıl hangi hangisi kaç kaçı kaçıncı
        mi mı mu mü midir mıdır ve bir bu şu o için ile de da ki gibi kadar daha en çok az sonra önce göre
        olarak olan oldu olduğu ise değil var yok her hiç bazı ya veya ama fakat ancak nedir kimdir nelerdir
        zaman tarafından arasında üzerinde karşı iki yıl yılında adı türü onun bunun şey
    """,
    "ro": """
        cine ce când cand unde cum cât cat câți câte câtă care cui și si de la în in a al ale ai cu pe un o unui
        unei este e sunt era erau fost fi au am din pentru nu se să că mai sau lui lor ei el ea cel cea cei cele
        prin după între către spre fără sub despre dacă dar iar ca decât acest această acești aceste acel acea
        doi două ani anul numele fel avut are avea s i tip tipuri folosit folosea alte alt alți putea poate
        făcut acesta aceasta mult multe mulți numit timpul timp cadrul
    """,
    "pl": """
        kto kogo komu co czego kiedy gdzie skąd dlaczego jak jaki jaka jakie ile który która które w we z ze na
        do i a o u od po za przez przed nad pod między dla bez jest są był była było były być ma się nie tak to
        ten ta te tego jego jej ich oraz lub ale że żeby jako także już tylko rok roku
    """,
    "sv": """
        vem vad när var varför hur många vilken vilket vilka vems och i att det som en ett på är av för med den
        till inte om de har hade från vid men sig så han hon ut sin efter också eller mycket mot under över blev
        blir varit finns kan ska år
    """,
    "ar": """
        متى اين أين كيف لماذا لمادا ماذا مادا ما من هل كم أي اي أية بكم مم مما ممن لمن بم ماهو ماهي ماهى في على
        إلى الى عن مع أن ان إن أو او ثم قد لقد لا لم لن ليس ليست بعد قبل بين كان كانت كانوا هو هي هم هذا هذه ذلك
        تلك التي الذي الذين كل بعض غير حتى منذ خلال عند لدى حيث تم يتم وهو وهي وقد ولم وفي ومن وعلى
    """,
    "fa": """
        چه چی کی کجا چرا چگونه چطور چند کدام چیست کیست از در به که این آن را با است برای و یا تا بر هم نیز شد
        شده بود بوده می های هایی یک دو هر اما اگر پس دیگر کسی چیزی کرد کرده کند شود باشد دارد داشت نام سال توسط
    """,
    "ur": """
        کون کس کیا کب کہاں کیوں کیسے کتنے کتنی کتنا کونسا کونسی ہے ہیں تھا تھی تھے ہو ہوا ہوئی کے کی کا کو نے سے
        میں پر اور یہ وہ جو بھی نہیں اس ان ایک لیے گیا گئی کہ تک
    """,
    "ru": """
        кто кого кому кем что чего чему чем когда где куда откуда почему зачем как какой какая какое какие каких
        каким какого какую какова каков каковы сколько насколько чей чья который которая которые в во и на не с
        со по за из у от до к ко о об для при под над между через без это этот эта эти то был была было были
        быть есть его ее её их он она они мы вы я же ли или но а если так также после перед году год лет
    """,
    "uk": """
        хто кого кому ким що чого чому чим коли де куди звідки як який яка яке які яких скільки чий в у і й та
        на не з зі із по за від до к о про для при під над між через без це цей ця ці то був була було були бути
        є його її їх він вона вони ми ви я чи або але якщо також після року рік
    """,
    "bg": """
        кой коя кое кои кого какво какъв каква какви кога къде защо как колко чий на и в във с със за от до по
        при под над между през без е са беше бяха бил била били да се не че ще това този тази тези той тя те ние
        като или но ако след преди година който която което които
    """,
}
