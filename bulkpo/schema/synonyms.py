"""What people and systems write over columns, by what they mean: `schemas/synonyms.yaml`, read once and looked up.

A meaning is an element path, or a role in capitals that no element has: `LINE_AMOUNT`, `RECEIVED`.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import IntEnum
from functools import cached_property, lru_cache
from itertools import chain

import yaml

from bulkpo.model.vocabulary import CURRENCIES, UNITS
from bulkpo.schema.composed import composed_meaning
from bulkpo.schema.hearing import heard_meanings
from bulkpo.schema.names import is_slip, plain_name, without_brackets, words_of
from bulkpo.schema.taxed import WITHOUT_TAX, taxed_meaning

SYNONYMS = "synonyms.yaml"
SUPPLIER_SYNONYMS = "synonyms-suppliers.yaml"
"""Their files below `schemas/`: what stands over columns of orders, and of suppliers."""


class Strength(IntEnum):
    """How much a name says, from: it may be meant, to: nothing else can be meant."""

    WEAK = 1
    NEAR = 2
    SYSTEM = 3
    STRONG = 4


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a heading may mean, how much its name says so, and the name it is known by.

    `is_mapped` says that another mapping of the folder gives the heading to the element.
    """

    target: str
    strength: Strength
    known: str
    is_mapped: bool = False

    @property
    def is_role(self) -> bool:
        """Whether no element is meant."""
        return is_role(self.target)

    def of_system(self) -> "Meaning":
        """The same name, as that of a system's own field."""
        is_so = self.strength is Strength.SYSTEM
        return self if is_so else replace(self, strength=Strength.SYSTEM)


def is_role(target: str) -> bool:
    """Whether a meaning is a role of a column, and no element."""
    return target[:1].isupper()


_LEAST = 5
_LEAST_JOINED = 6
_NO_LETTER = re.compile(r"[\W_]+")
_FILLING_WORDS = """
po line lines item order orders purchase header detail details pur ordered the of for a de du des d la le les l der die
das del el los di da do dos van het zu zum zur im in row position document doc our number code text
"""
_FILLING = frozenset(_FILLING_WORDS.split())
"""Words that say nothing of a column among a file's others, once no whole name is known."""


_TABLES = frozenset(
    ("po", "header", "headers", "line", "lines", "order", "orders", "purchase", "item", "items", "detail")
)
"""What stands before the names of fields, as in `poLine.unitPrice`."""


class Synonyms:
    """The names by their plain form; `data` is what `schemas/synonyms.yaml` holds.

    `whose` are words that only say whose something is, and are left away where the whole name is not known.
    """

    def __init__(self, data: Mapping[str, Mapping[str, Sequence[object]]], whose: frozenset[str] = frozenset()) -> None:
        self._whose = whose
        self._known: dict[str, dict[str, Meaning]] = {}
        self._joined: dict[str, dict[str, Meaning]] = {}
        for target, groups in data.items():
            for group, names in groups.items():
                strength = _STRENGTHS.get(group, Strength.SYSTEM)
                for name in names:
                    self._add(plain_name(str(name)), Meaning(target, strength, str(name)))

    @property
    def targets(self) -> tuple[str, ...]:
        """All that names may mean: element paths, and roles."""
        return tuple(dict.fromkeys(target for meanings in self._known.values() for target in meanings))

    def _add(self, plain: str, meaning: Meaning) -> None:
        here = self._known.setdefault(plain, {})
        if meaning.target not in here or here[meaning.target].strength < meaning.strength:
            here[meaning.target] = meaning
        if meaning.strength < Strength.SYSTEM:
            return
        joined = _NO_LETTER.sub("", meaning.known.lower())
        if len(joined) >= _LEAST_JOINED:  # as databases write it: PURCHQTY
            others = self._joined.setdefault(joined, {})
            if meaning.target not in others:
                others[meaning.target] = meaning.of_system()

    def with_names(self, names: Mapping[str, str]) -> "Synonyms":
        """These and the headings that mappings give to elements already."""
        more = Synonyms({}, self._whose)
        more._joined = self._joined
        more._known = {plain: dict(meanings) for plain, meanings in self._known.items()}
        for heading, path in names.items():
            more._known[plain_name(heading)] = {path: Meaning(path, Strength.STRONG, heading, is_mapped=True)}
        return more

    def meanings(self, heading: str) -> tuple[Meaning, ...]:
        """What a heading may mean, the surest first; nothing where no such name is known."""
        taxed = taxed_meaning(heading)
        if taxed is not None:
            return (Meaning(taxed[0], Strength.STRONG, taxed[1]),)
        heading = _of_sums(heading)
        for form in chain(_forms(heading), _forms(WITHOUT_TAX.sub("", heading)), self._without_owner(heading)):
            found = [each for each in self._known.get(form, {}).values() if _is_so_written(each, heading)]
            if found:
                return tuple(sorted(found, key=lambda each: -each.strength))
        turned = self._in_other_order.get(_all_words(heading), ())
        if turned:
            return turned
        joined = tuple(self._joined.get(heading.strip().lower(), {}).values())
        return joined or self._composed(heading) or self._nearly(heading) or self._heard(heading)

    @cached_property
    def _in_other_order(self) -> dict[frozenset[str], tuple[Meaning, ...]]:
        """The weaker names of several words, whatever their order: `N° document` is `document no`."""
        return {
            frozenset(plain.split()): tuple(meanings.values())
            for plain, meanings in self._known.items()
            if len(plain.split()) == len(set(plain.split())) > 1
            and all(each.strength is Strength.WEAK for each in meanings.values())
        }

    @cached_property
    def _targets(self) -> frozenset[str]:
        return frozenset(self.targets)

    def _composed(self, heading: str) -> tuple[Meaning, ...]:
        """What is meant by words that are known one by one."""
        target = composed_meaning(without_brackets(heading))
        return (Meaning(target, Strength.SYSTEM, heading),) if target in self._targets else ()

    def _heard(self, heading: str) -> tuple[Meaning, ...]:
        """What is meant by those words that are known; what is less likely only weakly."""
        targets = heard_meanings(without_brackets(heading))
        return tuple(
            Meaning(target, Strength.NEAR if target == targets[0] else Strength.WEAK, target)
            for target in targets
            if target in self._targets
        )

    def _without_owner(self, heading: str) -> Iterator[str]:
        """What is left of a heading without the words that only say whose it is: `Supplier City` is `city`."""
        words = plain_name(without_brackets(heading)).split()
        left = [word for word in words if word not in self._whose]
        if left and len(left) < len(words):
            yield " ".join(left)

    def _nearly(self, heading: str) -> tuple[Meaning, ...]:
        """What is meant by a name that is nearly known: in other company, or with a slip."""
        plain = plain_name(without_brackets(heading))
        found = dict(self._by_core.get(_core(plain), {}))
        if not found:
            found = self._misspelt(plain)
        return tuple(
            sorted(
                (Meaning(each.target, min(each.strength, Strength.NEAR), each.known) for each in found.values()),
                key=lambda each: -each.strength,
            )
        )

    @cached_property
    def _by_core(self) -> dict[frozenset[str], dict[str, Meaning]]:
        cores: dict[frozenset[str], dict[str, Meaning]] = {}
        for plain, meanings in self._known.items():
            core = _core(plain)
            if core:
                here = cores.setdefault(core, {})
                for each in meanings.values():
                    if each.target not in here or here[each.target].strength < each.strength:
                        here[each.target] = each
        return cores

    def _misspelt(self, plain: str) -> dict[str, Meaning]:
        """The names of which each word is one of these, or long and written with one slip; a known word is no slip."""
        words = plain.split()
        if len(plain) < _LEAST or all(word in self._words for word in words):
            return {}
        for known, meanings in self._known.items():
            if known[:1] == plain[:1] and abs(len(known) - len(plain)) <= len(words) and self._is_slip(words, known):
                return meanings
        return {}

    def _is_slip(self, words: Sequence[str], known: str) -> bool:
        others = known.split()
        return len(others) == len(words) and all(
            word == other or (word not in self._words and is_slip(word, other))
            for word, other in zip(words, others, strict=True)
        )

    @cached_property
    def _words(self) -> frozenset[str]:
        """Every word of the names."""
        return frozenset(word for known in self._known for word in known.split())

    def search(self, text: str) -> tuple[str, ...]:
        """The element paths that a text may mean, as people search for them: `need by`, `vendor`, `qty`."""
        wanted = plain_name(text)
        exact = [each.target for each in self.meanings(text) if not each.is_role]
        inside = [
            target
            for known, meanings in self._known.items()
            if f" {wanted} " in f" {known} "
            for target, meaning in meanings.items()
            if not meaning.is_role and meaning.strength is Strength.STRONG
        ]
        return tuple(dict.fromkeys([*exact, *inside]))


