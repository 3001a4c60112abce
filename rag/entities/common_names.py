"""Capitalised words that are translated rather than transliterated, so that their sound proves nothing.

Titles, offices, institutions, points of the compass, religions: "Security Council" is مجلس الأمن. Pure data, read by
:mod:`rag.answering.verification`.
"""

from __future__ import annotations

TRANSLATED: dict[str, str] = {
    "en": """
        academy accord act affairs agency agreement air airport allah alliance almighty ambassador amendment and
        anniversary apostle arab arabic arabs archaeology archbishop arena army article assembly association
        attorney authority autumn award bank baron basin battle bay bible bishop black blue board book border
        bridge brigade brigadier brother brotherhood buddhist bureau cabinet campaign canal cancer canyon cape
        capital captain castle cathedral catholic cemetery center central centre chair chairman chairwoman
        challenge chamber champions championship chancellor channel chapter charter chief christian christians
        christmas church churches citizen city civil class coalition coast col college collider colonel commander
        commission commissioner committee commonwealth communist community company confederation conference
        congress conservative constitution convention corporation corps council count county coup court criminal
        cross crown cup dam day dean declaration defence defense delegation democrat democratic democrats
        department deputy desert development director district division doctor drought duke dutch dynasty earl
        earth east eastern economic education electoral emergency emir emirate emperor empire energy environment
        equator estate european evening executive fair faith fashion father federal federation festival field
        finance first fleet flood food force forces foreign foundation free french friday front fund gallery
        games garden gen general god gold gospel government governor grand great green group guard gulf hadron
        hall head health her high highness hill hindu his hospital hotel house human hurricane i ii iii imam
        independence independent indigenous industries industry information initiative inspector institute
        institution intelligence interior international internet islam islamic island islands iv ix jewish jews
        joint journal judge judiciary justice king kingdom knight koran labor labour lady lake land large law
        league left liberal liberation library lieutenant lord lt magazine magistrate majesty major march market
        marshal master mayor media medicine member members memorial metropolitan minister ministry mission mister
        monarchy monitor month monument moon mosque mother mount mountain mountains mr mrs ms museum muslim
        muslims nation national nations nature naval navy network new news newspaper night nobel north northeast
        northern northwest ocean office officer old olympic olympics operation opposition order organisation
        organization orthodox pact palace palestinian panel park parliament parliamentary party patriarch peace
        peninsula people peoples phase philosophy pipeline plague plain plan plateau police policy pope port post
        premier president presidential press priest prime prince princes princess prison prize prof professor
        program programme project prophet prosecution protestant province public queen quran radio railway
        ramadan red regiment region renaissance report republic republican republicans research reserve
        resolution rev reverend revolution revolutionary right rights river road roman royal rural russian saint
        salafi school science sea second secret secretary section security sen senate senator senior sergeant
        service sgt sharia sheikh shia shiite silk sir society solar soldier south southeast southern southwest
        space spokesman spokesperson spokeswoman sport spring square stadium staff state states station
        statistics stock storm strait street strip students sultan sultanate summer summit sun sunni supreme
        system tall team television temple territory test theatre third tide torah tower trade transport treasury
        treaty tribe tribunal union unit united unity university v valley vi vice victory vii viii village virgin
        volunteer wall war water weather web week west western white winter women work workers world x xi xii xiv
        xvi year youth zone
    """,
    "fr": """
        académie accord accords affaires agence aigle air alliance ambassade ambassadeur analyse archevêque armée
        assemblée association autorité banque barrage bas basse bataille bible blanc blanche blanches blancs bon
        bourse brigade bureau cabinet canal cap capitaine cathédrale cellule centre chambre championnat champions
        chancelier charte chef christ chrétien chrétiens cité civil club coalition collège colonel comité
        commandant commissaire commission communauté compagnie comté confédération conférence congrès conseil
        constitution convention coran corps coupe cour croissant croix deuxième dieu directeur direction duc
        déclaration défense démocrate démocrates démocratie départ département député désert eau empereur empire
        enceinte ensemble est etat etats festival fondation fonds force forces forum forêt france front
        fédération fête garde gouvernement gouverneur grand grande groupe guerre général haut haute hôpital hôtel
        imam indépendance institut intérieur islam jeune jeux jour journal juge justice lac lieutenant ligue
        livre loi madame maire maison major marché marine maréchal maître membre membres mer ministre ministère
        mission mme monde monsieur mont montagne mosquée mouvement muraille musulman musulmans musée nation
        national nations noir noire noires noirs nord nouveau nouvelle noël occident occidental occidentale océan
        office olympique olympiques onu opposition opération ordre organisation orient oriental orientale ouest
        ouragan pacte paix palais pape parc parlement parti patriarche pays place police pont port poste premier
        première prince princesse prix procureur professeur programme prophète province présidence président
        présidente pâques père pékinois péninsule quartier reine renaissance rivière roi rouge royaume rue
        réforme région républicain républicains république résistance révolution révérend sahara saint sainte
        science seconde secrétaire secrétariat selon sergent service société sommet sud sultan syndicat sécurité
        sénat sénateur temple tempête terre tour traité tribunal troisième trésor union université vallée vert
        verte vice ville zone échec école économie église élite émir émirat énergie état états île îles
    """,
}

# Words within a name that are no name themselves.
PARTICLES = "al el bin ben ibn abu bou de du des von van der da di la le les of the and et ould ag"

# Arabic words that a proper name follows: titles, kinds of place, callings.
ARABIC_NAME_CUES = """
    الرئيس رئيس الوزير وزير وزيرة السيد السيدة الجنرال العقيد اللواء الملك الأمير الشيخ الدكتور القائد زعيم السفير
    مدينة بلدة قرية محافظة ولاية إقليم غابة نهر جبل بحيرة جزيرة شركة صحيفة وكالة حركة جماعة قناة قبيلة الكاتب الرحالة
    العالم المؤرخ الطبيب المخرج الممثل اللاعب المدرب السلطان الإمبراطور الخليفة
"""
