"""Regina, the module a town installs on its own machine.

It opens outbound connections only: it takes verification questions from Aktivní město, asks the
registries that only an office may ask, and sends back the least that the town needs to know. What a
registry says of a person never leaves this machine beyond `model.Answer`.
"""
