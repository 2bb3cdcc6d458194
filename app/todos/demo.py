"""A believable year: what someone with a home, a job and a garden writes down."""

import random
from datetime import datetime, time, timedelta

from django.utils import timezone

from app.accounts.serializers import Account
from app.accounts.services.writing import writing
from app.common.positions import at_the_end
from app.lists.models import List
from app.todos.models import Priority, Status, Todo

TODOS = 2000
DAYS = 365

LISTS = {
    "Groceries": ("#2e9e5b", "Buy {}", "oat milk,bread,apples,coffee,rice,tomatoes,olive oil,eggs,onions,soap"),
    "Home": ("#8a5cd1", "{}", "Clean the windows,Fix the tap,Change the bulb,Descale the kettle,Sort the cellar"),
    "Work": ("#3366ff", "{} the report", "Draft,Review,Send,Correct,Print,Discuss,Finish"),
    "Health": ("#d1495b", "{}", "Call the dentist,Go for a run,Book the check-up,Pick up the prescription"),
    "Garden": ("#4c8c2b", "{} the {}", "Water,Prune,Plant,Move|roses,beans,herbs,apple tree,hedge"),
    "Reading": ("#c77d0a", "Read chapter {}", ",".join(map(str, range(1, 25)))),
    "Money": ("#0a7d8c", "Pay the {} bill", "electricity,water,phone,insurance,tax"),
    "Travel": ("#b0457c", "{} for the trip", "Book the train,Pack,Find a hotel,Check the passport"),
    "People": ("#5b6ee1", "{} {}", "Call,Write to,Visit,Thank|Grandma,the neighbours,an old friend,the landlord"),
    "Someday": ("#808080", "Learn {}", "to juggle,the guitar,some Italian,to bake bread,chess openings"),
}
PRIORITIES = [Priority.NONE] * 12 + [Priority.LOW] * 4 + [Priority.MEDIUM] * 5 + [Priority.HIGH] * 3 + [Priority.URGENT]


def write_year(user: Account) -> int:
    """Write the lists and todos in one transaction; return the number of todos."""
    dice = random.Random(user.email)  # noqa: S311 - a story, not a secret
    end = timezone.now()
    start = end - timedelta(days=DAYS)
    with writing(user):
        lists = List.objects.bulk_create(
            new_list(user, name, start + timedelta(minutes=number)) for number, name in enumerate(LISTS)
        )
        moments = sorted(start + timedelta(days=DAYS) * dice.random() for _ in range(TODOS))
        Todo.objects.bulk_create(new_todo(dice, dice.choice(lists), moment, end) for moment in moments)
    return TODOS


def new_list(user: Account, name: str, now: datetime) -> List:
    return List(
        user_id=user.id, name=name, color=LISTS[name][0], position=at_the_end(now), created_at=now, updated_at=now
    )


def new_todo(dice: random.Random, home: List, written: datetime, now: datetime) -> Todo:
    """Make up one todo: the older it is, the likelier it was done."""
    todo = Todo(user_id=home.user_id, list=home, title=title(dice, home.name), position=at_the_end(written))
    todo.created_at = todo.updated_at = written
    todo.priority = dice.choice(PRIORITIES)
    set_due(dice, todo)
    days_left = timedelta(days=dice.expovariate(1 / 9))
    if written + days_left < now and dice.random() < 0.95:  # noqa: PLR2004 - some things stay undone
        todo.status, todo.version = dice.choice([Status.DONE] * 9 + [Status.CANCELLED]), 2
        todo.updated_at = written + days_left
        todo.completed_at = todo.updated_at if todo.status is Status.DONE else None
    elif dice.random() < 0.2:  # noqa: PLR2004
        todo.status = Status.IN_PROGRESS
    return todo


def set_due(dice: random.Random, todo: Todo) -> None:
    """Give half of the todos a day, some of these a time, and a few of these a zone."""
    steps = dice.choice([0, 0, 0, 1, 1, 2, 3])
    if steps >= 1:
        todo.due_date = todo.created_at.date() + timedelta(days=dice.randint(0, 30))
    if steps >= 2:  # noqa: PLR2004
        todo.due_time = time(dice.randint(7, 20), dice.choice([0, 15, 30, 45]))
    if steps == 3:  # noqa: PLR2004
        todo.due_timezone = dice.choice(["Europe/Rome", "America/New_York", "Asia/Tokyo"])


def title(dice: random.Random, name: str) -> str:
    _, pattern, words = LISTS[name]
    return pattern.format(*(dice.choice(choices.split(",")) for choices in words.split("|")))
