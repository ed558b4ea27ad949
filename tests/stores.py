"""Databases for tests: a template of each engine, and copies of it that a test may write on.

PostgreSQL takes a third of a second to make a database. So there a copy is used again: triggers note which tables
a test has written, and only those are put back as they were. Whoever changes the schema itself gets a new copy.
"""
import shutil
import uuid
from pathlib import Path

import psycopg

OFTEN = 200
"""Restored so often, a copy is rid of its dead rows."""

_WATCHED = """
CREATE SCHEMA pristine;
CREATE TABLE pristine.written (name text);
CREATE FUNCTION pristine.note() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN INSERT INTO pristine.written VALUES (TG_TABLE_NAME); RETURN NULL; END $$;
CREATE FUNCTION pristine.note_ddl() RETURNS event_trigger LANGUAGE plpgsql AS
$$ BEGIN INSERT INTO pristine.written VALUES (NULL); END $$;
DO $$ DECLARE t name; BEGIN
  FOR t IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' LOOP
    EXECUTE format('CREATE TABLE pristine.%1$I AS SELECT * FROM public.%1$I', t);
    EXECUTE format('CREATE TRIGGER pristine AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON public.%I '
                   'FOR EACH STATEMENT EXECUTE FUNCTION pristine.note()', t);
  END LOOP;
END $$;
CREATE EVENT TRIGGER pristine_ddl ON ddl_command_end EXECUTE FUNCTION pristine.note_ddl();
CREATE EVENT TRIGGER pristine_drop ON sql_drop EXECUTE FUNCTION pristine.note_ddl();
"""


def on_database(url: str, name: str) -> str:
    """The same server's address, of another database."""
    head, mark, options = url.partition("?")
    return head.rpartition("/")[0] + f"/{name}" + mark + options


class Store:
    """A template database of one engine, and copies of it."""

    def __init__(self, engine: str, folder: Path, server: str | None) -> None:
        folder.mkdir(exist_ok=True)
        self.engine, self.folder, self.server = engine, folder, server
        self.name = f"daiban_{uuid.uuid4().hex[:10]}"
        self.url = self._new(self.name)
        self.watched = False
        self._spare: list[str] = []
        self._restored = 0

    def _admin(self, *statements: str) -> None:
        assert self.server
        with psycopg.connect(self.server, autocommit=True) as admin:
            for statement in statements:
                admin.execute(statement)  # type: ignore[arg-type]

    def _new(self, name: str, template: str | None = None) -> str:
        if self.server:
            self._admin(f"CREATE DATABASE {name} TEMPLATE {template or 'template0'} STRATEGY FILE_COPY")
            return on_database(self.server, name)
        path = self.folder / f"{name}.db"
        if template:
            shutil.copy(self.folder / f"{template}.db", path)
        return f"sqlite:///{path}"

    def watch(self) -> None:
        """Have copies note what is written, so that they can be put back; the template is filled now.

        Only a superuser may watch for changes of the schema: for others every copy is a new one.
        """
        with psycopg.connect(self.url, autocommit=True) as inside:
            found = inside.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user").fetchone()
            if found and found[0]:
                inside.execute(_WATCHED)
                self.watched = True

    def copy(self) -> str:
        """The address of a copy of the template as it was when it was filled."""
        return self._spare.pop() if self._spare else self._new(f"daiban_{uuid.uuid4().hex[:10]}", self.name)

    def drop(self, url: str) -> None:
        """Take a copy back: it is gone, or is as it was."""
        if self.watched and url != self.url and self._restore(url):
            self._spare.append(url)
            return
        name = url.partition("?")[0].rpartition("/")[2].removesuffix(".db")
        if self.server:
            self._admin(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        else:
            for path in self.folder.glob(f"{name}.db*"):
                path.unlink()

    def close(self) -> None:
        """Everything is gone."""
        self.watched = False
        for url in (*self._spare, self.url):
            self.drop(url)

    def _restore(self, url: str) -> bool:
        with psycopg.connect(url, autocommit=True) as inside:
            inside.execute(
                "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity "
                "WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
            found = inside.execute("SELECT to_regclass('pristine.written')").fetchone()
            if found is None or found[0] is None:
                return False
            written = [name for name, in inside.execute("SELECT DISTINCT name FROM pristine.written")]
            if None in written:
                return False
            with inside.transaction():
                inside.execute("SET LOCAL session_replication_role = replica")
                for name in written:
                    inside.execute(f"DELETE FROM public.{name}")  # type: ignore[arg-type]
                    inside.execute(f"INSERT INTO public.{name} SELECT * FROM pristine.{name}")  # type: ignore[arg-type]
                inside.execute("DELETE FROM pristine.written")
            self._restored += 1
            if self._restored % OFTEN == 0:
                inside.execute("VACUUM")
        return True
