"""What is wished for where it is no lookup, in each language that has phrases for it."""

from __future__ import annotations

import pytest

from rag.answering.wishes import LOOKUP, Wish, wish_of


@pytest.mark.parametrize(
    ("language", "question", "wish"),
    [
        ("en", "hello", Wish("greeting", language="en")),
        ("en", "Hi there!", Wish("greeting", language="en")),
        ("en", "Thanks a lot.", Wish("greeting", language="en")),
        ("it", "hello", Wish("greeting", language="en")),
        ("fr", "Bonjour !", Wish("greeting", language="fr")),
        ("ar", "السلام عليكم", Wish("greeting", language="ar")),
        ("ar", "شكرًا", Wish("greeting", language="ar")),
        ("de", "danke", Wish("greeting", language="de")),
        ("en", "what can I ask you?", Wish("help", language="en")),
        ("en", "What can you do", Wish("help", language="en")),
        ("en", "How does this work?", Wish("help", language="en")),
        ("fr", "Que puis-je te demander ?", Wish("help", language="fr")),
        ("fr", "Qui êtes-vous ?", Wish("help", language="fr")),
        ("ar", "ماذا يمكنني أن أسألك؟", Wish("help", language="ar")),
        ("ar", "من أنت؟", Wish("help", language="ar")),
        ("en", "in Arabic please", Wish("language", language="ar")),
        ("en", "Answer in French", Wish("language", language="fr")),
        ("fr", "en arabe, s'il te plaît", Wish("language", language="ar")),
        ("fr", "réponds en anglais", Wish("language", language="en")),
        ("ar", "بالإنجليزية من فضلك", Wish("language", language="en")),
        ("ar", "أجب باللغة الفرنسية", Wish("language", language="fr")),
        ("en", "Tell me more", Wish("more")),
        ("en", "more details please", Wish("more")),
        ("fr", "Dis-m'en plus", Wish("more")),
        ("fr", "continue", Wish("more")),
        ("ar", "المزيد", Wish("more")),
        ("ar", "أخبرني المزيد", Wish("more")),
        ("en", "What's new?", Wish("newest")),
        ("en", "latest news", Wish("newest")),
        ("en", "Show me the most recent articles", Wish("newest")),
        ("en", "What articles do you have?", Wish("newest")),
        ("en", "What happened last week?", Wish("newest")),
        ("fr", "Quoi de neuf ?", Wish("newest")),
        ("fr", "Les dernières nouvelles", Wish("newest")),
        ("fr", "Qu'est-ce qui s'est passé la semaine dernière ?", Wish("newest")),
        ("ar", "ما آخر الأخبار؟", Wish("newest")),
        ("ar", "ماذا حدث الأسبوع الماضي؟", Wish("newest")),
        ("en", "Tell me about the joint staff", Wish("telling", ("the joint staff",))),
        ("en", "What do the articles say about Mali?", Wish("telling", ("Mali",))),
        ("en", "Give me 3 facts about coffee.", Wish("telling", ("coffee",))),
        ("en", "any news of Lake Chad?", Wish("telling", ("Lake Chad",))),
        ("en", "What is the latest news about Mali?", Wish("telling", ("Mali",))),
        ("fr", "Parle-moi du canal de Suez", Wish("telling", ("canal de Suez",))),
        ("fr", "Que disent les articles sur le Mali ?", Wish("telling", ("Mali",))),
        ("fr", "Des infos sur la variole ?", Wish("telling", ("variole",))),
        ("ar", "حدثني عن قناة السويس", Wish("telling", ("قناة السويس",))),
        ("ar", "ماذا تقول المقالات عن الجدري؟", Wish("telling", ("الجدري",))),
        ("ar", "معلومات عن القهوة", Wish("telling", ("القهوة",))),
        ("en", "Which articles talk about al-Qaeda?", Wish("list", ("al-Qaeda",))),
        ("en", "Are there any articles about the Suez Canal?", Wish("list", ("the Suez Canal",))),
        ("en", "List all the articles on coffee", Wish("list", ("coffee",))),
        ("fr", "Quels articles parlent du canal de Suez ?", Wish("list", ("canal de Suez",))),
        ("ar", "ما المقالات التي تتحدث عن القاعدة؟", Wish("list", ("القاعدة",))),
        ("en", "Summarise the article about penicillin", Wish("summary", ("penicillin",))),
        ("en", "Can you sum up the story of smallpox?", Wish("summary", ("smallpox",))),
        ("fr", "Résume l'article sur la pénicilline", Wish("summary", ("la pénicilline",))),
        ("ar", "لخص لي المقال عن قناة السويس", Wish("summary", ("قناة السويس",))),
        (
            "en",
            "Compare the Suez Canal and the Panama Canal",
            Wish("comparison", ("the Suez Canal", "the Panama Canal")),
        ),
        (
            "en",
            "What is the difference between Mali and Niger?",
            Wish("comparison", ("Mali", "Niger")),
        ),
        (
            "en",
            "Which is longer, the Suez Canal or the Panama Canal?",
            Wish("comparison", ("the Suez Canal", "the Panama Canal")),
        ),
        ("fr", "Compare le Mali et le Niger", Wish("comparison", ("le Mali", "le Niger"))),
        ("ar", "قارن بين مالي والنيجر", Wish("comparison", ("مالي", "النيجر"))),
        ("ar", "ما الفرق بين القهوة والشاي؟", Wish("comparison", ("القهوة", "الشاي"))),
    ],
)
def test_a_wish_is_told_by_its_phrase(language: str, question: str, wish: Wish) -> None:
    assert wish_of(question, language) == wish


@pytest.mark.parametrize(
    ("language", "question"),
    [
        ("en", "Which countries formed the joint staff?"),
        ("en", "Who invited the Malian president?"),
        ("en", "What can the government do about drought?"),
        ("en", "What helps against smallpox?"),
        ("en", "In which year was the canal opened?"),
        ("en", "In Mali?"),
        ("en", "What does the report say on oil prices?"),
        ("en", "hello world programs"),
        ("en", "What happened in Timbuktu last week?"),
        ("en", "What did Bouteflika say about Mali?"),
        ("en", "Who tells us about coffee?"),
        ("en", "What is the latest price of oil?"),
        ("fr", "De quoi parle l'article sur le Mali ?"),
        ("fr", "Que dit Bouteflika de la visite ?"),
        ("ar", "ماذا قال بوتفليقة عن مالي؟"),
        ("ar", "ماذا حدث في تمبكتو؟"),
        ("fr", "Quels pays ont formé l'état-major commun ?"),
        ("fr", "En quelle année ?"),
        ("fr", "en Algérie ?"),
        ("ar", "متى أنشئت هيئة الأركان المشتركة؟"),
        ("ar", "ما الذي يفرق بينهما؟"),
        ("ar", "بالجزائر؟"),
        ("ja", "日本の首都はどこですか"),
    ],
)
def test_all_else_is_a_lookup(language: str, question: str) -> None:
    assert wish_of(question, language) == LOOKUP
