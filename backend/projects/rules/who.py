"""Who acts for a department of a project, and who carries the project (rules 8.6, 12). Pure."""
from backend.core.actor import ADMIN, HANDLER, OFFICE, PROJECT_AGENT, SUPERVISOR, TOWNSHIP
from backend.core.problems import Forbidden, Text
from backend.projects.rules.states import PLACE

READERS = frozenset({PROJECT_AGENT, OFFICE, SUPERVISOR, ADMIN, HANDLER, TOWNSHIP})


class NotYourProject(Forbidden):
    """Another project agent carries it."""

    slug, title = "not-your-project", Text("此项目由其他代办员负责", "Another agent carries this project")


class NotYourDepartment(Forbidden):
    """The procedure, or the summons, is another department's."""

    slug, title = "not-your-department", Text("此事项由其他部门办理", "This is another department's")


def carries(role: str, account_id: str, agent_id: str) -> bool:
    """Whether this account is the project's one agent."""
    return role == PROJECT_AGENT and account_id == agent_id


def may_carry(role: str, account_id: str, agent_id: str) -> None:
    """NotYourProject unless the account is the project's one agent."""
    if not carries(role, account_id, agent_id):
        raise NotYourProject()


def acts_for(
    role: str, department_code: str | None, unit_code: str | None, wanted: str, township_code: str | None
) -> bool:
    """Whether an account speaks for the department ``wanted`` of a project that stands in ``township_code``."""
    if role == HANDLER:
        return department_code == wanted
    return role == TOWNSHIP and wanted == PLACE and township_code is not None and unit_code == township_code
