"""What a suite of tests has met of EMCS: seen in what gateways have written down, kept only of tests that passed.

``observing`` reads worlds that are about to be closed, ``merging`` puts tests together, ``page`` shows them, ``run`` is
the plugin of pytest that does all of it. Nothing here looks at names, markers or what a test says of itself.
"""
