"""A language: what the program knows of it, as tables that other packages fold, search and compare.

Every field may be left out, and the program then does without what it tells; most matter to one stage only, as their
comments say. The types say how a table is written: :data:`Words` are parted by white space and :data:`Forms` by bars,
the form to show first. Patterns are matched against folded text (:func:`rag.text.folding.normalise`: no case, accents
or vowel marks) where their comments say so. Codes of countries are those of CLDR, by way of Babel, which knows their
names, months and weekdays in every language already.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from rag.languages.replies import NOTHING, Replies

Kind = Literal["country", "language", "time", "number"]  # what a question may ask for
Words = str  # "the of and"
Forms = str  # "mars|mar"
Table = Mapping[str, Forms]
NumberTable = Mapping[int, Forms]


@dataclass(frozen=True, slots=True, eq=False)
class Sentences:
    """Where a stop ends no sentence: abbreviations, written without their last stop. All languages' count together."""

    titles: Words = ""  # a name follows; as written, since "M." is a title and "m." a length
    numbered: Words = ""  # a number follows, or the word is no abbreviation at all
    inner: Words = ""  # more of the same sentence follows, whatever its first letter
    ending: Words = ""  # the sentence may end here: it does where a starter follows
    spelt_letters: Words = ""  # letters of foreign names as they are spelt out: "جي.بي.مورغان"
    starters: Words = ""  # words that begin sentences, and hardly ever names
    articles: Words = ""  # these begin names too: they tell only after what cannot be part of one
    ordinal_stop: bool = False  # ordinals are written with a stop: "3. Oktober"


@dataclass(frozen=True, slots=True, eq=False)
class Numbers:
    """Numbers in words, and how digits are written."""

    units: NumberTable = field(default_factory=dict)
    scales: NumberTable = field(default_factory=dict)  # what multiplies the number before it, or stands for itself
    ordinals: NumberTable = field(default_factory=dict)  # decades (ثمانينيات) and thirds too
    half: Forms = ""
    conjunction: str = ""  # "and" within a number
    joints: Forms = ""  # what else may stand between the parts of one: "وال"
    scale_joints: Forms = ""  # and before a scale: "six more million"
    half_joints: Forms = ""  # and beside a half: "half a million"
    blocked: Forms = ""  # phrases of two words in which no word is a number: "pour cent"
    exact: Forms = ""  # count in their exact spelling alone: folded, "two hundred" is "dead"
    never: re.Pattern[str] | None = None  # a word as written, vowel marks included, that is no number
    rough: Forms = ""  # plurals that say about how many, where nothing counts them: "hundreds"
    rough_joints: Forms = ""  # between two of them: "tens of thousands"
    rough_shown: NumberTable = field(default_factory=dict)  # how such are shown, products too: "tens of thousands"
    # group so far, unit word, whether "and" is between -> what the word adds to it; None where it begins another number
    adds: Callable[[int, int, bool], int | None] = lambda group, value, after_and: None
    scale_needs_and: bool = False  # what follows a scale is joined to it by "and": ألف ومئة
    scales_alone: bool = False  # a scale after a greater one needs no number before it: "mille cent"
    ordinal_endings: Forms = ""  # of one in digits: "1er", "21st"
    ordinal_first: bool = False  # an ordinal begins a number: الحادي والعشرين
    ordinal_after_and: bool = False  # "vingt et unième"
    roman: re.Pattern[str] | None = None  # ordinals in Roman numerals, their tens and units as groups
    decades: NumberTable = field(default_factory=dict)  # words for the decades of a century
    decade: re.Pattern[str] | None = None  # a decade by its first year, as a group
    before_century: re.Pattern[str] | None = None  # what stands before the number of a century, or after it
    after_century: re.Pattern[str] | None = None
    last_century: str = ""  # what it is to a writer of today
    of_century: str = ""  # what may stand between a decade and its century
    eras: Table = field(default_factory=dict)  # BC, AD and AH, as they stand after a year or a century
    write_ordinal: Callable[[int], str] | None = None
    write_century: Callable[[int], str] | None = None
    write_decade: Callable[[int], str] | None = None  # from its first year
    dual: re.Pattern[str] | None = None  # a folded word that says "two of it" without the word for two
    duals: Forms = ""  # common ones besides
    groups: str = ". "  # what parts thousands; a lone mark that does not is the decimal one
    decimal_mark: str = ""  # one that never groups three digits
    per: Forms = ""  # between two units: "dollars per barrel"
    past: Forms = ""  # beside a unit, one of it: "the past decade"


