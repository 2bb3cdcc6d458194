"""Changes of lists. Each happens inside ``writing``: one transaction, one new revision of its user."""

from uuid import UUID

from app.accounts.serializers import Account
from app.accounts.services import writing
from app.lists import queries
from app.lists.serializers import ListCreate, ListOut, ListUpdate


def create_list(user: Account, new: ListCreate) -> ListOut:
    with writing(user):
        return ListOut.of(queries.insert_list(user, new))


def update_list(user: Account, list_id: UUID, changes: ListUpdate) -> ListOut:
    """Apply the members that were given; raise Problem (404)."""
    given = changes.given()
    if "color" in given:
        given["color"] = given["color"].lower()
    with writing(user):
        row = queries.get_list(user, list_id)
        for name, value in given.items():
            setattr(row, name, value)
        row.save(update_fields=[*given, "updated_at"])
        return ListOut.of(row)


def delete_list(user: Account, list_id: UUID) -> None:
    """Delete a list with its todos; raise Problem (404)."""
    with writing(user):
        queries.delete_list(user, list_id)
