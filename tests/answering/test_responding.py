"""An answer that tells nothing of what is asked for is told by its question, whatever the articles bear out."""

from __future__ import annotations

import pytest

from rag.answering.responding import claim_of, measures_amiss, responds

AMISS = [
    # no amount, or one of something else
    ("en", "How long is the Great Green Wall?", "The Great Green Wall is a 17 June project in the Sahara."),
    ("en", "How long is the Great Green Wall?", "The wall was launched in 2007, one of the most ambitious projects."),
    ("en", "How many manuscripts were burned?", "The manuscripts were burned at the institute in Timbuktu."),
    ("en", "How many manuscripts were burned?", "The manuscripts were burned on 28 January 2013."),
    ("en", "How many people depend on the lake?", "The lake covers 1,350 square kilometres."),
    ("en", "How much did the dam cost?", "The dam cost 145 metres."),
    ("en", "How much did the dam cost?", "The dam produces 5,150 megawatts and is 145 metres high."),
    ("en", "What is the capacity of the reservoir?", "The reservoir has a capacity of 35 kilometres."),
    ("en", "What was the population of the town?", "The town lies on the river and is the third of the region."),
    ("en", "How tall is the tower?", "The tower weighs 7,300 tonnes."),
    ("en", "How old is the president?", "The president travelled 300 kilometres."),
    ("fr", "Combien a coûté la construction du barrage ?", "La construction du barrage a coûté ١٤٥ مترًا."),
    ("fr", "Quelle est la capacité du réservoir ?", "La capacité du réservoir est de 35 kilomètres."),
    ("fr", "Combien de pays participent au projet ?", "Le projet a été lancé en 2007 par l'Union africaine."),
    ("fr", "Quelle est la longueur de la muraille ?", "La muraille est un projet aussi ambitieux que mal compris."),
    ("fr", "Combien de temps le canal a-t-il été fermé ?", "Le canal a été fermé par l'Égypte."),
    ("ar", "كم طول السور الأخضر؟", "السور الأخضر مشروع طموح في الساحل."),
    ("ar", "كم كلّف بناء التلسكوب؟", "بناء التلسكوب في عام 1989"),
    ("ar", "كم كلّف بناء السد؟", "كلّف بناء السد ١٤٥ مترًا."),
    ("ar", "ما سعة خزان السد؟", "تبلغ سعة الخزان ٣٥ كيلومترًا."),
    ("ar", "كم عدد السفن التي تعبر القناة؟", "يبلغ طول القناة ١٩٣ كيلومترًا."),
    ("ar", "كم عدد الدول المشاركة؟", "أطلق الاتحاد الأفريقي المشروع."),
    ("de", "Wie lang ist die Grüne Mauer?", "Die Grüne Mauer ist ein Projekt in der Sahelzone."),
    ("de", "Wie viele Länder nehmen teil?", "Das Projekt wurde im Jahr 2007 von der Afrikanischen Union begonnen."),
    ("de", "Wie viel kostet die Brücke?", "Die Brücke kostet 800 Meter."),
    ("es", "¿Cuántos países participan?", "La Unión Africana lanzó el proyecto en 2007."),
    ("es", "¿Qué altura tiene la presa?", "La presa fue construida por Etiopía."),
    ("es", "¿Cuánto costó el puente?", "El puente costó 800 metros."),
    # no time
    ("en", "When did the canal open?", "The canal was opened by the Khedive Ismail."),
    ("en", "When did the canal open?", "The canal is 193 kilometres long."),
    ("en", "When did the states meet?", "Four states met."),
    ("en", "In which year was the institute founded?", "The institute was founded in Timbuktu by scholars."),
    ("fr", "Quand le canal a-t-il été ouvert ?", "Le canal a été ouvert par le khédive Ismaïl."),
    ("fr", "En quelle année le traité fut-il signé ?", "Le traité fut signé au Bourget."),
    ("ar", "متى افتتحت القناة؟", "افتتح الخديوي إسماعيل القناة."),
    ("de", "Wann wurde der Kanal eröffnet?", "Der Kanal wurde vom Khediven eröffnet."),
    ("es", "¿Cuándo se abrió el canal?", "El canal fue abierto por el jedive Ismail."),
    # nothing but the question's words
    ("en", "Who was the child that Edward Jenner vaccinated?", "Edward Jenner vaccinated"),
    ("en", "Who was the child that Edward Jenner vaccinated?", "The child was vaccinated by Edward Jenner."),
    ("en", "Where did Ibn Battuta travel after Mecca?", "Ibn Battuta travelled after Mecca."),
    ("en", "Why was the canal closed?", "The canal was closed."),
    ("en", "How did the families save the manuscripts?", "The families saved the manuscripts."),
    ("fr", "Qui a nationalisé le canal de Suez ?", "Le canal de Suez a été nationalisé."),
    ("fr", "Pourquoi le lac se réduit-il ?", "Le lac se réduit."),
    ("ar", "من أمم قناة السويس؟", "أمم قناة السويس."),
    ("ar", "أين يقع مقر البنك المركزي؟", "يقع مقر البنك المركزي."),
    ("de", "Wer verstaatlichte den Kanal?", "Der Kanal wurde verstaatlicht."),
    ("es", "¿Quién nacionalizó el canal?", "El canal se nacionalizó."),
]  # fmt: skip


