"""Saved is what COMMIT acknowledged: all of a transaction or nothing, and never in doubt."""

import threading

import pytest
from sqlcipher3 import dbapi2

from tests.store.offices import ask
from union_desk.errors import StoreError
from union_desk.store import audit, setting_rows
from union_desk.store.connecting import Database


def set_value(store, value="1", *, broken=False, ended=False):
    with store.write() as transaction:
        setting_rows.write(transaction.connection, "value", value)
        audit.note(transaction, "test")
        if broken:
            raise ZeroDivisionError
        if ended:
            transaction.connection.connection.driver_connection.execute("ROLLBACK")


def value(store):
    return ask(store, "SELECT value FROM setting WHERE key = 'value'")


def test_leaving_the_block_saves_and_an_exception_undoes_all(city):
    set_value(city)
    with pytest.raises(ZeroDivisionError):
        set_value(city, "2", broken=True)
    assert value(city) == [("1",)]
    set_value(city, "3")
    assert value(city) == [("3",)]


def test_a_reader_sees_the_old_state_while_the_writer_works(city):
    set_value(city)
    with city.write() as transaction:
        setting_rows.write(transaction.connection, "value", "2")
        assert value(city) == [("1",)]
    assert value(city) == [("2",)]


def test_a_reader_cannot_write(city):
    with pytest.raises(StoreError, match="S322"), city.read() as connection:
        connection.exec_driver_sql("INSERT INTO setting VALUES ('a', 'b')")
    assert ask(city, "SELECT count(*) FROM setting WHERE key = 'a'") == [(0,)]


def test_a_second_writer_waits_for_the_first(city):
    def second():
        set_value(city, "second")

    with city.write() as transaction:
        thread = threading.Thread(target=second)
        thread.start()
        setting_rows.write(transaction.connection, "value", "first")
    thread.join()
    assert value(city) == [("second",)]


class FailingCommit:
    """The writer's connection with a COMMIT that raises, before or after doing its work."""

    def __init__(self, inner, error, *, does_it):
        self.inner, self.error, self.does_it = inner, error, does_it

    def __getattr__(self, name):
        return getattr(self.inner, name)

    def execute(self, statement, *arguments):
        if statement == "COMMIT":
            if self.does_it:
                self.inner.execute(statement)
            raise self.error
        return self.inner.execute(statement, *arguments)


def failing(monkeypatch, name, *, does_it, times=99):
    """Let COMMIT raise as a disk would; the real database does all the rest."""
    from union_desk.store import connecting

    error = dbapi2.OperationalError("disk I/O error")
    error.sqlite_errorname = name
    plain, left = connecting._raw, [times]

    def raw(connection):
        inner = plain(connection)
        if connection.engine.pool.size() == 1 and left[0]:
            left[0] -= 1
            return FailingCommit(inner, error, does_it=does_it)
        return inner

    monkeypatch.setattr(connecting, "_raw", raw)


def test_an_error_at_commit_is_no_loss_where_the_change_log_has_the_transaction(city, monkeypatch):
    failing(monkeypatch, "SQLITE_IOERR_FSYNC", does_it=True)
    set_value(city)
    monkeypatch.undo()
    assert value(city) == [("1",)]


@pytest.mark.parametrize(
    ("name", "code"),
    [("SQLITE_IOERR_FSYNC", "S321"), ("SQLITE_FULL", "S320"), ("SQLITE_PROTOCOL", "S330")],
)
def test_an_error_at_commit_is_told_where_the_transaction_is_not_there(
    city, monkeypatch, name, code
):
    failing(monkeypatch, name, does_it=False)
    with pytest.raises(StoreError, match=code):
        set_value(city)
    monkeypatch.undo()
    assert value(city) == []
    set_value(city, "2")
    assert value(city) == [("2",)]


def test_a_reader_in_the_way_of_commit_is_waited_for(city):
    """A reader that keeps its transaction open makes COMMIT busy: it is repeated, not given up."""
    with city.database.reader.connect() as reader, city.database.writer.connect() as writer:
        reader.exec_driver_sql("SELECT count(*) FROM setting").scalar()
        writer.exec_driver_sql("PRAGMA busy_timeout=1")
        writer.rollback()
        writer.begin()
        setting_rows.write(writer, "value", "1")
        with pytest.raises(dbapi2.OperationalError, match="locked"):
            city.database.commit(writer)
        reader.rollback()
        assert city.database.commit(writer)
        writer.rollback()
        writer.exec_driver_sql("PRAGMA busy_timeout=5000")
    assert value(city) == [("1",)]


def test_a_transaction_that_the_database_ended_by_itself_is_not_called_saved(city):
    with pytest.raises(StoreError, match="S327"):
        set_value(city, ended=True)
    assert value(city) == []


def test_a_full_disk_loses_nothing_and_work_goes_on_after_space_is_freed(city):
    set_value(city)
    with city.database.writer.connect() as writer:
        pages = writer.exec_driver_sql("PRAGMA page_count").scalar()
        writer.exec_driver_sql(f"PRAGMA max_page_count={pages}")
    with pytest.raises(StoreError, match="S320"):
        set_value(city, "x" * 500_000)
    assert value(city) == [("1",)]
    with city.database.writer.connect() as writer:
        writer.exec_driver_sql("PRAGMA max_page_count=1000000")
    set_value(city, "x" * 500_000)
    assert list(verify(city)) == []


def verify(store):
    with store.read() as connection:
        return list(audit.verify(connection))


def test_a_writer_that_never_comes_free_is_told(city, tmp_path):
    database = Database(tmp_path / "x.db", None)
    database.writer.pool._timeout = 0.01
    with pytest.raises(StoreError, match="S329"), database.write(), database.write():
        pass
    database.close()


def test_a_bulk_write_gives_its_memory_back(city):
    with city.write(bulk=True) as transaction:
        size = transaction.connection.exec_driver_sql("PRAGMA cache_size").scalar()
        setting_rows.write(transaction.connection, "value", "1")
        audit.note(transaction, "test")
    with city.database.writer.connect() as writer:
        assert writer.exec_driver_sql("PRAGMA cache_size").scalar() > size
    assert value(city) == [("1",)]
