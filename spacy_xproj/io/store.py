"""What was dear to make (translations, scores, answers), in a SQLite file that several processes
share."""

from __future__ import annotations

import dataclasses
import logging
import sqlite3
import tempfile
import time
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, Generic, TypeVar

from ..errors import Errors, XProjError
from .files import make_private
from .hashing import FileState, hash_parts

_log = logging.getLogger(__name__)

Item = TypeVar("Item", bound=Hashable)
Value = TypeVar("Value")
Result = TypeVar("Result")

APPLICATION = 0x78706A74  # "xpjt", in the header of the file: whose it is
VERSION = 1  # of the layout, in the header too
_PATIENCE = 60.0  # seconds to wait for another process that writes
_PAUSE = 0.02  # seconds between attempts
_ROOM = 1 << 20  # bytes that must be free before more is made
_AT_ONCE = 500  # keys of one look-up; older SQLite takes at most 999 variables

# Kept after so many, so that a crash in a long list loses little.
CHUNK = 512

# Keys are digests (SHA-256) of what was asked. A row belongs to the settings it came from, which
# are kept as JSON so that one can see what is in the file, and remove a model that is done with.
_LAYOUT = """
CREATE TABLE settings (id INTEGER PRIMARY KEY, json TEXT NOT NULL UNIQUE);
CREATE TABLE files (
    path TEXT NOT NULL, size INTEGER NOT NULL, changed INTEGER NOT NULL, digest TEXT NOT NULL,
    PRIMARY KEY (path)
);
"""
_TABLE = """
CREATE TABLE IF NOT EXISTS {name} (
    settings INTEGER NOT NULL REFERENCES settings, key BLOB NOT NULL, {columns},
    PRIMARY KEY (settings, key)
) WITHOUT ROWID
"""


@dataclasses.dataclass(frozen=True)
class Table(Generic[Value]):
    """A table, its columns after the key, each with what SQLite is to know of it, and how a value
    becomes a row and a row a value."""

    name: str
    columns: Mapping[str, str]
    to_row: Callable[[Value], tuple[Any, ...]]
    from_row: Callable[..., Value]


def as_bytes(text: str) -> bytes:
    """In UTF-8, with half surrogate pairs, which SQLite does not take as text."""
    return text.encode("utf-8", "surrogatepass")


def digest(*texts: str) -> bytes:
    """The key of what was asked with these texts."""
    return hash_parts(*map(as_bytes, texts))


