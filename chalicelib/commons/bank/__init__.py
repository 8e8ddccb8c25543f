"""The banks' formats: account numbers, QR payments, payment orders, statements. Pure: no storage, no clock."""
