"""F1 and exact match of the reader given the paragraph that answers, on what was held out of training."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from rag.documents import Float32
from rag.encoding.bundled_tokenizer import BundledTokenizer
from rag.evaluation.metrics import exact_match, f1, mean
from rag.reader.bundled_reader import ReadingTokens
from rag.reader.spans import best_span
from training.examples import ARCD, XQUAD, Example

CONTEXT_TOKENS = 432  # with a question and the specials within the model's 512 positions
Score = Callable[[list[list[int]]], list[Float32]]  # sequences of token ids to their logits (length, 2)
PAIRINGS = (("ar", "ar"), ("en", "ar"), ("ar", "en"), ("en", "en"))
BATCH = 12


def validation_sets(examples: Sequence[Example]) -> dict[str, list[tuple[str, Example]]]:
    """Questions with the example that holds their context, by the name of the pairing."""
    held = [one for one in examples if one.held_out]
    xquad = {(one.id, one.language): one for one in held if one.source == XQUAD}
    ids = [one.id for one in held if one.source == XQUAD and one.language == "ar"]
    sets = {
        f"xquad {asked}->{written}": [(xquad[each, asked].question, xquad[each, written]) for each in ids]
        for asked, written in PAIRINGS
    }
    return sets | {"arcd": [(one.question, one) for one in held if one.source == ARCD]}


def gold_paragraph_figures(
    pairs: Sequence[tuple[str, Example]], tokenizer: BundledTokenizer, score: Score
) -> tuple[float, float]:
    """Mean F1 and exact match, in percent, of the best span when the paragraph is given."""
    answers = list(_answers(pairs, tokenizer, score))
    golds = [[one.context[start:end] for start, end in one.answers] for _, one in pairs]
    return (
        100 * mean(f1(answer, gold) for answer, gold in zip(answers, golds, strict=True)),
        100 * mean(exact_match(answer, gold) for answer, gold in zip(answers, golds, strict=True)),
    )


def _answers(pairs: Sequence[tuple[str, Example]], tokenizer: BundledTokenizer, score: Score) -> Iterator[str]:
    tokens = ReadingTokens(tokenizer)
    for at in range(0, len(pairs), BATCH):
        batch = pairs[at : at + BATCH]
        contexts = tokenizer.tokenize([one.context for _, one in batch])
        questions = tokenizer.tokenize([question for question, _ in batch])
        read = [
            tokens.pair(question.ids, context.ids[:CONTEXT_TOKENS])
            for question, context in zip(questions, contexts, strict=True)
        ]
        logits = score([one.ids for one in read])
        for one, context, (_, example), values in zip(read, contexts, batch, logits, strict=True):
            span = best_span(values, one.context_at, len(one.ids) - 1)
            first, last = span.first - one.context_at, span.last - one.context_at
            yield example.context[context.spans[first, 0] : context.spans[last, 1]]
