"""The migration with which an app begins: all its tables, made at once from the state in which it leaves them."""

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations import CreateModel, Migration
from django.db.migrations.state import ProjectState


class InitialTables(Migration):
    """Creates models and nothing else: each is written whole, with its indexes and constraints.

    For each operation Django renders all models again that hang together with the changed one. Nearly all of ours refer
    to a tenant, so that an empty database took twenty seconds of computing; here they are rendered once a migration."""

    def apply(
        self, project_state: ProjectState, schema_editor: BaseDatabaseSchemaEditor, collect_sql: bool = False
    ) -> ProjectState:
        """Create the tables. Raises TypeError, before anything is done, where an operation is no CreateModel."""
        names = [self._name_of_created(operation) for operation in self.operations]
        project_state.__dict__.pop("apps", None)  # a cached property: models are rendered when next asked for
        project_state = self.mutate_state(project_state, preserve=False)
        for name in names:
            schema_editor.create_model(project_state.apps.get_model(self.app_label, name))
        return project_state

    def _name_of_created(self, operation: object) -> str:
        if not isinstance(operation, CreateModel):
            raise TypeError(f"{self}: initial tables are made by CreateModel only, not {type(operation).__name__}")
        return operation.name
