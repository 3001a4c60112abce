"""Words too common to search for, by language.

Short lists on purpose: a word that can be part of a name or of an answer is worth more in the index than out of it.
"""

from __future__ import annotations

from functools import cache

from rag.text.folding import normalise

_STOP_WORDS = {
    "ar": """
        من في الى إلى عن ما ماذا هل كم متى أين كيف لماذا أي أية التي الذي الذين اللذين اللتي هو هي هم
        هما نحن أنا أنت هذا هذه ذلك تلك هؤلاء كان كانت كانوا يكون تكون مع أن إن أنه أنها إنه إنها قد لقد لا
        لم لن ليس ليست بعد قبل بين تم و أو ثم كل بعض غير حتى منذ خلال عند لدى حيث إذا إذ كما لكن بل فيه فيها
        به بها له لها منه منها عليه عليها اليه إليها عنه عنها وفي ومن وعلى وهو وهي كذلك أيضا ضد نحو دون أما
        فقد وقد ال ب ل ك ف س
    """,
    "en": """
        a about an and are as at be been but by did do does for from had has have he her his how i if in into is
        it its of on or our she so such than that the their them then there these they this those to was we
        were what when where which who whom whose why will with would you your me my him us not no s t
    """,
    "fr": """
        a ai au aux avec ce ces cet cette comme comment d dans de des du elle elles en est et été etait
        etaient ete il ils je l la le les leur leurs lui ma mais me même mes moi mon n ne nos notre nous on
        ont ou où par pas pour pourquoi qu quand que quel quelle quelles quels qui quoi s sa sans se ses si
        son sont sur ta te tu un une vos votre vous y c j combien
    """,
    "fa": """
        از در به که این را با است برای آن و چه کسی کی کجا چرا چگونه چند کدام چیست کیست شد بود می های یک تا بر نیز شده
        کرد هر ها بوده هم یا اما
    """,
    "es": """
        a al como con cual cuales cuando de del desde donde el ella ellos en entre es esta este fue ha han
        hay la las lo los mas no o para pero por porque que quien quienes se sin son su sus un una y ya era
        cuanto cuantos cuantas
    """,
    "de": """
        als am an auch auf aus bei bis da das dass dem den der des die durch ein eine einem einen einer
        eines er es fur hat haben ich im in ist mit nach nicht noch nur oder sein seine sie sind so um und
        uber von vom vor war waren warum was welche welchen welcher welches wer werden wie wird wo wurde
        wurden zu zum zur
    """,
}


@cache
def stop_words(language: str) -> frozenset[str]:
    """The stop words of ``language``, folded; empty for a language without a list."""
    return frozenset(normalise(_STOP_WORDS.get(language, "")).split())


def is_stop_word(word: str, language: str) -> bool:
    """Whether a folded word is one; in Arabic also with "and" (و) written onto it."""
    stop = stop_words(language)
    return word in stop or (language == "ar" and word[:1] == "و" and word[1:] in stop)
