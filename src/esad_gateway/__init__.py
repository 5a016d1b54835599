"""esad-gateway: signed e-SAD and e-RoR exchange between Lithuania's excise domain and other member states.

What other programs may import has ``__all__``, and stands in docs/reference/python.md; all else may change or move.
"""