_OF_SUMS = re.compile(
    r"(?:sum|avg|average|min|max)\((.+)\)"
    r"|(?:sum of|average of|summe von|mittelwert von|somme de|moyenne de|suma de|somma di|soma de|som van) (.+)",
    re.IGNORECASE,
)
"""What reports and pivot tables put around a heading: `sum(Quantity)`, `Summe von Menge`."""


def _of_sums(heading: str) -> str:
    found = _OF_SUMS.fullmatch(heading.strip())
    return (found[1] or found[2]) if found else heading


def _is_so_written(meaning: Meaning, heading: str) -> bool:
    """Whether a heading looks like a system's own field where that is meant: `VENDOR_ID`, not `Vendor ID`."""
    return "_" not in meaning.known or meaning.strength is not Strength.SYSTEM or " " not in heading.strip()


@lru_cache(maxsize=4)
def read_synonyms(text: str, whose: frozenset[str] = frozenset()) -> Synonyms:
    """The synonyms of a file's text; `whose` are words that only say whose something is."""
    return Synonyms(yaml.load(text, getattr(yaml, "CSafeLoader", yaml.SafeLoader)), whose)  # noqa: S506 - a safe loader


_PRICES = frozenset(
    ("price", "preis", "prix", "precio", "prezzo", "preco", "prijs", "cost", "net price", "netto preis")
)
_STRENGTHS = {"strong": Strength.STRONG, "weak": Strength.WEAK}


def _forms(heading: str) -> Iterator[str]:
    """The plain forms of a heading, the fullest first: whole, without brackets, currency, or the table's name."""
    yield plain_name(heading)
    price, per, unit = plain_name(heading).partition(" per ")
    if per and price in _PRICES and unit in UNITS:
        yield f"{price} per unit"
    bare = without_brackets(heading)
    if bare != heading:
        yield plain_name(bare)
    words = plain_name(bare).split()
    if len(words) > 1 and words[-1].upper() in CURRENCIES:
        yield " ".join(words[:-1])
    for mark in ("-", ".", ":", "/"):
        before, between, last = heading.rpartition(mark)
        if between and " " not in heading and (last.isupper() or words_of(plain_name(before)) <= _TABLES):
            yield plain_name(last)


def _all_words(heading: str) -> frozenset[str]:
    return frozenset("document" if word == "doc" else word for word in plain_name(heading).split())


def _core(plain: str) -> frozenset[str]:
    return frozenset(plain.split()) - _FILLING