@pytest.mark.parametrize(("language", "question", "answer"), AMISS)
def test_what_tells_nothing_of_what_is_asked(language: str, question: str, answer: str) -> None:
    assert not responds(question, language, answer)


ANSWERS = [
    ("en", "How many countries formed the staff?", "Four countries formed it."),
    ("en", "How many countries formed the staff?", "Algeria, Mali and Niger formed it, all three in May."),
    ("en", "How many moons does it have?", "One."),
    ("en", "How many moons does it have?", "It has none."),
    ("en", "How many of them returned?", "Most of them returned."),
    ("en", "How many survived?", "Both survived."),
    ("en", "How many people came?", "Hundreds of thousands came."),
    ("en", "How many soldiers fell?", "2000 soldiers fell."),
    ("en", "How many soldiers fell?", "2000"),
    ("en", "How many people live there?", "A third of the population lives there."),
    ("en", "How many days did it last?", "It lasted ten days."),
    ("en", "How many kilometres long is it?", "It is 193 kilometres long."),
    ("en", "How many inhabitants voted?", "85 percent of them voted."),
    ("en", "How long did it take?", "Less than a year."),
    ("en", "How long did it take?", "Half a century."),
    ("en", "How long is the tunnel?", "It was never finished."),
    ("en", "How long did he rule?", "He ruled from 1932 to 1972."),
    ("en", "How old is she?", "She was born in 1950."),
    ("en", "How often is it held?", "Every year."),
    ("en", "How much did it cost?", "It cost 4 billion."),
    ("en", "How much did it cost?", "Entry is free."),
    ("en", "How far is it?", "About a kilometre."),
    ("en", "How big is the mirror?", "The mirror is 6.5 metres across and has 18 segments."),
    ("en", "How high was the price?", "The price was 30 euros."),
    ("en", "What is the capacity of the stadium?", "It holds 80,000 people."),
    ("en", "What is the capacity of the plant?", "5,150 megawatts."),
    ("en", "What was the price of bread?", "The price fell by 5 percent."),
    ("en", "What caused the rise in the price of coffee?", "A drought that lasted three years."),
    ("en", "What do Mali and Niger share?", "A border and a river."),
    ("en", "What is Labour Day?", "A holiday for workers."),
    ("en", "What was the area called?", "It was called the Sahel."),
    ("en", "Why is it not known how many died?", "Because the records were burned."),
    ("en", "Who set the price of oil?", "The ministers of OPEC."),
    ("en", "Who was president when the canal opened?", "Ismail was its ruler."),
    ("en", "When did the canal open?", "In 1869."),
    ("en", "When did the canal open?", "March"),
    ("en", "When did the gates open?", "At 5."),
    ("en", "When did the caliph rule?", "Between 813 and 833."),
    ("en", "When many are arrested, what do they show?", "Solidarity"),
    ("en", "What rainforest covers most of the Amazon basin?", "The Amazon rainforest"),
    ("en", "In what area was land given?", "Lower Norfolk County"),
    ("en", "How long did they keep French names?", "Well into the nineteenth century."),
    ("en", "How often does he travel?", "Rarely."),
    ("ar", "كم كانت رسوم النقل؟", "30 مليون جنيه إسترليني"),
    ("ar", "كم وعدت الدول الغنية؟", "وعدت بمئة مليار دولار سنويا."),
    ("ar", "كم دام حكمه؟", "ما بين عامي 1805 و1848"),
    ("en", "When did the canal open?", "On 17 November."),
    ("en", "When did the canal open?", "Ten years after the digging began."),
    ("en", "When did the canal open?", "During the reign of Ismail."),
    ("en", "When did the canal open?", "In the nineteenth century."),
    ("en", "When did the canal open?", "It has not opened yet."),
    ("en", "When is the museum open?", "On Mondays."),
    ("en", "When is a volcano extinct?", "If it has slept for ten thousand years."),
    ("en", "Did Edward Jenner vaccinate a child?", "Edward Jenner vaccinated a child."),
    ("en", "Did Edward Jenner vaccinate a child?", "Yes."),
    ("en", "Was the canal nationalised?", "Yes, the canal was nationalised."),
    ("en", "Who was the child that Edward Jenner vaccinated?", "The child was James Phipps."),
    ("en", "Who was the child that Edward Jenner vaccinated?", "Edward Jenner vaccinated his gardener's child."),
    ("en", "Which is longer, the Nile or the Congo?", "The Nile is longer."),
    ("en", "Which of the two states signed?", "Both states signed."),
    ("en", "What is the capital of Luxembourg?", "Luxembourg"),
    ("en", "What is the capital of Mexico?", "Mexico City"),
    ("en", "What is the capital of Luxembourg?", "The capital of Luxembourg is Luxembourg."),
    ("en", "Suez canal length", "The Suez canal"),  # asks nothing
    ("fr", "Combien de pays participent au projet ?", "Onze pays y participent."),
    ("fr", "Combien de pays participent au projet ?", "Plusieurs pays y participent."),
    ("fr", "Combien de personnes en vivent ?", "Une trentaine de millions de personnes."),
    ("fr", "Combien de temps a-t-il duré ?", "Moins d'un an."),
    ("fr", "Combien a coûté le barrage ?", "Près de 4 milliards de dollars."),
    ("fr", "Quelle est la capacité du réservoir ?", "74 milliards de mètres cubes."),
    ("fr", "Quel prix a-t-il reçu ?", "Le prix Nobel de médecine."),
    ("fr", "Quand le canal a-t-il été ouvert ?", "Le 17 novembre 1869."),
    ("fr", "Quand le canal a-t-il été ouvert ?", "Sous le règne d'Ismaïl."),
    ("fr", "Le canal a-t-il été nationalisé ?", "Le canal a été nationalisé."),
    ("fr", "Est-ce que le canal a été nationalisé ?", "Oui, le canal a été nationalisé."),
    ("fr", "Qui a nationalisé le canal ?", "Nasser a nationalisé le canal."),
    ("fr", "Quel fleuve est le plus long, le Nil ou le Congo ?", "Le Nil est le plus long."),
    ("ar", "كم عدد الدول المشاركة؟", "أربع دول."),
    ("ar", "كم عدد الدول المشاركة؟", "دولتان."),
    ("ar", "كم عدد الدول المشاركة؟", "شاركت دول عديدة."),
    ("ar", "كم استغرق البناء؟", "أقل من سنة."),
    ("ar", "كم استغرق البناء؟", "استغرق عامين."),
    ("ar", "كم طول السور؟", "يبلغ طوله نحو ٨٠٠٠ كيلومتر."),
    ("ar", "كم طول النفق؟", "لم يكتمل بناؤه."),
    ("ar", "ما سعة خزان السد؟", "سعة الخزان ٧٤ مليار متر مكعب من الماء ويقارب ارتفاع السد ١٤٥ مترًا"),
    ("ar", "ما سبب ارتفاع الأسعار؟", "الجفاف الذي أصاب البلاد."),
    ("ar", "متى افتتحت القناة؟", "في ١٧ نوفمبر ١٨٦٩."),
    ("ar", "متى افتتحت القناة؟", "بعد عشر سنوات من الحفر."),
    ("ar", "هل أممت مصر القناة؟", "أممت مصر القناة."),
    ("ar", "هل أممت مصر القناة؟", "نعم."),
    ("ar", "من أمم قناة السويس؟", "أمم جمال عبد الناصر قناة السويس."),
    ("ar", "أيهما أطول: النيل أم الكونغو؟", "النيل أطول."),
    ("de", "Wie viele Länder nehmen teil?", "Vier Länder."),
    ("de", "Wie viele Länder nehmen teil?", "Keine."),
    ("de", "Wie lange dauerte es?", "Weniger als ein Jahr, nur 10 Monate."),
    ("de", "Wie hoch ist der Schaden?", "3 Millionen Euro."),
    ("de", "Wann wurde der Kanal eröffnet?", "1869."),
    ("de", "Wann wurde der Kanal eröffnet?", "Nach dem Krieg."),
    ("de", "Wurde der Kanal verstaatlicht?", "Der Kanal wurde verstaatlicht."),
    ("de", "Wer verstaatlichte den Kanal?", "Nasser verstaatlichte den Kanal."),
    ("es", "¿Cuántos países participan?", "Cuatro países."),
    ("es", "¿Cuántos países participan?", "Ninguno."),
    ("es", "¿Cuánto costó el puente?", "Costó 30 millones de euros."),
    ("es", "¿Cuándo se abrió el canal?", "Se abrió en noviembre de 1869."),
    ("es", "¿Se nacionalizó el canal?", "El canal se nacionalizó."),
    ("es", "¿Quién nacionalizó el canal?", "Lo nacionalizó Nasser."),
    ("ja", "運河の長さは？", "運河"),  # a language without a table
]  # fmt: skip


