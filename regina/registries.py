"""What Regina asks of the registries: two Protocols, each with a real and a local implementation.

Every call takes the `Query` it is made under, because a registry must be told who asks, why, and under which number;
the audit log keeps the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from .model import Parent, PersonQuestion, Record


class RegistryUnavailable(Exception):
    """The registry did not answer, or answered with its own failure. `reason` is a code, without personal data."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Query:
    """One asking of a registry: the GUID (AgendaZadostId) under which the registry will know it."""

    request_id: str


class PopulationRegistry(Protocol):
    """The state's population registry (ROB)."""

    def find_by_name(self, question: PersonQuestion, query: Query) -> Sequence[Record]:
        """Those of this name born that day, as well as the registry can tell. Raises RegistryUnavailable."""
        ...

    def find_by_address(self, question: PersonQuestion, query: Query) -> Sequence[Record]:
        """Those at the question's address code who share its birth date or name. Raises RegistryUnavailable.

        Asked when the name finds nobody: a registry that minds a missing háček still knows who lives there.
        """
        ...

    def read(self, registry_id: str, query: Query) -> Record | None:
        """One person by the registry's id. Raises RegistryUnavailable."""
        ...


class ResidentsSystem(Protocol):
    """The residents system behind it, which alone knows parents."""

    def parents(self, child_id: str, query: Query) -> Sequence[Parent]:
        """The child's parents and whether each holds responsibility. Raises RegistryUnavailable."""
        ...


class NoResidentsSystem:
    """A town without access to the residents system: no link is proved by registry, people bring a document."""

    def parents(self, child_id: str, query: Query) -> Sequence[Parent]:
        """Nobody is known to be a parent."""
        return ()
