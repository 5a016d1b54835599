"""Whether delegations may be registered: who gives them, who gets them, and what stands beside them."""

from collections.abc import Collection, Iterator, Sequence
from datetime import date

from esad_gateway.emcs.certificates import Party, party_of
from esad_gateway.emcs.delegation import Delegation, faults_of
from esad_gateway.emcs.identifiers import AgentReference, ExciseNumber, Malformed
from esad_gateway.faults import Said, said
from esad_gateway.store.agents import Agents
from esad_gateway.store.registry import Registry


class Delegating:
    """Judges delegations for the register of one administration; ``state`` is its member state.

    ``registered`` and ``signing`` are the traders and the holders of certificates that come with them.
    """

    def __init__(
        self,
        registry: Registry,
        agents: Agents,
        state: str,
        registered: Collection[str] = (),
        signing: Collection[str] = (),
    ) -> None:
        self._registry = registry
        self._agents = agents
        self._state = state
        self._registered = registered
        self._signing = signing

    def faults(self, given: Sequence[Delegation]) -> tuple[Said, ...]:
        """Everything that is wrong with delegations, each cause once; those that stand there already are not judged."""
        before = self._agents.every()
        new = [one for one in given if one.content not in {other.content for other in before}]
        found = [fault for one in new for fault in (*self._trader(one.trader), *malformed(one.agent))]
        found += [fault for one in new if one.signs for fault in self._signer(one.agent)]
        return tuple(dict.fromkeys((*found, *faults_of(new, before))))

    def _trader(self, name: str) -> Iterator[Said]:
        if name in self._registered or self._registry.operator(name, date.max) is not None:
            if name[:2] != self._state:
                yield said("agent.other_state", trader=name, state=self._state)
            return
        yield said("agent.unregistered", trader=name)

    def _signer(self, name: str) -> Iterator[Said]:
        if name not in self._signing and not self._registry.certificates(name) and not [*malformed(name)]:
            yield said("agent.no_certificate", agent=name)


def malformed(agent: str) -> Iterator[Said]:
    """Why a name cannot be that of an agent: neither a number of its own nor a SEED number."""
    try:
        AgentReference(agent) if party_of(agent) is Party.AGENT else ExciseNumber(agent)
    except Malformed as error:
        yield said("agent.not_alone", agent=agent) if party_of(agent) is not Party.AGENT else error.why
