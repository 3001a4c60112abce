"""Abbreviations that end in a stop, by what may follow them. Written without their last stop.

Tables only: :mod:`rag.text.sentences` says how they are used.
"""

from __future__ import annotations


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


# A name follows: never the end of a sentence. As written, since "M." is a title and "m." a length.
TITLES = _set(
    """
    Mr Mrs Ms Mx Messrs Dr Drs Prof Rev Fr Hon Gov Gen Lt Col Sgt Cpl Capt Cmdr Cdr Adm Maj Brig Pres Sen Rep Amb Supt
    M MM Mme Mmes Mlle Mlles Me Mgr Pr Vve St Ste Sts SS Sr Sra Sres Srta Dª Hr Hrn Frl Dott Sig Ing Arq Dra Profa
    د أ ا م أ.د ا.د أ.م ا.م.د أ.م.د م.د م.م هـ
    """
)
# A number follows, or the word is no abbreviation at all.
NUMBERED = _set(
    """
    no nos nr nrs num n° nº al b c d r fl vol vols fig figs p pp pg art arts ch chap sec sect par para op cap núm
    pág págs bd abs ed eq tab app apt bl lit ص ج ط ت ق رقم с т гл рис стр
    """
)
MONTHS = _set(
    """
    jan feb mar apr jun jul aug sep sept oct nov dec janv févr fév avr juil déc ene abr ago dic mär okt dez
    """
)
# More of the same sentence follows, whatever its first letter.
INNER = _set(
    """
    vs v cf e.g i.e eg ie viz approx ca resp env c.-à-d c.à.d p.ex z.b z z.t d.h u.a bzw ggf vgl evtl inkl p.ej ej
    av blvd bd ave tel tél т.е т.к т.н напр им ул
    """
)
# The sentence may end here too: it does where a common first word follows.
ENDING = _set("inc ltd co corp llc plc jr sr bros dept univ assn ph.d b.a m.a a.m p.m am pm mt ft u.s.a")

# Letters of foreign names as Arabic and Persian spell them out: "آر. كيلي", "جي.بي.مورغان".
SPELT_LETTERS = _set(
    """
    إيه ايه بي سي دي إي اي إف اف جي إتش اتش آي جيه كيه كي إل ال إم ام إن ان أو او كيو آر ار إس اس تي يو في دبليو إكس واي
    بی سی دی ای جی آی جیه کی پی کیو تی وی دبلیو ایکس
    """
)

# Words that begin sentences and hardly ever names.
STARTERS = _set(
    """
    the an in on at it he she they we you but and or so this that these those there here however when while after
    before his her its their our for as with if since although despite according also then not no what who how why
    one two all many some most both each other such under during from by to
    elle il ils elles un une dans mais ce cette ces c'est c’est selon pour par avec depuis après avant lors si en et
    même
    el los las una pero según con desde este esta
    der die das ein eine er sie es wir im am auf nach seit dies diese dieser danach dabei dann derzeit heute
    """
)
# These begin names too: they tell only after what cannot be part of one.
ARTICLES = _set("a i le la les du de")
# Languages that write ordinals with a stop: "3. Oktober".
ORDINAL_LANGUAGES = frozenset(
    ("de", "da", "no", "nb", "fi", "cs", "sk", "sl", "hr", "hu", "tr", "pl", "et", "lv", "is")
)
