"""The books shown to be right: nightly seals, the nightly proof, receipts, freeze switches, and the auditor's reads."""
