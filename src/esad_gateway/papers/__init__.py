"""Documents on paper: fallback documents, e-SADs and reports of receipt as PDF, with the boxes of the regulation.

:func:`paper_of` says what stands on the paper of a value, :func:`esad_gateway.papers.pdf.as_pdf` draws it.
"""

from esad_gateway.papers.paper import FORMS, Filled, Paper, Printable, Section, home_of, on_printout, paper_of

__all__ = ["FORMS", "Filled", "Paper", "Printable", "Section", "home_of", "on_printout", "paper_of"]
