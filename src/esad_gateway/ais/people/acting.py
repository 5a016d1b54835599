"""A person who acts for an entity, with the roles that count at a moment: what that one may do, and what is missing."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from esad_gateway.ais.actors import ActorKind, DoneBy
from esad_gateway.ais.people.doing import FOR_NUMBERS, ROLES, RULES, WRITING, Doing
from esad_gateway.ais.people.roles import MATCHING, TEMPORARY, AisRole, Grant
from esad_gateway.ais.people.wrong import shown, wrong
from esad_gateway.emcs.registry import OperatorType
from esad_gateway.faults import Fault, Faults, Said, said
from esad_gateway.frozen import frozen


@frozen(kw_only=True)
class Acting:
    """That ``person`` acts for ``entity`` at the moment ``at`` (aware), by ``grants`` of that person for it.

    ``statuses`` are what the numbers of the entity are on that day; ``None`` for one that has no status then.
    """

    person: str
    entity: str
    grants: tuple[Grant, ...]
    statuses: Mapping[str, OperatorType | None]
    at: datetime

    def grant_for(self, doing: Doing, seed: str = "") -> Grant | None:
        """The grant by which the person may do something for a number now; ``None`` when there is none.

        The role has to be that of the number's status as well (ROL-4), whatever was granted before that changed.
        """
        return next((one for one in self.grants if self._lets(one, doing, seed)), None)

    def reads(self, seed: str) -> bool:
        """Whether the person may read what came for a number, and what was sent under it."""
        return self.grant_for(Doing.READ, seed) is not None

    def knows(self, seed: str) -> bool:
        """Whether a number is the entity's own, so that it may be told of it."""
        return seed in self.statuses

    def faults_of_writing(self, kind: str, seed: str) -> Faults:
        """Why the person may not write a message of a kind under a number; empty when that is allowed (ROL-1, ROL-4).

        What traders do not write is nobody's to write.
        """
        doing = WRITING.get(kind)
        if doing is None:
            return (wrong("ROL-1", "message", kind, said("people.not_for_traders", kind=kind), said("people.traders")),)
        return self.faults_of(doing, seed)

    def faults_of(self, doing: Doing, seed: str = "") -> Faults:
        """Why the person may not do something for a number; empty when that is allowed."""
        if self.grant_for(doing, seed) is not None:
            return ()
        rule, wanted = RULES.get(doing, "ROL-1"), self._fitting(doing, seed)
        if not wanted:
            return (self._unfitting(doing, seed),)
        return (
            wrong(
                _rule_of(rule, wanted),
                "role",
                seed or None,
                said("people.missing", person=self.person, roles=_roles(wanted), number=self._named(seed)),
                self._way_out(wanted, seed),
            ),
        )

    def standing(self, seed: str) -> Mapping[Doing, Faults]:
        """All that can be done for a number, with why the person may not; nothing where that is allowed."""
        return {doing: self.faults_of(doing, seed) for doing in FOR_NUMBERS}

    def done_by(self, doing: Doing, seed: str = "") -> DoneBy:
        """Who acts, in the capacity in which that is; in none where there is no such grant."""
        grant = self.grant_for(doing, seed)
        role = grant.role.value if grant else ""
        return DoneBy(kind=ActorKind.PERSON, name=self.person, seed=seed, role=role, entity=self.entity)

    def actor(self, seed: str = "") -> DoneBy:
        """Who acts in a national procedure, for a number if there is one: as an official, if the person is one."""
        in_force = [one for one in self.grants if one.counts(self.at) and one.seed in ("", seed)]
        order = (AisRole.EXCISE_OFFICER, *sorted(MATCHING), AisRole.OTHER_PERSON, AisRole.ROLE_MANAGER)
        grant = min(in_force, key=lambda one: order.index(one.role), default=None)
        role, number = (grant.role.value, grant.seed) if grant else ("", "")
        return DoneBy(kind=ActorKind.PERSON, name=self.person, seed=number, role=role, entity=self.entity)

    def writer_of(self, kind: str, seed: str) -> DoneBy:
        """Who has written a message of a kind that traders write, in the capacity in which that is."""
        return self.done_by(WRITING[kind], seed)

    def reader_of(self, seed: str) -> DoneBy:
        """Who reads what came for a number, in the capacity in which that is."""
        return self.done_by(Doing.READ, seed)

    def manager(self, seed: str) -> DoneBy:
        """Who has changed something as a role manager."""
        return self.done_by(Doing.MANAGE, seed)

    def faults_without_roles(self) -> Faults:
        """Why the person is told nothing of the entity: no role counts now; empty when one does."""
        if self.roles:
            return ()
        text = said("people.no_role_now", person=self.person, entity=self.entity)
        return (wrong("ROL-1", "role", None, text, said("people.ask_manager", entity=self.entity)),)

    @property
    def roles(self) -> frozenset[AisRole]:
        """The roles that count now, for whatever number."""
        return frozenset(one.role for one in self.grants if one.counts(self.at))

    def missing(self) -> Mapping[str, AisRole]:
        """The numbers of the entity for which the person lacks the role of their status, with that role.

        A temporary number asks for a grant of its own each time (ROL-2).
        """
        fitting = {seed: AisRole(status.value) for seed, status in self.statuses.items() if status in _STATUSES}
        return {seed: role for seed, role in fitting.items() if not self._has(role, seed)}

    def _has(self, role: AisRole, seed: str) -> bool:
        return any(one.counts(self.at) and (one.role, one.seed) == (role, seed) for one in self.grants)

    def _lets(self, one: Grant, doing: Doing, seed: str) -> bool:
        named = (self.person, self.entity, seed if one.role.is_for_number else "")
        fits = one.role.status in (None, self.statuses.get(seed))
        own = not one.role.is_for_number or seed in self.statuses
        same = (one.person, one.entity, one.seed) == named
        return same and own and fits and one.role in ROLES[doing] and one.counts(self.at)

    def _fitting(self, doing: Doing, seed: str) -> tuple[AisRole, ...]:
        """The roles that would do, by the status that the number has."""
        status = self.statuses.get(seed)
        every = (role for role in AisRole if role in ROLES[doing])
        return tuple(role for role in every if role.status in (None, status))

    def _unfitting(self, doing: Doing, seed: str) -> Fault:
        roles = _roles(tuple(role for role in AisRole if role in ROLES[doing]))
        status = self.statuses.get(seed)
        if not self.knows(seed):
            text = said("people.not_the_entitys", number=seed, entity=self.entity)
            return wrong("ROL-4", "seed", seed, text, said("people.own_number"))
        is_now = said("people.no_status") if status is None else Said(f"operator.{status}")
        text = said("people.other_status", number=seed, status=is_now, roles=roles)
        return wrong("ROL-4", "seed", seed, text, said("people.number_of_status"))

    def _way_out(self, wanted: tuple[AisRole, ...], seed: str) -> Said:
        coming = [one for one in self.grants if one.role in wanted and one.seed == seed and one.comes(self.at)]
        if coming:
            return said("people.comes", at=shown(min(one.effective_at for one in coming)))
        if AisRole.EXCISE_OFFICER in wanted:
            return said("people.ask_administration")
        return said("people.ask_manager", entity=self.entity)

    @staticmethod
    def _named(seed: str) -> Said:
        return said("people.number", seed=seed) if seed else said("people.whole_entity")


def _rule_of(rule: str, wanted: tuple[AisRole, ...]) -> str:
    return "ROL-2" if TEMPORARY.intersection(wanted) else rule


def _roles(roles: tuple[AisRole, ...]) -> tuple[Said, ...]:
    return tuple(Said(f"people.role.{role}") for role in roles)


_STATUSES: Final = frozenset(role.status for role in AisRole if role.status is not None)
