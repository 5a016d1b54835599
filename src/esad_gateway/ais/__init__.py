"""National law as the excise information system (AIS) keeps it: pure decisions on frozen values, like ``emcs/``.

What belongs to EMCS is below, and knows nothing of this.
"""
