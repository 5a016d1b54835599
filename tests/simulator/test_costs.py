"""What a whole test with member states costs, counted: no clock is looked at."""

from esad_gateway.simulator.goods import wine
from esad_gateway.simulator.world.emcs import Emcs
from helpers.counting import calls_of_threads

DOCUMENTS = 7
"""What gateways take in: e-SAD draft, e-SAD, report of receipt (twice), change of destination (twice), and the report
that the goods have returned."""


def comes_home() -> None:
    """Refused wine comes home."""
    with Emcs() as emcs:
        vilnius, warsaw = emcs.consignor("LT"), emcs.consignee("PL", will="refuse", reason="goods damaged")
        movement = vilnius.dispatch(to=warsaw, lines=[wine(litres=900)])
        emcs.clock.advance(days=3)
        vilnius.return_to_dispatch(movement)
        assert movement.delivered


def test_whole_test_does_nothing_twice() -> None:
    """Each gateway verifies and commits a document that it takes once, and no database is made or migrated."""
    comes_home()  # what is made once a process
    counted = calls_of_threads(comes_home)

    assert counted["esad_gateway.signing.verifier.Verifier.verify"] == DOCUMENTS
    assert counted["esad_gateway.gateway.commit.Committer.commit"] == DOCUMENTS
    assert not [name for name in counted if name.startswith(("alembic.", "sqlalchemy.sql.ddl."))]


def test_whole_test_asks_and_compiles_little() -> None:
    """Stores are asked some hundred times, hardly anything goes the long way, and no statement is compiled anew."""
    comes_home()
    counted = calls_of_threads(comes_home)

    assert counted["esad_gateway.store.database.looking"] < 40 * DOCUMENTS
    assert counted["sqlalchemy.engine.base.Connection.execute"] < 20 * DOCUMENTS
    assert counted["sqlalchemy.sql.compiler.SQLCompiler.__init__"] == 0
