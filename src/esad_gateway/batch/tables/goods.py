"""What columns of goods, parties and days take, whatever the table is of."""

from typing import Final

from esad_gateway.batch.tables import readers

SEED: Final = readers.code("seed", r"[A-Z]{2}[A-Za-z0-9]{11}")
PRODUCT: Final = readers.code("product", r"[A-Z][A-Z0-9]{3}")
CN: Final = readers.code("cn", r"[0-9]{8}", digits=8, grouped=True)
QUANTITY: Final = readers.amount("amount", 15, 3)
STRENGTH: Final = readers.amount("amount", 5, 2, sign="%")
DEGREES: Final = readers.amount("amount", 5, 2)
DAY: Final = readers.day()
COUNT: Final = readers.whole("whole", 15)
PACKAGE: Final = readers.code("package", r"[A-Z0-9]{2}")