class Store:
    """The file. It is opened for each call and closed after it, so that nothing is shared between
    threads or with forked processes, and nothing is left open."""

    def __init__(self, path: str | Path, *tables: Table[Any]) -> None:
        self.path = Path(path).expanduser()
        self._tables = tables
        self._damaged: set[tuple[str, str, bytes]] = set()  # rows to be replaced

    def get(self, table: Table[Value], settings: str, keys: Sequence[bytes]) -> dict[bytes, Value]:
        """The values of those keys that there are. Raises XProjError where the file is no cache or
        cannot be read."""

        def read(connection: sqlite3.Connection) -> dict[bytes, Value]:
            found: dict[bytes, Value] = {}
            id = _settings_id(connection, settings)
            for start in range(0, len(keys), _AT_ONCE):
                some = keys[start : start + _AT_ONCE]
                rows = connection.execute(
                    f"SELECT key, {', '.join(table.columns)} FROM {table.name} "
                    f"WHERE settings = ? AND key IN ({_marks(some)})",
                    (id, *some),
                )
                for key, *row in rows:
                    try:
                        found[key] = table.from_row(*row)
                    except (AttributeError, TypeError, ValueError):  # damaged: to be asked for anew
                        damaged.append(key)
            return found

        damaged: list[bytes] = []
        found = self._run(read, only_reads=True)
        self._damaged = {(table.name, settings, key) for key in damaged}
        return found

    def put(self, table: Table[Value], settings: str, values: Mapping[bytes, Value]) -> None:
        """Keep values, all or none of them; what another process kept meanwhile stays. Raises as
        ``get``."""

        def write(connection: sqlite3.Connection) -> None:
            with _transaction(connection):
                connection.execute("INSERT OR IGNORE INTO settings (json) VALUES (?)", (settings,))
                id = _settings_id(connection, settings)
                columns = ("settings", "key", *table.columns)
                again = [key for key in values if (table.name, settings, key) in self._damaged]
                connection.executemany(
                    f"DELETE FROM {table.name} WHERE settings = ? AND key = ?",
                    [(id, key) for key in again],
                )
                connection.executemany(
                    f"INSERT OR IGNORE INTO {table.name} ({', '.join(columns)}) "
                    f"VALUES ({_marks(columns)})",
                    [(id, key, *table.to_row(value)) for key, value in values.items()],
                )

        self._run(write)

    def fill(
        self,
        table: Table[Value],
        keys: Mapping[Item, bytes],
        compute: Callable[[Sequence[Item]], Sequence[Value]],
        *,
        is_kept: Callable[[Value], bool],
        settings: Callable[[bool], str | None],
        is_stale: Callable[[Item, Value], bool] = lambda item, value: False,
        chunk: int | None = None,
        dry: bool = False,
    ) -> tuple[dict[Item, Value], int]:
        """The value of each item, from the file, else computed, so many at once, and kept; and how
        many were in the file.

        keys: of the items. is_kept: whether a value is to be kept. is_stale: whether one that was
        kept is to be computed anew, and replaced where the new one is kept. settings: what the
        values depend on beside the items, asked for before and after computing; it is told whether
        something has been computed already, and may give None, for not known, as long as nothing
        was. dry: what is computed costs nothing and is not kept. Raises as ``get``, and where
        something is to be computed that could not be kept.
        """
        if not keys:
            return {}, 0
        known = settings(False)
        found = {} if known is None else self.get(table, known, list(keys.values()))
        stale = {key for item, key in keys.items() if key in found and is_stale(item, found[key])}
        done = {item: found[key] for item, key in keys.items() if key in found and key not in stale}
        if known is not None:
            self._damaged |= {(table.name, known, key) for key in stale}
        missing = [item for item in keys if item not in done]
        n_found, size = len(done), chunk or CHUNK
        if missing and not dry:
            self.check_writable()
        for start in range(0, len(missing), size):
            some = missing[start : start + size]
            values = dict(zip(some, compute(some), strict=True))
            done.update(values)
            known = settings(True)
            assert known is not None
            kept = {keys[item]: value for item, value in values.items() if is_kept(value)}
            if kept:
                self.put(table, known, kept)
        return done, n_found

    def check_writable(self) -> None:
        """Raise XProjError where nothing could be kept: in a place without a right to it, say, or
        without room. What is dear would be lost; what is there already can still be read."""

        def write(connection: sqlite3.Connection) -> None:
            with _transaction(connection):
                pass
            # The database itself may have room within for a while.
            with tempfile.TemporaryFile(dir=self.path.parent) as file:
                file.write(bytes(_ROOM))

        self._run(write)

    def digests(self) -> dict[FileState, str]:
        """Digests of files that were asked for, as they were then."""
        query = "SELECT path, size, changed, digest FROM files"
        rows = self._run(lambda c: c.execute(query).fetchall(), only_reads=True)
        return {(path, size, changed): digest for path, size, changed, digest in rows}

    def put_digests(self, digests: Mapping[FileState, str]) -> None:
        """Keep digests in place of those of the same paths; where the file cannot be written to,
        the next process reads the models again."""
        rows = [(*state, digest) for state, digest in digests.items()]

        def write(connection: sqlite3.Connection) -> None:
            with _transaction(connection):
                connection.executemany("INSERT OR REPLACE INTO files VALUES (?, ?, ?, ?)", rows)

        try:
            self._run(write)
        except XProjError as error:
            _log.debug("Digests of models are not kept: %s", error)

    def count(self, table: Table[Any]) -> int:
        """How many values the file holds, of all settings."""
        query = f"SELECT count(*) FROM {table.name}"
        ((count,),) = self._run(lambda c: c.execute(query).fetchall(), only_reads=True)
        return int(count)

    def _run(
        self, action: Callable[[sqlite3.Connection], Result], *, only_reads: bool = False
    ) -> Result:
        """What ``action`` gives with the file open. It may be called more than once: SQLite says
        "locked" at once, whatever the timeout, where another process makes the file or is the last
        to close it. only_reads: a file in a place that cannot be written to will do."""
        end = time.monotonic() + _PATIENCE
        while True:
            try:
                make_private(self.path.parent)
                # Transactions are begun where they are needed, not by the module.
                with closing(
                    sqlite3.connect(self.path, timeout=_PATIENCE, isolation_level=None)
                ) as connection:
                    self._prepare(connection)
                    return action(connection)
            except (sqlite3.OperationalError, OSError) as err:
                if only_reads and self._is_fixed(err):
                    return self._read(action)
                if "locked" not in str(err) or time.monotonic() > end:
                    raise XProjError(Errors.XP262.format(path=self.path, reason=err)) from err
                time.sleep(_PAUSE)
            except sqlite3.DatabaseError as err:
                message = Errors.XP260 if "not a database" in str(err) else Errors.XP263
                raise XProjError(message.format(path=self.path, reason=err)) from err

    def _is_fixed(self, error: Exception) -> bool:
        """Whether the file is there, and cannot be written to."""
        errors = ("readonly", "unable to open")
        return self.path.is_file() and any(text in str(error) for text in errors)

    def _read(self, action: Callable[[sqlite3.Connection], Result]) -> Result:
        """``action`` on a file that nobody writes to: SQLite makes no files for locks beside it."""
        try:
            with closing(
                sqlite3.connect(f"{self.path.absolute().as_uri()}?immutable=1", uri=True)
            ) as connection:
                if self._is_new(connection):
                    raise XProjError(Errors.XP260.format(path=self.path))
                return action(connection)
        except sqlite3.Error as err:
            raise XProjError(Errors.XP262.format(path=self.path, reason=err)) from err

    def _prepare(self, connection: sqlite3.Connection) -> None:
        """Check whose file it is, and make the tables of a new one. Nothing is changed before it
        is known that the file is new or a cache."""
        if self._is_new(connection):
            # Readers and a writer do not wait for one another; the mode stays with the file.
            connection.execute("PRAGMA journal_mode = WAL")
            with _transaction(connection):
                if self._is_new(connection):  # else another process was faster
                    for statement in _LAYOUT.split(";"):
                        connection.execute(statement)
                    connection.execute(f"PRAGMA application_id = {APPLICATION}")
                    connection.execute(f"PRAGMA user_version = {VERSION}")
        names = {name for (name,) in connection.execute("SELECT name FROM sqlite_master")}
        for table in self._tables:
            if table.name not in names:
                columns = ", ".join(f"{name} {kind}" for name, kind in table.columns.items())
                connection.execute(_TABLE.format(name=table.name, columns=columns))
            elif table.columns.keys() - _columns(connection, table.name):
                # Of a version that did not have them; those that are added may be empty.
                with _transaction(connection):
                    for name in table.columns.keys() - _columns(connection, table.name):
                        kind = table.columns[name]
                        connection.execute(f"ALTER TABLE {table.name} ADD COLUMN {name} {kind}")
        # A power cut may take the last translations, but never damages the file.
        connection.execute("PRAGMA synchronous = NORMAL")

    def _is_new(self, connection: sqlite3.Connection) -> bool:
        application, version, tables = connection.execute(
            "SELECT application_id, user_version, (SELECT count(*) FROM sqlite_master) "
            "FROM pragma_application_id, pragma_user_version"
        ).fetchone()
        if application == APPLICATION:
            if version != VERSION:
                raise XProjError(Errors.XP261.format(path=self.path, version=version, own=VERSION))
            return False
        if application or version or tables:
            raise XProjError(Errors.XP260.format(path=self.path))
        return True


@contextmanager
def _transaction(connection: sqlite3.Connection) -> Iterator[None]:
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
    except BaseException:
        connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")


def _columns(connection: sqlite3.Connection, table: str) -> set[str]:
    return {row[1] for row in connection.execute(f"PRAGMA table_info({table})")}


def _settings_id(connection: sqlite3.Connection, settings: str) -> int | None:
    row = connection.execute("SELECT id FROM settings WHERE json = ?", (settings,)).fetchone()
    return None if row is None else row[0]


def _marks(values: Iterable[Any]) -> str:
    return ", ".join("?" for _ in values)