@dataclass(frozen=True, slots=True, eq=False)
class Names:
    """Names that CLDR lacks, and what tells a name from a common word."""

    aliases: Table = field(default_factory=dict)  # country -> its other names; short ones in capitals need capitals
    shown: Table = field(default_factory=dict)  # country -> what to show where CLDR's name is a mouthful
    peoples: Table = field(default_factory=dict)  # country -> its people, masculine singular
    feminine: Table = field(default_factory=dict)  # the same, feminine, where it is another word
    endings: tuple[str, ...] = ("", "s")  # written onto a people's name, the first when it is shown
    feminine_endings: tuple[str, ...] = ("", "s")
    places: Table = field(default_factory=dict)  # a key that all languages share -> its name
    months: tuple[Forms, ...] = ()  # January first; spellings that CLDR lacks count too
    short_months: tuple[Forms, ...] = ()  # as dates and sentences abbreviate them, without their stop
    month_locales: Words = ""  # CLDR's locales that name the months otherwise
    hijri_months: tuple[Forms, ...] = ()  # Muharram first
    blocked: Forms = ""  # phrases that hold a name and do not mean it
    ambiguous: Forms = ""  # common words or personal names too: names only beside a cue
    exact: Forms = ""  # count in their exact spelling alone
    listed: Forms = ""  # names in a list of names only: "St. Martin" is most often a church
    listed_peoples: Words = ""  # countries whose people's name is another word except in a list
    before_countries: Forms = ""  # cues: words (and letters written onto it) before an ambiguous country
    before_months: Forms = ""
    after_months: Forms = ""
    before_languages: Forms = ""  # cues that make an adjective of nationality the name of a language
    conjunctions: Words = ""  # between names in a list
    articles: Words = ""  # written small within a name
    loses_spaces: bool = False  # the press writes names of several words as one: الولاياتالمتحدة
    translated: Words = ""  # capitalised words that are translated, so that their sound proves nothing
    nouns_capitalised: bool = False  # every noun has a capital, as in German: only side by side are they names
    particles: Words = ""  # words within a name that are none themselves
    before_names: Words = ""  # in a script without capitals: titles and kinds of place that a name follows
    no_name: re.Pattern[str] | None = None  # found in a word that ends what a title began
    adjectives: tuple[str, ...] = ()  # beginnings of folded words that are no name, though one may still follow
    spells: Table = field(default_factory=dict)  # letters of another script -> its own, for names spelt by their sound
    derived: str = ""  # pattern of what makes a folded name an adjective; all languages' count together


@dataclass(frozen=True, slots=True, eq=False)
class Statements:
    """What questions ask for and what sentences deny."""

    asks: Mapping[Kind, str] = field(default_factory=dict)  # the pattern of its interrogatives, in folded text
    asks_name: str = ""  # likewise, of questions whose answer is the name of a person, a place or a work
    asks_city: str = ""  # likewise, of a city, a town or a village
    asks_several: str = ""  # pattern, within what was matched: more than one is wanted
    counts: str = ""  # pattern of how a number of things is asked for, in folded text
    measures: Mapping[str, str] = field(default_factory=dict)  # "depth" -> pattern of words for it, in folded text
    events: Mapping[str, str] = field(default_factory=dict)  # likewise, of events that have a contrary: "birth"
    denies: re.Pattern[str] | None = None  # a denial in an answer
    negates: re.Pattern[str] | None = None  # in evidence, a denial of its whole clause: not "not until", "none but"
    may_deny: re.Pattern[str] | None = None  # what in evidence can be told as one
    cites: Forms = ""  # what numbered sources are called: "passage 2"
    leads: Forms = ""  # what leads up to naming one: "according to"
    refers: re.Pattern[str] | None = None  # a question, as written, that leans on what was said before: "and", "it"


