"""Charges of the personal account, QR payment, and matching with the bank."""
