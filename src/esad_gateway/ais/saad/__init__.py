"""The SAAD list: goods that came without an e-SAD, and are entered by hand (SYS-8).

No IE message follows from an entry, since the administrations exchange these data by other means (FBK-3).
"""
