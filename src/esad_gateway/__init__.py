"""esad-gateway: signed e-SAD and e-RoR exchange between Lithuania's excise domain and other member states."""
