"""A PayU of our own for demo and test: PayU's protocol over real HTTP, its own books, no real money.

It shares no code with `payments.gateways`: a mistake there must not be repeated here.
"""
