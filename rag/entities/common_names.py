"""Capitalised words that are translated rather than transliterated, so that their sound proves nothing.

Titles, offices, institutions, points of the compass, religions: "Security Council" is مجلس الأمن. Pure data, read by
:mod:`rag.answering.verification`.
"""

from __future__ import annotations

TRANSLATED: dict[str, str] = {
    "en": """
        abbey academy accord act activist actor actress administration advanced adviser advisor affairs agency
        agreement air airport allah alliance almighty ambassador amendment analyst and anniversary antarctic
        anthem apostle appeal appeals applied arab arabic arabs archaeology archbishop architect arctic arena
        army article artificial artist asian assembly association astronaut atomic attorney audit auditor
        auditors author authorities authority autonomous autumn award bank baron barrister basin battle bay
        bible bill biology bishop black blue board book border boutique boys bridge brigade brigadier briton
        broadcasting bronze brother brotherhood buddhist bureau cabinet calendar campaign campaigner canal
        cancer candidate canyon cape capital captain castle cathedral catholic caucus cemetery census center
        central centre chair chairman chairwoman challenge chamber champions championship chancellor channel
        chapter charter chemistry chess chief children christian christians christmas church churches cinema
        citizen city civil class climate coach coalition coast code col college collider colonel comet commander
        commission commissioner committee common commonwealth communist community company confederation
        conference congress conservative constitution consul consulate consumer convention cooperation
        coordination coordinator corporation corps correction correspondent council councillor count county coup
        court covenant criminal crisis critic cross crown crusade culture cup currency customs cyclone dam day
        dead deal dean declaration defence defender defense delegate delegation delta democrat democratic
        democrats department deputy desert detective detention development dialogue director disease district
        division doctor drought duke dutch dynasty earl earth east eastern economic economist editor education
        elder election elections electoral embassy emergency emir emirate emperor empire energy engineer
        engineering english environment envoy epidemic episcopal equality equator estate european evening
        exchange exchequer executive expert export fair faith falls farmer fashion father federal federation
        festival field fifth filmmaker final finals finance first fish fisheries flag fleet flood food force
        forces foreign forest forward foundation founder fourth free french friday front fund fundamental
        gallery games garden gay gen general generation geneva genocide girls global goalkeeper god gold gospel
        government governor grain grand great green gross group guard gulf hadron half hall handicap head health
        her heritage high higher highness hill hindu his historian history holocaust homeland horn hospital
        hotel house human humanitarian hurricane i ice ii iii imam immigration import independence independent
        indigenous industries industry information initiative innovation inquiry inspector institute institution
        intelligence interior international internet investment investor islam islamic island islands iv ix jail
        jewish jews jihad joint journal journalist judge judicial judiciary justice king kingdom knight koran
        labor laboratory labour labs lady lake land language large law lawmaker lawyer leader leaders league
        left legislative legislator legislature liberal liberation liberty library lieutenant light line lord lt
        magazine magistrate majesty major mandate march maritime market marshal massacre master maternity
        mathematics mayor media mediator medical medicine member members memorial mental metropolitan middle migrants
        migration military mine mines minister ministers ministry mission mister model monarchy monetary monitor
        month monument moon mosque mother mount mountain mountains mr mrs ms museum muslim muslims nation
        national nations natural nature naval navigation navy negotiator network new news newspaper next night
        nine nobel north northeast northern northwest novelist nuclear nurse observatory observer ocean office
        officer oil old olympic olympics opera operation opposition orchestra order organisation organization
        orphanage orthodox owner pact palace palestinian panel park parliament parliamentary party patriarch
        patriotic peace peacekeeping penal peninsula pension people peoples phase philosophy physician physics
        pilot pipeline plague plain plan plateau poet pole police policy polytechnic pope popular population
        port post poverty power praise premier premiership presidency president presidential presiding press
        priest prime prince princes princess prison prize producer prof professor program programme project
        prophet prosecution prosecutor protection protestant protocol province provincial psychology public
        publisher queen quran radio railway ramadan rapper rebel reconstruction red reef referee refugee
        refugees regiment region registry relief renaissance report reporter representative representatives
        republic republican republicans rescue research researcher reserve reservoir resistance resolution
        retired rev reverend revolution revolutionary right rights river road roman royal rural russian saint
        salafi sanctions satellite savings scholar school science scientist scottish sculptor sea second secret
        secretariat secretary section security sen senate senator senators senior sergeant service settlement
        sgt sharia sheikh shia shiite siege silk singer sir six slave socialist society solar soldier south
        southeast southern southwest space special spokesman spokesperson spokeswoman sport sports spring square
        stadium staff state statement states station statistics stock storm strait strategic strategy street
        striker strip students suffrage sultan sultanate summer summit sun sunni superpower supreme surgeon
        surveillance sustainable swimming syndicate system talks tall tax team technology television temple
        territory terror test theatre third tide tomb top torah tourism tower trade trader traffic trail
        transition transitional transport treasury treaty tribe tribunal trust tsunami typhoon union unit united
        unity universal university uprising urban v vaccine valley veteran vi vice victim victory vii viii
        village villagers virgin volcano volunteer voters wall war watch watchdog water weapons weather web week
        wells welsh west western white wildlife winter witness women women's work workers world writer x xi xii
        xiv xvi year youth zero zone
    """,
    "fr": """
        académie accord accords acteur actrice administration affaires agence aigle air alliance ambassade
        ambassadeur ambassadrice analyse archevêque architecte archéologie armée artiste assemblée association
        atomique autorité avocat banque banquier barrage bas basilique basse bataille bible blanc blanche
        blanches blancs bon bourse brigade bureau cabinet canal cap capitaine cathédrale cellule centrale centre
        chambre championnat championne champions chancelier chanteur charte chef chercheur christ chrétien
        chrétiens cité civil climat club coalition collège colonel comité commandant commerce commissaire
        commission communauté compagnie comptes comté confédération conférence congrès conseil constitution
        consul consulat convention coran corps coupe cour croissant croix culture cyclone delta deuxième dieu
        directeur direction directrice droits duc déclaration défense démocrate démocrates démocratie départ
        département député députée désert développement eau empereur empire enceinte ensemble entraîneur
        environnement est etat etats expert festival fondation fonds force forces forum forêt france front
        fédération fête garde gouvernement gouverneur grand grande groupe guerre génocide général haut haute
        historien holocauste hôpital hôtel imam indépendance innovation institut intérieur islam jeune jeux jour
        journal journaliste juge justice laboratoire lac lieutenant ligue livre loi madame maire maison major
        marché marine maréchal maître membre membres mer militant ministre ministère mission mme monde monsieur
        mont montagne monétaire mosquée mouvement muraille musicien musulman musulmans musée médecin nation
        national nations naturel naturelle noir noire noires noirs nord nouveau nouvelle noël nucléaire
        observatoire occident occidental occidentale océan office olympique olympiques onu opposition opération
        ordre organisation orient oriental orientale ouest ouragan pacte paix palais pape parc parlement parquet
        parti patriarche patrimoine pays peintre place police pont population port poste poète premier première
        prince princesse prix procureur procureure professeur programme prophète protocole province présidence
        président présidente présidentielle pâques père pékinois péninsule pétrole pôle quartier rapporteur
        reine renaissance représentant rivière roi romancier rouge royaume rue réalisateur réforme réfugiés
        région républicain républicains république réserve résistance révolution révérend sahara saint sainte
        santé science sculpteur seconde secours secrétaire secrétariat selon sergent service siège société
        sommet sport statut stratégique sud sultan supérieur supérieure syndicat sécurité sélectionneur sénat
        sénateur temple tempête terre tour tourisme traité travail traversée tribunal troisième trésor typhon
        télévision union université urgence vallée vert verte vice ville volcan zone zéro échec école économie
        économiste écrivain église élections élite émir émirat énergie épidémie état états île îles
    """,
}

# Words within a name that are no name themselves.
PARTICLES = "al el bin ben ibn abu bou de du des von van der da di la le les of the and et ould ag"

# Arabic words that a proper name follows: titles, kinds of place, callings.
ARABIC_NAME_CUES = """
    الرئيس رئيس الوزير وزير وزيرة السيد السيدة الجنرال العقيد اللواء الملك الأمير الشيخ الدكتور القائد زعيم السفير
    مدينة بلدة قرية محافظة ولاية إقليم غابة نهر جبل بحيرة جزيرة شركة صحيفة وكالة حركة جماعة قناة قبيلة الكاتب الرحالة
    المؤرخ الطبيب المخرج الممثل اللاعب المدرب السلطان الإمبراطور الخليفة
"""
