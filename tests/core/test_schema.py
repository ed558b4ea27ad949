"""The schema that migrations make is the one that the models describe."""
import importlib
import pkgutil

import backend
from backend.core import db


def all_models() -> list[type[db.Row]]:
    for module in pkgutil.walk_packages(backend.__path__, "backend."):
        if module.name.endswith(".models"):
            importlib.import_module(module.name)
    return [model for model in db.Row.__subclasses__() if model.__module__.startswith("backend.")]


def described(database, table):
    columns = sorted(
        (column.name, column.data_type.lower(), column.null, column.primary_key)
        for column in database.get_columns(table)
    )
    indexes = sorted((index.name, tuple(index.columns), index.unique) for index in database.get_indexes(table))
    return columns, indexes


def test_migrations_and_models_make_the_same_schema(database, store):
    models = all_models()
    migrated = {model._meta.table_name: described(db.database, model._meta.table_name) for model in models}
    bare = store._new("bare" + store.name)
    try:
        db.connect(bare)
        for model in models:
            db.database.create_tables([model], safe=False)
        modelled = {m._meta.table_name: described(db.database, m._meta.table_name) for m in models}
    finally:
        db.disconnect()
        store.drop(bare)
        db.connect(database)
    assert migrated == modelled