@pytest.mark.parametrize(("language", "question", "answer"), ANSWERS)
def test_what_answers(language: str, question: str, answer: str) -> None:
    assert responds(question, language, answer)


@pytest.mark.parametrize(
    ("language", "question", "sentence", "amiss"),
    [
        ("fr", "Combien a coûté le barrage ?", "Le barrage a coûté 145 mètres.", True),
        ("fr", "Combien a coûté le barrage ?", "Le barrage est haut de 145 mètres.", False),  # something else besides
        ("fr", "Combien a coûté le barrage ?", "Il a coûté 4 milliards de dollars pour 145 mètres.", False),
        ("en", "How much does it weigh?", "It weighs 30 metres.", True),
        ("en", "How much does it weigh?", "It weighs a lot.", False),
        ("en", "Who built the dam?", "The dam cost 145 metres.", False),
        ("ar", "كم كلّف بناء السد؟", "كلّف بناء السد ١٤٥ مترًا.", True),
    ],
)
def test_a_property_in_a_unit_that_is_not_its_own(language: str, question: str, sentence: str, amiss: bool) -> None:
    assert measures_amiss(question, language, sentence) is amiss


@pytest.mark.parametrize(
    ("language", "sentence", "claim"),
    [
        ("en", "No, the canal has no locks.", "the canal has no locks."),
        ("en", "No canal has locks.", "No canal has locks."),
        ("fr", "Oui, le canal a été nationalisé.", "le canal a été nationalisé."),
        ("ar", "لا، ليس فيها أهوسة.", "ليس فيها أهوسة."),
        ("ar", "لا توجد فيها أهوسة.", "لا توجد فيها أهوسة."),
        ("de", "Nein, er starb.", "er starb."),
        ("es", "Sí, se nacionalizó.", "se nacionalizó."),
        ("en", "Yes.", "Yes."),
    ],
)
def test_what_is_claimed_after_yes_or_no(language: str, sentence: str, claim: str) -> None:
    assert claim_of(sentence, language) == claim
