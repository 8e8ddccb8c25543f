"""Vouchers: their codes and documents, and the till that checks, redeems and takes back."""
