"""Who the sponsor is: its name and colours, its registry codes, its rules, its notices and its addresses."""
