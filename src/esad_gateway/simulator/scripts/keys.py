"""The keys of a script in TOML, table by table: one row a field of the model.

What reads a file, what writes one, the JSON Schema and the page of the documentation know of no other key.
"""

from typing import Any, Final

from esad_gateway.frozen import frozen
from esad_gateway.simulator.injected.model import Injection
from esad_gateway.simulator.scripts import fault_forms, forms
from esad_gateway.simulator.scripts.forms import ValueForm
from esad_gateway.simulator.scripts.model import Script, ScriptStep, Then, Traffic, When


@frozen
class Table:
    """A table of TOML: its keys, and what is made of their values; ``many`` of them stand in ``[[ ]]``."""

    made: type[Any]
    keys: tuple["Key", ...]
    about: str
    many: bool = False

    def named(self, name: str) -> "Key | None":
        """The key of a name."""
        return next((key for key in self.keys if key.name == name), None)


@frozen
class Key:
    """A key of a table: its ``name``, what it may be, and what it means, in English.

    ``field`` is its name in the model, where that is another one.
    """

    name: str
    form: ValueForm | Table
    about: str
    required: bool = False
    field: str = ""

    @property
    def of_model(self) -> str:
        """The field of the model that it stands for."""
        return self.field or self.name


WHEN: Final = Table(
    When,
    (
        Key("who", forms.PARTY, "Whom it reaches: the party that does what is done, unless it is said."),
        Key("message", forms.MESSAGE, "The type of the message: what the deed is about, unless it is said."),
        Key("state", forms.STATE, "The state of whom it reaches."),
        Key("trader", forms.TRADER, "The excise number of whom it reaches; for an office, of its own trader."),
        Key("arc", forms.ARC_FORM, "The ARC of its movement."),
        Key("lrn", forms.LRN, "The local reference number of its movement, which the consignor has chosen."),
        Key("says", forms.SAID, "What it says, for a message that says one of several things (IE818, IE819, IE881)."),
        Key("product", forms.PRODUCT, "The excise product code of a line of its e-SAD."),
        Key("at_least", forms.QUANTITY, "The least quantity of that line, in the unit of its product."),
        Key("at_most", forms.QUANTITY, "The greatest quantity of that line."),
        Key("nth", forms.COUNT, "Which of those that fit, counted from 1, whichever step has taken the others."),
    ),
    "What a step waits for. What is left out fits everything.",
)
THEN: Final = Table(
    Then,
    (
        Key("do", forms.DO, "What is done.", required=True),
        Key("after", forms.WAIT, "How long after that; a day unless it is said, and 0 days at once."),
        Key("shortages", forms.LINES, "What is missing, by the number of the line."),
        Key("excesses", forms.LINES, "What is too much, by the number of the line."),
        Key("refused", forms.LINES, "What is refused, by the number of the line."),
        Key("reason", forms.TEXT, "Why, in English."),
        Key("place", forms.TEXT, "Where the goods go now."),
    ),
    "What is done then.",
)
STEP: Final = Table(
    ScriptStep,
    (
        Key("when", WHEN, "What it waits for; everything unless it is said."),
        Key("then", THEN, "What is done.", required=True),
        Key("times", forms.COUNT, "How many times at most."),
        Key("chance", forms.CHANCE, "How likely it is taken when it fits, between 0 and 1, by the seed."),
        Key("optional", forms.FLAG, "Whether it may never happen; it has to otherwise."),
    ),
    "A step. Of those that fit a message the first is taken.",
    many=True,
)
TRAFFIC: Final = Table(
    Traffic,
    (
        Key("from", forms.STATE, "The state of dispatch.", required=True, field="origin"),
        Key("to", forms.STATE, "The state of destination.", required=True, field="destination"),
        Key("every", forms.SPAN, "The time between two movements.", required=True),
        Key("product", forms.GOODS, "The excise product code of the goods; wine (W200) unless it is said."),
        Key("quantity", forms.QUANTITY, "How much, in the unit of the product."),
        Key("at_least", forms.QUANTITY, "The least quantity, where each is at random by the seed."),
        Key("at_most", forms.QUANTITY, "The greatest quantity, where each is at random by the seed."),
        Key("spread", forms.SPAN, "How much later each is at most, at random by the seed."),
        Key("after", forms.WAIT, "When the first is due, after the script begins; at once unless it is said."),
        Key("count", forms.COUNT, "How many; without end unless it is said."),
        Key("journey_days", forms.DAYS, "How many days a journey may take; 5 unless it is said."),
        Key("consignor", forms.TRADER, "The excise number of the consignor; one of its own unless it is said."),
        Key("consignee", forms.TRADER, "The excise number of the consignee; one of its own unless it is said."),
    ),
    "Movements that begin by themselves, at a rate.",
    many=True,
)
FAULT: Final = Table(
    Injection,
    (
        Key(
            "name",
            fault_forms.NAMES,
            "Which fault, or a list of several: the seed chooses one each time.",
            required=True,
            field="faults",
        ),
        Key("state", forms.STATE, "The state whose administration commits it.", required=True),
        Key("message", fault_forms.MESSAGE, "The type of the message that it strikes; any that it can."),
        Key("arc", forms.ARC_FORM, "The ARC of the movement that this message is about."),
        Key("other", forms.STATE, "The state that this message goes to, or comes from."),
        Key("nth", forms.COUNT, "From which try on that fits, counted from 1."),
        Key("times", fault_forms.TIMES, 'How many times, or "always"; once, or always for one that lasts.'),
        Key("share", fault_forms.SHARE, "How likely each time, up to 1, by the seed; then it need never strike."),
        Key("rule", fault_forms.RULE, "The rule to be broken, for `breaks-rule`."),
        Key("after", forms.SPAN, "How long what comes later takes; 2 days unless it is said."),
        Key("traders", forms.FLAG, "Whether it strikes what traders submit over HTTP."),
    ),
    "What an administration does wrong: a fault of [injected-faults.md](injected-faults.md).",
    many=True,
)
SCRIPT: Final = Table(
    Script,
    (
        Key("title", forms.TEXT, "A name for it."),
        Key("complete", forms.FLAG, "Whether every message that its steps could wait for has to fit one of them."),
        Key("step", STEP, "The steps, in their order.", field="steps"),
        Key("traffic", TRAFFIC, "The movements that it begins."),
        Key("fault", FAULT, "What goes wrong.", field="faults"),
    ),
    "Its name, its steps, what it begins by itself, and what goes wrong.",
)
