"""The procedure of one administration: a message and what is known in, the answer and all that follows from it out.

``incoming`` says whose a message is and on which side of which movement it acts, ``asked`` what has to be looked up,
``known`` what was, ``standing`` who may say what, ``out_of_turn`` what comes at the wrong time. ``verdict`` is the one
entry, and pure; ``answer`` is its result.
"""

from typing import TYPE_CHECKING

from esad_gateway.emcs.by_need import by_need

if TYPE_CHECKING:
    from esad_gateway.emcs.procedure.answer import Answer, Issue
    from esad_gateway.emcs.procedure.incoming import Incoming
    from esad_gateway.emcs.procedure.known import Known
    from esad_gateway.emcs.procedure.stateless import content
    from esad_gateway.emcs.procedure.verdict import MOST_WAITING, answer_to, clock_ended

__all__ = ["MOST_WAITING", "Answer", "Incoming", "Issue", "Known", "answer_to", "clock_ended", "content"]

__getattr__ = by_need(
    globals(),
    {
        "answer": "Answer Issue",
        "incoming": "Incoming",
        "known": "Known",
        "stateless": "content",
        "verdict": "MOST_WAITING answer_to clock_ended",
    },
)