@dataclass(frozen=True, slots=True, eq=False)
class Periods:
    """How a period is named that is counted from today, or bounded."""

    relative: Table = field(default_factory=dict)  # "week -1" -> "last week|past week": unit and how many from now
    counted: tuple[str, ...] = ()  # patterns with the groups "number" and "unit", in folded text
    units: Table = field(default_factory=dict)  # day, week, month, year -> its forms
    since: Forms = ""
    until: Forms = ""
    between: Forms = ""
    as_of: str = "{}"  # how the day of an article is told beside "last May"
    years_on: NumberTable = field(default_factory=dict)  # how long after the year named before: "1 following year"


@dataclass(frozen=True, slots=True, eq=False)
class Wishes:
    """How something else than a fact is asked for. Patterns are of folded text; their groups are the subjects."""

    greets: Forms = ""  # the whole of what is said; thanks too
    helps: str = ""  # of the whole question
    speaks: tuple[str, ...] = ()  # likewise, with the group "language"
    more: str = ""  # likewise, for more of what was asked about last
    newest: str = ""  # likewise, for what is new
    lists: tuple[str, ...] = ()  # which articles there are about something
    tells: tuple[str, ...] = ()  # what they say of something, whatever it is
    summarises: tuple[str, ...] = ()
    compares: tuple[str, ...] = ()  # two groups


@dataclass(frozen=True, slots=True, eq=False)
class Language:
    """One language. The defaults are those of a language nothing is known of."""

    code: str  # ISO 639-1
    script: str = ""  # ISO 15924, in lower case
    called: Words = ""  # other codes and names that files give it
    function_words: Words = ""  # what tells a short question's language; with and without accents, as people type
    letters: str = ""  # hardly used by others of its script
    endings: Words = ""  # of words, likewise
    stop_words: Words = ""  # too common to search for
    stemmer: str = ""  # a name of Snowball's, or "light10" (rag.text.arabic)
    latin_words: str = ""  # the language that Latin words in its texts are stemmed as; itself where empty
    whole_words: Words = ""  # begin by nature with what light10 would take off
    # What is written onto the next word, folded: "and" first and "so", prepositions, the article and its short form.
    conjunctions: tuple[str, ...] = ()
    prepositions: tuple[str, ...] = ()
    articles: tuple[str, ...] = ()
    whole: Forms = ""  # words that would be misread without their first letters
    sentences: Sentences = Sentences()
    numbers: Numbers = Numbers()
    names: Names = Names()
    statements: Statements = Statements()
    replies: Replies = NOTHING
    # The little words beside names and numbers, by keys that all languages share.
    terms: Table = field(default_factory=dict)  # prepositions, directions, kinds of place
    units: Table = field(default_factory=dict)  # what is counted: the first form for one, the second for several
    titles: Table = field(default_factory=dict)  # what people are called before their name
    adjective_first: bool = False  # "Algerian president"
    contractions: tuple[tuple[str, str], ...] = ()  # patterns of words side by side, and what they become
    periods: Periods = Periods()
    wishes: Wishes = Wishes()
    columns: Table = field(default_factory=dict)  # what a record's fields are called: title, text, date, author, …
    by: Forms = ""  # what stands before the name of an author
    no_story: Forms = ""  # what a page is titled, or says, that holds no article: errors, bot checks, walls

    @property
    def and_letter(self) -> str:
        """The letter for "and" where it is written onto the next word; empty elsewhere."""
        return self.conjunctions[0] if self.conjunctions else ""


def table(text: str) -> dict[str, Forms]:
    """``AE Emirati; AF Afghan`` as a table: entries between semicolons, a key and its forms in each."""
    entries = (entry.split(maxsplit=1) for entry in text.split(";"))
    return {key: " ".join(forms.split()) for key, forms in entries}


def numbered(text: str) -> dict[int, Forms]:
    """A table whose keys are numbers: ``1 one; 12 twelve|dozen``."""
    return {int(key): forms for key, forms in table(text).items()}


def phrases(text: str) -> dict[str, Forms]:
    """A table whose keys end with a colon and may hold spaces: ``week -1: last week|past week; day 0: today``."""
    entries = (entry.split(":", maxsplit=1) for entry in text.split(";"))
    return {" ".join(key.split()): " ".join(forms.split()) for key, forms in entries}
