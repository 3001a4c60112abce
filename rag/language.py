"""Which language a text is in; made for questions of a few words.

The script decides where only one language we know uses it. For the Latin, Arabic and Cyrillic scripts, words that only
hold sentences together decide: even a question of two words has one.
"""

from __future__ import annotations

import re

from rag.text import scripts_of

# What a script says on its own. Han without kana is taken for Chinese.
_BY_SCRIPT = {
    "grek": "el",
    "hebr": "he",
    "kana": "ja",
    "hani": "zh",
    "hang": "ko",
    "deva": "hi",
    "beng": "bn",
    "guru": "pa",
    "gujr": "gu",
    "taml": "ta",
    "telu": "te",
    "knda": "kn",
    "mlym": "ml",
    "sinh": "si",
    "thai": "th",
    "laoo": "lo",
    "mymr": "my",
    "khmr": "km",
    "tibt": "bo",
    "geor": "ka",
    "armn": "hy",
    "ethi": "am",
}

_FUNCTION_WORDS = {
    "en": """
        the of and to in a is was for on that with as by at from it be are were this which who whom what
        when where why how did does do has have had not or an his her their its been many much there he she
        they you we can will
    """,
    "fr": """
        le la les de des du et à en un une dans est que qui quoi pour par sur au aux avec ne pas plus ce
        cette ces quel quelle quels quelles où quand comment pourquoi combien a été sont ont il elle ils se
        son sa ses leur l d qu n
    """,
    "es": """
        el la los las de del y en un una es que para por con no se su sus al como más fue ha han son qué
        quién quiénes cuándo cuánto cuántos cuántas cuál cuáles dónde cómo desde lo entre también está este
        esta
    """,
    "de": """
        der die das und in den von zu mit ist des im für auf dem ein eine nicht als auch es an werden aus er
        hat dass sie nach wird bei einer um am sind noch wie wer was wann wo warum welche welcher welches
        wurde war viele
    """,
    "it": """
        il lo la i gli le di del della dei delle e è in un una che per con non si da al alla nel nella sono
        chi cosa quando dove come perché quanto quanti quale quali ha stato anche più
    """,
    "pt": """
        o a os as de do da dos das e em um uma é que para por com não se no na nos nas ao mais como foi são
        quem quando onde qual quais quanto quantos quantas também seu sua pelo pela há está
    """,
    "nl": """
        de het een en van in is dat op te voor met zijn niet aan er om ook als bij door naar uit wie wat
        wanneer waar hoe waarom welke hoeveel was werd heeft hebben worden
    """,
    "tr": """
        ve bir bu ne için ile de da kim nerede nasıl neden hangi kaç mı mi mu mü olarak olan daha çok en
        gibi kadar sonra ya değil nedir kimdir hangisi
    """,
    "ro": """
        și de la în a cu pe un o este din care pentru nu se că ce cine când unde cum câte câți sunt au fost
        mai sau lui cel cea prin ale al
    """,
    "ar": """
        من في على إلى عن ما ماذا هل كم متى أين كيف لماذا أي التي الذي هو هي هذا هذه كان كانت مع أن إن قد لا
        بعد بين ذلك تم و أو كل ولد
    """,
    "fa": """
        از در به که این را با است برای آن و چه کسی کی کجا چرا چگونه چند کدام چیست کیست شد بود می های یک تا
        بر نیز شده کرد چیزی بوده هر
    """,
    "ur": """
        کے کی کا میں ہے اور سے کو نے پر یہ کہ تھا ہیں کیا کون کب کہاں کیوں کیسے کتنے تھی تھے جو ایک بھی نہیں
        اس
    """,
    "ru": """
        и в не на что с по как это из у за от к о для был была было были его кто когда где сколько почему
        какой какая какие каком чем же то
    """,
    "uk": """
        і в не на що з та до як це із у за від є для був була було були його хто коли де скільки чому який
        яка які
    """,
}
_WORDS = {code: frozenset(words.split()) for code, words in _FUNCTION_WORDS.items()}
_CANDIDATES = {
    "latn": ("en", "fr", "es", "de", "it", "pt", "nl", "tr", "ro"),
    "arab": ("ar", "fa", "ur"),
    "cyrl": ("ru", "uk"),
}
_LETTERS = {
    "fr": "çœêëîïûùàâ",
    "es": "ñ¿¡",
    "de": "ßäö",
    "pt": "ãõ",
    "tr": "ışğİ",
    "ro": "șțăţş",
    "fa": "پچژگکی",
    "ur": "ٹڈڑںےہھ",
    "ar": "ةىأإؤئ",
    "ru": "ыэъ",
    "uk": "іїєґ",
}
_WORD = re.compile(r"[^\W\d_]+")


def detect_language(text: str, default: str = "und") -> str:
    """The ISO 639-1 code of the language most of ``text`` is in; ``default`` where nothing tells."""
    scripts = scripts_of(text[:5000])
    if not scripts:
        return default
    script = next(iter(scripts))
    if script in ("hani", "kana"):
        return "ja" if "kana" in scripts else "zh"
    if script in _BY_SCRIPT:
        return _BY_SCRIPT[script]
    return _by_words(text[:5000], _CANDIDATES.get(script, ()), default)


def _by_words(text: str, candidates: tuple[str, ...], default: str) -> str:
    words = [word.lower() for word in _WORD.findall(text)]
    lowered = text.lower()
    scores = {
        code: sum(word in _WORDS[code] for word in words)
        + 0.7 * sum(lowered.count(letter) for letter in _LETTERS.get(code, ""))
        for code in candidates
    }
    best = max(scores, key=scores.__getitem__, default=default)
    return best if scores.get(best, 0) > 0 else default
